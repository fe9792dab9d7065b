"""The journal: who did what, record after record."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from peewee import fn

from store.database import Store
from store.listing import Everything, Listing
from store.models import BlocklistEntry, JournalRecord

if TYPE_CHECKING:
    from store.filters import Term


class JournalRow(NamedTuple):
    """A record of the journal; `details` as docs/journal.md describes them."""

    id: int
    at: datetime
    operator: str
    action: str
    details: dict[str, Any]
    sort_value: object = None


def journal_table(store: Store, *, of_key: int | None = None) -> Listing[JournalRow]:
    """The journal, or the records that changed the blocklist entries of a key (its database id)."""

    def row(number: int, at: str, operator: str, action: str, details: str, sort_value: object) -> JournalRow:
        return JournalRow(number, datetime.fromisoformat(at), operator, action, json.loads(details), sort_value)

    j, entry = JournalRecord, BlocklistEntry
    rows = j.select()
    if of_key is not None:
        own = entry.select().where(entry.key == of_key)
        changed = j.number.in_(own.select(entry.added_record)) | j.number.in_(own.select(entry.removal_record))
        rows = rows.where(changed)

    def terms() -> dict[str, Term]:
        from store import filters

        return {
            "by": filters.text(j.operator),
            "action": filters.choice(filters.ACTIONS, lambda action: j.action == action),
            **filters.days(j.at),
        }

    return Listing(
        store,
        rows,
        (j.number, j.at, j.operator, j.action, j.details),
        {"number": j.number, "at": j.number, "operator": j.operator, "what": j.action},
        fn.search_text(j.operator, j.action, j.details),
        row,
        terms=terms,
    )


def journal_row(store: Store, number: int) -> JournalRow:
    """One record of the journal."""
    return journal_table(store).at(Everything("number"), number - 1, 1)[0]
