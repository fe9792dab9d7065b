"""Three months of visits for the demo site: people with habits, a cellar nobody goes to, and a lost key in use."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from store.models import BlocklistEntry, Key, Lock, RightKey, RightLock, utc_text
from store.spread import Issues
from store.terms import KeyState, KeyType, Result

DAYS = 90
FORSAKEN = ("Kjellerbod 4", "Kjellerbod 9", "Takluke")
HABITS = {"Hovedinngang": 0.8, "Garasjeport": 0.5, "Vaskeri": 0.15, "Avfallsrom": 0.3, "Sykkelrom": 0.2}
SELDOM = 0.06
SEEN = ("N-17", "Sykkelrom", "Oppgang 3")


@dataclass(frozen=True)
class Habit:
    """When a key goes out: its hour, its days of the week, and how likely it comes to each of its doors then."""

    key: Key
    hour: int
    weekdays: frozenset[int]
    doors: tuple[tuple[Lock, float], ...]


def write_demo_visits(path: Path, now: datetime) -> None:
    """Write what the audit trails of the site in the store would tell at `now` (aware), as a CSV file.

    Blocked keys stay at home, but for one that is seen the evening after it was lost. Half of the locks are of a
    kind that tells which version of the list it holds.
    """
    random = Random(1905)  # noqa: S311  # a demo, the same every time
    issues = Issues()
    blocked = {entry.key.id: utc_text(entry.added_at) for entry in BlocklistEntry.select()}
    locks: dict[int, int] = {}
    keys: dict[int, int] = {}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("at", "lock_serial", "key", "result", "lock_version"))
        for at, lock, key in sorted(_visits(random, now), key=lambda visit: visit[0]):
            moment = utc_text(at)
            if moment >= blocked.get(key.id, "9"):
                continue
            zone = lock.zone.id
            held = issues.before(zone, moment) if lock.networked else locks.get(lock.id, 0)
            if key.main_zone and key.main_zone.id == zone:
                brought = issues.before(zone, moment) if key.type == KeyType.PHONE_KEY else keys.get(key.id, 0)
                keys[key.id] = newest = max(held, brought)
            else:
                newest = held
            locks[lock.id] = newest
            result = Result.LEARNED if newest > held else Result.OPENED
            writer.writerow((moment, lock.serial, key.label, result, newest if lock.id % 2 else ""))
        for at, lock, key in _sighting(now, blocked):
            writer.writerow((utc_text(at), lock.serial, key.label, Result.OPENED, ""))


def _visits(random: Random, now: datetime) -> Iterator[tuple[datetime, Lock, Key]]:
    habits = [_habit(random, key) for key in _keys_in_use()]
    for day in range(DAYS, -1, -1):
        morning = (now - timedelta(days=day)).replace(hour=0, minute=0, second=0, microsecond=0)
        for habit in habits:
            if morning.weekday() not in habit.weekdays:
                continue
            at = morning + timedelta(hours=habit.hour, minutes=random.randrange(60))
            for lock, likely in habit.doors:
                at += timedelta(minutes=random.randint(1, 20))
                if random.random() < likely and at < now:
                    yield at, lock, habit.key


def _keys_in_use() -> list[Key]:
    used = (KeyState.PROGRAMMED, KeyState.SENT)
    return list(Key.select().where(Key.state.in_(used)).order_by(Key.sort_label, Key.id))


def _habit(random: Random, key: Key) -> Habit:
    opened = (
        RightLock.select(RightLock.lock)
        .join(RightKey, on=(RightKey.access_right == RightLock.access_right))
        .where(RightKey.key == key)
    )
    doors = [lock for lock in Lock.select().where(Lock.id.in_(opened)).order_by(Lock.id) if lock.name not in FORSAKEN]
    own = random.sample(doors, min(len(doors), 5))
    return Habit(
        key,
        random.choice((5, 6, 7, 14, 15, 16, 18)),
        frozenset(random.sample(range(7), random.randint(2, 6))),
        tuple((lock, HABITS.get(lock.name, SELDOM)) for lock in sorted(own, key=lambda lock: lock.id)),
    )


def _sighting(now: datetime, blocked: dict[int, str]) -> Iterator[tuple[datetime, Lock, Key]]:
    label, name, place = SEEN
    key = Key.get(Key.label == label)
    lost = datetime.fromisoformat(blocked[key.id])
    yield min(lost + timedelta(hours=3), now), Lock.get((Lock.name == name) & (Lock.place == place)), key
