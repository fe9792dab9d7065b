"""The answer: which doors a blocked key still opens, until when, who brings them the list, and where to walk."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import blocklist
from store.answer import Expectation, answer, answers
from store.browse.zones import all_zones, dead_keys
from store.database import Store
from store.errors import UnknownVersion, UnknownZone
from store.exposure import affected_locks, carriers_to, exposure, unreachable
from store.history import difference, versions
from store.importer import import_site
from store.models import Key, Lock, Visit, database
from store.status import plans
from store.terms import Reason
from store.visits import tick_off
from store.walk import walk_list
from tests.store.conftest import Clock
from tests.store.software_token import SoftwareToken


def block(store: Store, *labels: str, order: bool = True) -> None:
    blocklist.add(store, labels, order=order, reason=Reason.LOST)


def key(label: str) -> Key:
    return Key.get(Key.label == label)


def lock(serial: str) -> Lock:
    return Lock.get(Lock.serial == serial)


def still_open(store: Store, label: str) -> set[str]:
    return {row.serial for row in affected_locks(store, key(label)) if row.is_open}


def seen(serial: str, label: str, at: datetime, result: str = "opened") -> None:
    Visit.create(at=at, lock=lock(serial), key=key(label), result=result)


def test_an_ordered_key_opens_all_but_the_networked_locks_until_they_learn(site: Store) -> None:
    block(site, "N-1")
    found = exposure(site, key("N-1").id)
    assert (found.still_opens, found.of, found.dies_by) == (11, 12, None)
    assert still_open(site, "N-1") == {f"10{n:02X}" for n in range(1, 12)}


def test_a_planned_key_opens_them_all(site: Store) -> None:
    block(site, "N-1", order=False)
    assert exposure(site, key("N-1").id).still_opens == 12


def test_a_key_dies_by_its_offline_expiry_interval(site: Store, clock: Clock) -> None:
    block(site, "N-2")
    assert exposure(site, key("N-2").id).dies_by == datetime(2026, 11, 30, 12, tzinfo=UTC)
    clock.now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert exposure(site, key("N-2").id).still_opens == 0
    assert still_open(site, "N-2") == set()


def test_a_key_dies_by_the_earlier_of_validity_and_expiry(site: Store, site_files: Path) -> None:
    keys = (site_files / "keys.csv").read_text()
    (site_files / "keys.csv").write_text(keys.replace(";A;programmed;;7d;", ";A;programmed;2026-11-25T00:00Z;7d;"))
    import_site(site, site_files)
    assert exposure(site, key("N-2").id).dies_by == datetime(2026, 11, 25, tzinfo=UTC)


def test_a_returned_key_opens_nothing(site: Store, site_files: Path) -> None:
    block(site, "N-1")
    keys = (site_files / "keys.csv").read_text()
    (site_files / "keys.csv").write_text(keys.replace("P2;A;programmed;;;\n", "P2;A;returned;;;\n", 1))
    import_site(site, site_files)
    assert exposure(site, key("N-1").id).still_opens == 0


def test_a_removal_that_is_only_planned_opens_no_lock_again(site: Store, token: SoftwareToken) -> None:
    block(site, "N-1")
    tick_off(site, "1001", "N-3")
    token.remove(site, ["N-1"])
    assert "1001" not in still_open(site, "N-1")


def test_the_last_sighting_is_told(site: Store, clock: Clock) -> None:
    block(site, "N-1")
    seen("1004", "N-1", clock.now - timedelta(hours=1))
    assert exposure(site, key("N-1").id).last_sighting is None
    seen("1004", "N-1", clock.now + timedelta(hours=1), "refused")
    found = exposure(site, key("N-1").id).last_sighting
    assert found is not None
    assert (found.lock, found.place, found.result) == ("Dør 4", "Oppgang 1", "refused")


def test_without_visits_a_lock_is_unreachable_when_no_carrier_can_open_it(site: Store) -> None:
    ids = [lock(f"10{n:02X}").id for n in range(12)]
    zone_c = {lock(f"10{n:02X}").id for n in (2, 5, 8, 11)}
    assert unreachable(site, ids) == zone_c, "only N-1, whose main zone is A, opens the locks of C"


def test_a_lock_that_no_carrier_ever_visits_is_unreachable(site: Store, clock: Clock) -> None:
    seen("1001", "N-3", clock.now)
    seen("1007", "N-2", clock.now)  # not its main zone
    ids = [lock(serial).id for serial in ("1001", "1004", "1007", "1000")]
    assert unreachable(site, ids) == {lock("1004").id, lock("1007").id}


def test_a_lock_whose_only_visitor_was_blocked_is_unreachable(site: Store, clock: Clock) -> None:
    seen("1001", "N-3", clock.now)
    block(site, "N-3")
    assert unreachable(site, [lock("1001").id]) == {lock("1001").id}


def test_carriers_are_told_the_most_frequent_first(site: Store, clock: Clock) -> None:
    for day in range(3):
        seen("1001", "N-4", clock.now - timedelta(days=day))
    seen("1001", "N-3", clock.now)
    seen("1001", "N-2", clock.now)
    assert [(row.label, row.visits) for row in carriers_to(site, lock("1001").id)] == [
        ("N-4", 3),
        ("N-3", 1),
        ("N-8", 0),
    ]


def test_the_walk_list_has_the_fewest_keys_that_cover_the_locks(site: Store) -> None:
    block(site, "N-1")
    found = walk_list(site)
    assert " ".join(stop.serial for stop in found.stops) == "1002 1004 1006 1008 100A 1001 1003 1005 1007 1009 100B"
    assert [(k.label, k.person, k.locks) for k in found.keys] == [("N-3", "Åse Ødegård", 4), ("N-2", "Kåre Sæther", 3)]
    assert {stop.serial: stop.keys for stop in found.stops}["1002"] == (), "no key carries the list of C to its locks"


def test_a_fob_that_does_not_certainly_hold_the_list_is_to_be_brought_up_to_date_first(
    site: Store, clock: Clock
) -> None:
    block(site, "N-1", "N-3")
    assert {k.label: k.outdated for k in walk_list(site).keys} == {"N-4": True, "N-2": False}
    tick_off(site, "1001", "N-8")
    clock.advance(minutes=1)
    tick_off(site, "1004", "N-4")
    clock.advance(minutes=1)
    assert {k.label: k.outdated for k in walk_list(site).keys} == {"N-4": False, "N-2": False}


def test_the_walk_list_leaves_out_what_is_only_planned_and_what_learned(site: Store) -> None:
    block(site, "N-1")
    tick_off(site, "1001", "N-3")
    block(site, "N-4", order=False)
    assert "1001" not in {stop.serial for stop in walk_list(site).stops}
    assert walk_list(site, ["N-4"]).stops == ()


def test_the_walk_list_leaves_out_what_is_promised_to_learn(site: Store, clock: Clock) -> None:
    block(site, "N-1")
    for day in range(1, 60):
        seen("1001", "N-3", clock.now - timedelta(days=day, hours=-2))
    assert "1001" not in {stop.serial for stop in walk_list(site).stops}
    assert "1001" in {stop.serial for stop in walk_list(site, every=True).stops}


def test_a_plan_is_forgotten_after_four_hours(site: Store, clock: Clock) -> None:
    assert plans(site).since is None
    block(site, "N-1", order=False)
    clock.advance(hours=3, minutes=59)
    assert not plans(site).forgotten
    clock.advance(minutes=1)
    assert plans(site).forgotten
    blocklist.order(site)
    assert not plans(site).forgotten


def test_the_versions_of_a_list_tell_what_each_changed(site: Store, clock: Clock, token: SoftwareToken) -> None:
    block(site, "N-1", "N-2")
    clock.advance(hours=1)
    token.remove(site, ["N-1"])
    rows = versions(site, "A")
    assert [(row.number, row.action, row.key, row.ordered_at is not None) for row in rows] == [
        (3, "remove", "N-1", False),
        (2, "add", "N-2", True),
        (1, "add", "N-1", True),
    ]
    assert difference(site, "A", 1, 3).added == ("N-2",)
    assert difference(site, "A", 1, 3).removed == ("N-1",)
    assert difference(site, "A", 3, 0).removed == ("N-2",)
    with pytest.raises(UnknownVersion):
        difference(site, "A", 0, 4)
    with pytest.raises(UnknownZone):
        versions(site, "Z")


def test_while_a_removal_is_only_planned_the_locks_go_on_learning(site: Store, token: SoftwareToken) -> None:
    block(site, "N-1")
    token.remove(site, ["N-1"])
    doors = {door.lock.serial: door for door in answer(site, key("N-1").id).doors}
    assert (doors["1001"].lock.is_open, doors["1001"].ordered, doors["1001"].opens_later) == (True, True, True)
    tick_off(site, "1001", "N-3")
    doors = {door.lock.serial: door for door in answer(site, key("N-1").id).doors}
    assert doors["1001"].expectation == Expectation.REFUSES
    blocklist.order(site)
    assert "1001" in still_open(site, "N-1")


def test_a_key_whose_removal_is_only_planned_brings_no_list(site: Store, token: SoftwareToken) -> None:
    block(site, "N-3")
    token.remove(site, ["N-3"])
    assert "N-3" not in {carrier.label for carrier in carriers_to(site, lock("1001").id)}
    blocklist.order(site)
    assert "N-3" in {carrier.label for carrier in carriers_to(site, lock("1001").id)}


def test_a_lock_does_not_know_a_key_that_stopped_by_itself(site: Store, clock: Clock) -> None:
    block(site, "N-2")
    clock.now = datetime(2026, 12, 1, tzinfo=UTC)
    found = answer(site, key("N-2").id)
    assert found.open_doors == ()
    assert {door.lock.serial: door.expectation for door in found.doors} == {
        "1000": Expectation.REFUSES,
        **dict.fromkeys(("1003", "1006", "1009"), Expectation.KEY_STOPPED),
    }


def test_a_key_that_stopped_could_give_its_place_back(site: Store, clock: Clock) -> None:
    block(site, "N-1", "N-2")
    zone = key("N-2").main_zone
    assert dead_keys(site, zone.id) == []
    clock.now = datetime(2026, 12, 1, tzinfo=UTC)
    assert dead_keys(site, zone.id) == ["N-2"]
    assert [row.dead for row in all_zones(site)] == [1, 0, 0]


def test_of_very_many_keys_few_are_chosen_without_comparing_all(site: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    block(site, "N-1")
    best = walk_list(site)
    monkeypatch.setattr("store.walk.COMPARED", 0)
    quick = walk_list(site)
    assert [(k.label, k.locks) for k in quick.keys] == [(k.label, k.locks) for k in best.keys]
    assert {stop.serial: bool(stop.keys) for stop in quick.stops} == {s.serial: bool(s.keys) for s in best.stops}


def test_the_answers_for_many_keys_promise_no_lock_earlier_than_each_alone(site: Store, clock: Clock) -> None:
    block(site, "N-8")
    tick_off(site, "1004", "N-4")
    clock.advance(minutes=1)
    block(site, "N-1")
    for day in range(1, 60):
        seen("1001", "N-4", clock.now - timedelta(days=day, hours=-2))
        seen("1001", "N-3", clock.now - timedelta(days=day, hours=-4))
    both = [key("N-8").id, key("N-1").id]
    for alone, among in zip([answer(site, key_id) for key_id in both], answers(site, both), strict=True):
        assert (alone.exposure, alone.days) == (among.exposure, among.days)
        for door, same in zip(alone.doors, among.doors, strict=True):
            assert door.lock == same.lock
            assert not door.promise or (same.promise and door.promise.by <= same.promise.by)


def test_exposure_reads_the_entries_of_the_key_not_the_whole_lists_of_its_zones(site: Store) -> None:
    plan = database.execute_sql("EXPLAIN QUERY PLAN SELECT open_locks FROM exposure WHERE key_id = 1").fetchall()
    assert [row[3] for row in plan if "entry" in row[3]] == [
        "SEARCH entry USING COVERING INDEX blocklist_entry_of_key (key_id=?)"
    ]
