"""The forecast: what past weeks promise, and whether simulated sites keep the promises."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from store import blocklist
from store.database import Store
from store.forecast import HORIZON, PROMISED, Promise, forecast
from store.models import AccessRight, Key, Lock, RightKey, RightLock, Visit, Zone
from store.terms import KeyState, KeyType, Reason
from tests.store.conftest import Clock

NOW = datetime(2026, 11, 24, 6, 50, tzinfo=UTC)


def visits(lock: str, key: str, *moments: datetime) -> None:
    Visit.insert_many(
        {"at": at, "lock": Lock.get(Lock.serial == lock), "key": Key.get(Key.label == key), "result": "opened"}
        for at in moments
    ).execute()


def daily(days: int, **at: int) -> list[datetime]:
    return [NOW.replace(minute=0, **at) - timedelta(days=day) for day in range(1, days + 1)]


def promise(store: Store, serial: str, zone: str = "B") -> Promise | None:
    found = forecast(store, Zone.get(Zone.name == zone).id, 1)
    assert found is not None
    return found.promises.get(Lock.get(Lock.serial == serial).id)


def test_with_too_little_history_nothing_is_promised(site: Store) -> None:
    visits("1001", "N-3", *daily(19, hour=8))
    assert forecast(site, Zone.get(Zone.name == "B").id, 1) is None


def test_a_lock_that_a_phone_key_visits_daily_learns_within_a_day(site: Store) -> None:
    visits("1001", "N-3", *daily(60, hour=8))
    assert promise(site, "1001") == Promise(NOW.replace(hour=8, minute=0), PROMISED)


def test_a_fob_brings_the_list_on_from_a_lock_that_learned_it(site: Store) -> None:
    visits("1001", "N-3", *daily(60, hour=8))
    visits("1001", "N-4", *daily(60, hour=9))
    visits("1007", "N-4", *daily(60, hour=10))
    assert promise(site, "1007") == Promise(NOW.replace(hour=10, minute=0), PROMISED)


def test_a_fob_that_never_meets_the_list_promises_nothing(site: Store) -> None:
    visits("1001", "N-3", *daily(60, hour=8))
    visits("1007", "N-4", *daily(60, hour=10))
    assert promise(site, "1007") is None


def test_a_blocked_carrier_promises_nothing(site: Store) -> None:
    visits("1001", "N-3", *daily(60, hour=8))
    blocklist.add(site, ["N-3"], order=True, reason=Reason.LOST)
    assert promise(site, "1001") is None


def test_a_lock_that_is_visited_seldom_is_promised_with_the_probability_it_has(site: Store) -> None:
    visits("1001", "N-3", *daily(70, hour=8))
    visits("1004", "N-3", NOW - timedelta(days=40), NOW - timedelta(days=70))
    found = promise(site, "1004")
    assert found is not None
    assert found.by == NOW + HORIZON
    assert 0.2 < found.probability < 0.3


class SimulatedSite:
    """People with habits: their own doors on their own days; phones that are sometimes offline; doors seldom used."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.zone = Zone.create(name=f"Zone {seed}")
        text = {"sort_en": "", "sort_nb": "", "search": ""}
        self.locks = [
            Lock.create(serial=f"{seed:02X}{n:02X}", name=f"Door {n}", zone=self.zone, **text) for n in range(12)
        ]
        right = AccessRight.create(name=f"All {seed}")
        RightLock.insert_many({"access_right": right, "lock": lock} for lock in self.locks).execute()
        self.keys = []
        for n in range(10):
            kind = KeyType.PHONE_KEY if self.chance.random() < 0.5 else KeyType.KEY_FOB
            key = Key.create(
                label=f"S{seed}-{n}",
                serial=f"5{seed:02X}{n:02X}",
                name="",
                type=kind,
                state=KeyState.PROGRAMMED,
                main_zone=self.zone,
                sort_label="",
                **text,
            )
            RightKey.create(access_right=right, key=key)
            doors = {lock: self.chance.choice((0.9, 0.5, 0.2, 0.05)) for lock in self.chance.sample(self.locks, 4)}
            weekdays = set(self.chance.sample(range(7), self.chance.randint(2, 7)))
            self.keys.append((key, doors, weekdays, self.chance.randint(6, 21)))

    def day(self, day: datetime) -> list[tuple[datetime, Lock, Key]]:
        """What really happens on a day."""
        happened = []
        for key, doors, weekdays, hour in self.keys:
            if day.weekday() in weekdays:
                at = day.replace(hour=hour) + timedelta(minutes=self.chance.randint(0, 90))
                for lock, habit in doors.items():
                    if self.chance.random() < habit:
                        at += timedelta(minutes=self.chance.randint(1, 30))
                        happened.append((at, lock, key))
        return sorted(happened, key=lambda visit: visit[0])

    def learns(self, since: datetime) -> dict[int, datetime]:
        """When each lock truly learns of an order at `since`; a phone fetches it at nine of ten visits."""
        has: dict[int, datetime] = {}
        keys: set[int] = set()
        for day in range(HORIZON.days + 1):
            for at, lock, key in self.day(since.replace(hour=0, minute=0) + timedelta(days=day)):
                if at <= since:
                    continue
                if key.type == KeyType.PHONE_KEY and self.chance.random() < 0.9:
                    keys.add(key.id)
                if key.id in keys:
                    has.setdefault(lock.id, at)
                if lock.id in has:
                    keys.add(key.id)
        return has


@pytest.mark.parametrize("part", range(2))
def test_of_the_locks_that_are_promised_at_ninety_percent_nine_in_ten_hold(
    store: Store, clock: Clock, part: int
) -> None:
    clock.now = NOW
    promised = held = 0
    for seed in range(part, 120, 2):
        site = SimulatedSite(seed)
        past = [site.day(NOW.replace(hour=0, minute=0) - timedelta(days=day)) for day in range(1, 81)]
        Visit.insert_many(
            {"at": at, "lock": lock, "key": key, "result": "opened"} for day in past for at, lock, key in day
        ).execute()
        found = forecast(store, site.zone.id, 1)
        assert found is not None
        truth = site.learns(NOW)
        for lock, given in found.promises.items():
            if given.probability >= PROMISED:
                promised += 1
                held += lock in truth and truth[lock] <= given.by
    assert promised > 300
    assert held / promised >= PROMISED, f"of {promised} locks that were promised, {held} held"
