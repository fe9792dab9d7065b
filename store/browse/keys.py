"""The keys: what each opens, and whether it can be blocked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from peewee import JOIN, fn

from store import text_index
from store.database import Store
from store.errors import Refused
from store.keys import Blocked, refusal
from store.listing import NEVER, Everything, Listing
from store.models import AccessRight, BlocklistEntry, Key, KeyText, Lock, Person, RightKey, RightLock, Zone
from store.terms import Reason

if TYPE_CHECKING:
    from store.filters import Term


FEW = 5_000


def are_few(store: Store) -> bool:
    """Whether the keys, and with them the people, are so few that what no index holds sorts them in no time, too."""
    with store.connected():
        return not Key.select().offset(FEW).limit(1).exists()


class KeyRow(NamedTuple):
    """A key with what it opens, and why it cannot be blocked if so; times are UTC, the interval is in seconds."""

    id: int
    label: str
    serial: str | None
    name: str
    type: str
    person: str
    state: str
    main_zone: str
    valid_until: datetime | None
    expiry_interval: int | None
    last_contact: datetime | None
    locks: int
    zones: int
    refusal: Refused | None
    sort_value: object = None


def key_table(
    store: Store,
    language: str = "en",
    *,
    only: int | None = None,
    of_person: int | None = None,
    of_lock: int | None = None,
) -> Listing[KeyRow]:
    """All keys, only one, those of a person, or those that open a lock (database ids)."""

    def row(*values: Any) -> KeyRow:
        since, by, reason, sort_value = values[-4:]
        blocked = Blocked(datetime.fromisoformat(since), by, Reason(reason)) if since else None
        label, serial, state, locks = values[1], values[2], values[6], values[11]
        last: tuple[Any, ...] = (refusal(label, serial, state, locks, blocked), sort_value)
        return KeyRow(*values[:-4], *last)

    opened = RightKey.select().join(RightLock, on=(RightLock.access_right == RightKey.access_right))
    opened = opened.where(RightKey.key == Key.id)
    locks = opened.select(fn.COUNT(RightLock.lock.distinct()))
    live = (
        BlocklistEntry.select()
        .where((BlocklistEntry.key == Key.id) & BlocklistEntry.version_out.is_null())
        .order_by(BlocklistEntry.added_at, BlocklistEntry.id)
        .limit(1)
    )
    blocked_keys = BlocklistEntry.select(BlocklistEntry.key).where(BlocklistEntry.version_out.is_null())
    rows = Key.select()
    if only is not None:
        rows = rows.where(Key.id == only)
    if of_person is not None:
        rows = rows.where(Key.person == of_person)
    if of_lock is not None:
        opening = RightKey.select(RightKey.key).join(RightLock, on=(RightLock.access_right == RightKey.access_right))
        rows = rows.where(Key.id.in_(opening.where(RightLock.lock == of_lock)))

    def terms() -> dict[str, Term]:
        from store import cells, filters

        return {
            "type": filters.choice(filters.TYPES, lambda kind: Key.type == kind),
            "state": filters.choice(cells.STATES, lambda state: Key.state == state),
            "zone": filters.zone(lambda names: Key.main_zone.in_(Zone.select(Zone.id).where(Zone.name.in_(names)))),
            "person": filters.person(lambda people: Key.person.in_(people)),
            "blocked": filters.choice(
                filters.ANSWERS, lambda yes: Key.id.in_(blocked_keys) if yes else Key.id.not_in(blocked_keys)
            ),
        }

    return Listing(
        store,
        rows,
        (
            Key.id,
            Key.label,
            Key.serial,
            Key.name,
            Key.type,
            fn.COALESCE(Person.name, ""),
            Key.state,
            fn.COALESCE(Zone.name, ""),
            Key.valid_until,
            Key.expiry_interval,
            Key.last_contact,
            locks,
            opened.select(fn.COUNT(Lock.zone.distinct())).join(Lock, on=(Lock.id == RightLock.lock)),
            live.select(BlocklistEntry.added_at),
            live.select(BlocklistEntry.added_by),
            live.select(BlocklistEntry.reason),
        ),
        {
            "label": Key.sort_label,
            "name": getattr(Key, f"sort_{language}"),
            "person": getattr(Key, f"person_{language}"),
            "type": Key.type,
            "state": Key.state,
            "blocked": fn.COALESCE(live.select(BlocklistEntry.added_at), "").coerce(False),
            "serial": fn.COALESCE(Key.serial, ""),
            "main_zone": fn.COALESCE(Zone.select(Zone.name).where(Zone.id == Key.main_zone), ""),
            "locks": fn.COALESCE(locks, 0),
            "valid_until": fn.COALESCE(Key.valid_until, NEVER).coerce(False),
            "last_contact": fn.COALESCE(Key.last_contact, "").coerce(False),
        },
        KeyText.select(KeyText.text).where(KeyText.id == Key.id),
        row,
        joined=lambda rows: rows.join(Person, JOIN.LEFT_OUTER).switch(Key).join(Zone, JOIN.LEFT_OUTER),
        terms=terms,
        index=text_index.KEYS,
        whole=only is None and of_person is None and of_lock is None,
    )


def key_row(store: Store, key_id: int) -> KeyRow:
    """The row of one key."""
    return key_table(store, only=key_id).after(Everything("label"), None, 1)[0]


def access_rights(key_id: int) -> list[str]:
    """The names of a key's access rights."""
    rights = AccessRight.select(AccessRight.name).join(RightKey).where(RightKey.key == key_id)
    return [right.name for right in rights.order_by(AccessRight.name)]
