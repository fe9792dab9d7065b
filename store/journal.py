"""The append-only record of who did what: a chain in which each record carries the hash of the one before."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from pkcs11_token.statement import canonical
from store.database import Store
from store.models import JournalRecord, utc_text

Details = dict[str, Any]
BEGINNING = "0" * 64


@dataclass(frozen=True)
class Head:
    """Where the journal stands: the last record's number (0: none yet) and its SHA-256 in hexadecimal."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def record_hash(number: int, at: str, operator: str, action: str, details: Details, previous: str) -> str:
    """SHA-256 (hexadecimal) of a record as canonical JSON; docs/journal.md describes the fields."""
    record = {
        "number": number,
        "at": at,
        "operator": operator,
        "action": action,
        "details": details,
        "previous": previous,
    }
    return sha256(canonical(record)).hexdigest()


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
