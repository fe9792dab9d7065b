"""A Textual app in a real pseudo-terminal shows the same with this driver as with Textual's own, and leaves cleanly."""

import os
import re
import signal
import termios
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.terminal.pseudo_terminal import PATIENCE, PseudoTerminal

APP = str(Path(__file__).with_name("sample_app.py"))
DOWN, PAGE_DOWN, END, F2, F3, F4, F5, F6 = (
    "\x1b[B",
    "\x1b[6~",
    "\x1b[F",
    "\x1bOQ",
    "\x1bOR",
    "\x1bOS",
    "\x1b[15~",
    "\x1b[17~",
)
CTRL_L, ESCAPE = "\x0c", "\x1b"


class Terminal(PseudoTerminal):
    """The sample app, which counts its keys."""

    def __init__(self, *arguments: str, term: str = "xterm-256color", encoding: str = "utf-8") -> None:
        super().__init__(APP, *arguments, term=term, encoding=encoding)
        self.keys = 0

    def press(self, *keys: str) -> None:
        """Press keys, each once the app has answered the one before."""
        for key in keys:
            self.write(key)
            self.keys += 1
            self.until_keys(self.keys)

    def until_keys(self, keys: int) -> None:
        self.until_it_shows(f"keys: {keys}.")


@contextmanager
def terminals(
    *arguments: tuple[str, ...], term: str = "xterm-256color", encoding: str = "utf-8"
) -> Iterator[list[Terminal]]:
    with ExitStack() as stack:
        opened = []
        for each in arguments:
            opened.append(Terminal(*each, term=term, encoding=encoding))
            stack.callback(opened[-1].close)
        for terminal in opened:
            terminal.until_keys(0)
        yield opened


@pytest.fixture
def both() -> Iterator[tuple[Terminal, Terminal]]:
    """The app on Textual's own driver, and on this one."""
    with terminals(("plain",), ("utf-8",)) as (plain, difference):
        yield plain, difference


def same_after(both: tuple[Terminal, Terminal], *keys: str) -> None:
    """Press each key on both, and see both come to show the same, cell for cell."""
    plain, difference = both
    for key in keys:
        plain.press(key)
        difference.press(key)
        until_same(plain, difference)


def until_same(plain: Terminal, difference: Terminal) -> None:
    began = time.monotonic()
    while plain.emulator.cells() != difference.emulator.cells() or plain.emulator.at() != difference.emulator.at():
        assert time.monotonic() - began < PATIENCE, f"\n{plain.emulator.text()}\n{difference.emulator.text()}"
        plain.read()
        difference.read()


def test_lists_dialogues_and_inputs_look_the_same_after_every_key(both: tuple[Terminal, Terminal]) -> None:
    same_after(both, *[DOWN] * 24, PAGE_DOWN, END, "\x1b[H")
    same_after(both, F2, *"åse N-12", "\x1b[D", "\x7f", "\t", " ", F3, ESCAPE, ESCAPE, DOWN)
    assert len(both[1].received) * 4 < len(both[0].received)
    assert re.search(rb"\?1000|\?1003", both[1].received) is None  # run(mouse=False)


def test_a_resize_is_followed(both: tuple[Terminal, Terminal]) -> None:
    same_after(both, DOWN)
    for size in ((60, 20), (100, 30), (80, 24)):
        for terminal in both:
            terminal.resize(*size)
        same_after(both, DOWN, F2, "a", ESCAPE)


def test_a_resize_there_and_back_is_repainted(both: tuple[Terminal, Terminal]) -> None:
    """In between the terminal may have cut its rows off, and to Textual nothing has changed."""
    same_after(both, DOWN)
    difference = both[1]
    difference.emulator.feed("\x1b[H\x1b[J")
    os.kill(difference.pid, signal.SIGWINCH)
    until_same(*both)


def test_ctrl_l_repaints_what_something_else_wrote_over(both: tuple[Terminal, Terminal]) -> None:
    same_after(both, DOWN)
    difference = both[1]
    difference.emulator.feed("\x1b[5;10r\x1b[3;3H\x1b[1;44mbroadcast message\x0e from root\r\n\n\n")
    difference.press(CTRL_L)
    both[0].press(CTRL_L)
    same_after(both, DOWN)


@pytest.mark.parametrize("stopped_by", ["key", "SIGSTOP"])
def test_stopped_and_continued_it_paints_everything_anew(both: tuple[Terminal, Terminal], stopped_by: str) -> None:
    same_after(both, DOWN, DOWN)
    difference = both[1]
    if stopped_by == "key":
        difference.write(F4)
    else:
        os.kill(difference.pid, signal.SIGSTOP)
    difference.stopped()
    if stopped_by == "key":
        difference.keys += 1
        both[0].press("x")
        difference.until(lambda: not difference.emulator.text().strip())
        assert termios.tcgetattr(difference.slave) == difference.attributes
    difference.emulator.feed("$ ls\r\nsome files\r\n$ fg\r\n")
    os.kill(difference.pid, signal.SIGCONT)
    difference.until(lambda: "Browse blocklist" in difference.emulator.text())
    same_after(both, DOWN)
    os.kill(difference.pid, signal.SIGTERM)
    difference.ended()
    assert_given_back(difference)


def test_sigterm_gives_the_terminal_back(both: tuple[Terminal, Terminal]) -> None:
    difference = both[1]
    difference.press(F2, "a")
    os.kill(difference.pid, signal.SIGTERM)
    assert difference.ended() == 128 + signal.SIGTERM
    assert_given_back(difference)


def test_an_exception_in_the_app_gives_the_terminal_back(both: tuple[Terminal, Terminal]) -> None:
    difference = both[1]
    difference.write(F5)
    assert difference.ended() == 1
    assert "asked to fail" in difference.emulator.text()
    assert_given_back(difference)


def assert_given_back(terminal: Terminal) -> None:
    assert "Browse" not in terminal.emulator.text()
    assert "Which key" not in terminal.emulator.text()
    assert not terminal.emulator.cursor.hidden
    assert terminal.emulator.margins is None
    assert termios.tcgetattr(terminal.slave) == terminal.attributes
    modes = re.findall(r"\x1b\[\?(\d+)([hl])", terminal.received.decode())
    last = dict(modes)
    assert {mode: last[mode] for mode in ("7", "25", "1004", "1049", "2004")} == {
        "7": "h",
        "25": "h",
        "1004": "l",
        "1049": "l",
        "2004": "l",
    }


def test_the_app_ends_when_the_line_drops() -> None:
    with terminals(("utf-8",)) as (terminal,):
        os.close(terminal.slave)
        os.close(terminal.master)
        terminal.master, terminal.slave = os.pipe()
        assert terminal.ended() == 128 + signal.SIGHUP


@pytest.mark.parametrize("term", ["vt100", "linux", "ansi"])
def test_an_old_mono_terminal_gets_ascii_and_only_what_it_knows(term: str) -> None:
    with terminals(("ascii", "none"), term=term) as (terminal,):
        terminal.press("\x1bOB", "\x1bOB", F2, *"abc", "\x08", "\x7f", "å")
        assert re.search("\\|  aa +\\|", terminal.emulator.text())
        terminal.press(ESCAPE)
        os.kill(terminal.pid, signal.SIGTERM)
        terminal.ended()
        sent = terminal.received
    assert max(sent) < 128
    known = rb"\x1b\[[0-9;]*[ABCDHJKmr]|\x1b\[\?(7|25|1049|2004)[hl]|\x1bM|[\x20-\x7e\r\n\b\v\x0f]"
    assert re.sub(known, b"", sent) == b""
    assert {code for codes in re.findall(rb"\x1b\[([0-9;]*)m", sent) for code in codes.split(b";")} <= {
        b"",
        b"1",
        b"2",
        b"4",
        b"7",
    }


def test_latin_1_keeps_its_letters() -> None:
    with terminals(("latin-1",), encoding="latin-1") as (terminal,):
        terminal.press("\x1b[B")
        assert "Basic data > Browse blocklist + ?????? é Help" in terminal.emulator.text()
        assert "N-7     Åse Ødegård 1  * Ordered" in terminal.emulator.text()
        terminal.press(F2, "å")
        assert re.search("[|]  å +[|]", terminal.emulator.text())


def test_nothing_is_painted_while_another_program_has_the_terminal(both: tuple[Terminal, Terminal]) -> None:
    same_after(both, DOWN, F6, DOWN)
    meanwhile = re.findall(rb"\x1b\[\?1049l(.*?)\x1b\[\?1049h", both[1].received, re.DOTALL)
    assert len(meanwhile) == 1
    assert b"An editor." in meanwhile[0]
    assert b"Browse" not in meanwhile[0]


def test_a_byte_that_is_no_character_does_not_end_the_app() -> None:
    with terminals(("utf-8",)) as (terminal,):
        os.write(terminal.master, b"\xff")
        terminal.keys += 1
        terminal.press(DOWN, F2, "x")
        assert re.search("▊  x +▎", terminal.emulator.text())
