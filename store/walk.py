"""The walk list: locks to visit by hand, and the fewest keys that bring all of them the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import combinations, islice
from typing import Any

from store.database import Store
from store.exposure import IS_CARRIER, unreachable
from store.forecast import PROMISED, forecast
from store.keys import find_keys
from store.models import database, utc_text

TRIED = 20_000  # combinations of keys, before a good answer is taken for the best
COMPARED = 500  # keys, beyond which a good answer is taken, too

# Locks of ordered lists that still open for a blocked key which lives; `version` is what they must reach. A CROSS JOIN
# keeps SQLite from going through all locks first.
STILL_OPEN = """
SELECT lock.id, lock.serial, lock.name, lock.place, zone.name, lock.zone_id, MAX(entry.version_in),
       COUNT(DISTINCT entry.key_id)
FROM blocklist_entry AS entry
JOIN zone ON zone.id = entry.zone_id AND entry.version_in <= zone.ordered_version
JOIN lifetime ON lifetime.key_id = entry.key_id AND (lifetime.dies_by IS NULL OR lifetime.dies_by > :now)
JOIN key ON key.id = entry.key_id AND key.state != 'returned'
CROSS JOIN right_key ON right_key.key_id = entry.key_id
CROSS JOIN right_lock ON right_lock.access_right_id = right_key.access_right_id
CROSS JOIN lock ON lock.id = right_lock.lock_id AND lock.zone_id = entry.zone_id
WHERE entry.version_out IS NULL AND NOT lock.networked AND lock.held_version < entry.version_in{of_keys}
GROUP BY lock.id ORDER BY lock.place, lock.sort_nb, lock.id
"""
RIGHTS = """
SELECT right_lock.access_right_id, lock.zone_id, lock.id
FROM lock JOIN right_lock ON right_lock.lock_id = lock.id WHERE lock.id IN ({locks})
"""
CARRIERS_WITH = f"""
SELECT carrier.label, carrier.name, COALESCE(person.name, ''),
       CASE WHEN carrier.type != 'phone key' THEN carrier.held_version END,
       right_key.access_right_id, carrier.main_zone_id
FROM right_key CROSS JOIN key AS carrier ON carrier.id = right_key.key_id
LEFT JOIN person ON person.id = carrier.person_id
WHERE right_key.access_right_id IN ({{rights}}) AND {IS_CARRIER}
ORDER BY carrier.type DESC, carrier.sort_label, carrier.id
"""


@dataclass(frozen=True)
class Stop:
    """A lock to visit: how many blocked keys it still opens for, and the version of its zone's list that it needs.

    `unreachable`: it never learns by itself; otherwise it is only not promised to learn soon. `keys` are the labels
    of the walk's keys that bring it the list, none when no key can, and `holders` who holds them;
    `outdated`: the first of them is a fob that is not known to hold the list.
    """

    serial: str
    name: str
    place: str
    zone: str
    version: int
    blocked_keys: int
    unreachable: bool
    keys: tuple[str, ...]
    holders: tuple[str, ...]
    outdated: bool


@dataclass(frozen=True)
class WalkKey:
    """A key to take along, who holds it, and how many of the locks it is for.

    `outdated`: it is a fob that is not known to hold the list itself, so it must be brought up to date first.
    """

    label: str
    name: str
    person: str
    locks: int
    outdated: bool


@dataclass(frozen=True)
class WalkList:
    """The locks to visit, by place, and the keys to take along."""

    stops: tuple[Stop, ...]
    keys: tuple[WalkKey, ...]


@dataclass(frozen=True)
class _Candidate:
    """A key, and the version that it certainly holds; None: a phone key, which fetches the newest one."""

    label: str
    name: str
    person: str
    holds: int | None

    def is_behind(self, version: int) -> bool:
        """Whether it is not known to hold this version."""
        return self.holds is not None and self.holds < version


def walk_list(store: Store, names: Sequence[str] = (), *, every: bool = False) -> WalkList:
    """The locks to visit by hand, for the blocked keys of these labels or serials, by default for all.

    They are those that never learn by themselves or are not promised to (see store.forecast); with `every` all that
    have yet to learn. Raises UnknownKey or AmbiguousKey.
    """
    with store.connected():
        chosen = [key.id for key in find_keys(names)]
        of_keys = f" AND entry.key_id IN ({', '.join(map(str, chosen))})" if chosen else ""
        rows: Any = database.execute_sql(STILL_OPEN.format(of_keys=of_keys), {"now": utc_text(store.clock())})
        locks = rows.fetchall()
        never = unreachable(store, [lock[0] for lock in locks])
        if not every:
            promised = _promised(store, locks)
            locks = [lock for lock in locks if lock[0] in never or lock[0] not in promised]
        keys = _fewest_keys([lock[0] for lock in locks])
    return WalkList(
        tuple(
            _stop(lock, [key for key, has in keys if lock[0] in has], unreachable=lock[0] in never) for lock in locks
        ),
        tuple(_walk_key(key, [lock for lock in locks if lock[0] in has]) for key, has in keys),
    )


def _stop(lock: Any, keys: Sequence[_Candidate], *, unreachable: bool) -> Stop:
    _id, serial, name, place, zone, _zone, version, blocked = lock
    labels, holders = tuple(key.label for key in keys), tuple(key.person for key in keys)
    outdated = any(key.is_behind(version) for key in keys[:1])
    return Stop(serial, name, place, zone, version, blocked, unreachable, labels, holders, outdated)


def _walk_key(key: _Candidate, locks: Sequence[Any]) -> WalkKey:
    return WalkKey(key.label, key.name, key.person, len(locks), key.is_behind(max(lock[6] for lock in locks)))


def _promised(store: Store, locks: Sequence[Any]) -> set[int]:
    """The locks that are promised to learn what they need."""
    wanted: dict[int, int] = {}
    for lock in locks:
        wanted[lock[5]] = max(wanted.get(lock[5], 0), lock[6])
    found = [forecast(store, zone, version) for zone, version in wanted.items()]
    return {
        lock for given in found if given for lock, promise in given.promises.items() if promise.probability >= PROMISED
    }


def _fewest_keys(lock_ids: Sequence[int]) -> list[tuple[_Candidate, frozenset[int]]]:
    """The fewest keys that can open all of the locks that any key can, each with the locks it is for."""
    opened: dict[tuple[int, int], set[int]] = {}
    places = ", ".join(map(str, lock_ids))
    for right, zone, lock in database.execute_sql(RIGHTS.format(locks=places)):
        opened.setdefault((right, zone), set()).add(lock)
    reach: dict[_Candidate, set[int]] = {}
    rights = ", ".join(str(right) for right in {right for right, _zone in opened})
    for *key, right, zone in database.execute_sql(CARRIERS_WITH.format(rights=rights), {"without": None}):
        if locks := opened.get((right, zone)):
            reach.setdefault(_Candidate(*key), set()).update(locks)
    candidates = [(key, frozenset(locks)) for key, locks in reach.items()]
    chosen = _greedy(candidates)
    if len(candidates) > COMPARED:
        return chosen
    candidates = _without_dominated(candidates)
    wanted = frozenset().union(*(locks for _key, locks in chosen))
    for size in range(1, len(chosen)):
        for few in islice(combinations(candidates, size), TRIED):
            if frozenset().union(*(locks for _key, locks in few)) == wanted:
                return list(few)
    return chosen


def _without_dominated(
    candidates: list[tuple[_Candidate, frozenset[int]]],
) -> list[tuple[_Candidate, frozenset[int]]]:
    """Only the keys whose locks no other key opens, too; of equal ones the first."""
    kept: list[tuple[_Candidate, frozenset[int]]] = []
    for key, locks in sorted(candidates, key=lambda candidate: -len(candidate[1])):
        if not any(locks <= other for _key, other in kept):
            kept.append((key, locks))
    return kept


def _greedy(candidates: list[tuple[_Candidate, frozenset[int]]]) -> list[tuple[_Candidate, frozenset[int]]]:
    """Keys that cover what all cover, each time the one that adds most; of equal ones the first.

    What a key adds only becomes less, so it is counted anew only when the key comes to the front.
    """
    left: set[int] = set().union(*(locks for _key, locks in candidates))
    front = [(-len(locks), place) for place, (_key, locks) in enumerate(candidates)]
    heapify(front)
    chosen = []
    while left:
        _most, place = heappop(front)
        adds = len(candidates[place][1] & left)
        if front and (-adds, place) > front[0]:
            heappush(front, (-adds, place))
            continue
        chosen.append(candidates[place])
        left -= candidates[place][1]
    return chosen
