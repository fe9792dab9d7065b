"""Rows on stdout as aligned text, JSON or CSV, written page by page as the store gives them."""

import csv
import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import click

from console.commands.endings import say
from console.language import _, current
from console.values import Value, exact, json_array, readable, unexecutable
from console.widgets.pages import Query, every_page
from store.listing import Listing, Row

R = TypeVar("R", bound=Row)
T = TypeVar("T")

FORMATS = ("text", "json", "csv")
GAP = "  "


@dataclass(frozen=True)
class Column(Generic[T]):
    """One field of a row: `name` and `value` for JSON and CSV in any language, `title` and `text` for people.

    Without a title the field is left out of text, without a name it stands there alone; without `text` its value is
    shown. A `number` stands on the right of its column.
    """

    name: str
    value: Callable[[T], Value]
    title: str = ""
    text: Callable[[T], str] | None = None
    number: bool = False

    def cell(self, row: T) -> str:
        """How people read this field."""
        return self.text(row) if self.text else readable(self.value(row))


def sort_language(output: str) -> str:
    """Names sort as the operator's language does where people read them, and always alike for programs."""
    return current() if output == "text" else "en"


def write(output: str, listing: Listing[R], query: Query, columns: Sequence[Column[R]]) -> None:
    """Write every row of `listing` that `query` asks for to stdout; `output` is one of FORMATS."""
    _write_pages(output, every_page(listing, query), columns)


def write_rows(output: str, rows: Sequence[T], columns: Sequence[Column[T]]) -> None:
    """Write rows that are all there already to stdout; `output` is one of FORMATS."""
    _write_pages(output, iter([list(rows)] if rows else []), columns)


def _write_pages(output: str, pages: Iterator[list[T]], columns: Sequence[Column[T]]) -> None:
    match output:
        case "json":
            _write_json(pages, [column for column in columns if column.name])
        case "csv":
            _write_csv(pages, [column for column in columns if column.name])
        case _:
            _write_text(pages, [column for column in columns if column.title])


def _write_json(pages: Iterator[list[T]], columns: Sequence[Column[T]]) -> None:
    records = ({column.name: exact(column.value(row)) for column in columns} for page in pages for row in page)
    for text in json_array(records):
        click.echo(_printable(text).encode(), nl=False)


def _printable(text: str) -> str:
    """JSON in which what a terminal might obey, or show out of order, is escaped; its own line ends stay."""
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def _write_csv(pages: Iterator[list[T]], columns: Sequence[Column[T]]) -> None:
    """RFC 4180 in UTF-8."""
    _write_csv_rows([[column.name for column in columns]])
    for page in pages:
        _write_csv_rows([[_csv_cell(column.value(row)) for column in columns] for row in page])


def _write_csv_rows(rows: list[list[str]]) -> None:
    lines = io.StringIO()
    csv.writer(lines).writerows([_safe_on_screen(cell) for cell in row] for row in rows)
    click.echo(lines.getvalue().encode(), nl=False)


def _csv_cell(value: Value) -> str:
    """A cell that no spreadsheet takes for a formula."""
    match exact(value):
        case None:
            cell = ""
        case bool(yes):
            cell = "yes" if yes else "no"
        case dict(details):
            cell = json.dumps(details, ensure_ascii=False)
        case list(names):
            cell = ", ".join(names)
        case text:
            cell = str(text)
    return unexecutable(cell)


def _safe_on_screen(cell: str) -> str:
    """In a file a cell is kept as it is; on a terminal it must not speak to the terminal."""
    from console.widgets.text import inert

    return inert(cell) if sys.stdout.isatty() else cell


def _write_text(pages: Iterator[list[T]], columns: Sequence[Column[T]]) -> None:
    from console.widgets.text import inert

    titles = [column.title for column in columns]
    limit = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    widths: list[int] = []
    for page in pages:
        cells = [[inert(column.cell(row)) for column in columns] for row in page]
        if not widths:
            widths = _fitting(_widest([titles, *cells]), limit)
            click.echo(_line(titles, widths, columns))
        elif limit is None:
            widths = [max(pair) for pair in zip(widths, _widest(cells), strict=True)]
        for row_cells in cells:
            click.echo(_line(row_cells, widths, columns))
    if not widths:
        say(_("There is nothing to show."))


def _widest(rows: Sequence[Sequence[str]]) -> list[int]:
    from rich.cells import cell_len

    return [max(map(cell_len, column)) for column in zip(*rows, strict=True)]


def _fitting(widths: list[int], limit: int | None) -> list[int]:
    """Widths that fit `limit` terminal columns: the widest column yields first."""
    fitting = list(widths)
    while limit is not None and sum(fitting) + len(GAP) * (len(fitting) - 1) > limit and max(fitting) > 1:
        fitting[fitting.index(max(fitting))] -= 1
    return fitting


def _line(cells: Sequence[str], widths: Sequence[int], columns: Sequence[Column[T]]) -> str:
    from console.widgets.text import fit

    fitted = (
        fit(cell, width, align="right" if column.number else "left")
        for cell, width, column in zip(cells, widths, columns, strict=True)
    )
    return GAP.join(fitted).rstrip()
