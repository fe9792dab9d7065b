"""The console on real terminals: which colours and characters each gets, old keys, pastes, resizes and stops."""

import os
import re
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path
from pkgutil import walk_packages
from typing import cast

import pytest
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode

import console as package
from console.configuration import open_site
from console.terminal import Encoding
from store.models import Key, Person, database
from tests.console.conftest import home, prepared_home
from tests.snapshots.kept import FOLDER
from tests.snapshots.scenes import CHOOSE, LOG_IN
from tests.terminal.console_terminal import FIXED, ConsoleTerminal, as_shown, console_terminal
from tests.terminal.pseudo_terminal import PATIENCE, ROOT, PseudoTerminal

__all__ = ["home", "prepared_home"]

FILLED_IN = (*CHOOSE, "2", "tab", "right", "tab", "text:Ved butikken")
CTRL_Z = "\x1a"


@pytest.fixture
def vt100(home: Path) -> Iterator[ConsoleTerminal]:
    with console_terminal() as terminal:
        terminal.open("en", home)
        yield terminal


@pytest.fixture
def xterm(home: Path) -> Iterator[ConsoleTerminal]:
    with console_terminal(term="xterm-256color") as terminal:
        terminal.open("en", home)
        yield terminal


DARK, LIGHT, SIXTEEN = b"\x1b[1;38;5;203m", b"\x1b[1;38;5;124m", b"\x1b[1;91m"
MONO = b"\x1b[1m! 2 LISTS"


@pytest.mark.parametrize(
    ("term", "variables", "sent"),
    [
        ("vt100", {}, MONO),
        ("linux", {}, SIXTEEN),
        ("screen", {}, SIXTEEN),
        ("xterm-256color", {}, DARK),
        ("xterm-256color", {"SPERRE_THEME": "light"}, LIGHT),
        ("xterm-256color", {"NO_COLOR": "1"}, MONO),
        ("xterm-256color", {"SPERRE_COLOR": "16"}, SIXTEEN),
        ("xterm-256color", {"SPERRE_COLOR": "256", "NO_COLOR": "1"}, DARK),
        ("vt100", {"SPERRE_COLOR": "true"}, DARK),
    ],
)
def test_each_terminal_gets_its_colors(home: Path, term: str, variables: dict[str, str], sent: bytes) -> None:
    with console_terminal(term=term, **variables) as terminal:
        terminal.open("en", home)
        terminal.until_it_shows_the_twin_of("blocklist-en")
        assert sent in terminal.received
        colors = set(re.findall(rb"\x1b\[(?:1;)?((?:38;5;|9|3)\d+)m", terminal.received))
        assert (not colors) == (sent == MONO)
        assert b"?1000h" not in terminal.received


def test_characters_and_mouse_are_as_they_were_set(home: Path) -> None:
    with console_terminal(term="xterm-256color", SPERRE_ASCII="yes", SPERRE_MOUSE="on") as terminal:
        terminal.open("nb", home)
        terminal.until_it_shows("Kare Sather")
        assert max(terminal.received) < 128
        assert b"?1000h" in terminal.received


@pytest.mark.parametrize(
    ("options", "found", "sent"),
    [
        (("--color", "16"), {"TERM": "vt100"}, SIXTEEN),
        (("--color", "none", "--ascii"), {"TERM": "xterm-256color"}, MONO.replace(b"2 LISTS", b"")),
        (("--color", "256", "--no-ascii", "--mouse", "on"), {"NO_COLOR": "1", "LC_ALL": "C"}, DARK),
    ],
)
def test_options_win_over_what_is_found(
    home: Path, options: tuple[str, ...], found: dict[str, str], sent: bytes
) -> None:
    terminal = PseudoTerminal("-c", "from console.cli import main; main()", "--lang", "nb", *options, variables=found)
    try:
        terminal.until_it_shows("! ")
        terminal.until_it_shows("Fjern")
        terminal.write("q")
        assert terminal.ended() == 0
    finally:
        terminal.close()
    assert sent in terminal.received
    assert (b"?1000h" in terminal.received) == ("--mouse" in options)
    assert (max(terminal.received) < 128) == ("--ascii" in options)


def test_in_mono_every_state_can_be_seen(vt100: ConsoleTerminal) -> None:
    """Focus, cursor, choice, what is wrong and where one is: by an attribute, and by a sign, brackets or a word."""

    def seen(attribute: str) -> list[str]:
        """What has the attribute, row by row, without blanks."""
        rows = vt100.emulator.cells()
        shown = ("".join(cell.data for cell in row if getattr(cell, attribute)) for row in rows)
        return [text.replace(" ", "") for text in shown if text]

    vt100.until_it_shows_the_twin_of("blocklist-en")
    assert [text[:6] for text in seen("reverse")] == ["›Fob41"]
    assert [text[:9] for text in seen("underscore")] == ["NameLabel"]
    assert "!2PLANSNEVERORDERED(5h)" in seen("bold")
    vt100.press("down", "enter")
    vt100.until_it_shows_the_twin_of("key-record-en")
    assert "[Locksaffected]" in seen("bold")
    vt100.press("escape", *FILLED_IN)
    vt100.until_it_shows_the_twin_of("add-3-locks-filled-in-en")
    assert "2Affectedlocks" in seen("bold")[0]
    assert seen("reverse") == [""]  # the block behind the note
    vt100.press("\x1b[Z")
    vt100.until(lambda: seen("reverse") == ["‹Stolen›"])
    vt100.press("\x1b[Z")
    vt100.until(lambda: seen("reverse")[:1] == ["›(•)Orderblocklist4doorslearnatonce,17doorsby2026-12-08(9"])


@pytest.mark.parametrize("backspace", ["\x08", "\x7f"])
def test_both_backspaces_erase(vt100: ConsoleTerminal, backspace: str) -> None:
    vt100.press("a", "enter", "text:21x", backspace, "4")
    vt100.until_it_shows_the_twin_of("add-2-key-searched-en")


def test_typed_fast_no_key_is_lost(vt100: ConsoleTerminal) -> None:
    vt100.write("\x1bOB\x1bOA" * 20 + "/fob")
    vt100.until_it_shows_the_twin_of("blocklist-search-en")


def test_typed_fast_each_key_meets_what_it_was_meant_for(xterm: ConsoleTerminal) -> None:
    xterm.write("2" + "\x1bOB" * 3 + "1a\r214")
    xterm.until_it_shows_the_twin_of("add-2-key-searched-en")


PASTED = "214\rN-215\r2\r\rq\r"


def test_a_bracketed_paste_is_text(xterm: ConsoleTerminal) -> None:
    xterm.press("a", "enter", f"\x1b[200~{PASTED}\x1b[201~")
    xterm.until_it_shows("Search    214 N-215 2  q")
    assert "Which key" in xterm.emulator.text()


def test_a_paste_that_nothing_marks_is_text(vt100: ConsoleTerminal) -> None:
    vt100.press("a", "enter", PASTED)
    vt100.until_it_shows("Search    214 N-215 2  q")
    assert "Which key" in vt100.emulator.text()


def test_a_paste_where_nothing_is_typed_acts_as_no_key_and_is_told(vt100: ConsoleTerminal) -> None:
    vt100.press("a\r214\r2\r\r\r")
    vt100.until_it_shows("was not used: there is no field")
    assert "Browse blocklist" in vt100.emulator.text()
    vt100.press("down")
    vt100.until_quiet()  # an Enter after a moment is a key again
    vt100.press("enter")
    vt100.until_it_shows_the_twin_of("key-record-en")


def test_a_resize_in_the_middle_of_a_wizard_loses_nothing(vt100: ConsoleTerminal) -> None:
    vt100.press(*FILLED_IN)
    vt100.until_it_shows_the_twin_of("add-3-locks-filled-in-en")
    vt100.resize(120, 40)
    vt100.until(lambda: "Ved butikken" in vt100.emulator.text() and vt100.rows_shown() == 40)
    vt100.resize(50, 12)
    vt100.until(lambda: "Ved butikken" not in vt100.emulator.text())
    vt100.resize(80, 24)
    vt100.until_it_shows_the_twin_of("add-3-locks-filled-in-en")
    vt100.press("enter")
    vt100.until_it_shows("stolen")


def test_stopped_and_continued_it_shows_the_same_with_the_token_logged_out(vt100: ConsoleTerminal) -> None:
    vt100.press(*LOG_IN, "enter", *CHOOSE)
    vt100.until_it_shows("token Vaktleder")
    vt100.write(CTRL_Z)
    vt100.stopped()
    vt100.until(lambda: not vt100.emulator.text().strip())
    assert termios.tcgetattr(vt100.slave) == vt100.attributes
    vt100.emulator.feed("$ cat letter\r\nDear Åse,\r\n$ fg\r\n")
    os.kill(vt100.pid, signal.SIGCONT)
    vt100.until_it_shows_the_twin_of("add-3-locks-en")


@pytest.mark.parametrize(("spoken", "encoding"), [("nb", "utf-8"), ("en", "ascii"), ("nb", "ascii")])
def test_wide_and_combining_characters_keep_the_columns(home: Path, encoding: Encoding, spoken: str) -> None:
    open_site()
    name = "日本 e\u0301 한국 👩\u200d💻"
    Person.update(name=name).execute()
    Key.update(name=name).execute()
    database.close()
    with console_terminal(encoding=encoding) as terminal:
        terminal.open(spoken, home)
        terminal.press("2", "3", "4", "enter", "right", "escape", "1", *CHOOSE, "2", "enter", "enter", "enter")
        shown = terminal.emulator.text()
        assert ("日本" if encoding == "utf-8" else "???? e") in shown
        starts = [terminal.emulator.columns_of(word) for word in ("N-214", "N-90", "N-41")]
        assert len(set(map(tuple, starts))) == 1, shown
        assert max(terminal.received) < 128 or encoding != "ascii"


def test_the_locale_may_change_between_two_starts(home: Path) -> None:
    for encoding in ("utf-8", "latin-1", "ascii"):
        with console_terminal(encoding=cast("Encoding", encoding)) as terminal:
            terminal.open("nb", home)
            terminal.until_it_shows_the_twin_of("blocklist-nb")


def test_every_function_key_and_every_key_that_a_vt100_has_not_has_another_beside_it() -> None:
    lacking = re.compile(r"(shift\+|alt\+|ctrl\+)*(f\d+|home|end|pageup|pagedown|insert|delete)")
    modules = [import_module(module.name) for module in walk_packages(package.__path__, "console.")]
    kinds = {kind for module in modules for kind in vars(module).values() if isinstance(kind, type)}
    bindings = chain.from_iterable(
        vars(kind).get("BINDINGS", ())
        for kind in kinds
        if issubclass(kind, DOMNode | App) and kind.__module__.startswith("console.")
    )
    keys = [binding.key if isinstance(binding, Binding) else binding[0] for binding in bindings]
    assert len(keys) > 50
    assert [key for key in keys if all(lacking.fullmatch(one) for one in key.split(","))] == []


def test_in_tmux_a_key_is_blocked_and_ordered(home: Path, tmp_path: Path) -> None:
    """tmux is another terminal that nobody here wrote; the driver's sequences must mean the same to it."""
    (tmp_path / "orders").write_text(f"en {home}\n")
    (tmp_path / "answers").touch()
    command = f"PYTHONPATH={ROOT} {sys.executable} {FIXED} 3 4 3<{tmp_path}/orders 4>{tmp_path}/answers 2>/dev/tty"

    def tmux(*arguments: str) -> str:
        ran = subprocess.run(
            ["tmux", "-u", "-S", str(tmp_path / "socket"), "-f", "/dev/null", *arguments],
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout

    tmux("new-session", "-d", "-x", "80", "-y", "24", command, ";", "set", "status", "off")
    try:
        for keys, scene in (
            ((), "blocklist"),
            (("a",), "add-1-what"),
            (("Enter",), "add-2-key"),
            (("2", "1", "4"), "add-2-key-searched"),
            (("Enter",), "add-3-locks"),
            (("2", "Enter"), "add-4-check-order"),
            (("Enter",), "add-5-done-order"),
        ):
            tmux("send-keys", *keys) if keys else None
            twin = [as_shown(line, "utf-8") for line in (FOLDER / f"{scene}-en.txt").read_text().splitlines()]
            for _try in range(int(PATIENCE * 100)):
                shown = tmux("capture-pane", "-p")
                if [line.rstrip() for line in shown.splitlines()] == twin:
                    break
            else:
                pytest.fail(f"{scene}:\n{shown}")
    finally:
        tmux("kill-server")
