"""The journal proves itself: walk the chain, check each statement, replay each operation, compare the tables."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from peewee import PeeweeException

from pkcs11_token.errors import SperreError
from pkcs11_token.statement import canonical, payload_of
from store.database import Store
from store.errors import (
    EntryMissing,
    EntryTwice,
    EntryUnaccounted,
    HeadMissing,
    JournalBroken,
    RecordContradictsVersions,
    RecordEdited,
    RecordMakesNoSense,
    RecordMissing,
    RecordRemovesUnlisted,
    RecordUnlinked,
    TableBroken,
    ZoneMissing,
    ZoneUnaccounted,
)
from store.journal import BEGINNING, Details, Head, record_hash
from store.models import JournalRecord, Site, database
from store.trust import SIGNED_ACTIONS, Trust

REPLAY_TABLES = """
DROP TABLE IF EXISTS temp.replayed_entry;
DROP TABLE IF EXISTS temp.replayed_zone;
CREATE TEMP TABLE replayed_entry (
    zone TEXT, serial TEXT, version_in INTEGER, version_out INTEGER, added_at TEXT, added_by TEXT,
    added_record INTEGER, reason TEXT, note TEXT, removed_at TEXT, removed_by TEXT, removal_record INTEGER,
    removal_reason TEXT, removal_note TEXT
);
CREATE UNIQUE INDEX temp.replayed_live ON replayed_entry (zone, serial) WHERE version_out IS NULL;
CREATE TEMP TABLE replayed_zone (
    name TEXT PRIMARY KEY, version INTEGER NOT NULL DEFAULT 0, ordered_version INTEGER NOT NULL DEFAULT 0
);
"""

STORED_ENTRIES = """
SELECT zone.name, key.serial, version_in, version_out, added_at, added_by, added_record, reason, note,
       removed_at, removed_by, removal_record, removal_reason, removal_note
FROM blocklist_entry JOIN zone ON zone.id = zone_id JOIN key ON key.id = key_id
"""
REPLAYED_ENTRIES = "SELECT * FROM temp.replayed_entry"
STORED_ZONES = "SELECT name, version, ordered_version FROM zone WHERE version > 0 OR ordered_version > 0"
REPLAYED_ZONES = "SELECT * FROM temp.replayed_zone"


@dataclass(frozen=True)
class Verified:
    """What a whole and honest journal ends with."""

    head: Head
    removals: int


def verify(store: Store, progress: Callable[[int], None] = lambda _: None, head: Head | None = None) -> Verified:
    """Prove the whole journal and that the tables say what it says.

    `progress` is told the number of each record. With a `head` that was noted before, a journal that was cut or
    rolled back since is found, too. Raises JournalBroken for the first record that is wrong, or TableBroken for
    the first row that the journal does not account for. Memory does not grow with the journal.
    """
    with store.connected():
        for statement in REPLAY_TABLES.split(";\n"):
            database.execute_sql(statement)
        trust = Trust(Site.get().uuid, store.root)
        last, removals = Head(0, BEGINNING), 0
        with database.atomic("DEFERRED"):
            for record in JournalRecord.select().order_by(JournalRecord.number).iterator():
                details = _linked(record, last)
                _replay(trust, record, details)
                last = Head(record.number, record.hash)
                if head is not None and last.number == head.number and last != head:
                    raise HeadMissing(number=head.number)
                removals += record.action == "remove"
                progress(record.number)
            if head is not None and last.number < head.number:
                raise HeadMissing(number=head.number)
            _compare_entries()
            _compare_zones()
        return Verified(last, removals)


def _linked(record: JournalRecord, last: Head) -> Details:
    """The details of a record that follows `last` in the chain."""
    if record.number != last.number + 1:
        raise RecordMissing(number=last.number + 1)
    if record.previous != last.hash:
        raise RecordUnlinked(number=record.number)
    try:
        details: Details = json.loads(record.details)
        wanted = record_hash(record.number, record.at, record.operator, record.action, details, record.previous)
    except ValueError:
        raise RecordMakesNoSense(number=record.number) from None
    if record.hash != wanted or record.details != canonical(details).decode():
        raise RecordEdited(number=record.number)
    return details


def _replay(trust: Trust, record: JournalRecord, details: Details) -> None:
    try:
        if record.action in SIGNED_ACTIONS:
            trust.follow(record, details)
        if record.action == "add":
            _replay_add(record, details)
        elif record.action == "order":
            _replay_order(record, details)
        elif record.action == "remove":
            _replay_removal(record, payload_of(details["statements"][0]))
        elif record.action not in (*SIGNED_ACTIONS, "import"):
            raise RecordMakesNoSense(number=record.number)
    except JournalBroken:
        raise
    except SperreError as error:
        raise JournalBroken(number=record.number, what=error) from error
    except (LookupError, TypeError, ValueError, AttributeError, PeeweeException) as error:
        raise RecordMakesNoSense(number=record.number) from error


def _changed_lists(record: JournalRecord, changes: list[Details]) -> Iterator[tuple[str, str, int]]:
    """Each (zone, key serial, version) of an addition or removal, while the zones' versions are raised."""
    for change in changes:
        zone, before = change["zone"], change["before"]
        database.execute_sql("INSERT OR IGNORE INTO temp.replayed_zone (name) VALUES (?)", (zone,))
        (stood,) = database.execute_sql("SELECT version FROM temp.replayed_zone WHERE name = ?", (zone,)).fetchone()
        if before != stood or change["after"] != before + len(change["keys"]):
            raise RecordContradictsVersions(number=record.number, before=before, zone=zone, stood=stood)
        for version, serial in enumerate(change["keys"], before + 1):
            yield zone, serial, version
        database.execute_sql("UPDATE temp.replayed_zone SET version = ? WHERE name = ?", (change["after"], zone))


def _replay_add(record: JournalRecord, details: Details) -> None:
    for zone, serial, version in _changed_lists(record, details["zones"]):
        database.execute_sql(
            "INSERT INTO temp.replayed_entry (zone, serial, version_in, added_at, added_by, added_record, reason, note)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                zone,
                serial,
                version,
                record.at,
                record.operator,
                record.number,
                details["reason"],
                details["note"],
            ),
        )


def _replay_removal(record: JournalRecord, payload: Details) -> None:
    for zone, serial, version in _changed_lists(record, payload["zones"]):
        changed = database.execute_sql(
            "UPDATE temp.replayed_entry SET version_out = ?, removed_at = ?, removed_by = ?, removal_record = ?,"
            " removal_reason = ?, removal_note = ? WHERE zone = ? AND serial = ? AND version_out IS NULL",
            (
                version,
                record.at,
                record.operator,
                record.number,
                payload["reason"],
                payload["note"],
                zone,
                serial,
            ),
        ).rowcount
        if changed != 1:
            raise RecordRemovesUnlisted(number=record.number, serial=serial, zone=zone)


def _replay_order(record: JournalRecord, details: Details) -> None:
    for change in details["zones"]:
        (stood,) = database.execute_sql(
            "SELECT version FROM temp.replayed_zone WHERE name = ? AND ordered_version = ?",
            (change["zone"], change["before"]),
        ).fetchone() or (None,)
        if stood != change["after"]:
            raise RecordContradictsVersions(
                number=record.number, before=change["before"], zone=change["zone"], stood=stood
            )
        database.execute_sql(
            "UPDATE temp.replayed_zone SET ordered_version = version WHERE name = ?", (change["zone"],)
        )


def _compare_entries() -> None:
    differences: tuple[tuple[str, type[TableBroken]], ...] = (
        (f"{STORED_ENTRIES} EXCEPT {REPLAYED_ENTRIES} LIMIT 1", EntryUnaccounted),
        (f"{REPLAYED_ENTRIES} EXCEPT {STORED_ENTRIES} LIMIT 1", EntryMissing),
        (f"{STORED_ENTRIES} GROUP BY zone_id, key_id, version_in HAVING count(*) > 1 LIMIT 1", EntryTwice),
    )
    for query, broken in differences:
        row = database.execute_sql(query).fetchone()
        if row:
            zone, serial, version_in, version_out = row[:4]
            raise broken(zone=zone, serial=serial, version_in=version_in, version_out=version_out or "…")


def _compare_zones() -> None:
    differences: tuple[tuple[str, type[TableBroken]], ...] = (
        (f"{STORED_ZONES} EXCEPT {REPLAYED_ZONES} LIMIT 1", ZoneUnaccounted),
        (f"{REPLAYED_ZONES} EXCEPT {STORED_ZONES} LIMIT 1", ZoneMissing),
    )
    for query, broken in differences:
        row = database.execute_sql(query).fetchone()
        if row:
            raise broken(zone=row[0], version=row[1], ordered_version=row[2])
