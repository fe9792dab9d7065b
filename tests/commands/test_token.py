"""`sperre token init` and `status`."""

from pathlib import Path

import pytest

from console.configuration import settings
from tests.commands.command_line import PIN, Sperre, everything, in_process, on_terminal, written_pin


def test_init_makes_a_token_that_counts_and_configures_it(site: Path, sperre: Sperre, pin_file: Path) -> None:
    result = sperre("token", "init", "--pin-file", pin_file, "--user", "Kari")
    assert result.exit_code == 0
    root = settings().token_root
    assert root.upper() in result.stdout.replace(":", "")
    assert settings().token_module.endswith("libsofthsm2.so")
    status = sperre("token", "status")
    assert status.exit_code == 0
    assert "of Kari" in status.stdout
    assert "Present: token Sperre" in status.stdout
    assert f"enrolled as {root[:2].upper()}:" in status.stdout
    assert sperre("journal", "verify").exit_code == 0


def test_init_asks_twice_for_a_hidden_pin_on_a_terminal(home: Path) -> None:
    answers = {"PIN for the new token": f"{PIN}\n", "The same PIN again": f"{PIN}\n"}
    terminal = on_terminal("token", "init", answers=answers)
    assert terminal.exit_code == 0
    assert PIN not in terminal.screen
    assert "Keep the fingerprint on paper" in terminal.screen


def test_init_asks_anew_when_the_pins_differ(home: Path) -> None:
    answers = {"PIN for the new token": "111111\n", "The same PIN again": "222222\n", "do not match": "\x03"}
    terminal = on_terminal("token", "init", answers=answers)
    assert terminal.exit_code == 130
    assert "111111" not in terminal.screen
    assert not (home / "softhsm").exists()


def test_init_is_refused_where_a_token_is_enrolled(token: Path, sperre: Sperre, pin_file: Path) -> None:
    before = everything(token)
    result = sperre("token", "init", "--pin-file", pin_file)
    assert result.exit_code == 3
    assert "is enrolled already" in result.stderr
    assert everything(token) == before


def test_init_is_refused_where_a_soft_token_lies(site: Path, sperre: Sperre, pin_file: Path) -> None:
    (site / "softhsm").mkdir()
    (site / "softhsm" / "kept").touch()
    result = sperre("token", "init", "--pin-file", pin_file)
    assert result.exit_code == 4
    assert "There is a soft token already" in result.stderr
    assert (site / "softhsm" / "kept").exists()


def test_init_is_refused_without_softhsm_with_the_name_of_the_package(
    site: Path, sperre: Sperre, pin_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pkcs11_token.soft_token.MODULES", ())
    result = sperre("token", "init", "--pin-file", pin_file)
    assert result.exit_code == 4
    assert "softhsm2" in result.stderr


@pytest.mark.parametrize(
    ("pin", "mode", "words"), [("12", 0o600, "too short"), (PIN, 0o640, "chmod 600"), ("", 0o600, "empty")]
)
def test_an_init_that_fails_leaves_nothing_and_can_be_tried_again(
    site: Path, sperre: Sperre, tmp_path: Path, pin_file: Path, pin: str, mode: int, words: str
) -> None:
    before = everything(site)
    written_pin(tmp_path / "bad", pin).chmod(mode)
    result = sperre("token", "init", "--pin-file", tmp_path / "bad")
    assert result.exit_code == 4
    assert words in result.stderr
    assert everything(site) == before
    assert not (site / "softhsm").exists()
    assert not (site / "config.toml").exists()
    assert sperre("token", "init", "--pin-file", pin_file).exit_code == 0


def test_init_without_a_terminal_and_a_pin_file_ends_with_4(home: Path) -> None:
    done = in_process("token", "init")
    assert done.returncode == 4
    assert "--pin-file" in done.stderr


def test_the_pin_is_nowhere_but_in_its_file(token: Path, sperre: Sperre) -> None:
    for path in token.rglob("*"):
        assert path.is_dir() or PIN.encode() not in path.read_bytes(), path


def test_status_before_anything_is_set_up(site: Path, sperre: Sperre) -> None:
    result = sperre("token", "status")
    assert result.exit_code == 0
    assert "No token is set up" in result.stdout
    assert "nothing can be removed" in result.stdout


def test_status_of_a_module_that_cannot_be_loaded(token: Path, sperre: Sperre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPERRE_TOKEN_MODULE", "/nonexistent.so")
    result = sperre("token", "status")
    assert result.exit_code == 4
    assert "Enrolled: token" in result.stdout
    assert "/nonexistent.so cannot be loaded" in result.stderr


def test_status_tells_that_a_token_is_not_present(token: Path, sperre: Sperre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPERRE_TOKEN", "Another")
    assert "No token is present." in sperre("token", "status").stdout


def test_status_tells_of_a_wrong_pin(token: Path, sperre: Sperre, tmp_path: Path) -> None:
    sperre("blocklist", "add", "N-1", "--order")
    wrong = written_pin(tmp_path / "wrong", "000000")
    assert sperre("blocklist", "remove", "N-1", "--plan", "--reason", "found", "--pin-file", wrong).exit_code == 4
    assert "a wrong PIN was typed" in sperre("token", "status").stdout
