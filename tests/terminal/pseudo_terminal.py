"""A program in a pseudo-terminal, and an emulator that sees all that it writes."""

import codecs
import os
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.own_terminal import open_terminal, set_size, take_terminal
from tests.terminal.emulator import Emulator

ROOT = str(Path(__file__).parents[2])
PATIENCE = 30.0
LOCALES = {"utf-8": "C.UTF-8", "latin-1": "nb_NO.ISO-8859-1", "ascii": "C"}


class PseudoTerminal:
    """A Python program on a terminal of 80×24, with the locale of `encoding`."""

    def __init__(
        self,
        *arguments: str,
        term: str = "xterm-256color",
        encoding: str = "utf-8",
        variables: Mapping[str, str] = {},
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.emulator = Emulator()
        self.encoding = encoding
        self.decode = codecs.getincrementaldecoder(encoding)("replace").decode
        self.received = b""
        self.master, self.slave = open_terminal()
        self.attributes = termios.tcgetattr(self.slave)
        given = {"TERM": term, "COLORTERM": "truecolor", "PYTHONPATH": ROOT, "LC_ALL": LOCALES[encoding]}
        left_out = ("COLUMNS", "LINES", "NO_COLOR", "TERM_PROGRAM", "COLORFGBG")
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
            preexec_fn=take_terminal,
            env={name: value for name, value in os.environ.items() if name not in left_out} | given | dict(variables),
            pass_fds=pass_fds,
        )
        self.pid = self.process.pid

    def resize(self, width: int, height: int) -> None:
        set_size(self.master, width, height)
        self.emulator.resize(height, width)

    def write(self, keys: str) -> None:
        os.write(self.master, keys.encode("latin-1" if self.encoding == "latin-1" else "utf-8"))

    def read(self, seconds: float = 0.02) -> None:
        if select.select([self.master], [], [], seconds)[0]:
            try:
                received = os.read(self.master, 65536)
            except OSError:
                received = b""
            self.received += received
            self.emulator.feed(self.decode(received))

    def until(self, reached: Callable[[], object]) -> None:
        """Read until it is so."""
        began = time.monotonic()
        while not reached():
            assert time.monotonic() - began < PATIENCE, self.emulator.text()
            self.read()

    def rows_shown(self) -> int:
        """How many rows there are down to the last that is not blank."""
        return len(self.emulator.text().rstrip().splitlines())

    def until_it_shows(self, text: str) -> None:
        self.until(lambda: text in self.emulator.text())

    def until_quiet(self) -> None:
        """Read until nothing has come for a while."""
        known = -1
        while known < len(self.received):
            known = len(self.received)
            self.read(0.2)

    def ended(self) -> int:
        """The exit code, once the program has ended; everything that it wrote has been read then."""
        self.until(lambda: self.process.poll() is not None)
        while select.select([self.master], [], [], 0)[0]:
            self.read()
        return self.process.returncode

    def stopped(self) -> None:
        """Come back when the program has been stopped, by itself or by a signal."""
        assert os.WIFSTOPPED(os.waitpid(self.pid, os.WUNTRACED)[1])

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        os.close(self.slave)
        os.close(self.master)
