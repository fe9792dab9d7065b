"""Read a site from CSV files: all of it or nothing, and again with newer files."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from store import blocklist, cells, journal, spread
from store.blocklist import ListChange
from store.csv_reader import read_rows
from store.database import Store
from store.import_errors import (
    CellWrong,
    Duplicate,
    Fault,
    FileUnreadable,
    Found,
    ImportRefused,
    NoFiles,
    SerialOfBlockedKey,
    SerialTaken,
    UnknownReference,
    shortened,
)
from store.models import BULK_CACHE_KIB, database, utc_text
from store.site_files import FILES, KEYS, SiteFile

CHUNK = 5000

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class FileReport:
    """What one file did: how many rows were added, changed and unchanged.

    `kept` are stored rows that the file does not name, `removed` pairs that are gone from a file of pairs.
    """

    file: str
    added: int
    changed: int
    unchanged: int
    kept: int
    removed: int
    sha256: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did, file by file, and which lists grew since blocked keys open more zones now (rule 6)."""

    files: list[FileReport] = field(default_factory=list)
    extended: list[ListChange] = field(default_factory=list)


def import_site(store: Store, directory: Path, progress: Progress = lambda *_: None) -> ImportReport:
    """Read the site's CSV files in `directory`; those that are missing there stay as they are stored.

    `progress` is told the file, the rows that were read, and about how many it has. Raises NoFiles, ImportRefused
    with the faults that were found, or ListFull when blocked keys would overfill a list; then nothing is changed.
    """
    present = [file for file in FILES if (directory / file.name).is_file()]
    if not present:
        raise NoFiles(directory=directory, files=", ".join(file.name for file in FILES))
    with store.connected():
        database.pragma("cache_size", -BULK_CACHE_KIB)
        with store.writing():
            digests = _stage_all(directory, present, progress)
            reports = [_merge(file, digests[file.name]) for file in present]
            if any(report.added or report.changed or report.removed for report in reports):
                journal.append(store, "import", {"files": {report.file: _numbers(report) for report in reports}})
            extended = blocklist.extend(store)
            spread.settle(utc_text(store.clock()))
            _drop_stages()
    return ImportReport(reports, extended)


def _stage_all(directory: Path, present: list[SiteFile], progress: Progress) -> dict[str, str]:
    """Read every file into its temporary table; returns their SHA-256. Raises ImportRefused."""
    _drop_stages()
    found = Found()
    digests = {}
    faulty = set()
    for file in FILES:
        columns = ", ".join(file.columns)
        database.execute_sql(f"CREATE TEMP TABLE {file.stage} (line INTEGER, {columns})")
        if file not in present:
            continue
        try:
            lines, digests[file.name] = _measured(directory / file.name)
        except OSError as error:
            faults: Iterable[Fault] = [FileUnreadable(file=file.name, why=error.strerror)]
        else:
            faults = _stage(directory / file.name, file, lines, progress)
        if found.take(faults):
            faulty.add(file.name)
    found.take(_wrong_relations(faulty))
    if found.count:
        raise ImportRefused(found.first, found.count)
    return digests


def _measured(path: Path) -> tuple[int, str]:
    """How many lines a file has, about, and its SHA-256."""
    lines, digest = 0, sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            lines += chunk.count(b"\n")
            digest.update(chunk)
    return lines, digest.hexdigest()


def _stage(path: Path, file: SiteFile, lines: int, progress: Progress) -> Iterator[Fault]:
    """Fill the file's temporary table and yield what is wrong in it."""
    insert = f"INSERT INTO {file.stage} VALUES (?, {', '.join('?' * len(file.columns))})"
    connection = database.connection()
    chunk: list[list[cells.Stored]] = []
    done = 0
    for row in read_rows(path, list(file.columns)):
        if isinstance(row, Fault):
            yield row
            continue
        line, texts = row
        values: list[cells.Stored] = [line]
        for (column, parse), cell in zip(file.columns.items(), texts, strict=True):
            try:
                values.append(parse(cell))
            except ValueError:
                yield CellWrong(
                    file=file.name, line=line, column=column, value=shortened(cell), expected=cells.EXPECTED[parse]
                )
        chunk.append(values)
        if len(chunk) == CHUNK:
            done += len(chunk)
            connection.executemany(insert, (v for v in chunk if len(v) > len(file.columns)))
            progress(file.name, done, max(done, lines))
            chunk.clear()
    connection.executemany(insert, (v for v in chunk if len(v) > len(file.columns)))
    done += len(chunk)
    progress(file.name, done, done)


def _wrong_relations(faulty: Collection[str]) -> Iterator[Fault]:
    """What is wrong between rows: duplicates, references to nothing, serials that belong to another key.

    What a row of the files in `faulty` should have held is not known, so nothing is said to be missing there.
    """
    for file in FILES:
        yield from _duplicates(file, file.identity)
        for column, table, other_column, other in file.references:
            if other in faulty:
                continue
            stage = f"staged_{other.removesuffix('.csv')}"
            for line, value in _query(
                f"SELECT line, {column} FROM {file.stage} WHERE {column} IS NOT NULL"
                f" AND {column} NOT IN (SELECT {other_column} FROM {table})"
                f" AND {column} NOT IN (SELECT {_staged_name(other)} FROM {stage}) ORDER BY line"
            ):
                yield UnknownReference(file=file.name, line=line, column=column, value=shortened(value), other=other)
    yield from _duplicates(KEYS, ("serial",), alike="ltrim(serial, '0')")
    for line, label, value, stored in _query(
        "SELECT s.line, s.label, COALESCE(s.serial, ''), key.serial FROM staged_keys AS s"
        " JOIN key ON key.label = s.label WHERE s.serial IS NOT key.serial"
        " AND EXISTS (SELECT 1 FROM blocklist_entry WHERE key_id = key.id) ORDER BY s.line"
    ):
        yield SerialOfBlockedKey(file=KEYS.name, line=line, label=label, value=value, stored=stored)
    if KEYS.name in faulty:
        return
    for line, value, label in _query(
        "SELECT s.line, s.serial, key.label FROM staged_keys AS s JOIN key ON key.serial = s.serial"
        " WHERE key.label != s.label AND key.label NOT IN (SELECT label FROM staged_keys) ORDER BY s.line"
    ):
        yield SerialTaken(file=KEYS.name, line=line, value=value, label=label)


def _staged_name(file: str) -> str:
    return next(f.identity[0] for f in FILES if f.name == file)


def _duplicates(file: SiteFile, columns: tuple[str, ...], alike: str = "") -> Iterator[Fault]:
    """Rows that hold in `columns` what an earlier row holds; `alike` is what of it counts, if not all."""
    names = ", ".join(columns)
    for line, first, *values in _query(
        f"SELECT line, first, {names} FROM ("
        f"SELECT line, MIN(line) OVER (PARTITION BY {alike or names}) AS first, {names} FROM {file.stage}"
        f" WHERE {columns[-1]} IS NOT NULL) WHERE line != first ORDER BY line"
    ):
        yield Duplicate(file=file.name, line=line, column=names, value=", ".join(map(str, values)), first=first)


def _merge(file: SiteFile, digest: str) -> FileReport:
    (staged,) = next(_query(f"SELECT COUNT(*) FROM {file.stage}"))
    for statement in file.prepare:
        database.execute_sql(statement)
    removed = database.execute_sql(file.remove).rowcount if file.remove else 0
    changed = database.execute_sql(file.change).rowcount if file.change else 0
    added = database.execute_sql(file.add).rowcount
    stored = next(_query(f"SELECT COUNT(*) FROM {file.stored}"))[0] if file.stored else staged
    return FileReport(file.name, added, changed, staged - added - changed, stored - staged, removed, digest)


def _numbers(report: FileReport) -> dict[str, Any]:
    return {name: value for name, value in vars(report).items() if name != "file"}


def _drop_stages() -> None:
    for file in FILES:
        database.execute_sql(f"DROP TABLE IF EXISTS temp.{file.stage}")


def _query(statement: str) -> Iterator[Any]:
    rows: Iterator[Any] = iter(database.execute_sql(statement))
    return rows
