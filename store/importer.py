"""Read a site from CSV files: all of it or nothing, and again with newer files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from store import blocklist, cells, journal
from store.blocklist import ListChange
from store.collation import search_text, sort_key
from store.csv_reader import read_rows
from store.database import Store
from store.import_errors import (
    CellWrong,
    Duplicate,
    Fault,
    ImportRefused,
    NoFiles,
    SerialOfBlockedKey,
    SerialTaken,
    UnknownReference,
)
from store.models import database

CHUNK = 5000

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class SiteFile:
    """A file of the site: how each column is read, what identifies a row, and where references point.

    `references` are (column, stored table, its column, other file); `changes` are the statements that merge the
    staged rows, the first adding, the second changing (or, in a file of pairs, removing).
    """

    name: str
    columns: dict[str, cells.Parse]
    identity: tuple[str, ...]
    references: tuple[tuple[str, str, str, str], ...] = ()
    prepare: tuple[str, ...] = ()
    add: str = ""
    change: str = ""
    remove: str = ""
    stored: str = ""

    @property
    def stage(self) -> str:
        """The temporary table of the file's rows."""
        return f"staged_{self.name.removesuffix('.csv')}"


ZONES = SiteFile(
    "zones.csv",
    {"zone": cells.text},
    ("zone",),
    add="INSERT INTO zone (name) SELECT zone FROM staged_zones WHERE zone NOT IN (SELECT name FROM zone)",
    stored="zone",
)
PEOPLE = SiteFile(
    "people.csv",
    {"person_id": cells.text, "name": cells.text},
    ("person_id",),
    add="""
        INSERT INTO person (person_id, name, sort_en, sort_nb, search)
        SELECT person_id, name, sort_key(name, 'en'), sort_key(name, 'nb'), search_text(name, person_id)
        FROM staged_people WHERE person_id NOT IN (SELECT person_id FROM person)
    """,
    change="""
        UPDATE person SET name = s.name, sort_en = sort_key(s.name, 'en'), sort_nb = sort_key(s.name, 'nb'),
               search = search_text(s.name, s.person_id)
        FROM staged_people AS s WHERE s.person_id = person.person_id AND s.name != person.name
    """,
    stored="person",
)
LOCKS = SiteFile(
    "locks.csv",
    {
        "serial": cells.serial,
        "name": cells.text,
        "place": cells.optional_text,
        "zone": cells.text,
        "networked": cells.yes_or_no,
    },
    ("serial",),
    references=(("zone", "zone", "name", "zones.csv"),),
    add="""
        INSERT INTO lock (serial, name, place, zone_id, networked, sort_en, sort_nb, search)
        SELECT s.serial, s.name, s.place, zone.id, s.networked,
               sort_key(s.name, 'en'), sort_key(s.name, 'nb'), search_text(s.name, s.serial, s.place, s.zone)
        FROM staged_locks AS s JOIN zone ON zone.name = s.zone WHERE s.serial NOT IN (SELECT serial FROM lock)
    """,
    change="""
        UPDATE lock SET name = s.name, place = s.place, zone_id = zone.id, networked = s.networked,
               sort_en = sort_key(s.name, 'en'), sort_nb = sort_key(s.name, 'nb'),
               search = search_text(s.name, s.serial, s.place, s.zone)
        FROM staged_locks AS s JOIN zone ON zone.name = s.zone
        WHERE s.serial = lock.serial
          AND (s.name, s.place, zone.id, s.networked) != (lock.name, lock.place, lock.zone_id, lock.networked)
    """,
    stored="lock",
)
KEYS = SiteFile(
    "keys.csv",
    {
        "serial": cells.optional_serial,
        "label": cells.text,
        "name": cells.text,
        "type": cells.key_type,
        "person_id": cells.reference,
        "main_zone": cells.reference,
        "state": cells.key_state,
        "valid_until": cells.moment,
        "expiry_interval": cells.interval,
        "last_contact": cells.moment,
    },
    ("label",),
    references=(
        ("person_id", "person", "person_id", "people.csv"),
        ("main_zone", "zone", "name", "zones.csv"),
    ),
    # Serials may wander between keys: they are taken away first, so that no two keys hold one in between.
    prepare=(
        """
        UPDATE key SET serial = NULL FROM staged_keys AS s
        WHERE s.label = key.label AND s.serial IS NOT key.serial AND key.serial IN (SELECT serial FROM staged_keys)
        """,
    ),
    add="""
        INSERT INTO key (label, serial, name, type, state, person_id, main_zone_id, valid_until, expiry_interval,
                         last_contact, sort_label, sort_en, sort_nb, search)
        SELECT s.label, s.serial, s.name, s.type, s.state, person.id, zone.id, s.valid_until, s.expiry_interval,
               s.last_contact, sort_key(s.label, 'en'), sort_key(s.name, 'en'), sort_key(s.name, 'nb'),
               search_text(s.name, s.label, s.serial, person.name)
        FROM staged_keys AS s
        LEFT JOIN person ON person.person_id = s.person_id LEFT JOIN zone ON zone.name = s.main_zone
        WHERE s.label NOT IN (SELECT label FROM key)
    """,
    change="""
        UPDATE key SET serial = s.serial, name = s.name, type = s.type, state = s.state, person_id = s.person,
               main_zone_id = s.zone, valid_until = s.valid_until, expiry_interval = s.expiry_interval,
               last_contact = s.last_contact, sort_en = sort_key(s.name, 'en'), sort_nb = sort_key(s.name, 'nb'),
               search = search_text(s.name, s.label, s.serial, s.person_name)
        FROM (
            SELECT staged_keys.*, person.id AS person, person.name AS person_name, zone.id AS zone FROM staged_keys
            LEFT JOIN person ON person.person_id = staged_keys.person_id
            LEFT JOIN zone ON zone.name = staged_keys.main_zone
        ) AS s
        WHERE s.label = key.label AND (
            s.serial IS NOT key.serial OR s.name != key.name OR s.type != key.type OR s.state != key.state
            OR s.person IS NOT key.person_id OR s.zone IS NOT key.main_zone_id
            OR s.valid_until IS NOT key.valid_until OR s.expiry_interval IS NOT key.expiry_interval
            OR s.last_contact IS NOT key.last_contact
        )
    """,
    stored="key",
)
RIGHT_LOCKS = SiteFile(
    "right_locks.csv",
    {"access_right": cells.text, "lock_serial": cells.serial},
    ("access_right", "lock_serial"),
    references=(("lock_serial", "lock", "serial", "locks.csv"),),
    prepare=("INSERT OR IGNORE INTO access_right (name) SELECT DISTINCT access_right FROM staged_right_locks",),
    add="""
        INSERT OR IGNORE INTO right_lock (access_right_id, lock_id)
        SELECT r.id, lock.id FROM staged_right_locks AS s
        JOIN access_right AS r ON r.name = s.access_right JOIN lock ON lock.serial = s.lock_serial
    """,
    remove="""
        DELETE FROM right_lock WHERE (access_right_id, lock_id) NOT IN (
            SELECT r.id, lock.id FROM staged_right_locks AS s
            JOIN access_right AS r ON r.name = s.access_right JOIN lock ON lock.serial = s.lock_serial
        )
    """,
)
RIGHT_KEYS = SiteFile(
    "right_keys.csv",
    {"access_right": cells.text, "key_label": cells.text},
    ("access_right", "key_label"),
    references=(("key_label", "key", "label", "keys.csv"),),
    prepare=("INSERT OR IGNORE INTO access_right (name) SELECT DISTINCT access_right FROM staged_right_keys",),
    add="""
        INSERT OR IGNORE INTO right_key (access_right_id, key_id)
        SELECT r.id, key.id FROM staged_right_keys AS s
        JOIN access_right AS r ON r.name = s.access_right JOIN key ON key.label = s.key_label
    """,
    remove="""
        DELETE FROM right_key WHERE (access_right_id, key_id) NOT IN (
            SELECT r.id, key.id FROM staged_right_keys AS s
            JOIN access_right AS r ON r.name = s.access_right JOIN key ON key.label = s.key_label
        )
    """,
)
FILES = (ZONES, PEOPLE, LOCKS, KEYS, RIGHT_LOCKS, RIGHT_KEYS)


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
        database.register_function(sort_key, "sort_key", 2)
        database.register_function(search_text, "search_text", -1)
        with store.writing():
            digests = _stage_all(directory, present, progress)
            reports = [_merge(file, digests[file.name]) for file in present]
            if any(report.changed for report in reports):
                _refresh_search_texts()
            if any(report.added or report.changed or report.removed for report in reports):
                journal.append(store, "import", {"files": {report.file: _numbers(report) for report in reports}})
            extended = blocklist.extend(store)
            _drop_stages()
    return ImportReport(reports, extended)


def _stage_all(directory: Path, present: list[SiteFile], progress: Progress) -> dict[str, str]:
    """Read every file into its temporary table; returns their SHA-256. Raises ImportRefused."""
    _drop_stages()
    faults: list[Fault] = []
    digests = {}
    for file in FILES:
        columns = ", ".join(file.columns)
        database.execute_sql(f"CREATE TEMP TABLE {file.stage} (line INTEGER, {columns})")
        if file in present:
            lines, digests[file.name] = _measured(directory / file.name)
            faults += islice(_stage(directory / file.name, file, lines, progress), ImportRefused.FAULT_LIMIT)
    faults += islice(_wrong_relations(), ImportRefused.FAULT_LIMIT)
    if faults:
        _drop_stages()
        raise ImportRefused(faults[: ImportRefused.FAULT_LIMIT])
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
                    file=file.name, line=line, column=column, value=cell[:60], expected=cells.EXPECTED[parse]
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


def _wrong_relations() -> Iterator[Fault]:
    """What is wrong between rows: duplicates, references to nothing, serials that belong to another key."""
    for file in FILES:
        yield from _duplicates(file, file.identity)
        for column, table, other_column, other in file.references:
            stage = f"staged_{other.removesuffix('.csv')}"
            for line, value in _query(
                f"SELECT line, {column} FROM {file.stage} WHERE {column} IS NOT NULL"
                f" AND {column} NOT IN (SELECT {other_column} FROM {table})"
                f" AND {column} NOT IN (SELECT {_staged_name(other)} FROM {stage}) ORDER BY line"
            ):
                yield UnknownReference(file=file.name, line=line, column=column, value=value, other=other)
    yield from _duplicates(KEYS, ("serial",))
    for line, label, value, stored in _query(
        "SELECT s.line, s.label, COALESCE(s.serial, ''), key.serial FROM staged_keys AS s"
        " JOIN key ON key.label = s.label WHERE s.serial IS NOT key.serial"
        " AND key.id IN (SELECT key_id FROM blocklist_entry) ORDER BY s.line"
    ):
        yield SerialOfBlockedKey(file=KEYS.name, line=line, label=label, value=value, stored=stored)
    for line, value, label in _query(
        "SELECT s.line, s.serial, key.label FROM staged_keys AS s JOIN key ON key.serial = s.serial"
        " WHERE key.label != s.label AND key.label NOT IN (SELECT label FROM staged_keys) ORDER BY s.line"
    ):
        yield SerialTaken(file=KEYS.name, line=line, value=value, label=label)


def _staged_name(file: str) -> str:
    return next(f.identity[0] for f in FILES if f.name == file)


def _duplicates(file: SiteFile, identity: tuple[str, ...]) -> Iterator[Fault]:
    columns = ", ".join(identity)
    for line, first, *values in _query(
        f"SELECT line, first, {columns} FROM ("
        f"SELECT line, MIN(line) OVER (PARTITION BY {columns}) AS first, {columns} FROM {file.stage}"
        f" WHERE {identity[-1]} IS NOT NULL) WHERE line != first ORDER BY line"
    ):
        yield Duplicate(file=file.name, line=line, column=columns, value=", ".join(map(str, values)), first=first)


def _merge(file: SiteFile, digest: str) -> FileReport:
    (staged,) = next(_query(f"SELECT COUNT(*) FROM {file.stage}"))
    for statement in file.prepare:
        database.execute_sql(statement)
    removed = database.execute_sql(file.remove).rowcount if file.remove else 0
    changed = database.execute_sql(file.change).rowcount if file.change else 0
    added = database.execute_sql(file.add).rowcount
    stored = next(_query(f"SELECT COUNT(*) FROM {file.stored}"))[0] if file.stored else staged
    return FileReport(file.name, added, changed, staged - added - changed, stored - staged, removed, digest)


def _refresh_search_texts() -> None:
    """A person's new name must find his or her keys."""
    database.execute_sql(
        "UPDATE key SET search = s.search FROM ("
        "SELECT key.id, search_text(key.name, label, serial, person.name) AS search"
        " FROM key LEFT JOIN person ON person.id = key.person_id) AS s WHERE s.id = key.id AND s.search != key.search"
    )


def _numbers(report: FileReport) -> journal.Details:
    return {name: value for name, value in vars(report).items() if name != "file"}


def _drop_stages() -> None:
    for file in FILES:
        database.execute_sql(f"DROP TABLE IF EXISTS temp.{file.stage}")


def _query(statement: str) -> Iterator[Any]:
    rows: Iterator[Any] = iter(database.execute_sql(statement))
    return rows
