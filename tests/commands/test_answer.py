"""`sperre exposure`, `walk-list`, `sightings`, `visits`, `status` and `zones history`."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from console import language
from console.configuration import open_site
from store.models import BlocklistEntry, JournalRecord, Key, Lock, Visit
from tests.commands.command_line import Sperre, everything


@pytest.fixture
def blocked(site: Path, sperre: Sperre) -> Path:
    """N-1 is blocked and ordered; A0 is networked, so four of five doors are still open to it."""
    assert sperre("blocklist", "add", "N-1", "--order").exit_code == 0
    return site


def rows(sperre: Sperre, *arguments: str) -> list[dict[str, Any]]:
    result = sperre(*arguments, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    return list(json.loads(result.stdout))


def visits_file(folder: Path, *lines: str) -> Path:
    file = folder / "visits.csv"
    file.write_text("\n".join(("at,lock_serial,key,result,lock_version", *lines)) + "\n")
    return file


def age_the_plan(hours: int) -> None:
    """The journal's times are what a plan is measured by; the chain is of no matter here."""
    with open_site().writing():
        BlocklistEntry.update(added_at=datetime.now(UTC) - timedelta(hours=hours)).execute()


def test_exposure_as_json_has_exactly_the_promised_fields(blocked: Path, sperre: Sperre) -> None:
    (row,) = rows(sperre, "exposure", "N-1")
    assert row == {
        "key": "N-1",
        "still_opens": ["A1", "A2", "A3", "A4"],
        "of": 5,
        "dies_by": None,
        "unreachable": ["A1", "A3"],
        "forecast": None,
        "last_sighting": None,
    }


def test_exposure_without_a_key_tells_of_all_that_are_blocked(blocked: Path, sperre: Sperre) -> None:
    sperre("blocklist", "add", "N-2", "--plan")
    assert [(row["key"], len(row["still_opens"])) for row in rows(sperre, "exposure")] == [("N-1", 4), ("N-2", 5)]


def test_exposure_of_all_blocked_keys_is_one_table(blocked: Path, sperre: Sperre) -> None:
    sperre("blocklist", "add", "N-2", "--plan")
    header, first, second = sperre("exposure").stdout.splitlines()
    assert header.split() == ["Key", "Still", "opens", "Of", "Stops", "by", "itself", "Seen", "Person"]
    assert first.split()[:4] == ["N-1", "4", "5", "never"]
    assert second.split()[:4] == ["N-2", "5", "5", "never"]


def test_exposure_in_words_names_each_door_and_when_its_lock_will_know(blocked: Path, sperre: Sperre) -> None:
    result = sperre("exposure", "N-1")
    assert result.exit_code == 0
    assert "STILL OPENS 4 OF 5 DOORS · never stops by itself · not seen since" in result.stdout
    assert "Dør 1 (A1): nobody goes there" in result.stdout
    assert "Dør 2 (A2): too little history" in result.stdout
    language.use("nb")
    assert "ÅPNER FORTSATT 4 AV 5 DØRER" in sperre("exposure", "N-1").stdout


def test_exposure_of_an_unknown_key_is_refused(blocked: Path, sperre: Sperre) -> None:
    result = sperre("exposure", "N-99")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == "No key has the label or serial N-99. Nothing was changed. See: sperre keys list\n"


def test_imported_visits_teach_locks_and_show_sightings(blocked: Path, sperre: Sperre, tmp_path: Path) -> None:
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    file = visits_file(tmp_path, f"{now},A1,N-1,opened,1", f"{now},A2,N-2,opened,1")
    result = sperre("visits", "import", file)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "2 visits added, 0 were known."
    assert "1 of them is a sighting of a blocked key" in result.stdout
    (row,) = rows(sperre, "exposure", "N-1")
    assert row["still_opens"] == ["A3", "A4"]
    assert row["last_sighting"] == {"at": now, "lock": "Dør 1", "place": "Oppgang 1", "result": "opened"}
    (seen,) = rows(sperre, "sightings", "list")
    assert (seen["key"], seen["lock"], seen["result"]) == ("N-1", "Dør 1", "opened")
    assert sperre("visits", "import", file).stdout == "0 visits added, 2 were known.\n"


def test_a_faulty_file_of_visits_changes_nothing(blocked: Path, sperre: Sperre, tmp_path: Path) -> None:
    before = everything(blocked)
    result = sperre("visits", "import", visits_file(tmp_path, "yesterday,A1,N-1,opened,", "2026-11-01,A1,N-2,opened,"))
    assert result.exit_code == 3
    assert "visits.csv, line 2, column at: it holds “yesterday”" in result.stderr
    assert result.stderr.splitlines()[-1] == "Nothing was imported. Faults in the files: 1."
    assert everything(blocked) == before


def test_the_walk_list_is_text_for_a_printer_of_80_columns(blocked: Path, sperre: Sperre) -> None:
    result = sperre("walk-list", "--all")
    assert "Take along:\n  N-2  Phone key 2, Åse Ødegård\n" in result.stdout
    assert "  [ ] Dør 2 (A2)" in result.stdout
    with open_site().writing():
        Key.update(name="Key " * 40).execute()
        Lock.update(name="Door " * 40, place="Place " * 40).execute()
    assert {len(line) <= 80 for line in sperre("walk-list", "--all").stdout.splitlines()} == {True}


def test_the_walk_list_as_csv_has_a_row_a_lock(blocked: Path, sperre: Sperre) -> None:
    found = list(csv.DictReader(io.StringIO(sperre("walk-list", "--format", "csv").stdout)))
    assert {row["lock_serial"] for row in found} == {"A1", "A2", "A3", "A4"}
    assert {(row["keys"], row["holders"]) for row in found if row["zone"] == "Blokk B"} == {("", "")}
    assert {(row["keys"], row["holders"]) for row in found if row["zone"] == "Blokk A"} == {("N-2", "Åse Ødegård")}


def test_a_visit_is_ticked_off(blocked: Path, sperre: Sperre) -> None:
    result = sperre("visits", "done", "a2", "--key", "N-2")
    assert (result.exit_code, result.stdout) == (0, "Lock A2 holds version 1 now.\n")
    assert rows(sperre, "exposure", "N-1")[0]["still_opens"] == ["A1", "A3", "A4"]
    assert sperre("visits", "done", "A1", "--key", "N-2").exit_code == 3
    assert sperre("journal", "verify").exit_code == 0
    assert JournalRecord.select().where(JournalRecord.action == "visit").count() == 1


def test_status_is_one_line_and_ends_with_3_when_a_plan_was_forgotten(site: Path, sperre: Sperre) -> None:
    assert (sperre("status").exit_code, sperre("status").stdout) == (0, "All blocklists are ordered.\n")
    sperre("blocklist", "add", "N-1", "--plan")
    assert sperre("status").exit_code == 0
    age_the_plan(5)
    result = sperre("status")
    assert result.exit_code == 3
    assert result.stdout == (
        "The blocklists of Blokk A and Blokk B are under planning for 5 hours: no lock knows of it."
        " Order it: sperre blocklist order\n"
    )
    (row,) = json.loads(sperre("status", "--format", "json").stdout)
    assert (row["plans"], row["forgotten"]) == (["Blokk A", "Blokk B"], True)


@pytest.mark.parametrize(("hours", "code", "word"), [(None, 0, "OK"), (1, 1, "WARNING"), (5, 2, "CRITICAL")])
def test_status_speaks_as_nagios_expects(site: Path, sperre: Sperre, hours: int | None, code: int, word: str) -> None:
    if hours:
        sperre("blocklist", "add", "N-1", "--plan")
        age_the_plan(hours)
    result = sperre("status", "--nagios")
    assert (result.exit_code, result.stdout.split(" - ")[0]) == (code, f"SPERRE {word}")


def test_after_how_many_hours_a_plan_is_forgotten_is_a_setting(
    site: Path, sperre: Sperre, monkeypatch: pytest.MonkeyPatch
) -> None:
    sperre("blocklist", "add", "N-1", "--plan")
    age_the_plan(5)
    monkeypatch.setenv("SPERRE_PLAN_HOURS", "6")
    assert sperre("status").exit_code == 0


def test_the_history_of_a_list_and_how_two_versions_differ(blocked: Path, sperre: Sperre) -> None:
    sperre("blocklist", "add", "N-2", "--plan")
    found = rows(sperre, "zones", "history", "Blokk A")
    assert [(row["version"], row["action"], row["key"]) for row in found] == [(2, "add", "N-2"), (1, "add", "N-1")]
    assert found[0]["ordered_at"] is None
    assert rows(sperre, "zones", "history", "Blokk A", "--from", "1") == [{"action": "add", "key": "N-2"}]
    assert sperre("zones", "history", "Blokk A", "--from", "9").stderr.startswith("The blocklist of Blokk A has no")
    assert sperre("zones", "history", "Blokk Z").exit_code == 3


def test_locks_tell_whether_they_are_up_to_date(blocked: Path, sperre: Sperre) -> None:
    with open_site().writing():
        Visit.create(
            at="2026-11-20T10:00:00Z",
            lock=Lock.get(Lock.serial == "A2"),
            key=Key.get(Key.label == "N-2"),
            result="opened",
        )
    found = {row["serial"]: row for row in rows(sperre, "locks", "list")}
    assert [found[serial]["up_to_date"] for serial in ("A0", "A1")] == [True, False]
    assert found["A2"]["last_visit"] == "2026-11-20T10:00:00Z"
