"""Visits: what audit trails tell of keys at locks, read from CSV or ticked off by hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pkcs11_token.errors import N_
from store import cells, journal, spread
from store.csv_reader import read_rows
from store.database import Store
from store.errors import BlockedCarrier, NotACarrier, UnknownLock
from store.import_errors import (
    CellWrong,
    Fault,
    Found,
    ImportRefused,
    KeyNotStored,
    LockNotStored,
    VersionNeverOrdered,
    VisitInFuture,
    shortened,
)
from store.keys import find_keys, live_entries
from store.models import BULK_CACHE_KIB, Lock, Site, Visit, database, utc_text
from store.terms import Action, Result

CHUNK = 5000
COLUMNS: dict[str, cells.Parse] = {
    "at": cells.required_moment,
    "lock_serial": cells.serial,
    "key": cells.text,
    "result": cells.result,
    "lock_version": cells.version,
    "key_version": cells.version,
}
OPTIONAL = ("lock_version", "key_version")

FOLLOWED = N_("What the locks have learned")
Progress = Callable[[str, int, int], None]  # the file's name, or FOLLOWED; how many are done; of how many

STAGE = f"CREATE TEMP TABLE staged_visit (line INTEGER, {', '.join(COLUMNS)}, lock_id INTEGER, key_id INTEGER)"
FIND_LOCKS = "UPDATE staged_visit SET lock_id = lock.id FROM lock WHERE lock.serial = lock_serial"
FIND_KEYS = (
    "UPDATE staged_visit SET key_id = key.id FROM key WHERE key.label = staged_visit.key",
    "UPDATE staged_visit SET key_id = key.id FROM key WHERE key_id IS NULL AND key.serial = upper(staged_visit.key)",
)
WRONG: tuple[tuple[str, type[Fault]], ...] = (
    ("SELECT line, lock_serial FROM staged_visit WHERE lock_id IS NULL", LockNotStored),
    ("SELECT line, key FROM staged_visit WHERE key_id IS NULL", KeyNotStored),
    ("SELECT line, at FROM staged_visit WHERE at > :latest", VisitInFuture),
    (
        "SELECT line, lock_version FROM staged_visit JOIN lock ON lock.id = lock_id JOIN zone ON zone.id = lock.zone_id"
        " WHERE lock_version > zone.ordered_version",
        VersionNeverOrdered,
    ),
    (
        "SELECT line, key_version FROM staged_visit JOIN key ON key.id = key_id"
        " LEFT JOIN zone ON zone.id = key.main_zone_id WHERE key_version > COALESCE(zone.ordered_version, 0)",
        VersionNeverOrdered,
    ),
)
MERGE = """
INSERT INTO visit (at, lock_id, key_id, result, lock_version, key_version)
SELECT at, lock_id, key_id, result, MIN(lock_version), MIN(key_version) FROM staged_visit
GROUP BY lock_id, at, key_id, result
ON CONFLICT (lock_id, at, key_id, result) DO UPDATE SET
    lock_version = COALESCE(MIN(lock_version, excluded.lock_version), lock_version, excluded.lock_version),
    key_version = COALESCE(MIN(key_version, excluded.key_version), key_version, excluded.key_version)
WHERE (lock_version, key_version) IS NOT (
    COALESCE(MIN(lock_version, excluded.lock_version), lock_version, excluded.lock_version),
    COALESCE(MIN(key_version, excluded.key_version), key_version, excluded.key_version)
)
"""


@dataclass(frozen=True)
class VisitsReport:
    """What an import of visits did: how many were new, how many were known, and how many were of blocked keys."""

    added: int
    known: int
    sightings: int


def import_visits(store: Store, path: Path, progress: Progress = lambda *_: None) -> VisitsReport:
    """Read visits from a CSV file: all of them or none; those that are known already change nothing.

    Columns: at, lock_serial, key (label or serial), result (opened, refused or learned), and, where the audit trail
    tells them, lock_version and key_version. Rows may come late and in any order. Locks then hold what they have
    certainly learned (rule 7). Of two reports of one visit the lower version counts. Raises ImportRefused with the
    faults that were found.
    """
    with store.connected(), store.writing():
        database.pragma("cache_size", -BULK_CACHE_KIB)
        database.execute_sql("DROP TABLE IF EXISTS temp.staged_visit")
        database.execute_sql(STAGE)
        found = Found()
        faulty = found.take(_stage(path, progress))
        if not faulty:
            found.take(_wrong_relations(store, path.name))
        if found.count:
            raise ImportRefused(found.first, found.count)
        report = _merge(store, path.name, progress)
        database.execute_sql("DROP TABLE temp.staged_visit")
    return report


def tick_off(store: Store, lock_serial: str, key_label: str) -> int:
    """Record that somebody has brought the newest ordered list to a lock by hand; returns the list's version.

    Raises UnknownLock, UnknownKey, NotACarrier when the key does not carry the list of the lock's zone, or
    BlockedCarrier.
    """
    with store.writing():
        lock = Lock.get_or_none(Lock.serial == lock_serial.upper())
        if lock is None:
            raise UnknownLock(lock=lock_serial)
        (key,) = find_keys([key_label])
        zone = lock.zone
        if key.main_zone != zone:
            raise NotACarrier(key=key.label, zone=zone.name)
        if live_entries(key):
            raise BlockedCarrier(key=key.label)
        moment = utc_text(store.clock())
        details = {"lock": lock.serial, "key": key.label, "zone": zone.name, "version": zone.ordered_version}
        journal.append(store, Action.VISIT, details)
        _make_late(moment)
        Visit.insert(
            at=moment, lock=lock, key=key, result=Result.LEARNED, lock_version=zone.ordered_version
        ).on_conflict_ignore().execute()
        spread.replay()
    return int(zone.ordered_version)


def _stage(path: Path, progress: Progress) -> Iterator[Fault]:
    """Fill the temporary table and yield what is wrong in the file."""
    insert = f"INSERT INTO staged_visit (line, {', '.join(COLUMNS)}) VALUES (?{', ?' * len(COLUMNS)})"
    connection = database.connection()
    chunk: list[list[cells.Stored]] = []
    done = 0
    lines = _line_count(path)
    parsers = list(COLUMNS.items())
    for row in read_rows(path, list(COLUMNS), optional=OPTIONAL):
        if isinstance(row, Fault):
            yield row
            continue
        line, texts = row
        try:
            chunk.append([line, *(parse(cell) for (_column, parse), cell in zip(parsers, texts, strict=True))])
        except ValueError:
            yield from _wrong_cells(path.name, line, texts)
        if len(chunk) == CHUNK:
            done += len(chunk)
            connection.executemany(insert, chunk)
            progress(path.name, done, max(done, lines))
            chunk.clear()
    connection.executemany(insert, chunk)
    progress(path.name, done + len(chunk), done + len(chunk))


def _wrong_cells(file: str, line: int, texts: list[str]) -> Iterator[Fault]:
    for (column, parse), cell in zip(COLUMNS.items(), texts, strict=True):
        try:
            parse(cell)
        except ValueError:
            expected = cells.EXPECTED[parse]
            yield CellWrong(file=file, line=line, column=column, value=shortened(cell), expected=expected)


def _line_count(path: Path) -> int:
    try:
        with path.open("rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    except OSError:
        return 0


def _wrong_relations(store: Store, file: str) -> Iterator[Fault]:
    """Rows that name no lock or key, lie in the future, or tell of a version that was never ordered."""
    for statement in (FIND_LOCKS, *FIND_KEYS):
        database.execute_sql(statement)
    latest = {"latest": utc_text(store.clock())}
    for query, fault in WRONG:
        for line, value in database.execute_sql(f"{query} ORDER BY line", latest if ":latest" in query else None):
            yield fault(file=file, line=line, value=shortened(str(value)))


def _merge(store: Store, file: str, progress: Progress) -> VisitsReport:
    staged, earliest = database.execute_sql("SELECT COUNT(*), MIN(at) FROM staged_visit").fetchone()
    before = _last_id()
    changed = database.execute_sql(MERGE).rowcount
    added = Visit.select().where(Visit.id > before).count()
    (sightings,) = database.execute_sql("SELECT COUNT(*) FROM sighting WHERE id > ?", (before,)).fetchone()
    report = VisitsReport(added, staged - added, sightings)
    if changed:
        _make_late(earliest)
        journal.append(store, Action.IMPORT, {"visits": {"file": file, **vars(report)}})
        total = Visit.select().where(Visit.at > Site.get().replayed_until).count()
        spread.replay(lambda followed: progress(FOLLOWED, followed, total))
    return report


def _make_late(earliest: str) -> None:
    """Have all visits followed anew when some that come now lie before those that were followed already."""
    if earliest <= Site.get().replayed_until:
        spread.replay_from_the_start()


def _last_id() -> int:
    return int(database.execute_sql("SELECT COALESCE(MAX(id), 0) FROM visit").fetchone()[0])
