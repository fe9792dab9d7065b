"""How commands end: exit codes, one line on stderr, and never a traceback."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from console.commands import keys as keys_command
from console.commands.endings import ended_in_words
from console.widgets.text import STAND_IN
from pkcs11_token.errors import SperreError
from tests.commands.command_line import COMMAND, Sperre, in_process, on_terminal
from tests.hostile import ACTS, NAMES


def test_what_is_done_ends_with_0(site: Path, sperre: Sperre) -> None:
    assert sperre("zones", "list").exit_code == 0


@pytest.mark.parametrize("arguments", [["nonsense"], ["blocklist"], ["zones", "list", "--nonsense"], ["--lang", "fr"]])
def test_wrong_usage_ends_with_2_and_says_where_help_is(site: Path, arguments: list[str]) -> None:
    done = in_process(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "sperre" in done.stderr
    assert "--help" in done.stderr


def test_a_refusal_ends_with_3_and_one_line(site: Path) -> None:
    done = in_process("blocklist", "order")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "Every blocklist is ordered already: there is nothing to order.\n"


def test_a_missing_store_ends_with_5_and_makes_nothing(home: Path) -> None:
    for arguments in ([], ["keys", "list"], ["blocklist", "add", "N-1", "--plan"], ["journal", "verify"]):
        done = in_process(*arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (5, "", 1)
        assert str(home / "store.sqlite") in done.stderr
    assert not home.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("site = ", "The configuration cannot be used"),
        ("sight = 1", "has no setting sight"),
        ("list_limit = 0", "list_limit holds 0"),
    ],
)
def test_a_configuration_that_cannot_be_used_ends_with_5(site: Path, content: str, words: str) -> None:
    (site / "config.toml").write_text(content)
    done = in_process("keys", "list")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (5, "", 1)
    assert words in done.stderr
    assert in_process("--help").returncode == 0


def test_a_file_that_is_no_store_ends_with_5(home: Path) -> None:
    home.mkdir()
    (home / "store.sqlite").write_text("not a database")
    done = in_process("keys", "list")
    assert (done.returncode, done.stderr.count("\n")) == (5, 1)
    assert "cannot be used" in done.stderr


def test_something_unexpected_ends_with_5_and_a_log_for_the_owner_alone(
    site: Path, sperre: Sperre, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        local_value = "4711-in-a-local"
        raise RuntimeError(len(local_value))

    monkeypatch.setattr(keys_command, "open_site", fail)
    result = sperre("keys", "list")
    log = site / "sperre.log"
    assert (result.exit_code, result.stdout) == (5, "")
    assert result.stderr == f"Something unexpected failed. The details are in the log {log}.\n"
    assert "RuntimeError" in log.read_text()
    assert "Traceback" in log.read_text()
    assert "4711-in-a-local" not in log.read_text().replace('local_value = "4711-in-a-local"', "")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_log_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SPERRE_HOME", str(tmp_path / "file"))
    with pytest.raises(SystemExit) as ended, ended_in_words():
        raise RuntimeError
    assert ended.value.code == 5
    assert "cannot be written" in capsys.readouterr().err


def test_a_file_that_fails_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, ended_in_words():
        Path("/nonexistent/file").read_text()
    assert (ended.value.code, capsys.readouterr().err) == (
        5,
        "/nonexistent/file cannot be used: No such file or directory.\n",
    )


def test_an_error_is_one_inert_line(capsys: pytest.CaptureFixture[str]) -> None:
    class Refused(SperreError):
        template = "No key {key}."

    with pytest.raises(SystemExit) as ended, ended_in_words():
        raise Refused(key="\x1b[2J\nN-1")
    assert (ended.value.code, capsys.readouterr().err) == (3, f"No key {STAND_IN}[2J{STAND_IN}N-1.\n")


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("keys",),
        ("blocklist", "order"),
        ("keys", "list", "--format"),
        ("check-list", "list.crl", "--ca"),
        ("token", "revoke"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_what_was_typed_wrongly_acts_on_no_terminal(
    site: Path, sperre: Sperre, words: tuple[str, ...], name: str
) -> None:
    for typed in (name, f"--{name}"):
        refused = sperre(*words, typed)
        assert refused.exit_code != 0
        assert ACTS.search(refused.output) is None, ascii(refused.output)


def test_a_file_is_named_inertly_while_it_is_read(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "\x1b]52;c;AAAA\x07\u202e.csv"
    file.write_text("at,lock_serial,key,result\r\n")
    read = on_terminal("visits", "import", str(file))
    assert read.exit_code == 0
    assert "]52;c;AAAA" in read.screen
    assert "\x1b]" not in read.screen
    assert "\u202e" not in read.screen


def test_a_reader_that_has_had_enough_is_no_error(site: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        done = subprocess.run([*COMMAND, "keys", "list"], stdout=closed, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_argument_that_is_not_text_is_wrong_usage(site: Path) -> None:
    done = in_process("blocklist", "add", os.fsdecode(b"N-\xff"), "--plan")
    assert (done.returncode, done.stdout) == (2, "")
    assert "not text" in done.stderr


def test_a_terminal_without_the_signs_gets_question_marks_but_programs_get_utf_8(site: Path) -> None:
    assert "? Ordered" in in_process("zones", "list", PYTHONIOENCODING="latin-1").stdout
    assert "Åse Ødegård" in in_process("people", "list", "--format", "json", PYTHONIOENCODING="latin-1").stdout


def test_an_interrupt_ends_with_130_and_a_clean_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, ended_in_words():
        raise KeyboardInterrupt
    assert (ended.value.code, capsys.readouterr().err) == (130, "\n")


def test_no_core_is_dumped_and_files_are_the_owners(home: Path) -> None:
    asks = (
        "import os, resource, console.commands.sperre as s, console.cli as c;"
        "s.sperre = lambda **_: print(resource.getrlimit(resource.RLIMIT_CORE), oct(os.umask(0)));"
        "c.main()"
    )
    done = subprocess.run([sys.executable, "-c", asks, "status"], capture_output=True, text=True, umask=0, check=True)
    assert done.stdout == "(0, 0) 0o77\n"


def test_every_folder_and_file_of_a_site_is_its_owners_alone(home: Path, pin_file: Path) -> None:
    for arguments in (["token", "init", "--pin-file", str(pin_file)], ["token", "status"], ["blocklist", "list"]):
        assert in_process(*arguments, umask=0).returncode == 0
    paths = [home, *home.rglob("*")]
    assert {path.name for path in paths} >= {"store.sqlite", "config.toml", "softhsm"}
    for path in paths:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_without_sperre_home_the_platforms_folders_are_used(home: Path, tmp_path: Path) -> None:
    user = tmp_path / "user"
    user.mkdir()
    folders = {f"XDG_{name}_HOME": str(user / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    assert in_process("demo", umask=0, SPERRE_HOME="", HOME=str(user), **folders).returncode == 0
    assert (user / "config" / "sperre" / "config.toml").is_file()
    assert (user / "data" / "sperre" / "store.sqlite").is_file()
    for path in user.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert not home.exists()


def test_on_a_terminal_without_a_command_the_console_opens(site: Path) -> None:
    terminal = on_terminal(answers={"Browse blocklist": "q"})
    assert terminal.exit_code == 0
    assert "Traceback" not in terminal.screen


def test_the_version_is_told(home: Path) -> None:
    assert in_process("--version").stdout.startswith("sperre 0.")


def test_an_interrupted_verification_says_how_far_it_came(
    site: Path, sperre: Sperre, monkeypatch: pytest.MonkeyPatch
) -> None:
    from console.commands import journal

    def interrupted(_store: object, progress: object, _head: object) -> None:
        progress(41)  # type: ignore[operator]  # a callable
        raise KeyboardInterrupt

    monkeypatch.setattr(journal, "proved", interrupted)
    result = sperre("journal", "verify")
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr == "Stopped after record 41; the records up to it are in order.\n"


def test_verification_shows_its_progress_on_a_terminal_alone(site: Path, sperre: Sperre) -> None:
    sperre("blocklist", "add", "N-1", "--plan")
    assert in_process("journal", "verify").stderr == ""
    assert on_terminal("journal", "verify").screen.startswith("The journal is whole: 1 record,")
