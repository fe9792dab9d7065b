"""The console in a real pseudo-terminal: it comes up, and it gives the terminal back clean however it ends."""

import signal
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.pseudo_terminal import PseudoTerminal

SPERRE = "from console.cli import main; main()"


@pytest.fixture
def terminal(home: Path) -> Iterator[PseudoTerminal]:
    terminal = PseudoTerminal("-c", SPERRE, variables={"SPERRE_LANGUAGE": "en"})
    yield terminal
    terminal.close()


def assert_clean(terminal: PseudoTerminal) -> None:
    """The main screen is back, the cursor shows, keys echo, no mode is left on, and no traceback stands there."""
    assert b"\x1b[?1049l" in terminal.received
    assert terminal.received.rfind(b"\x1b[?25h") > terminal.received.rfind(b"\x1b[?25l")
    assert termios.tcgetattr(terminal.slave) == terminal.attributes
    for mode in (b"1000", b"1003", b"2004"):
        assert terminal.received.rfind(b"\x1b[?" + mode + b"l") >= terminal.received.rfind(b"\x1b[?" + mode + b"h")
    assert b"Traceback" not in terminal.received


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_gives_the_terminal_back_clean(terminal: PseudoTerminal, number: signal.Signals) -> None:
    terminal.until_it_shows("Browse blocklist")
    terminal.process.send_signal(number)
    assert terminal.ended() == 128 + number
    assert_clean(terminal)


@pytest.mark.parametrize("key", ["q", "\x03", "a\x03"])
def test_quitting_and_ctrl_c_give_the_terminal_back_clean(terminal: PseudoTerminal, key: str) -> None:
    terminal.until_it_shows("Browse blocklist")
    terminal.write(key)
    assert terminal.ended() == 0
    assert_clean(terminal)


def test_a_fault_in_the_program_ends_in_one_line_and_a_log(terminal: PseudoTerminal, home: Path) -> None:
    terminal.until_it_shows("Browse blocklist")
    (home / "store.sqlite").write_bytes(b"")
    terminal.write("2")
    assert terminal.ended() == 5
    assert_clean(terminal)
