"""A simulated site knows what each lock truly holds; what the console believes may be less, never more."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import blocklist
from store.database import Store
from store.models import BlocklistEntry, Exposure, Key, Lock, LockList, RightKey, RightLock, Zone, database, utc_text
from store.terms import Reason, RemovalReason
from store.visits import import_visits
from tests.store.conftest import Clock
from tests.store.software_token import SoftwareToken

HISTORIES = 1000
PARTS = 8
STEPS = 25
PHONES = ("N-2", "N-3")
CARRIERS = {"N-1": "A", "N-2": "A", "N-3": "B", "N-4": "B", "N-7": "C", "N-8": "B"}


class World:
    """What is truly so: which version each device holds; devices meet, phones go online when they like."""

    def __init__(self, chance: random.Random, store: Store, clock: Clock, token: SoftwareToken, file: Path) -> None:
        self.chance, self.store, self.clock, self.token, self.file = chance, store, clock, token, file
        locks = list(Lock.select(Lock, Zone).join(Zone))
        self.locks = dict.fromkeys((lock.serial for lock in locks), 0)
        self.zone_of = {lock.serial: lock.zone.name for lock in locks}
        self.networked = {lock.serial for lock in locks if lock.networked}
        self.keys = dict.fromkeys(CARRIERS, 0)
        self.untold: list[str] = []

    def ordered(self, zone: str) -> int:
        return Zone.get(Zone.name == zone).ordered_version

    def step(self) -> None:
        self.clock.advance(seconds=self.chance.choice((0, 0, 1, 60, 3600, 40_000)))
        self.chance.choice((self.meet, self.meet, self.meet, self.meet, self.contact, self.change, self.tell))()

    def meet(self) -> None:
        key, lock = self.chance.choice(list(CARRIERS)), self.chance.choice(list(self.locks))
        zone = self.zone_of[lock]
        if lock in self.networked:
            self.locks[lock] = self.ordered(zone)
        before = self.locks[lock], self.keys[key]
        if CARRIERS[key] == zone:
            self.locks[lock] = self.keys[key] = max(before)
        told = [(before[0], ""), ("", before[1]), (self.locks[lock], self.keys[key]), ("", ""), ("", "")]
        versions = self.chance.choice(told)
        result = "learned" if self.locks[lock] > before[0] else self.chance.choice(("opened", "refused"))
        self.untold.append(f"{utc_text(self.clock())},{lock},{key},{result},{versions[0]},{versions[1]}")

    def contact(self) -> None:
        phone = self.chance.choice(PHONES)
        self.keys[phone] = self.ordered(CARRIERS[phone])
        Key.update(last_contact=self.clock()).where(Key.label == phone).execute()

    def change(self) -> None:
        label = self.chance.choice(["N-1", "N-4", "N-8", "N-2"])
        key = Key.get(Key.label == label)
        live = BlocklistEntry.select().where((BlocklistEntry.key == key) & BlocklistEntry.version_out.is_null())
        if live.exists():
            removal = blocklist.prepare_removal(
                self.store, [label], order=self.chance.random() < 0.5, reason=RemovalReason.FOUND
            )
            blocklist.remove(self.store, removal, [self.token.sign(removal)])
        elif self.chance.random() < 0.8:
            blocklist.add(self.store, [label], order=self.chance.random() < 0.7, reason=Reason.LOST)
        elif blocklist.pending():
            blocklist.order(self.store)

    def tell(self) -> None:
        """Some of what was not told yet reaches the store, late and in no order."""
        self.chance.shuffle(self.untold)
        told = self.chance.randint(0, len(self.untold))
        rows, self.untold = self.untold[:told], self.untold[told:]
        if rows:
            self.file.write_text("\n".join(("at,lock_serial,key,result,lock_version,key_version", *rows)) + "\n")
            import_visits(self.store, self.file)

    def truly_open(self, key: Key) -> set[str]:
        """The locks whose list, as they truly hold it, does not refuse the key."""
        opened = RightLock.select(RightLock.lock).join(RightKey, on=(RightKey.access_right == RightLock.access_right))
        serials = {lock.serial for lock in Lock.select().where(Lock.id.in_(opened.where(RightKey.key == key)))}
        for entry in BlocklistEntry.select().where(BlocklistEntry.key == key):
            serials -= {
                serial
                for serial in serials
                if self.zone_of[serial] == entry.zone.name
                and entry.version_in <= self.locks[serial]
                and (entry.version_out is None or self.locks[serial] < entry.version_out)
            }
        return serials


@pytest.mark.parametrize("part", range(PARTS))
def test_still_opens_may_say_too_many_never_too_few(
    site: Store, clock: Clock, token: SoftwareToken, tmp_path: Path, part: int
) -> None:
    known = 0
    for number in range(part, HISTORIES, PARTS):
        clock.now = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=number)
        with database.atomic() as history:
            world = World(random.Random(number), site, clock, token, tmp_path / "visits.csv")
            for _ in range(STEPS):
                world.step()
            for serial in world.networked:
                world.locks[serial] = world.ordered(world.zone_of[serial])
            believed = {row.lock.serial: row.version for row in LockList.select(LockList, Lock).join(Lock)}
            assert all(believed[serial] <= held for serial, held in world.locks.items()), number
            for row in Exposure.select().where(Exposure.key.in_(BlocklistEntry.select(BlocklistEntry.key))):
                assert row.open_locks >= len(world.truly_open(row.key)), (number, row.key.label)
            known += sum(believed[serial] > 0 for serial in world.locks if serial not in world.networked)
            history.rollback()
    assert known > 0, "nothing was ever learned: these histories show nothing"
