"""The append-only record of who did what: a chain in which each record carries the hash of the one before."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pkcs11_token.chain import BEGINNING, Details, Head, record_hash
from pkcs11_token.journal_file import FORMAT
from pkcs11_token.statement import canonical
from store.database import Store
from store.errors import FileUnwritable
from store.models import JournalRecord, Site, database, utc_text


def head() -> Head:
    """The last record's number and hash."""
    last = (
        JournalRecord.select(JournalRecord.number, JournalRecord.hash)
        .order_by(JournalRecord.number.desc())
        .tuples()
        .first()
    )
    return Head(*last) if last else Head(0, BEGINNING)


def append(store: Store, action: str, details: Details, at: datetime | None = None) -> int:
    """Add a record to the chain within the current transaction; returns its number."""
    before = head()
    moment = utc_text(at or store.clock())
    number = before.number + 1
    JournalRecord.insert(
        number=number,
        at=moment,
        operator=store.operator,
        action=action,
        details=canonical(details).decode(),
        previous=before.hash,
        hash=record_hash(number, moment, store.operator, action, details, before.hash),
    ).execute()
    return number


def records(*actions: str, before: int | None = None) -> Iterator[tuple[JournalRecord, Details]]:
    """The records of `actions` from the first on, with their details; only those before a number when one is given."""
    query = JournalRecord.select().where(JournalRecord.action.in_(actions)).order_by(JournalRecord.number)
    if before is not None:
        query = query.where(JournalRecord.number < before)
    for record in query.iterator():
        yield record, json.loads(record.details)


def export(store: Store, path: Path) -> int:
    """Write the whole journal to `path` (0600) as JSON Lines; returns how many records it has.

    The first line names the site, each later one is a record as canonical JSON: pkcs11_token.journal_file checks
    them. Raises FileUnwritable; then nothing stands at `path` that did not before.
    """
    beside = path.with_name(f".{path.name}.new")
    count = 0
    try:
        beside.unlink(missing_ok=True)
        beside.touch(mode=0o600)
        with store.connected(), database.atomic("DEFERRED"), beside.open("wb") as file:
            file.write(canonical({"format": FORMAT, "site": Site.get().uuid}) + b"\n")
            for record in JournalRecord.select().order_by(JournalRecord.number).iterator():
                file.write(canonical(record.__data__ | {"details": json.loads(record.details)}) + b"\n")
                count += 1
        beside.replace(path)
    except OSError as error:
        raise FileUnwritable(path=path, why=error.strerror) from error
    return count
