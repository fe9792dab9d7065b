"""The journal proves itself: follow the chain, replay each operation, and compare the outcome with the tables."""

from collections.abc import Callable
from dataclasses import dataclass

from pkcs11_token.chain import Chain, Details, EntryChange, Head
from store.database import Store
from store.errors import EntryMissing, EntryTwice, EntryUnaccounted, TableBroken, ZoneUnaccounted
from store.models import JournalRecord, Site, database

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
    name TEXT PRIMARY KEY, version INTEGER NOT NULL, ordered_version INTEGER NOT NULL
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
        chain = Chain(Site.get().uuid, store.root, head)
        with database.atomic("DEFERRED"):
            for record in JournalRecord.select().order_by(JournalRecord.number).iterator():
                changes, details = chain.follow(record)
                for change in changes:
                    _replay(change, record, details)
                progress(record.number)
            chain.finish()
            for zone, state in chain.lists.items():
                database.execute_sql(
                    "INSERT INTO temp.replayed_zone VALUES (?, ?, ?)", (zone, state.version, state.ordered_version)
                )
            _compare_entries()
            _compare_zones()
        return Verified(chain.last, chain.removals)


def _replay(change: EntryChange, record: JournalRecord, details: Details) -> None:
    """Bring the replayed entries to where `record` leaves them."""
    if change.added:
        database.execute_sql(
            "INSERT INTO temp.replayed_entry (zone, serial, version_in, added_at, added_by, added_record, reason, note)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(change.zone, change.serial, change.version, record.at, record.operator, record.number),
                *(details["reason"], details["note"]),
            ),
        )
        return
    database.execute_sql(
        "UPDATE temp.replayed_entry SET version_out = ?, removed_at = ?, removed_by = ?, removal_record = ?,"
        " removal_reason = ?, removal_note = ? WHERE zone = ? AND serial = ? AND version_out IS NULL",
        (
            *(change.version, record.at, record.operator, record.number, details["reason"], details["note"]),
            *(change.zone, change.serial),
        ),
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
    row = database.execute_sql(f"{STORED_ZONES} EXCEPT {REPLAYED_ZONES} LIMIT 1").fetchone()
    if row:  # of a zone that is gone the entries are missing, too, which was told before
        raise ZoneUnaccounted(zone=row[0], version=row[1], ordered_version=row[2])
