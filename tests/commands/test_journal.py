"""`sperre journal list`, `head` and `verify`."""

import json
import re
import sqlite3
from pathlib import Path

import pytest

from console.configuration import open_site
from pkcs11_token.chain import Head
from store import journal
from tests.commands.command_line import Sperre, in_process


@pytest.fixture
def worked(site: Path, sperre: Sperre) -> Path:
    """Three records: an addition with its order, and a plan."""
    assert sperre("blocklist", "add", "N-1", "--order").exit_code == 0
    assert sperre("blocklist", "add", "N-2", "--plan", "--reason", "stolen").exit_code == 0
    return site


def last_head() -> Head:
    with open_site().connected():
        return journal.head()


def test_the_journal_is_listed_newest_first_in_sentences(worked: Path, sperre: Sperre) -> None:
    _, newest, middle, first = sperre("journal", "list").stdout.splitlines()
    assert newest.split()[0] == "3"
    assert newest.endswith("N-2 added to Blokk A v2, Blokk B v2: stolen")
    assert middle.endswith("Blokk A v1, Blokk B v1 ordered")
    assert first.endswith("N-1 added to Blokk A v1, Blokk B v1: lost")


def test_the_journal_as_json_holds_what_was_recorded(worked: Path, sperre: Sperre) -> None:
    newest = json.loads(sperre("journal", "list", "--format", "json").stdout)[0]
    assert (newest["number"], newest["action"], newest["details"]["reason"]) == (3, "add", "stolen")
    assert list(newest) == ["number", "at", "operator", "action", "details"]


def test_the_head_is_the_number_and_hash_that_a_verification_ends_with(worked: Path, sperre: Sperre) -> None:
    head = sperre("journal", "head").stdout.strip()
    assert re.fullmatch(r"3:([0-9a-f]{4}-){4}[0-9a-f]{4}", head)
    assert last_head().short == head
    assert sperre("journal", "verify").stdout.splitlines()[-1] == f"Head: {head}"


@pytest.mark.parametrize(
    ("forgery", "words"),
    [
        ("UPDATE journal SET operator = 'ola' WHERE number = 2", "Journal record 2 was edited"),
        ("DELETE FROM journal WHERE number = 2", "Journal record 2 is missing"),
        ("DELETE FROM blocklist_entry WHERE version_in = 2 AND zone_id = 1", "Blokk A"),
    ],
)
def test_a_forgery_ends_verification_with_3_and_one_line(worked: Path, forgery: str, words: str) -> None:
    with sqlite3.connect(worked / "store.sqlite") as thief:
        for (trigger,) in thief.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            thief.execute(f"DROP TRIGGER {trigger}")
        thief.execute(forgery)
    done = in_process("journal", "verify")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert words in done.stderr


def test_a_journal_that_was_put_back_is_accepted_after_a_look(
    token: Path, sperre: Sperre, pin_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "heads").write_text(f"99:{'0' * 64}\n")
    monkeypatch.setenv("SPERRE_HEADS_FILE", str(tmp_path / "heads"))
    assert sperre("blocklist", "add", "N-1", "--order").exit_code == 0
    removal = ("blocklist", "remove", "N-1", "--order", "--reason", "found", "--pin-file", pin_file)
    refused = sperre(*removal)
    assert (refused.exit_code, "sperre journal accept" in refused.stderr) == (3, True)
    assert sperre("journal", "accept").exit_code == 0
    assert sperre(*removal).exit_code == 0
    assert (tmp_path / "heads").read_text().split()[-1] == str(last_head())


def test_a_noted_head_is_looked_for_as_it_was_written_down(token: Path, sperre: Sperre, tmp_path: Path) -> None:
    sperre("journal", "export", tmp_path / "journal.jsonl")
    short, whole = last_head().short, str(last_head())
    grouped = short.replace("-", " ").replace(":", ": ").upper()
    for noted in (
        short,
        short.upper(),
        short.replace("-", ":"),
        short.replace("-", ""),
        grouped,
        whole[:30],
        whole,
        whole.upper(),
    ):
        assert sperre("journal", "verify", "--head", noted).exit_code == 0, noted
        assert sperre("journal", "verify", tmp_path / "journal.jsonl", "--head", noted).exit_code == 0, noted


def test_a_noted_head_that_is_not_in_the_journal_is_found(token: Path, sperre: Sperre) -> None:
    short = last_head().short
    other = short[:-1] + ("0" if short[-1] != "0" else "1")
    for noted in (other, f"99:{'0' * 64}"):
        refused = sperre("journal", "verify", "--head", noted)
        assert (refused.exit_code, "was noted is not in the journal" in refused.stderr) == (3, True), noted


def test_what_is_no_head_or_too_short_a_one_is_a_usage_error(token: Path, sperre: Sperre) -> None:
    short, whole = last_head().short, str(last_head())
    for noted in ("", "nothing", short[:-1], whole + "0", short.partition(":")[2], f"x{short}", f"{short[:-1]}g"):
        assert sperre("journal", "verify", "--head", noted).exit_code == 2, noted


def test_an_exported_journal_is_proved_without_the_store(
    token: Path, sperre: Sperre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sperre("journal", "export", tmp_path / "journal.jsonl").exit_code == 0
    monkeypatch.setenv("SPERRE_HOME", str(tmp_path / "elsewhere"))
    assert sperre("journal", "verify", tmp_path / "journal.jsonl").exit_code == 0
    assert sperre("journal", "verify", tmp_path / "journal.jsonl", "--root", "00" * 32).exit_code == 3
    assert sperre("journal", "export", tmp_path / "none" / "x").exit_code == 5
