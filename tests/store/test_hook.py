"""The hook and the outbox: a slow or failing hook undoes nothing, and no older list replaces a newer one."""

import sys
from pathlib import Path
from time import monotonic

import pytest

from pkcs11_token.list_file import read_ca, read_list
from store import outbox
from store.database import Store
from store.errors import FileUnwritable, HookFailed
from store.hook import run_hook
from tests.store.test_outbox import block, flush

FAILS = (sys.executable, "-c", "import sys; sys.exit('no line')")
WORKS = (sys.executable, "-c", "")


def versions(site: Store) -> dict[str, int]:
    """Which version each of zone A's files holds."""
    folder = outbox.folder_of(site)
    ca = read_ca((folder / "ca.pem").read_bytes(), "ca.pem")
    return {path.name: read_list(path.read_bytes(), ca, path.name).version for path in folder.glob("A*.crl")}


def test_an_older_list_that_waits_for_the_hook_does_not_replace_a_newer(site: Store) -> None:
    block(site, "N-2")
    with pytest.raises(HookFailed):
        flush(site, *FAILS)
    block(site, "N-1")
    with pytest.raises(HookFailed):
        flush(site, *FAILS)
    assert versions(site) == {"A.crl": 2, "A-1.crl": 1, "A-2.crl": 2}
    kept = (outbox.folder_of(site) / "A-1.crl").read_bytes()
    flush(site, *WORKS)
    assert outbox.waiting(site) == []
    assert versions(site) == {"A.crl": 2, "A-1.crl": 1, "A-2.crl": 2}
    assert (outbox.folder_of(site) / "A-1.crl").read_bytes() == kept, "a list that was issued stays as it is"


def test_two_orders_that_waited_leave_the_newest_list(site: Store) -> None:
    block(site, "N-2")
    block(site, "N-1")
    flush(site)
    assert versions(site) == {"A.crl": 2, "A-1.crl": 1, "A-2.crl": 2}


def test_a_list_that_cannot_be_written_is_told_of_and_the_others_are_written(site: Store) -> None:
    block(site, "N-1")
    folder = outbox.folder_of(site)
    (folder / "A.crl").mkdir(parents=True)
    with pytest.raises(FileUnwritable):
        flush(site)
    (row,) = outbox.waiting(site)
    assert (row.zone, row.version, row.written) == ("A", 1, False)
    assert "Is a directory" in row.failure
    (folder / "A.crl").rmdir()
    assert flush(site) == 1
    assert versions(site) == {"A.crl": 1, "A-1.crl": 1}


def test_what_a_hook_says_is_kept_in_the_log(site: Store) -> None:
    block(site, "N-2")
    with pytest.raises(HookFailed):
        flush(site, *FAILS)
    assert "no line" in (site.path.parent / "hook.log").read_text()
    assert (site.path.parent / "hook.log").stat().st_mode & 0o777 == 0o600


def test_a_hook_that_does_not_end_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    begun = monotonic()
    why = run_hook(["sh", "-c", "echo begun; sleep 60 & wait"], [], tmp_path / "log", seconds=0.3)
    assert why == "it did not end in time and was stopped"
    assert monotonic() - begun < 5
    assert "begun" in (tmp_path / "log").read_text()


def test_a_hook_that_leaves_something_running_has_ended(tmp_path: Path) -> None:
    begun = monotonic()
    assert run_hook(["sh", "-c", "sleep 3 & exit 0"], [], tmp_path / "log") == ""
    assert monotonic() - begun < 2


def test_no_shell_reads_what_a_file_is_called(tmp_path: Path) -> None:
    hostile = tmp_path / "$(touch gone);`touch gone`&.crl"
    assert run_hook(["sh", "-c", 'printf "%s" "$1"; exit 1', "hook"], [hostile], tmp_path / "log") == str(hostile)[:200]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log"]
