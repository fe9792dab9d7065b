"""CSV as it comes: encoding, separator and line ends are found out; rows are streamed with their line numbers."""

import codecs
import csv
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from store.import_errors import (
    HEADER_LIMIT,
    CellCountWrong,
    ColumnsWrong,
    Fault,
    FileEmpty,
    FileUnreadable,
    NulByte,
    QuotationWrong,
    RowTooLong,
    TextUndecodable,
    shortened,
)

SAMPLE = 64 * 1024
CELL_LIMIT = 10_000
LINE_LIMIT = 200_000
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_rows(
    path: Path, columns: Sequence[str], optional: Collection[str] = ()
) -> Iterator[tuple[int, list[str]] | Fault]:
    """Each row of a CSV file as (line number, trimmed cells in the order of `columns`), or a fault in its place.

    The columns in `optional` may be missing: their cells are empty then.
    A fault of the whole file (unreadable, empty, wrong columns, undecodable) is the only thing given then.
    """
    name = path.name
    try:
        encoding = _encoding(path)
        with path.open(encoding=encoding, newline="") as file:
            separator = _separator(file.read(SAMPLE))
            file.seek(0)
            yield from _rows(name, _lines(name, file), separator, columns, optional)
    except UnicodeError:
        yield TextUndecodable(file=name)
    except OSError as error:
        yield FileUnreadable(file=name, why=error.strerror)


def _encoding(path: Path) -> str:
    """What the file is written in: by its mark, else UTF-8 when all of it is, else Windows-1252."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        start = file.read(SAMPLE)
        for mark, encoding in MARKS:
            if start.startswith(mark):
                return encoding
        try:
            chunk = start
            while chunk:
                decoder.decode(chunk)
                chunk = file.read(1 << 20)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _separator(sample: str) -> str:
    """The separator that the first line with anything in it has most of."""
    first = next(iter(sample.strip("\r\n\t ;,").splitlines()), "")
    return max(";,\t", key=first.count)


def _lines(name: str, file: TextIO) -> Iterator[str]:
    """The lines of a file, none of which is too long for memory. Raises NulByte or RowTooLong."""
    number = 0
    while text := file.readline(LINE_LIMIT):
        number += 1
        if "\0" in text:
            raise NulByte(file=name, line=number)
        if len(text) == LINE_LIMIT:
            raise RowTooLong(file=name, line=number, limit=CELL_LIMIT)
        yield text


def _rows(
    name: str, lines: Iterator[str], separator: str, columns: Sequence[str], optional: Collection[str]
) -> Iterator[tuple[int, list[str]] | Fault]:
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    header: list[str] | None = None
    places: list[int] = []
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except Fault as fault:
            yield fault
            return
        except csv.Error as error:
            too_long = "field limit" in str(error)
            yield (
                RowTooLong(file=name, line=line, limit=CELL_LIMIT) if too_long else QuotationWrong(file=name, line=line)
            )
            return
        if cells is None:
            if header is None:
                yield FileEmpty(file=name, columns=", ".join(columns))
            return
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if header is None:
            names = [cell.lower() for cell in cells]
            if sorted({*names, *optional}) != sorted(columns) or len(names) != len(set(names)):
                found = shortened(", ".join(names), HEADER_LIMIT)
                yield ColumnsWrong(file=name, line=line, found=found, columns=", ".join(columns))
                return
            header = names
            places = [names.index(column) if column in names else len(names) for column in columns]
        elif len(cells) != len(header):
            yield CellCountWrong(file=name, line=line, count=len(cells), expected=len(header))
        else:
            cells.append("")
            yield line, [cells[place] for place in places]
