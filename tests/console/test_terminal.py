"""The console in a real pseudo-terminal: it comes up, and it gives the terminal back clean however it ends."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

LIMIT = 20.0


class Terminal:
    """`sperre` on a pseudo-terminal of 80×24."""

    def __init__(self, **variables: str) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from console.cli import main; main()"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **variables},
        )
        self.written = b""

    def read(self) -> bool:
        """Read what is there; False when nothing came for a moment."""
        ready, _, _ = select.select([self.master], [], [], 0.05)
        if ready:
            self.written += os.read(self.master, 65536)
        return bool(ready)

    def until(self, text: str) -> None:
        end = time.monotonic() + LIMIT
        while text.encode() not in self.written:
            assert time.monotonic() < end, self.written[-500:]
            self.read()

    def ended(self) -> int:
        """The exit code, with all that was written until then."""
        end = time.monotonic() + LIMIT
        while self.process.poll() is None:
            assert time.monotonic() < end, "it does not end"
            self.read()
        while self.read():
            pass
        return self.process.returncode


@pytest.fixture
def terminal(home: Path) -> Iterator[Terminal]:
    terminal = Terminal(SPERRE_LANGUAGE="en")
    yield terminal
    if terminal.process.poll() is None:
        terminal.process.kill()
        terminal.process.wait()
    os.close(terminal.master)
    os.close(terminal.slave)


def assert_clean(terminal: Terminal) -> None:
    """The main screen is back, the cursor shows, keys echo, no mode is left on, and no traceback stands there."""
    assert b"\x1b[?1049l" in terminal.written
    assert terminal.written.rfind(b"\x1b[?25h") > terminal.written.rfind(b"\x1b[?25l")
    assert termios.tcgetattr(terminal.slave) == terminal.before
    for mode in (b"1000", b"1003", b"2004"):
        assert terminal.written.rfind(b"\x1b[?" + mode + b"l") >= terminal.written.rfind(b"\x1b[?" + mode + b"h")
    assert b"Traceback" not in terminal.written


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_gives_the_terminal_back_clean(terminal: Terminal, number: signal.Signals) -> None:
    terminal.until("Browse blocklist")
    terminal.process.send_signal(number)
    assert terminal.ended() == 128 + number
    assert_clean(terminal)


@pytest.mark.parametrize("key", ["q", "\x03", "a\x03"])
def test_quitting_and_ctrl_c_give_the_terminal_back_clean(terminal: Terminal, key: str) -> None:
    terminal.until("Browse blocklist")
    os.write(terminal.master, key.encode())
    assert terminal.ended() == 0
    assert_clean(terminal)


def test_a_fault_in_the_program_ends_in_one_line_and_a_log(terminal: Terminal, home: Path) -> None:
    terminal.until("Browse blocklist")
    (home / "store.sqlite").write_bytes(b"")
    os.write(terminal.master, b"2")
    assert terminal.ended() == 5
    assert_clean(terminal)
