"""The blocklist: a row a key, gathered over its zones."""

from __future__ import annotations

import json
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from peewee import Case, fn

from store.database import Store
from store.listing import NEVER, Listing
from store.models import BlockedKey, Exposure, Key, KeyText, Lifetime, Visit, utc_text
from store.terms import Status

if TYPE_CHECKING:
    from store.filters import Term


class BlocklistRow(NamedTuple):
    """A blocked key, gathered over its zones; times are UTC.

    It opens `still_opens` of its `of` locks, none after `dies_by` (rule 12), and was seen last at `seen_at`.
    """

    id: int
    label: str
    serial: str
    name: str
    type: str
    person: str
    added_at: datetime
    added_by: str
    reason: str
    note: str
    still_opens: int
    of: int
    dies_by: datetime | None
    seen_at: datetime | None
    status: Status
    zones: tuple[str, ...]
    sort_value: object = None


def blocklist_table(store: Store, language: str = "en", *, removed: bool = False) -> Listing[BlocklistRow]:
    """The blocked keys; with `removed` also those whose removal is ordered."""

    def row(*values: Any) -> BlocklistRow:
        seen_at, status, zones, sort_value = values[-4:]
        seen = datetime.fromisoformat(seen_at) if seen_at else None
        gathered: tuple[Any, ...] = (seen, Status(status), tuple(sorted(json.loads(zones))), sort_value)
        return BlocklistRow(*values[:-4], *gathered)

    b = BlockedKey
    held = Key.select(Key.id)
    exposure = Exposure.select().where(Exposure.key == b.id)
    is_dead = Lifetime.dies_by <= utc_text(store.clock())
    still_opens = Case(None, [(is_dead, 0)], exposure.select(Exposure.open_locks))
    blocked_then = (Visit.at >= b.added_at) & (b.removed_at.is_null() | (Visit.at < b.removed_at))
    seen_at = Visit.select(fn.MAX(Visit.at)).where((Visit.key == b.id) & blocked_then)
    rows = b.select().join(Lifetime, on=(Lifetime.key == b.id))
    rank = Case(b.status, [(str(status), number) for number, status in enumerate(Status)], len(Status))
    columns = (b.id, b.label, b.serial, b.name, b.type, fn.COALESCE(b.person, ""), b.added_at, b.added_by)

    def terms() -> dict[str, Term]:
        from store import filters

        return {
            "status": filters.choice(filters.STATUSES, lambda status: b.status == status),
            "zone": filters.zone(lambda names: reduce(or_, [fn.INSTR(b.zones, fn.json_quote(n)) > 0 for n in names])),
            "type": filters.choice(filters.TYPES, lambda kind: b.type == kind),
            "person": filters.person(lambda people: b.id.in_(held.where(Key.person.in_(people)))),
            "reason": filters.choice(filters.REASONS, lambda reason: b.reason == reason),
            "by": filters.text(b.added_by),
            "opens": filters.choice(filters.ANSWERS, lambda yes: (still_opens > 0) == yes),
            "seen": filters.choice(filters.ANSWERS, lambda yes: (fn.COALESCE(seen_at, "") != "") == yes),
            **filters.days(b.added_at),
        }

    return Listing(
        store,
        rows if removed else rows.where(b.is_on | (b.status == Status.REMOVAL_UNDER_PLANNING)),
        (
            *(*columns, b.reason, b.note, still_opens, exposure.select(Exposure.locks), Lifetime.dies_by),
            *(fn.COALESCE(seen_at, ""), b.status, b.zones),
        ),
        {
            "name": getattr(b, f"sort_{language}"),
            "type": b.type,
            "label": b.sort_label,
            "person": getattr(b, f"person_sort_{language}"),
            "added": b.added_at,
            "opens": still_opens,
            "seen": fn.COALESCE(seen_at, ""),
            "status": rank,
            "serial": b.serial,
            "zones": b.zones,
            "by": b.added_by,
            "reason": b.reason,
            "note": b.note,
            "stops": fn.COALESCE(Lifetime.dies_by, NEVER).coerce(False),
        },
        KeyText.select(KeyText.text).where(KeyText.id == b.id),
        row,
        terms=terms,
    )
