"""Heads that are noted elsewhere: a store that is put back or cut is found by itself, and nothing can be removed."""

import shutil
import syslog
from pathlib import Path

import pytest

from pkcs11_token.chain import Head
from store import blocklist, heads, journal
from store.blocklist import prepare_removal
from store.database import Store, open_store
from store.errors import HeadsUnreadable, JournalRolledBack
from store.terms import Reason, RemovalReason
from tests.store.software_token import SoftwareToken


@pytest.fixture
def noting(site: Store, token: SoftwareToken, tmp_path: Path) -> Store:
    return site._replace(heads_file=tmp_path / "heads")


def noted(store: Store) -> list[str]:
    assert store.heads_file is not None
    return store.heads_file.read_text().split()


def test_each_change_notes_the_head_in_a_file_of_its_owner(noting: Store) -> None:
    blocklist.add(noting, ["N-2"], order=True, reason=Reason.LOST)
    blocklist.add(noting, ["N-3"], order=False, reason=Reason.LOST)
    assert noted(noting)[-1] == str(journal.head())
    assert len(noted(noting)) == 2
    assert noting.heads_file is not None
    assert noting.heads_file.stat().st_mode & 0o777 == 0o600


def test_a_refusal_notes_nothing(noting: Store) -> None:
    with pytest.raises(Exception, match="no serial"):
        blocklist.add(noting, ["N-5"], order=True, reason=Reason.LOST)
    assert noting.heads_file is not None
    assert not noting.heads_file.exists()


def test_heads_go_to_the_system_log(site: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, str]] = []
    monkeypatch.setattr(syslog, "syslog", lambda priority, text: told.append((priority, text)))
    blocklist.add(site._replace(heads_to_syslog=True), ["N-2"], order=True, reason=Reason.LOST)
    assert told == [(syslog.LOG_AUTHPRIV | syslog.LOG_NOTICE, f"sperre: journal head {journal.head()}")]


def test_yesterdays_file_put_back_is_found_and_refuses_removals(noting: Store, token: SoftwareToken) -> None:
    blocklist.add(noting, ["N-2"], order=True, reason=Reason.LOST)
    noting.close()
    yesterday = noting.path.with_name("yesterday")
    shutil.copy(noting.path, yesterday)
    again = open_store(noting.path, "kari", clock=noting.clock)._replace(heads_file=noting.heads_file)
    blocklist.add(again, ["N-3"], order=True, reason=Reason.LOST)
    again.close()
    shutil.copy(yesterday, noting.path)
    back = open_store(noting.path, "kari", clock=noting.clock)._replace(heads_file=noting.heads_file)
    with pytest.raises(JournalRolledBack):
        prepare_removal(back, ["N-2"], order=True, reason=RemovalReason.FOUND)
    with pytest.raises(JournalRolledBack):
        token.remove(back, ["N-2"])
    heads.note(journal.head(), back.heads_file, to_syslog=False)
    assert token.remove(back, ["N-2"])


def test_adding_goes_on_after_a_rollback(noting: Store) -> None:
    heads.note(Head(99, "0" * 64), noting.heads_file, to_syslog=False)
    assert blocklist.add(noting, ["N-2"], order=True, reason=Reason.LOST)
    assert heads.is_rolled_back(noting.heads_file)
    assert len(noted(noting)) == 1


def test_a_file_that_cannot_be_read_has_its_words(noting: Store) -> None:
    assert noting.heads_file is not None
    noting.heads_file.write_text("hello\n")
    with pytest.raises(HeadsUnreadable):
        heads.require_noted(noting.heads_file)


def test_a_file_that_cannot_be_written_does_not_undo_the_change(noting: Store, tmp_path: Path) -> None:
    away = noting._replace(heads_file=tmp_path / "none" / "heads")
    assert blocklist.add(away, ["N-2"], order=True, reason=Reason.LOST)
