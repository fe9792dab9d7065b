"""`sperre blocklist add`, `order` and `remove`: what they do, what they refuse, and what they say."""

import json
from pathlib import Path
from typing import Any

import pytest

from console.commands.signing import Signature, signed
from console.language import in_every_language
from store.terms import Reason
from tests.commands.command_line import PIN, Sperre, everything, in_process, on_terminal, written_pin


def listed(sperre: Sperre, *options: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(sperre("blocklist", "list", "--format", "json", *options).stdout)
    return rows


def statuses(sperre: Sperre, *options: str) -> dict[str, str]:
    return {row["key_label"]: row["status"] for row in listed(sperre, *options)}


def test_adding_with_plan_leaves_the_lists_under_planning_and_says_how_to_order(site: Path, sperre: Sperre) -> None:
    result = sperre("blocklist", "add", "N-1", "--plan", "--note", "in the taxi")
    assert result.exit_code == 0
    assert "Phone key 1 (N-1) of Kåre Sæther" in result.stdout
    assert "Under planning" in result.stdout
    assert "Blokk A (version 1) and Blokk B (version 1)" in result.stdout
    assert "sperre blocklist order" in result.stdout
    (row,) = listed(sperre)
    assert (row["status"], row["reason"], row["note"]) == ("under planning", "lost", "in the taxi")


def test_adding_with_order_needs_no_token_and_orders_at_once(site: Path, sperre: Sperre) -> None:
    result = sperre("blocklist", "add", "N-1", "b002", "--order", "--reason", "stolen")
    assert result.exit_code == 0
    assert "Ordered" in result.stdout
    assert "sperre blocklist order" not in result.stdout
    assert statuses(sperre) == {"N-1": "ordered", "N-2": "ordered"}
    assert {row["reason"] for row in listed(sperre)} == {"stolen"}


@pytest.mark.parametrize("way", [[], ["--plan", "--order"]])
def test_neither_or_both_of_plan_and_order_is_a_usage_error_that_names_both(
    site: Path, sperre: Sperre, way: list[str]
) -> None:
    before = everything(site)
    result = sperre("blocklist", "add", "N-1", *way)
    assert result.exit_code == 2
    assert "--plan" in result.stderr
    assert "--order" in result.stderr
    assert everything(site) == before


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_taken_in_every_language(site: Path, sperre: Sperre, reason: Reason) -> None:
    for key, word in zip(("N-1", "N-2"), sorted(in_every_language(reason)), strict=False):
        assert sperre("blocklist", "add", key, "--plan", "--reason", word.upper()).exit_code == 0
    assert {row["reason"] for row in listed(sperre)} == {reason}


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (["N-1"], 3, "N-1 is on the blocklist already"),
        (["N-2", "N-1"], 3, "N-1 is on the blocklist already"),
        (["N-5"], 3, "returned and emptied"),
        (["N-6"], 3, "never made"),
        (["N-99"], 3, "No key has the label or serial N-99"),
        (["N-2", "--reason", "eaten"], 2, "eaten is not a reason. Choose one of: lost, stolen"),
        (["N-2", "--note", "x" * 201], 3, "at most 200"),
        ([], 2, "Name at least one key"),
    ],
)
def test_an_addition_that_is_refused_changes_nothing(
    site: Path, sperre: Sperre, arguments: list[str], exit_code: int, words: str
) -> None:
    sperre("blocklist", "add", "N-1", "--plan")
    before = everything(site)
    result = sperre("blocklist", "add", *arguments, "--plan")
    assert result.exit_code == exit_code
    assert words in result.stderr
    assert result.stdout == ""
    assert everything(site) == before


def test_a_full_list_is_refused(site: Path, sperre: Sperre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPERRE_LIST_LIMIT", "1")
    before = everything(site)
    result = sperre("blocklist", "add", "N-1", "N-2", "--order")
    assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
    assert "at most 1 fit" in result.stderr
    assert everything(site) == before


def test_ordering_one_zone_leaves_the_key_under_planning_until_the_other_is_ordered(site: Path, sperre: Sperre) -> None:
    sperre("blocklist", "add", "N-1", "--plan")
    result = sperre("blocklist", "order", "--zone", "Blokk A")
    assert result.exit_code == 0
    assert "Blokk A, version 1: adds Phone key 1 (N-1)" in result.stdout
    assert "Blokk B" not in result.stdout
    assert statuses(sperre) == {"N-1": "under planning"}
    assert sperre("blocklist", "order").exit_code == 0
    assert statuses(sperre) == {"N-1": "ordered"}


@pytest.mark.parametrize(
    ("zone", "words"), [([], "nothing to order"), (["--zone", "Blokk C"], "There is no zone Blokk C")]
)
def test_an_order_that_is_refused_changes_nothing(site: Path, sperre: Sperre, zone: list[str], words: str) -> None:
    before = everything(site)
    result = sperre("blocklist", "order", *zone)
    assert result.exit_code == 3
    assert words in result.stderr
    assert everything(site) == before


def test_removal_with_the_token_says_which_one_signed(token: Path, sperre: Sperre, pin_file: Path) -> None:
    sperre("blocklist", "add", "N-1", "N-2", "--order")
    result = sperre("blocklist", "remove", "N-1", "--plan", "--reason", "found", "--pin-file", pin_file)
    assert result.exit_code == 0
    assert "Signed by token " in result.stdout
    assert statuses(sperre) == {"N-1": "removal under planning", "N-2": "ordered"}
    assert sperre("blocklist", "order").exit_code == 0
    assert statuses(sperre) == {"N-2": "ordered"}
    assert statuses(sperre, "--all") == {"N-1": "removed", "N-2": "ordered"}
    assert sperre("journal", "verify").exit_code == 0


def test_removal_asks_for_the_pin_hidden_on_a_terminal(token: Path, sperre: Sperre) -> None:
    sperre("blocklist", "add", "N-1", "--order")
    remove = ("blocklist", "remove", "N-1", "--order", "--reason", "found")
    terminal = on_terminal(*remove, answers={"PIN of the token Sperre": f"{PIN}\n"})
    assert terminal.exit_code == 0
    assert "Signed by token" in terminal.screen
    assert PIN not in terminal.screen
    assert statuses(sperre) == {}


@pytest.mark.parametrize("answer", ["\x03", "\x04"])
def test_giving_up_at_the_pin_changes_nothing(token: Path, sperre: Sperre, answer: str) -> None:
    sperre("blocklist", "add", "N-1", "--order")
    before = everything(token)
    remove = ("blocklist", "remove", "N-1", "--order", "--reason", "found")
    terminal = on_terminal(*remove, answers={"PIN of the token": answer})
    assert terminal.exit_code == 130
    assert "Traceback" not in terminal.screen
    assert everything(token) == before


def test_a_removal_that_another_operator_overtakes_tells_what_was_done_and_changes_nothing(
    token: Path, sperre: Sperre, pin_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sperre("blocklist", "add", "N-1", "--order").exit_code == 0

    def signed_meanwhile(*arguments: Any) -> list[Signature]:
        signatures = signed(*arguments)
        assert in_process("blocklist", "add", "N-2", "--plan").returncode == 0
        return signatures

    monkeypatch.setattr("console.commands.blocklist.signed", signed_meanwhile)
    removal = ("blocklist", "remove", "N-1", "--order", "--reason", "found", "--pin-file", pin_file)
    refused = sperre(*removal)
    assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (3, "", 1)
    assert "Meanwhile this was done: N-2 added to Blokk A v2, Blokk B v2: lost (" in refused.stderr
    monkeypatch.setattr("console.commands.blocklist.signed", signed)
    assert sperre(*removal).exit_code == 0


def test_a_removal_without_a_token_is_refused_before_a_pin_is_asked(site: Path, sperre: Sperre, tmp_path: Path) -> None:
    sperre("blocklist", "add", "N-1", "--order")
    before = everything(site)
    result = sperre("blocklist", "remove", "N-1", "--order", "--reason", "found", "--pin-file", tmp_path / "none")
    assert result.exit_code == 4
    assert "No token is enrolled" in result.stderr
    assert everything(site) == before


def test_a_removal_with_another_token_than_the_enrolled_one_is_refused(
    token: Path, sperre: Sperre, pin_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sperre("blocklist", "add", "N-1", "--order")
    before = everything(token)
    monkeypatch.setenv("SPERRE_TOKEN", "Another")
    result = sperre("blocklist", "remove", "N-1", "--order", "--reason", "found", "--pin-file", pin_file)
    assert result.exit_code == 4
    assert "No token Another is found" in result.stderr
    assert everything(token) == before


def test_a_removal_that_needs_two_tokens_is_refused_before_a_pin_when_only_one_is_enrolled(
    token: Path, sperre: Sperre, monkeypatch: pytest.MonkeyPatch
) -> None:
    sperre("blocklist", "add", "N-1", "--order")
    before = everything(token)
    monkeypatch.setenv("SPERRE_TOKENS_REQUIRED", "2")
    result = sperre("blocklist", "remove", "N-1", "--order", "--reason", "found")
    assert result.exit_code == 4
    assert "two different tokens" in result.stderr
    assert everything(token) == before


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (["N-2", "--order", "--reason", "found"], 3, "N-2 is not on the blocklist"),
        (["N-1", "--order", "--reason", "lost"], 2, "lost is not a reason"),
        (["N-1", "--reason", "found"], 2, "--plan"),
        (["N-1", "--order"], 2, "Missing option '--reason'"),
        (["N-1", "--order", "--reason", "found"], 4, "no terminal to ask on"),
        (["N-1", "--order", "--reason", "found", "--pin-file", "wrong"], 4, "The PIN is wrong"),
        (["N-1", "--order", "--reason", "found", "--pin-file", "open"], 4, "chmod 600"),
        (["N-1", "--order", "--reason", "found", "--pin-file", "absent"], 4, "cannot be read"),
    ],
)
def test_a_removal_that_is_refused_changes_nothing(
    token: Path,
    sperre: Sperre,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    exit_code: int,
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    written_pin(tmp_path / "wrong", "000000")
    written_pin(tmp_path / "open", PIN).chmod(0o644)
    sperre("blocklist", "add", "N-1", "--order")
    before = everything(token)
    result = sperre("blocklist", "remove", *arguments)
    assert result.exit_code == exit_code
    assert words in result.stderr
    assert PIN not in result.output
    assert everything(token) == before


def test_all_keys_of_a_person_that_can_be_blocked_are_added(site: Path, sperre: Sperre) -> None:
    assert sperre("blocklist", "add", "--person", "Åse Ødegård", "--plan").exit_code == 0
    rows = json.loads(sperre("blocklist", "list", "--format", "json").stdout)
    assert sorted(row["key_label"] for row in rows) == ["N-2", "N-4"]


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--person", "Nobody", "--plan"], 3), (["--plan"], 2), (["--person", "P0", "--order"], 0)]
)
def test_a_person_is_named_by_id_or_whole_name(site: Path, sperre: Sperre, arguments: list[str], code: int) -> None:
    assert sperre("blocklist", "add", *arguments).exit_code == code
