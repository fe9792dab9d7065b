"""How lists spread: which version each lock and key certainly holds, replayed from the visits (rules 4, 7 and 8).

Where it is not certain, a device counts as not having learned: a lock may know more than is said here, never less.
Times are whole seconds, so of two things in the same second it is not known which came first.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from store.models import Site, database

ROWS_A_REPORT = 50_000

VISITS = """
SELECT visit.at, lock_id, key_id, lock_version, key_version,
       lock.zone_id, lock.networked, key.main_zone_id, COALESCE(lock.settled_at, ''), COALESCE(key.settled_at, ''),
       CASE WHEN key.type = 'phone key' THEN key.last_contact END
FROM visit JOIN lock ON lock.id = lock_id JOIN key ON key.id = key_id
WHERE visit.at > ? ORDER BY visit.at
"""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One visit, with what of its lock and key decides who can learn; times are UTC text as stored."""

    at: str
    lock: int
    key: int
    lock_version: int | None
    key_version: int | None
    zone: int
    networked: bool
    main_zone: int | None
    lock_settled: str
    key_settled: str
    contact: str | None

    @property
    def exchanges(self) -> bool:
        """Whether the key carries the list of the lock's zone, and both were of that zone already."""
        return self.main_zone == self.zone and self.at > self.lock_settled and self.at > self.key_settled


def replay(progress: Callable[[int], None] = lambda _: None) -> None:
    """Bring the held versions of locks and keys up to the last visit, within the current transaction.

    From where the last replay ended, or from the first visit when earlier ones have come since (see
    `replay_from_the_start`). `progress` is told how many visits were followed.
    """
    site = Site.get()
    spread = Spread(fresh=not site.replayed_until)
    last = site.replayed_until
    rows = (Meeting(*row) for row in database.execute_sql(VISITS, (site.replayed_until,)))
    followed = reported = 0
    for at, meetings in groupby(rows, key=lambda meeting: meeting.at):
        last = at
        followed += spread.follow(list(meetings))
        if followed - reported >= ROWS_A_REPORT:
            reported = followed
            progress(followed)
    spread.keep()
    Site.update(replayed_until=last).execute()


def replay_from_the_start() -> None:
    """Let the next replay begin with the first visit, since earlier ones than the last have come."""
    Site.update(replayed_until="").execute()


def settle(moment: str) -> None:
    """Locks and keys that an import brought to another zone belong there from `moment` on (UTC, as stored)."""
    for table in ("lock", "key"):
        database.execute_sql(f"UPDATE {table} SET settled_at = ? WHERE settled_at = ''", (moment,))
    if not Site.get().replayed_until:
        replay()


class Issues:
    """Which version of each zone's list was the newest ordered one at any time."""

    def __init__(self) -> None:
        self._times: dict[int, list[str]] = {}
        self._versions: dict[int, list[int]] = {}
        for zone, at, version in database.execute_sql("SELECT zone_id, at, version FROM issue ORDER BY record"):
            self._times.setdefault(zone, []).append(at)
            self._versions.setdefault(zone, []).append(version)

    def before(self, zone: int, moment: str) -> int:
        """The version of the zone's list that was ordered last before `moment` (0: none yet)."""
        place = bisect_left(self._times.get(zone, []), moment)
        return self._versions[zone][place - 1] if place else 0


class Spread:
    """What devices hold as visits follow each other; `fresh` starts with nothing, else with what is stored."""

    def __init__(self, *, fresh: bool) -> None:
        self._issues = Issues()
        self._blocked = _blocked_spans()
        self._keys: dict[int, int] = {} if fresh else dict(_stored("key"))
        self._locks: dict[int, int] = {} if fresh else dict(_stored("lock"))
        self._learned: dict[int, str] = {}

    def follow(self, meetings: list[Meeting]) -> int:
        """Take in the visits of one second: none builds on another."""
        taught = [(meeting, *self._after(meeting)) for meeting in meetings]
        for meeting, lock_version, key_version in taught:
            if lock_version > self._locks.get(meeting.lock, 0):
                self._locks[meeting.lock] = lock_version
                self._learned[meeting.lock] = meeting.at
            if key_version > self._keys.get(meeting.key, 0):
                self._keys[meeting.key] = key_version
        return len(meetings)

    def _after(self, meeting: Meeting) -> tuple[int, int]:
        """The versions that the lock and the key certainly hold after `meeting` (rule 7)."""
        lock = self._locks.get(meeting.lock, 0)
        key = self._keys.get(meeting.key, 0)
        if meeting.at > meeting.lock_settled:
            lock = max(lock, meeting.lock_version or 0)
            if meeting.networked:
                lock = max(lock, self._issues.before(meeting.zone, meeting.at))
        if meeting.main_zone is not None and meeting.at > meeting.key_settled:
            key = max(key, meeting.key_version or 0)
            if meeting.contact is not None and meeting.key_settled < meeting.contact < meeting.at:
                key = max(key, self._issues.before(meeting.main_zone, meeting.contact))
        if meeting.exchanges and not self._is_blocked(meeting):
            lock = key = max(lock, key)
        return lock, key

    def _is_blocked(self, meeting: Meeting) -> bool:
        """Rule 8: a blocked key is never counted on."""
        return any(since <= meeting.at <= until for since, until in self._blocked.get(meeting.key, ()))

    def keep(self) -> None:
        """Store what was learned; a device's version never goes back (rule 7)."""
        database.connection().executemany(
            "UPDATE lock SET held_version = ?, learned_at = ? WHERE id = ? AND held_version < ?",
            ((v, self._learned[lock], lock, v) for lock, v in self._locks.items() if lock in self._learned),
        )
        database.connection().executemany(
            "UPDATE key SET held_version = ? WHERE id = ? AND held_version < ?",
            ((version, key, version) for key, version in self._keys.items()),
        )


def _blocked_spans() -> dict[int, list[tuple[str, str]]]:
    """From when until when each key was blocked, as stored times."""
    spans: dict[int, list[tuple[str, str]]] = {}
    entries = database.execute_sql("SELECT DISTINCT key_id, added_at, COALESCE(removed_at, '9') FROM blocklist_entry")
    for key, since, until in entries:
        spans.setdefault(key, []).append((since, until))
    return spans


def _stored(table: str) -> Iterator[tuple[int, int]]:
    rows: Iterator[tuple[int, int]] = iter(
        database.execute_sql(f"SELECT id, held_version FROM {table} WHERE held_version > 0")
    )
    return rows
