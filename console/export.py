"""Write the rows of a table to a file: CSV, XLSX or JSON, page by page, all of it or nothing."""

import csv
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from console.language import _
from console.paths import named
from console.values import exact, json_array, readable, unexecutable
from console.widgets.columns import Column
from console.widgets.pages import Query, R, Source, every_page
from console.widgets.selection import Selection
from console.widgets.text import inert
from pkcs11_token.errors import N_, SperreError

FORMATS = ("csv", "xlsx", "json")
FEW = 2000
XLSX_ROWS = 1_048_575  # of a sheet, without the one for the titles
XLSX_CELL = 32_767  # characters

Progress = Callable[[int], None]


class FileThere(SperreError):
    template = N_("There is a file {path} already.")


class NotWritten(SperreError):
    template = N_("The file {path} could not be written: {why}. Nothing was left behind.")


class Stopped(SperreError):
    template = N_("You stopped it: nothing was written.")


class TooManyRows(SperreError):
    template = N_("An XLSX file holds at most {limit} rows: choose CSV or JSON, or search for fewer.")


def rows_of(source: Source[R], query: Query, selection: Selection | None = None) -> Iterator[list[R]]:
    """The rows that `query` asks for, page by page; or those that are selected, whatever its filter says."""
    if selection is None:
        yield from every_page(source, query)
        return
    query = query._replace(filter="")
    if len(selection) <= FEW:
        yield source.these(query, list(selection))
        return
    for page in every_page(source, query):
        yield [row for row in page if row.id in selection]


def export(
    path: Path,
    file_format: str,
    columns: Sequence[Column[R]],
    pages: Iterator[list[R]],
    *,
    progress: Progress = lambda _: None,
    overwrite: bool = False,
) -> int:
    """Write the rows to `path` (0600); returns how many. `progress` is told how many there are so far, and may raise.

    CSV and XLSX have the titles and the words that people read, JSON has the columns' names and exact values.
    Raises FileThere, NotWritten or TooManyRows, and leaves nothing behind then.
    """
    write = {"csv": _write_csv, "xlsx": _write_xlsx, "json": _write_json}[file_format]
    count = 0

    def counted() -> Iterator[R]:
        nonlocal count
        for page in pages:
            yield from page
            count += len(page)
            progress(count)

    try:
        with _beside(path, overwrite=overwrite) as beside:
            write(beside, columns, counted())
    except OSError as error:
        raise NotWritten(path=named(path), why=error.strerror or error) from error
    return count


@contextmanager
def _beside(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """A file beside `path`, which takes its place at the end; it is removed when that does not come."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        if path.exists() and not overwrite:
            raise FileThere(path=named(path))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _write_csv(path: Path, columns: Sequence[Column[Any]], rows: Iterator[Any]) -> None:
    """RFC 4180 in UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(column.title for column in columns)
        lines.writerows([unexecutable(_shown(column, row)) for column in columns] for row in rows)


def _write_json(path: Path, columns: Sequence[Column[Any]], rows: Iterator[Any]) -> None:
    """One row a line."""
    records = ({c.name: exact(c.value(row)) if c.value else c.text(row) for c in columns} for row in rows)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json_array(records))


def _write_xlsx(path: Path, columns: Sequence[Column[Any]], rows: Iterator[Any]) -> None:
    """ISO/IEC 29500: one sheet whose cells are all text, so that none of them is a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Rows"))
    sheet.freeze_panes = "A2"

    def line(texts: list[str]) -> None:
        cells = []
        for text in texts:
            cell = WriteOnlyCell(sheet)
            cell.value = inert(text)[:XLSX_CELL]
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)

    try:
        line([column.title for column in columns])
        for number, row in enumerate(rows):
            if number == XLSX_ROWS:
                raise TooManyRows(limit=XLSX_ROWS)  # noqa: TRY301  # what is half written is removed below
            line([_shown(column, row) for column in columns])
    except BaseException:
        try:
            sheet.close()
        finally:
            sheet._writer.cleanup()  # openpyxl's own half of the file, which it would leave until the console ends
        raise
    book.save(path)


def _shown(column: Column[R], row: R) -> str:
    """What people read in a file: as on the screen, but a time that is near there is written in full."""
    value = column.value(row) if column.value else None
    return readable(value) if isinstance(value, datetime) else column.text(row)
