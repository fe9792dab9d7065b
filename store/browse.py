"""Pages of rows for every table: sorted, filtered, and fetched by keyset, a million rows as fast as ten."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from peewee import JOIN, Case, ModelSelect, Tuple, Value, fn

from store.collation import search_text, search_words
from store.database import Store
from store.errors import Refused
from store.keys import Blocked, refusal
from store.models import (
    AccessRight,
    BlockedKey,
    BlocklistEntry,
    Exposure,
    JournalRecord,
    Key,
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
from store.trust import trust


class Query(Protocol):
    """Which rows are asked for, and in which order; `sort` names one of the listing's columns."""

    @property
    def sort(self) -> str: ...
    @property
    def descending(self) -> bool: ...
    @property
    def filter(self) -> str: ...


class Row(Protocol):
    """`sort_value` is what the query in force sorts this row by."""

    @property
    def id(self) -> int: ...
    @property
    def sort_value(self) -> object: ...


R = TypeVar("R", bound=Row)


class Listing(Generic[R]):
    """A table to browse. `row` makes a row from the selected columns, the id first and the sort value last."""

    def __init__(
        self,
        store: Store,
        rows: ModelSelect[Any],
        columns: tuple[Any, ...],
        sorts: Mapping[str, Any],
        search: Any,
        row: Callable[..., R],
    ) -> None:
        self._store = store
        self._rows = rows
        self._columns = columns
        self._id = columns[0]
        self._sorts = sorts
        self._search = search
        self._row = row

    def count(self, query: Query) -> int:
        """How many rows there are."""
        with self._store.connected():
            return int(self._filtered(query).select(self._id).order_by().count())

    def after(self, query: Query, row: R | None, limit: int) -> list[R]:
        """The next `limit` rows after `row`, or the first ones."""
        return self._page(query, row, limit, query.descending)

    def before(self, query: Query, row: R | None, limit: int) -> list[R]:
        """The `limit` rows just before `row`, or the last ones, in the table's order."""
        return self._page(query, row, limit, not query.descending)[::-1]

    def at(self, query: Query, position: int, limit: int) -> list[R]:
        """`limit` rows from the 0-based `position` on."""
        with self._store.connected():
            return self._read(self._sorted(query, query.descending).limit(limit).offset(position))

    def position(self, query: Query, record_id: int) -> int | None:
        """How many rows stand before the record, or None when it is not among the rows."""
        sort = self._sorts[query.sort]
        with self._store.connected():
            rows = self._filtered(query)
            found = rows.select(sort).where(self._id == record_id).tuples().first()
            if found is None:
                return None
            here = (_stored(found[0]), record_id)
            place = Tuple(sort, self._id)
            earlier = place > here if query.descending else place < here
            return int(rows.select(self._id).where(earlier).order_by().count())

    def _page(self, query: Query, row: R | None, limit: int, descending: bool) -> list[R]:
        with self._store.connected():
            page = self._sorted(query, descending)
            if row is not None:
                place, here = Tuple(self._sorts[query.sort], self._id), (_stored(row.sort_value), row.id)
                page = page.where(place < here if descending else place > here)
            return self._read(page.limit(limit))

    def _filtered(self, query: Query) -> ModelSelect[Any]:
        rows = self._rows.clone()
        for word in search_words(query.filter):
            rows = rows.where(fn.INSTR(self._search, word) > 0)
        return rows

    def _sorted(self, query: Query, descending: bool) -> ModelSelect[Any]:
        sort = self._sorts[query.sort]
        direction = "desc" if descending else "asc"
        return (
            self._filtered(query)
            .select(*self._columns, sort)
            .order_by(getattr(sort, direction)(), getattr(self._id, direction)())
        )

    def _read(self, rows: ModelSelect[Any]) -> list[R]:
        return [self._row(*values) for values in rows.tuples()]


@dataclass(frozen=True)
class BlocklistRow:
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
        rows if removed else rows.where(b.status != Status.REMOVED),
        (
            *(*columns, b.reason, b.note, still_opens, exposure.select(Exposure.locks), Lifetime.dies_by),
            *(fn.COALESCE(seen_at, ""), b.status, b.zones),
        ),
        {
            "name": _by(b, language),
            "type": b.type,
            "label": b.sort_label,
            "person": fn.COALESCE(getattr(b, f"person_sort_{language}"), ""),
            "added": b.added_at,
            "opens": still_opens,
            "seen": fn.COALESCE(seen_at, ""),
            "status": rank,
        },
        b.search,
        row,
    )


@dataclass(frozen=True)
class KeyRow:
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
    rows = Key.select().join(Person, JOIN.LEFT_OUTER).switch(Key).join(Zone, JOIN.LEFT_OUTER)
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
            "person": fn.COALESCE(_by(Person, language), ""),
            "type": Key.type,
            "state": Key.state,
        },
        Key.search,
        row,
    )


@dataclass(frozen=True)
class Everything:
    """The query for all rows by one column."""

    sort: str
    descending: bool = False
    filter: str = ""


def key_row(store: Store, key_id: int) -> KeyRow:
    """The row of one key."""
    return keys(store, only=key_id).after(Everything("label"), None, 1)[0]


@dataclass(frozen=True)
class LockRow:
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
    )


@dataclass(frozen=True)
class PersonRow:
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
    )


@dataclass(frozen=True)
class ZoneRow:
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
    is_dead = (Lifetime.dies_by <= utc_text(store.clock())) | (Key.state == KeyState.RETURNED)
    dead = size.join(Key).join(Lifetime, on=(Lifetime.key == Key.id)).where(is_dead)
    locks = Lock.select(fn.COUNT(Lock.id)).where(Lock.zone == Zone.id)
    return Listing(
        store,
        Zone.select(),
        (Zone.id, Zone.name, Zone.version, Zone.ordered_version, size, dead, locks, Value(store.list_limit)),
        {"name": Zone.name, "size": fn.COALESCE(size, 0)},
        Zone.name,
        ZoneRow,
    )


@dataclass(frozen=True)
class JournalRow:
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
        fn.LOWER(j.operator.concat(" ").concat(j.action).concat(" ").concat(j.details)),
        row,
    )


def journal_row(store: Store, number: int) -> JournalRow:
    """One record of the journal."""
    return journal(store).at(Everything("number"), number - 1, 1)[0]


@dataclass(frozen=True)
class TokenRow:
    """An enrolled or revoked token, as the journal's chain says; the id is the number of its enrolment's record."""

    id: int
    label: str
    user: str
    fingerprint: str
    enrolled_at: datetime
    enrolled_by: str
    revoked_at: datetime | None
    sort_value: object = None


class Tokens:
    """The site's tokens as a listing; there are few, and no table holds them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def count(self, query: Query) -> int:
        """How many there are."""
        return len(self._rows(query))

    def after(self, query: Query, row: TokenRow | None, limit: int) -> list[TokenRow]:
        """The next ones after `row`, or the first ones."""
        rows = self._rows(query)
        start = 0 if row is None else 1 + next(i for i, other in enumerate(rows) if other.id == row.id)
        return rows[start : start + limit]

    def before(self, query: Query, row: TokenRow | None, limit: int) -> list[TokenRow]:
        """Those just before `row`, or the last ones."""
        rows = self._rows(query)
        end = len(rows) if row is None else next(i for i, other in enumerate(rows) if other.id == row.id)
        return rows[max(0, end - limit) : end]

    def at(self, query: Query, position: int, limit: int) -> list[TokenRow]:
        """Those from the 0-based `position` on."""
        return self._rows(query)[position : position + limit]

    def position(self, query: Query, record_id: int) -> int | None:
        """How many stand before the token."""
        return next((i for i, row in enumerate(self._rows(query)) if row.id == record_id), None)

    def _rows(self, query: Query) -> list[TokenRow]:
        with self._store.connected():
            tokens = trust(self._store).tokens.values()
        rows = [
            TokenRow(t.record, t.label, t.user, t.fingerprint, t.enrolled_at, t.enrolled_by, t.revoked_at)
            for t in tokens
            if all(word in search_text(t.label, t.user, t.fingerprint) for word in search_words(query.filter))
        ]
        return sorted(rows, key=lambda row: row.id, reverse=query.descending)


def all_zones(store: Store) -> list[ZoneRow]:
    """Every zone, by name; there are few."""
    return zones(store).after(Everything("name"), None, -1)


def access_rights(key_id: int) -> list[str]:
    """The names of a key's access rights."""
    rights = AccessRight.select(AccessRight.name).join(RightKey).where(RightKey.key == key_id)
    return [right.name for right in rights.order_by(AccessRight.name)]


def _stored(value: object) -> object:
    """A sort value as it stands in the database."""
    return utc_text(value) if isinstance(value, datetime) else value


def _by(model: Any, language: str) -> Any:
    """The column by which names of `model` sort in `language`."""
    return getattr(model, f"sort_{language}")
