"""A key: how it is found, what it opens, and whether it can be blocked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN, ModelSelect, fn

from store.errors import (
    AlreadyBlocked,
    AlreadyReturned,
    AmbiguousKey,
    AmbiguousPerson,
    NeverMade,
    NoBlockableKey,
    OpensNoLock,
    Refused,
    UnknownKey,
    UnknownPerson,
)
from store.models import BlocklistEntry, Key, Lock, Person, RightKey, RightLock, Zone
from store.terms import KeyState, KeyType, Reason


class ZoneReach(NamedTuple):
    """What some keys open in one zone, and how full its list is: the numbers of step 6 of the manual.

    `locks` are those that the keys open, `networked` all of the zone's that have a connection, `carriers` the phone
    keys whose main zone this is, `places_left` counts what is left of the list before the keys are added.
    """

    zone: str
    locks: int
    networked: int
    carriers: int
    version: int
    places_left: int


def find_keys(names: Sequence[str]) -> list[Key]:
    """The keys with these labels or serials, in that order, each once. Raises UnknownKey or AmbiguousKey."""
    found = {key.id: key for key in map(_find_key, names)}
    return list(found.values())


def _find_key(name: str) -> Key:
    matches = list(Key.select().where((Key.label == name) | (Key.serial == name.upper())).order_by(Key.id))
    if not matches:
        raise UnknownKey(key=name)
    if len(matches) > 1:
        raise AmbiguousKey(key=name)
    return matches[0]


def keys_of_person(person_id: int) -> list[Key]:
    """All keys that a person holds, by label."""
    return list(Key.select().where(Key.person == person_id).order_by(Key.sort_label, Key.id))


def blockable_keys_of(name: str) -> list[Key]:
    """The keys of a person (an id or a whole name) that can be blocked now, by label.

    Raises UnknownPerson, AmbiguousPerson, or NoBlockableKey when there is none.
    """
    people = list(Person.select().where((Person.person_id == name) | (Person.name == name)).limit(2))
    if not people:
        raise UnknownPerson(person=name)
    if len(people) > 1:
        raise AmbiguousPerson(person=name)
    found = blockable(keys_of_person(people[0].id))
    if not found:
        raise NoBlockableKey(person=people[0].name)
    return found


def blockable(keys: Sequence[Key]) -> list[Key]:
    """Those of `keys` that can be put on the blocklist now."""
    return [key for key in keys if why_not_blockable(key) is None]


def locks_opened(keys: Sequence[Key]) -> ModelSelect[Lock]:
    """The locks that any of `keys` opens through its access rights, each once."""
    return Lock.select().where(
        Lock.id.in_(
            RightLock.select(RightLock.lock)
            .join(RightKey, on=(RightKey.access_right == RightLock.access_right))
            .where(RightKey.key.in_([key.id for key in keys]))
        )
    )


def zones_opened(keys: Sequence[Key]) -> list[Zone]:
    """The zones where any of `keys` opens a lock (rule 6), by name."""
    zones = locks_opened(keys).select(Lock.zone).distinct()
    return list(Zone.select().where(Zone.id.in_(zones)).order_by(Zone.name))


def live_entries(key: Key) -> list[BlocklistEntry]:
    """The entries that keep `key` on the newest version of a list, with their zones, the oldest first."""
    return list(
        BlocklistEntry.select(BlocklistEntry, Zone)
        .join(Zone)
        .where((BlocklistEntry.key == key) & BlocklistEntry.version_out.is_null())
        .order_by(BlocklistEntry.added_at, BlocklistEntry.id)
    )


class Blocked(NamedTuple):
    """Since when a key is on the blocklist, by whom and why."""

    since: datetime
    by: str
    reason: Reason


def refusal(label: str, serial: str | None, state: str, locks: int, blocked: Blocked | None) -> Refused | None:
    """Why a key cannot be put on the blocklist now (rules 6, 9, 10 and 11), or None when it can."""
    if serial is None:
        return NeverMade(key=label)
    if blocked:
        return AlreadyBlocked(key=label, since=blocked.since, by=blocked.by, reason=blocked.reason)
    if state == KeyState.RETURNED:
        return AlreadyReturned(key=label)
    if not locks:
        return OpensNoLock(key=label)
    return None


def why_not_blockable(key: Key) -> Refused | None:
    """The refusal that adding `key` would meet now, or None."""
    entries = live_entries(key)
    blocked = Blocked(entries[0].added_at, entries[0].added_by, Reason(entries[0].reason)) if entries else None
    return refusal(key.label, key.serial, key.state, locks_opened([key]).count(), blocked)


def reach(keys: Sequence[Key], list_limit: int) -> list[ZoneReach]:
    """What `keys` open, zone by zone."""
    counts = locks_opened(keys).select(Lock.zone, fn.COUNT(Lock.id)).group_by(Lock.zone)
    rows: Iterable[Any] = counts.tuples()
    opened: dict[int, int] = dict(rows)
    return [
        ZoneReach(
            zone=zone.name,
            locks=opened[zone.id],
            networked=Lock.select().where((Lock.zone == zone) & Lock.networked).count(),
            carriers=carriers([zone]),
            version=zone.version,
            places_left=list_limit - list_size(zone),
        )
        for zone in Zone.select().where(Zone.id.in_(list(opened))).order_by(Zone.name)
    ]


def carriers(zones: Sequence[Zone]) -> int:
    """How many phone keys carry the lists of `zones`: programmed, their main zone, not blocked (rule 8)."""
    return int(
        Key.select()
        .join(
            BlocklistEntry,
            JOIN.LEFT_OUTER,
            on=((BlocklistEntry.key == Key.id) & BlocklistEntry.version_out.is_null()),
        )
        .where(
            Key.main_zone.in_([zone.id for zone in zones])
            & (Key.type == KeyType.PHONE_KEY)
            & Key.serial.is_null(False)
            & (Key.state != KeyState.RETURNED)
            & BlocklistEntry.id.is_null()
        )
        .count()
    )


def list_size(zone: Zone) -> int:
    """How many keys the newest version of the zone's list holds."""
    return int(
        BlocklistEntry.select().where((BlocklistEntry.zone == zone) & BlocklistEntry.version_out.is_null()).count()
    )
