"""The whole answer for a key: each door that it opens, whether it still does, and when its lock will learn."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from store.database import Store
from store.exposure import AffectedLock, KeyExposure, affected_locks, exposure, unreachable
from store.forecast import PROMISED, Forecast, Promise, forecast
from store.models import BlocklistEntry, Key, Zone


class Expectation(StrEnum):
    """What is to be expected of a lock."""

    REFUSES = "refuses the key"
    KEY_STOPPED = "does not know, but the key has stopped"
    AT_ONCE = "learns at once"
    PROMISED = "will learn"
    UNCERTAIN = "may not learn in time"
    UNREACHABLE = "never learns by itself"
    UNKNOWN = "too little history"


@dataclass(frozen=True)
class Door:
    """A lock that the key opens by its rights; `promise` as if the list were ordered now, if there is one.

    `ordered`: the list that blocks the key is ordered, so that the lock can learn it at all, also while a removal is
    only planned. `opens_later`: the key opens it once all pending changes have reached it (the sought-after situation).
    """

    lock: AffectedLock
    ordered: bool
    opens_later: bool
    expectation: Expectation
    promise: Promise | None


@dataclass(frozen=True)
class Answer:
    """Which doors a key still opens, and until when; `days` of history were tried (None: too few to promise)."""

    exposure: KeyExposure
    doors: tuple[Door, ...]
    days: int | None

    @property
    def open_doors(self) -> tuple[Door, ...]:
        """The doors that the key still opens."""
        return tuple(door for door in self.doors if door.lock.is_open)

    def count(self, *expectations: Expectation) -> int:
        """How many doors that the key still opens have one of these expectations."""
        return sum(door.expectation in expectations for door in self.open_doors)


def answer(store: Store, key_id: int) -> Answer:
    """The answer for a key (its database id): blocked, or as it would be were it blocked and ordered now."""
    return _answer(store, key_id, lambda zone, version: forecast(store, zone.id, version, without=key_id))


def answers(store: Store, key_ids: Iterable[int]) -> Iterator[Answer]:
    """The answers for many blocked keys, with one forecast a zone: by when its locks hold the newest list.

    That blocks all of them, so that no promise is too early, though some may be later than in `answer`.
    """
    made: dict[int, Forecast | None] = {}

    def of_newest(zone: Zone, _version: int) -> Forecast | None:
        if zone.id not in made:
            made[zone.id] = forecast(store, zone.id, zone.version)
        return made[zone.id]

    for key_id in key_ids:
        yield _answer(store, key_id, of_newest)


def _answer(store: Store, key_id: int, forecast_of: Callable[[Zone, int], Forecast | None]) -> Answer:
    with store.connected():
        key = Key.get_by_id(key_id)
        locks = affected_locks(store, key)
        entries = (
            BlocklistEntry.select()
            .join(Zone)
            .where(
                (BlocklistEntry.key == key)
                & (BlocklistEntry.version_out.is_null() | (Zone.ordered_version < BlocklistEntry.version_out))
            )
            .order_by(BlocklistEntry.version_in.desc())
        )
        wanted = {entry.zone.name: entry.version_in for entry in entries}
        stays = {entry.zone.name for entry in entries if entry.version_out is None}
        open_locks = [lock for lock in locks if lock.is_open]
        never = unreachable(store, [lock.id for lock in open_locks], without=key_id)
        zones = Zone.select().where(Zone.name.in_(sorted({lock.zone for lock in open_locks if not lock.networked})))
        forecasts = {zone.name: forecast_of(zone, wanted.get(zone.name, zone.version + 1)) for zone in zones}
        doors = tuple(
            _door(
                *(lock, wanted.get(lock.zone), lock.id in never, forecasts.get(lock.zone)),
                opens_later=lock.zone not in stays,
            )
            for lock in locks
        )
        days = min((found.days if found else 0 for found in forecasts.values()), default=0)
        return Answer(exposure(store, key_id), doors, days or None)


def _door(lock: AffectedLock, wanted: int | None, never: bool, found: Forecast | None, *, opens_later: bool) -> Door:
    ordered = wanted is not None and wanted <= lock.ordered_version
    promise = found.promises.get(lock.id) if found else None
    if lock.refuses:
        expectation = Expectation.REFUSES
    elif not lock.is_open:
        expectation = Expectation.KEY_STOPPED
    elif lock.networked:
        expectation = Expectation.AT_ONCE
    elif never:
        expectation = Expectation.UNREACHABLE
    elif found is None:
        expectation = Expectation.UNKNOWN
    elif promise is not None and promise.probability >= PROMISED:
        expectation = Expectation.PROMISED
    else:
        expectation = Expectation.UNCERTAIN
    return Door(lock, ordered, opens_later, expectation, promise)
