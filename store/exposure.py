"""Which doors a blocked key still opens, and until when; who could bring them the list (rules 4, 7, 8 and 12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from store.database import Store
from store.models import Exposure, Key, Lifetime, Lock, Sighting, Visit, database, utc_text

# Whether a key can be counted on to bring its main zone's list: made, not returned, not blocked (rule 8; a removal that
# is only planned changes nothing), and not the key `without` (a database id, or null) that is about to be blocked.
IS_CARRIER = """carrier.id IS NOT :without AND carrier.serial IS NOT NULL AND carrier.state != 'returned'
AND NOT EXISTS (
    SELECT 1 FROM blocklist_entry AS entry JOIN zone AS listed ON listed.id = entry.zone_id
    WHERE entry.key_id = carrier.id AND (entry.version_out IS NULL OR listed.ordered_version < entry.version_out)
)"""
CAN_OPEN = """EXISTS (
    SELECT 1 FROM right_lock JOIN right_key ON right_key.access_right_id = right_lock.access_right_id
    WHERE right_lock.lock_id = lock.id AND right_key.key_id = carrier.id
)"""
# The plus sign leads SQLite to the key's few entries instead of all of the zone.
# Locks that a key opens by its rights; of a lock that does not certainly refuse it (see models.Exposure), `is_open`.
AFFECTED = """
SELECT lock.id, lock.serial, lock.name, lock.place, zone.name, lock.networked, held.version, zone.ordered_version,
       NOT EXISTS (
           SELECT 1 FROM blocklist_entry AS entry
           WHERE entry.key_id = :key AND +entry.zone_id = lock.zone_id AND entry.version_in <= held.version
             AND (entry.version_out IS NULL OR zone.ordered_version < entry.version_out)
       ) AS is_open
FROM lock JOIN zone ON zone.id = lock.zone_id JOIN lock_list AS held ON held.lock_id = lock.id
WHERE lock.id IN (
    SELECT right_lock.lock_id FROM right_key JOIN right_lock USING (access_right_id) WHERE right_key.key_id = :key
)
"""
# A CROSS JOIN keeps SQLite from going through all keys of a zone for each lock.
UNREACHABLE = f"""
SELECT lock.id FROM lock WHERE NOT lock.networked AND lock.id IN ({{locks}}) AND NOT EXISTS (
    SELECT 1 FROM visit CROSS JOIN key AS carrier ON carrier.id = visit.key_id
    WHERE visit.lock_id = lock.id AND carrier.main_zone_id = lock.zone_id AND {IS_CARRIER} AND {CAN_OPEN}
)
"""
# CROSS JOIN keeps the order: from the lock's few rights, where SQLite would try all keys of its zone for each lock.
UNOPENED = f"""
SELECT lock.id FROM lock WHERE NOT lock.networked AND lock.id IN ({{locks}}) AND NOT EXISTS (
    SELECT 1 FROM right_lock CROSS JOIN right_key ON right_key.access_right_id = right_lock.access_right_id
    CROSS JOIN key AS carrier ON carrier.id = right_key.key_id
    WHERE right_lock.lock_id = lock.id AND carrier.main_zone_id = lock.zone_id AND {IS_CARRIER}
)
"""
CARRIERS = f"""
SELECT carrier.label, carrier.name, COALESCE(person.name, ''), COUNT(visit.id) AS visits, MAX(visit.at)
FROM lock
CROSS JOIN right_lock ON right_lock.lock_id = lock.id
CROSS JOIN right_key ON right_key.access_right_id = right_lock.access_right_id
CROSS JOIN key AS carrier ON carrier.id = right_key.key_id AND carrier.main_zone_id = lock.zone_id
LEFT JOIN person ON person.id = carrier.person_id
LEFT JOIN visit ON visit.lock_id = lock.id AND visit.key_id = carrier.id AND visit.at > :since
WHERE lock.id = :lock AND {IS_CARRIER}
GROUP BY carrier.id ORDER BY visits DESC, carrier.sort_label LIMIT :limit
"""
CARRIER_WEEKS = 12


@dataclass(frozen=True)
class Seen:
    """A blocked key at a lock: when (UTC), where, and whether it was let in (one of terms.Result)."""

    at: datetime
    lock: str
    place: str
    result: str


@dataclass(frozen=True)
class KeyExposure:
    """How dangerous a key still is: it opens `still_opens` of its `of` locks, none after `dies_by` (None: never)."""

    label: str
    still_opens: int
    of: int
    dies_by: datetime | None
    last_sighting: Seen | None


@dataclass(frozen=True)
class AffectedLock:
    """A lock that a key opens by its access rights: the list it holds, and whether it still opens for the key.

    `refuses`: the list that it certainly holds blocks the key; a key that stopped opens no lock, whatever that holds.
    """

    id: int
    serial: str
    name: str
    place: str
    zone: str
    networked: bool
    version: int
    ordered_version: int
    refuses: bool
    is_open: bool


@dataclass(frozen=True)
class Carrier:
    """A key that can bring its main zone's list to a lock, and how often it came there in the last weeks."""

    label: str
    name: str
    person: str
    visits: int
    last_visit: datetime | None


def exposure(store: Store, key_id: int) -> KeyExposure:
    """How dangerous a key (its database id) still is, blocked or not."""
    with store.connected():
        found = Exposure.get(Exposure.key == key_id)
        dies_by = Lifetime.get(Lifetime.key == key_id).dies_by
        still = 0 if dies_by is not None and dies_by <= store.clock() else found.open_locks
        return KeyExposure(found.key.label, still, found.locks, dies_by, _last_sighting(key_id))


def affected_locks(store: Store, key: Key) -> list[AffectedLock]:
    """The locks that a key opens by its access rights, by place and name, each with whether it still opens."""
    with store.connected():
        dead = exposure(store, key.id).still_opens == 0
        rows: Any = database.execute_sql(f"{AFFECTED} ORDER BY lock.place, lock.sort_nb, lock.id", {"key": key.id})
        return [
            AffectedLock(
                *(i, serial, name, place, zone, bool(networked), version, ordered),
                refuses=not is_open,
                is_open=bool(is_open) and not dead,
            )
            for i, serial, name, place, zone, networked, version, ordered, is_open in rows
        ]


def unreachable(store: Store, lock_ids: Sequence[int], without: int | None = None) -> set[int]:
    """Those of the locks that never learn by themselves: no carrier that can open them has ever come there.

    On a site without any visit: those that no carrier can open. `without` is the database id of a key that is about
    to be blocked and will be no carrier.
    """
    with store.connected():
        query = UNREACHABLE if Visit.select().limit(1).exists() else UNOPENED
        places = ", ".join(map(str, map(int, lock_ids)))
        return {lock for (lock,) in database.execute_sql(query.format(locks=places), {"without": without})}


def carriers_to(store: Store, lock_id: int, limit: int = -1) -> list[Carrier]:
    """Who can bring the zone's list to a lock, the most frequent of the last weeks first."""
    since = utc_text(store.clock() - timedelta(weeks=CARRIER_WEEKS))
    with store.connected():
        rows: Any = database.execute_sql(CARRIERS, {"lock": lock_id, "since": since, "limit": limit, "without": None})
        return [
            Carrier(label, name, person, visits, datetime.fromisoformat(last) if last else None)
            for label, name, person, visits, last in rows
        ]


def _last_sighting(key_id: int) -> Seen | None:
    last = (
        Sighting.select(Sighting.at, Lock.name, Lock.place, Sighting.result)
        .join(Lock)
        .where(Sighting.key == key_id)
        .order_by(Sighting.at.desc(), Sighting.id.desc())
        .tuples()
        .first()
    )
    return Seen(*last) if last else None
