"""A site that asks for two different tokens for a removal (four eyes)."""

import json
import shutil
from pathlib import Path

import pytest

from console.configuration import change_settings, open_site, token_settings
from pkcs11_token.session import loaded_module, login
from pkcs11_token.soft_token import create_soft_token
from store.trust import commit_token_change, prepare_enrolment
from tests.commands.command_line import PIN, Sperre, everything, on_terminal

REMOVE = ("blocklist", "remove", "N-1", "--order", "--reason", "found")


@pytest.fixture
def two_tokens(token: Path, sperre: Sperre, tmp_path: Path) -> Path:
    """The site with a second enrolled token in its reader, both asked for, and N-1 on the blocklist."""
    second = create_soft_token(tmp_path / "second", "Deputy", PIN)
    with login(second, PIN) as deputy:
        public_key = deputy.public_key
    store = open_site()
    enrolment = prepare_enrolment(store, public_key, "Deputy", "ola")
    with login(token_settings(), PIN) as first:
        commit_token_change(store, enrolment, [first.sign(enrolment)])
    shutil.copytree(tmp_path / "second" / "tokens", token / "softhsm" / "tokens", dirs_exist_ok=True)
    loaded_module(second.module, fresh=True)
    change_settings(token="", tokens_required=2)
    assert sperre("blocklist", "add", "N-1", "--order").exit_code == 0
    return token


def test_a_removal_is_signed_by_both(two_tokens: Path, sperre: Sperre, pin_file: Path) -> None:
    result = sperre(*REMOVE, "--pin-file", pin_file, "--pin-file", pin_file)
    assert result.exit_code == 0
    signers = [line for line in result.stdout.splitlines() if line.startswith("Signed by token")]
    assert len(set(signers)) == 2
    assert json.loads(sperre("blocklist", "list", "--format", "json").stdout) == []
    assert sperre("journal", "verify").exit_code == 0


def test_each_pin_is_asked_for_with_the_name_of_its_token(two_tokens: Path) -> None:
    answers = {"PIN of the token Sperre": f"{PIN}\n", "PIN of the token Deputy": f"{PIN}\n"}
    assert on_terminal(*REMOVE, answers=answers).exit_code == 0


def test_the_operator_has_time_to_change_tokens(two_tokens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(two_tokens)
    monkeypatch.setenv("SPERRE_TOKEN", "Sperre")
    answers = {"PIN of the token Sperre": f"{PIN}\n", "Insert the second token": "\n"}
    terminal = on_terminal(*REMOVE, answers=answers)
    assert terminal.exit_code == 4
    assert everything(two_tokens) == before


@pytest.mark.parametrize(("label", "words"), [("", "no terminal to ask on"), ("Sperre", "two different tokens")])
def test_one_token_alone_removes_nothing(
    two_tokens: Path, sperre: Sperre, pin_file: Path, monkeypatch: pytest.MonkeyPatch, label: str, words: str
) -> None:
    before = everything(two_tokens)
    monkeypatch.setenv("SPERRE_TOKEN", label)
    result = sperre(*REMOVE, "--pin-file", pin_file)
    assert result.exit_code == 4
    assert words in result.stderr
    assert everything(two_tokens) == before
