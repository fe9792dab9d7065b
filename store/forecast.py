"""By when locks will have learned a list, had it been ordered on each day of the past weeks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from store.database import Store
from store.exposure import IS_CARRIER
from store.models import database, utc_text

HISTORY = timedelta(weeks=12)
HORIZON = timedelta(days=14)
FEWEST_DAYS = 7
PROMISED = 0.9
DAYS_THAT_REACHED = 0.92  # to promise 0.9: days are alike and a phone is offline now and then, as the back-test shows
DAY = 86_400

VISITS = f"""
SELECT CAST(strftime('%s', visit.at) AS INTEGER), visit.lock_id, visit.key_id
FROM visit JOIN lock ON lock.id = visit.lock_id JOIN key AS carrier ON carrier.id = visit.key_id
WHERE lock.zone_id = :zone AND carrier.main_zone_id = :zone AND visit.at >= :since AND visit.at < :now
  AND visit.at > COALESCE(lock.settled_at, '') AND visit.at > COALESCE(carrier.settled_at, '')
  AND {IS_CARRIER}
ORDER BY visit.at
"""
FIRST_VISIT = "SELECT CAST(strftime('%s', MIN(at)) AS INTEGER) FROM visit WHERE at >= ?"


@dataclass(frozen=True)
class Promise:
    """A lock will have learned by `by` (UTC) with at least this probability, from 0 to 1."""

    by: datetime
    probability: float


@dataclass(frozen=True)
class Forecast:
    """What the past weeks promise for the locks of a zone, by database id; of `days` on which it was tried.

    A lock that is missing was never reached within HORIZON.
    """

    days: int
    promises: Mapping[int, Promise]


def forecast(store: Store, zone_id: int, version: int, without: int | None = None) -> Forecast | None:
    """By when the locks of a zone will hold `version` of its list, were it ordered now; None: too little history.

    A key that is about to be blocked is no carrier (rule 8): `without` is its database id.

    Phone keys have it at once, other keys bring it on from lock to lock (rules 7 and 8), and people are taken to come
    and go as they did in the last weeks: each day of those is tried as the day of the order. What is promised at
    PROMISED came true on DAYS_THAT_REACHED of them (of one more than there were, so that few days promise less).
    """
    now = store.clock()
    with store.connected():
        began = database.execute_sql(FIRST_VISIT, (utc_text(now - HISTORY),)).fetchone()[0]
        end = int(now.timestamp())
        last = end - int(HORIZON.total_seconds())
        days = 0 if began is None else max(0, (last - began) // DAY + 1)
        if days < FEWEST_DAYS:
            return None
        span = {"zone": zone_id, "since": utc_text(now - HISTORY), "now": utc_text(now), "without": without}
        rows: Any = database.execute_sql(VISITS, span)
        informed = _informed(zone_id, version, days)
        delays = _delays(rows, [last - day * DAY for day in reversed(range(days))], *informed)
    return Forecast(days, {lock: _promise(now, found, days) for lock, found in delays.items()})


def _informed(zone_id: int, version: int, days: int) -> tuple[dict[int, int], dict[int, int], set[int]]:
    """Who has the list from the start: locks and keys by id, as a bit for each day, and the phone keys."""
    every_day = (1 << days) - 1
    locks = database.execute_sql("SELECT lock_id, version FROM lock_list WHERE zone_id = ?", (zone_id,))
    networked = {lock for (lock,) in database.execute_sql("SELECT id FROM lock WHERE networked")}
    keys = database.execute_sql("SELECT id, held_version, type FROM key WHERE main_zone_id = ?", (zone_id,)).fetchall()
    return (
        {lock: every_day for lock, held in locks if held >= version or lock in networked},
        {key: every_day for key, held, _type in keys if held >= version},
        {key for key, _held, type_ in keys if type_ == "phone key"},
    )


def _delays(
    visits: Iterable[tuple[int, int, int]],
    starts: list[int],
    locks: dict[int, int],
    keys: dict[int, int],
    phones: set[int],
) -> dict[int, list[int]]:
    """For each lock, after how many seconds it learned, for each of the `starts` (ascending) on which it did.

    All days are followed in one pass: bit n of a device says that it has the list of an order at starts[n].
    """
    horizon = int(HORIZON.total_seconds())
    begun, ended = 0, 0
    running = 0
    delays: dict[int, list[int]] = {}
    for at, lock, key in visits:
        while begun < len(starts) and starts[begun] < at:
            running |= 1 << begun
            begun += 1
        while ended < begun and starts[ended] + horizon < at:
            running &= ~(1 << ended)
            ended += 1
        had = locks.get(lock, 0)
        met = had | (running if key in phones else keys.get(key, 0))
        taught = met & ~had & running
        if taught:
            locks[lock] = had | taught
            while taught:
                lowest = taught & -taught
                delays.setdefault(lock, []).append(at - starts[lowest.bit_length() - 1])
                taught ^= lowest
        if key not in phones:
            keys[key] = keys.get(key, 0) | (met & running)
    return delays


def _promise(now: datetime, delays: list[int], days: int) -> Promise:
    delays.sort()
    wanted = ceil(DAYS_THAT_REACHED * (days + 1))
    if len(delays) >= wanted:
        return Promise(now + timedelta(seconds=delays[wanted - 1]), PROMISED)
    return Promise(now + HORIZON, len(delays) / (days + 1))
