"""What the locks have learned: visits are read, each lets lists spread, and nothing is believed that is not certain."""

from pathlib import Path

import pytest

from store import blocklist
from store.database import Store
from store.errors import BlockedCarrier, NotACarrier, UnknownLock
from store.import_errors import ImportRefused
from store.importer import import_site
from store.models import Exposure, JournalRecord, Key, Lock, LockList, Sighting, Visit
from store.terms import Reason
from store.visits import FOLLOWED, import_visits, tick_off
from tests.store.conftest import Clock
from tests.store.software_token import SoftwareToken

# Of the small site: locks 1001, 1004, 1007, 100A are of zone B, 1000 (networked), 1003, 1006, 1009 of A.
HEADER = "at;lock_serial;key;result;lock_version;key_version\n"


def visit(store: Store, folder: Path, *rows: str, header: str = HEADER) -> None:
    """Import visits of 24 November 2026, each as `HH:MM lock key result lock_version key_version`."""
    lines = []
    for row in rows:
        time, *cells = row.split()
        lines.append(";".join([f"2026-11-24T{time}:00Z", *(c.replace("-.", "") for c in cells)]))
        lines[-1] += ";" * (header.count(";") - lines[-1].count(";"))
    (folder / "visits.csv").write_text(header + "\n".join(lines) + "\n")
    import_visits(store, folder / "visits.csv")


def held(serial: str) -> int:
    return LockList.get(LockList.lock == Lock.get(Lock.serial == serial)).version


def block(store: Store, *labels: str, order: bool = True) -> None:
    blocklist.add(store, labels, order=order, reason=Reason.LOST)


@pytest.fixture
def blocked(site: Store, clock: Clock) -> Store:
    """N-1, which opens all twelve locks, is blocked and ordered at 06:50; it is evening."""
    block(site, "N-1")
    clock.advance(hours=12)
    return site


def contact(store: Store, folder: Path, label: str, at: str) -> None:
    """Let the key have been in contact with the server at `at` on that day."""
    lines = (folder / "keys.csv").read_text().splitlines()
    changed = [f"{line.rsplit(';', 1)[0]};2026-11-24T{at}:00Z" if f";{label};" in line else line for line in lines]
    (folder / "keys.csv").write_text("\n".join(changed) + "\n")
    import_site(store, folder)


def test_a_networked_lock_has_an_ordered_list_at_once(blocked: Store) -> None:
    assert held("1000") == 1
    assert held("1003") == 0


def test_a_lock_learns_from_a_phone_key_that_was_in_contact_since_the_order(blocked: Store, site_files: Path) -> None:
    contact(blocked, site_files, "N-3", "08:00")
    visit(blocked, site_files, "07:00 1004 N-3 opened", "09:00 1001 N-3 opened")
    assert held("1001") == 1
    assert held("1004") == 0, "at 07:00 the phone key was not certain to have the list"


def test_a_fob_carries_the_list_from_lock_to_lock(blocked: Store, site_files: Path) -> None:
    contact(blocked, site_files, "N-3", "08:00")
    visit(blocked, site_files, "09:00 1001 N-3 opened", "10:00 1001 N-4 opened", "11:00 1007 N-4 opened")
    assert held("1007") == 1


def test_a_fob_carries_nothing_back_in_time(blocked: Store, site_files: Path) -> None:
    contact(blocked, site_files, "N-3", "08:00")
    visit(blocked, site_files, "08:30 1007 N-4 opened", "09:00 1001 N-3 opened", "10:00 1001 N-4 opened")
    assert held("1007") == 0


def test_of_two_visits_in_the_same_minute_none_builds_on_the_other(blocked: Store, site_files: Path) -> None:
    contact(blocked, site_files, "N-3", "08:00")
    visit(blocked, site_files, "09:00 1001 N-3 opened", "09:00 1001 N-4 opened", "09:00 1007 N-4 opened")
    assert held("1001") == 1
    assert held("1007") == 0


def test_a_key_updates_only_the_locks_of_its_main_zone(blocked: Store, site_files: Path) -> None:
    contact(blocked, site_files, "N-2", "08:00")
    visit(blocked, site_files, "09:00 1001 N-2 opened", "10:00 1003 N-2 opened")
    assert held("1001") == 0
    assert held("1003") == 1


def test_a_blocked_key_is_never_counted_on_as_a_carrier(blocked: Store, site_files: Path) -> None:
    contact(blocked, site_files, "N-3", "08:00")
    block(blocked, "N-4")
    visit(blocked, site_files, "09:00 1001 N-3 opened", "10:00 1001 N-1 refused", "10:30 1003 N-1 opened")
    assert held("1003") == 0


def test_what_a_lock_tells_of_its_version_is_believed(blocked: Store, site_files: Path) -> None:
    visit(blocked, site_files, "09:00 1001 N-1 refused 1", "10:00 1004 N-8 learned -. 1")
    assert held("1001") == 1
    assert held("1004") == 1


def test_a_plan_reaches_no_lock(site: Store, site_files: Path, clock: Clock) -> None:
    block(site, "N-1", order=False)
    clock.advance(hours=12)
    contact(site, site_files, "N-3", "08:00")
    visit(site, site_files, "09:00 1001 N-3 opened")
    assert held("1000") == held("1001") == 0
    assert Exposure.get().open_locks == 12


def test_rows_may_come_late_and_out_of_order(blocked: Store, site_files: Path) -> None:
    contact(blocked, site_files, "N-3", "08:00")
    visit(blocked, site_files, "11:00 1007 N-4 opened")
    visit(blocked, site_files, "10:00 1001 N-4 opened", "09:00 1001 N-3 opened")
    assert held("1007") == 1


def test_importing_a_file_twice_changes_nothing(blocked: Store, site_files: Path) -> None:
    visit(blocked, site_files, "09:00 1001 N-3 opened 1", "10:00 1001 N-4 opened")
    before = list(Visit.select().tuples()), JournalRecord.select().count()
    report = import_visits(blocked, site_files / "visits.csv")
    assert (report.added, report.known) == (0, 2)
    assert (list(Visit.select().tuples()), JournalRecord.select().count()) == before


def test_a_later_report_of_the_same_visit_adds_the_version_that_was_missing(blocked: Store, site_files: Path) -> None:
    visit(blocked, site_files, "09:00 1001 N-1 refused")
    assert held("1001") == 0
    visit(blocked, site_files, "09:00 1001 N-1 refused 1")
    assert held("1001") == 1
    assert Visit.select().count() == 1


def test_a_lock_that_comes_to_another_zone_knows_nothing_of_its_list(blocked: Store, site_files: Path) -> None:
    contact(blocked, site_files, "N-3", "08:00")
    visit(blocked, site_files, "09:00 1001 N-3 opened")
    locks = (site_files / "locks.csv").read_text()
    (site_files / "locks.csv").write_text(locks.replace("1001;Dør 1;Oppgang 2;B", "1001;Dør 1;Oppgang 2;A"))
    import_site(blocked, site_files)
    assert held("1001") == 0


def test_versions_do_not_go_back_when_a_newer_contact_replaces_an_older_one(blocked: Store, site_files: Path) -> None:
    contact(blocked, site_files, "N-3", "08:00")
    visit(blocked, site_files, "09:00 1001 N-3 opened")
    contact(blocked, site_files, "N-3", "12:00")
    visit(blocked, site_files, "08:30 1003 N-2 opened")
    assert held("1001") == 1


def test_still_opens_counts_down_as_locks_learn(blocked: Store, site_files: Path, token: SoftwareToken) -> None:
    assert (Exposure.get().open_locks, Exposure.get().locks) == (11, 12)
    contact(blocked, site_files, "N-3", "08:00")
    visit(blocked, site_files, "09:00 1001 N-3 opened", "09:10 1004 N-3 opened")
    assert (Exposure.get().open_locks, Exposure.get().locks) == (9, 12)


def test_a_blocked_key_that_is_seen_is_a_sighting(blocked: Store, site_files: Path) -> None:
    visit(blocked, site_files, "06:00 1001 N-1 opened", "09:00 1004 N-1 refused", "09:30 1004 N-3 opened")
    (sighting,) = Sighting.select()
    assert (sighting.key, sighting.lock.serial, sighting.result) == (Key.get(Key.label == "N-1"), "1004", "refused")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("09:00 9999 N-1 opened", "line 2, column lock_serial: no lock has the serial “9999”"),
        ("09:00 1001 N-99 opened", "line 2, column key: no key has the label or serial “N-99”"),
        ("09:00 1001 N-1 danced", "line 2, column result: it holds “danced”; expected was opened, refused or learned"),
        ("19:00 1001 N-1 opened", "line 2, column at: 2026-11-24T19:00:00Z (UTC) lies in the future"),
        ("09:00 1001 N-1 opened 2", "line 2: version 2 of that zone's blocklist was never ordered"),
        ("09:00 1001 N-1 opened -. 2", "line 2: version 2 of that zone's blocklist was never ordered"),
        ("09:00 1001 N-1 opened -1", "line 2, column lock_version: it holds “-1”; expected was a version"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_imported(blocked: Store, site_files: Path, row: str, says: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        visit(blocked, site_files, row, "10:00 1001 N-3 opened")
    assert says in str(refused.value.faults[0])
    assert Visit.select().count() == 0


def test_the_columns_of_versions_may_be_missing(blocked: Store, site_files: Path) -> None:
    visit(blocked, site_files, "09:00 1001 N-3 opened", header="at;lock_serial;key;result\n")
    assert Visit.get().lock_version is None


def test_a_key_is_named_by_its_serial_too(blocked: Store, site_files: Path) -> None:
    visit(blocked, site_files, "09:00 1001 04a3 åpnet")
    assert (Visit.get().key.label, Visit.get().result) == ("N-3", "opened")


def test_ticking_off_a_visit_by_hand_teaches_the_lock(blocked: Store, clock: Clock) -> None:
    assert tick_off(blocked, "1001", "N-4") == 1
    assert held("1001") == 1
    assert JournalRecord.select().order_by(JournalRecord.number.desc()).first().action == "visit"


def test_only_a_key_that_carries_the_list_can_be_ticked_off(blocked: Store) -> None:
    with pytest.raises(NotACarrier):
        tick_off(blocked, "1001", "N-2")
    with pytest.raises(UnknownLock):
        tick_off(blocked, "9999", "N-4")


def test_a_blocked_key_cannot_be_ticked_off(blocked: Store) -> None:
    block(blocked, "N-4")
    with pytest.raises(BlockedCarrier, match="N-4 is blocked itself"):
        tick_off(blocked, "1001", "N-4")
    assert held("1001") == 0


def test_an_import_tells_how_far_it_is_in_reading_and_in_following(
    site: Store, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.advance(hours=12)
    monkeypatch.setattr("store.visits.CHUNK", 2)
    monkeypatch.setattr("store.spread.ROWS_A_REPORT", 2)
    rows = "".join(f"2026-11-24T08:{minute:02}:00Z;1003;N-2;opened;;\n" for minute in range(5))
    (tmp_path / "visits.csv").write_text(HEADER + rows)
    told: list[tuple[str, int, int]] = []
    import_visits(site, tmp_path / "visits.csv", lambda *step: told.append(step))
    assert [done for what, done, _total in told if what == "visits.csv"] == [2, 4, 5]
    assert [step for step in told if step[0] == FOLLOWED] == [(FOLLOWED, 2, 5), (FOLLOWED, 4, 5)]
