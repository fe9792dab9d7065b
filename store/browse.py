"""What the tables show of keys, blocked keys, locks, people, zones and the journal."""

from __future__ import annotations

import json
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from peewee import JOIN, Case, Value, fn

from store import cells, filters, text_index
from store.database import Store
from store.errors import Refused
from store.keys import Blocked, refusal
from store.listing import Everything, Listing
from store.models import (
    AccessRight,
    BlockedKey,
    BlocklistEntry,
    Exposure,
    JournalRecord,
    Key,
    KeyText,
    Lifetime,
    Lock,
    Person,
    RightKey,
    RightLock,
    Visit,
    Zone,
    utc_text,
)
from store.terms import KeyState, Reason, Status


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


def blocklist(store: Store, language: str = "en", *, removed: bool = False) -> Listing[BlocklistRow]:
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
    return Listing(
        store,
        rows if removed else rows.where(b.is_on | (b.status == Status.REMOVAL_UNDER_PLANNING)),
        (
            *(*columns, b.reason, b.note, still_opens, exposure.select(Exposure.locks), Lifetime.dies_by),
            *(fn.COALESCE(seen_at, ""), b.status, b.zones),
        ),
        {
            "name": _by(b, language),
            "type": b.type,
            "label": b.sort_label,
            "person": getattr(b, f"person_sort_{language}"),
            "added": b.added_at,
            "opens": still_opens,
            "seen": fn.COALESCE(seen_at, ""),
            "status": rank,
        },
        KeyText.select(KeyText.text).where(KeyText.id == b.id),
        row,
        terms={
            "status": filters.choice(filters.STATUSES, lambda status: b.status == status),
            "zone": filters.zone(lambda names: _any_of([fn.INSTR(b.zones, fn.json_quote(n)) > 0 for n in names])),
            "type": filters.choice(filters.TYPES, lambda kind: b.type == kind),
            "person": filters.person(lambda people: b.id.in_(held.where(Key.person.in_(people)))),
            "reason": filters.choice(filters.REASONS, lambda reason: b.reason == reason),
            "by": filters.text(b.added_by),
            "opens": filters.choice(filters.ANSWERS, lambda yes: (still_opens > 0) == yes),
            "seen": filters.choice(filters.ANSWERS, lambda yes: (fn.COALESCE(seen_at, "") != "") == yes),
            **filters.days(b.added_at),
        },
    )


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


def keys(
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
            opened.select(fn.COUNT(RightLock.lock.distinct())),
            opened.select(fn.COUNT(Lock.zone.distinct())).join(Lock, on=(Lock.id == RightLock.lock)),
            live.select(BlocklistEntry.added_at),
            live.select(BlocklistEntry.added_by),
            live.select(BlocklistEntry.reason),
        ),
        {
            "label": Key.sort_label,
            "name": _by(Key, language),
            "person": getattr(Key, f"person_{language}"),
            "type": Key.type,
            "state": Key.state,
        },
        KeyText.select(KeyText.text).where(KeyText.id == Key.id),
        row,
        joined=lambda rows: rows.join(Person, JOIN.LEFT_OUTER).switch(Key).join(Zone, JOIN.LEFT_OUTER),
        terms={
            "type": filters.choice(filters.TYPES, lambda kind: Key.type == kind),
            "state": filters.choice(cells.STATES, lambda state: Key.state == state),
            "zone": filters.zone(lambda names: Key.main_zone.in_(_zones_called(names))),
            "person": filters.person(lambda people: Key.person.in_(people)),
            "blocked": filters.choice(
                filters.ANSWERS, lambda yes: Key.id.in_(blocked_keys) if yes else Key.id.not_in(blocked_keys)
            ),
        },
        index=text_index.KEYS,
        whole=only is None and of_person is None and of_lock is None,
    )


def key_row(store: Store, key_id: int) -> KeyRow:
    """The row of one key."""
    return keys(store, only=key_id).after(Everything("label"), None, 1)[0]


class LockRow(NamedTuple):
    """A lock and the `version` of its zone's list that it certainly holds; `last_visit` is of any key, UTC."""

    id: int
    serial: str
    name: str
    place: str
    zone: str
    networked: bool
    version: int
    ordered_version: int
    last_visit: datetime | None
    sort_value: object = None

    @property
    def up_to_date(self) -> bool:
        """Whether it holds the newest ordered version (rule 4)."""
        return self.version >= self.ordered_version


def locks(
    store: Store, language: str = "en", *, opened_by: int | None = None, of_zone: int | None = None
) -> Listing[LockRow]:
    """All locks, those that a key opens, or those of a zone (database ids)."""
    rows = Lock.select().join(Zone)
    if of_zone is not None:
        rows = rows.where(Lock.zone == of_zone)
    if opened_by is not None:
        opening = RightLock.select(RightLock.lock).join(RightKey, on=(RightKey.access_right == RightLock.access_right))
        rows = rows.where(Lock.id.in_(opening.where(RightKey.key == opened_by)))

    def row(*values: Any) -> LockRow:
        last_visit, sort_value = values[-2:]
        last: tuple[Any, ...] = (datetime.fromisoformat(last_visit) if last_visit else None, sort_value)
        return LockRow(*values[:-2], *last)

    version = Case(None, [(Lock.networked, Zone.ordered_version)], Lock.held_version)
    last_visit = fn.COALESCE(Visit.select(fn.MAX(Visit.at)).where(Visit.lock == Lock.id), "")
    return Listing(
        store,
        rows,
        (
            *(Lock.id, Lock.serial, Lock.name, Lock.place, Zone.name, Lock.networked),
            *(version, Zone.ordered_version, last_visit),
        ),
        {
            "name": _by(Lock, language),
            "place": Lock.place,
            "zone": Zone.name,
            "serial": Lock.serial,
            "networked": Lock.networked,
            "version": version,
            "up_to_date": version >= Zone.ordered_version,
            "last_visit": last_visit,
        },
        Lock.search,
        row,
        terms={
            "zone": filters.zone(lambda names: Lock.zone.in_(_zones_called(names))),
            "place": filters.text(Lock.place),
            "networked": filters.choice(filters.ANSWERS, lambda yes: Lock.networked == yes),
            "updated": filters.choice(filters.ANSWERS, lambda yes: (version >= Zone.ordered_version) == yes),
        },
        index=text_index.LOCKS,
        whole=opened_by is None and of_zone is None,
    )


class PersonRow(NamedTuple):
    """A person, how many keys he or she holds, and how many of them are blocked."""

    id: int
    person_id: str
    name: str
    keys: int
    blocked: int
    sort_value: object = None


def people(store: Store, language: str = "en") -> Listing[PersonRow]:
    """Everybody who holds keys."""
    held = Key.select(fn.COUNT(Key.id)).where(Key.person == Person.id)
    blocked = (
        Key.select(fn.COUNT(Key.id.distinct()))
        .join(BlocklistEntry)
        .where((Key.person == Person.id) & BlocklistEntry.version_out.is_null())
    )
    return Listing(
        store,
        Person.select(),
        (Person.id, Person.person_id, Person.name, held, blocked),
        {"name": _by(Person, language), "person_id": Person.person_id},
        Person.search,
        PersonRow,
        terms={"blocked": filters.choice(filters.ANSWERS, lambda yes: (blocked > 0) == yes)},
        index=text_index.PEOPLE,
        whole=True,
    )


class ZoneRow(NamedTuple):
    """A zone and its list: both versions, its status, how many keys it holds and how many more fit.

    `dead` of the keys have died by themselves (rule 12) or were returned: they could give their places back.
    """

    id: int
    name: str
    version: int
    ordered_version: int
    size: int
    dead: int
    locks: int
    list_limit: int
    sort_value: object = None

    @property
    def status(self) -> Status:
        return Status.UNDER_PLANNING if self.version > self.ordered_version else Status.ORDERED

    @property
    def places_left(self) -> int:
        return self.list_limit - self.size


def zones(store: Store) -> Listing[ZoneRow]:
    """The zones with the state of their lists."""
    size = BlocklistEntry.select(fn.COUNT(BlocklistEntry.id)).where(
        (BlocklistEntry.zone == Zone.id) & BlocklistEntry.version_out.is_null()
    )
    dead = size.join(Key).join(Lifetime, on=(Lifetime.key == Key.id)).where(_is_dead(store))
    locks = Lock.select(fn.COUNT(Lock.id)).where(Lock.zone == Zone.id)
    return Listing(
        store,
        Zone.select(),
        (Zone.id, Zone.name, Zone.version, Zone.ordered_version, size, dead, locks, Value(store.list_limit)),
        {"name": Zone.name, "size": fn.COALESCE(size, 0)},
        fn.search_text(Zone.name),
        ZoneRow,
        terms={
            "status": filters.choice(
                filters.LISTS, lambda status: (Zone.version > Zone.ordered_version) == (status == Status.UNDER_PLANNING)
            )
        },
    )


def dead_keys(store: Store, zone_id: int) -> list[str]:
    """Labels of the keys on a zone's list (its database id) that could give their places back: see ZoneRow.dead."""
    entries = BlocklistEntry.select(Key.label).join(Key).join(Lifetime, on=(Lifetime.key == Key.id))
    on_list = (BlocklistEntry.zone == zone_id) & BlocklistEntry.version_out.is_null()
    found: Any = entries.where(on_list & _is_dead(store)).order_by(Key.sort_label, Key.id)
    return [str(label) for (label,) in found.tuples()]


def _is_dead(store: Store) -> Any:
    return (Lifetime.dies_by <= utc_text(store.clock())) | (Key.state == KeyState.RETURNED)


class JournalRow(NamedTuple):
    """A record of the journal; `details` as docs/journal.md describes them."""

    id: int
    at: datetime
    operator: str
    action: str
    details: dict[str, Any]
    sort_value: object = None


def journal(store: Store, *, of_key: int | None = None) -> Listing[JournalRow]:
    """The journal, or the records that changed the blocklist entries of a key (its database id)."""

    def row(number: int, at: str, operator: str, action: str, details: str, sort_value: object) -> JournalRow:
        return JournalRow(number, datetime.fromisoformat(at), operator, action, json.loads(details), sort_value)

    j, entry = JournalRecord, BlocklistEntry
    rows = j.select()
    if of_key is not None:
        own = entry.select().where(entry.key == of_key)
        changed = j.number.in_(own.select(entry.added_record)) | j.number.in_(own.select(entry.removal_record))
        rows = rows.where(changed)
    return Listing(
        store,
        rows,
        (j.number, j.at, j.operator, j.action, j.details),
        {"number": j.number},
        fn.search_text(j.operator, j.action, j.details),
        row,
        terms={
            "by": filters.text(j.operator),
            "action": filters.choice(filters.ACTIONS, lambda action: j.action == action),
            **filters.days(j.at),
        },
    )


def journal_row(store: Store, number: int) -> JournalRow:
    """One record of the journal."""
    return journal(store).at(Everything("number"), number - 1, 1)[0]


def all_zones(store: Store) -> list[ZoneRow]:
    """Every zone, by name; there are few."""
    return zones(store).after(Everything("name"), None, -1)


def access_rights(key_id: int) -> list[str]:
    """The names of a key's access rights."""
    rights = AccessRight.select(AccessRight.name).join(RightKey).where(RightKey.key == key_id)
    return [right.name for right in rights.order_by(AccessRight.name)]


def _zones_called(names: list[str]) -> Any:
    return Zone.select(Zone.id).where(Zone.name.in_(names))


def _any_of(conditions: list[Any]) -> Any:
    return reduce(or_, conditions)


def _by(model: Any, language: str) -> Any:
    """The column by which names of `model` sort in `language`."""
    return getattr(model, f"sort_{language}")
