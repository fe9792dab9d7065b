"""A terminal of 80×24 that measures the program in it: when its screen shows what, with how many bytes and memory."""

import fcntl
import os
import re
import select
import signal
import struct
import termios
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self

from tests.bench.line import Line
from tests.terminal.emulator import Emulator

PATIENCE = 60.0
SILENCE = 0.15
TICK = 1 / os.sysconf("SC_CLK_TCK")
MODE_ASKED = re.compile(rb"\x1b\[\?(\d+)\$p")
CURSOR_KEY = re.compile(rb"\x1b\[([A-DHF])")
CURSOR_KEYS_MODE = 1 << 5  # as pyte keeps the private mode 1 (DECCKM): a program that sets it expects ESC O A
KNOWN_MODES = {b"2026": 2}  # synchronised output: known, and off


class NotShown(Exception):
    """The program does not come to show what was expected of it; the message has what it shows."""


class Answering(Emulator):
    """The emulator, which answers what a program asks of its terminal (device attributes, where the cursor is)."""

    def __init__(self, width: int, height: int, answer: Callable[[bytes], None]) -> None:
        super().__init__(width, height)
        self._answer = answer

    def write_process_input(self, data: str) -> None:
        self._answer(data.encode())


class Meter:
    """A program in a pseudo-terminal, at the far end of `line`. Moments are seconds of time.perf_counter().

    `received` counts the bytes that have arrived, `last` is when the last of them did, and `screen` shows them.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        variables: Mapping[str, str] | None = None,
        line: Line | None = None,
    ) -> None:
        self.line = line or Line()
        self.screen = Answering(80, 24, self.press)
        self.received = 0
        self._has_ended = False
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._arriving: deque[tuple[float, bytes]] = deque()
        self._typed: deque[tuple[float, bytes]] = deque()
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        words = [os.fspath(word) for word in command]
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            **{"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(variables or {})},
        }
        self.began = self.last = perf_counter()
        self.pid = os.posix_spawnp(
            words[0],
            words,
            environment,
            setsid=True,  # so that the terminal which is opened next becomes its own
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.ttyname(slave), os.O_RDWR, 0),
                (os.POSIX_SPAWN_DUP2, 0, 1),
                (os.POSIX_SPAWN_DUP2, 0, 2),
            ],
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._master)

    def press(self, keys: str | bytes) -> float:
        """Type `keys` as this terminal sends them in its present mode, all at once; returns when."""
        now = perf_counter()
        typed = keys.encode() if isinstance(keys, str) else keys
        if CURSOR_KEYS_MODE in self.screen.mode:
            typed = CURSOR_KEY.sub(b"\x1bO\\1", typed)
        self._typed.append((self.line.up.arrival(now, len(typed)), typed))
        self._type()
        return now

    def read(self, seconds: float) -> bool:
        """Wait until something arrives, at most so many seconds, and show it; whether something did."""
        end = perf_counter() + seconds
        while True:
            self._type()
            self._receive()
            if self._arriving and self._arriving[0][0] <= perf_counter():
                self._show(*self._arriving.popleft())
                return True
            now = perf_counter()
            if now >= end:
                return False
            due = [moment for queue in (self._arriving, self._typed) for moment, _ in list(queue)[:1]]
            select.select([self._master], [], [], max(0.0, min([end, *due]) - now))

    def until(self, text: str, patience: float = PATIENCE) -> float:
        """Wait until `text` (a regular expression over the lines of the screen) shows; returns since when."""
        shown = re.compile(text, re.MULTILINE)
        end = perf_counter() + patience
        while not shown.search(self.screen.text()):
            if perf_counter() > end or (self._has_ended and not self._arriving):
                raise NotShown(f"{text!r} does not show:\n{self.screen.text()}")
            self.read(0.05)
        return self.last

    def quiet(self, silence: float = SILENCE) -> float:
        """Wait until nothing arrives for a while and the program has nothing to do; returns when the last arrived."""
        spent = self.processor_seconds()
        end = perf_counter() + PATIENCE
        while self.read(silence) or self._arriving or self._typed or self.processor_seconds() - spent > TICK:
            spent = self.processor_seconds()
            if perf_counter() > end:
                raise NotShown(f"It is not quiet within {PATIENCE} s:\n{self.screen.text()}")
        return self.last

    def ended(self) -> int:
        """Wait until the program ends; returns its exit code."""
        end = perf_counter() + PATIENCE
        while not self._has_ended:
            if perf_counter() > end:
                raise NotShown(f"It does not end:\n{self.screen.text()}")
            self.read(0.05)
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def listen(self, seconds: float) -> None:
        """Read for so many seconds."""
        end = perf_counter() + seconds
        while (left := end - perf_counter()) > 0:
            self.read(left)

    def processor_seconds(self) -> float:
        """Processor time that the program has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK

    def memory(self, which: str = "VmRSS") -> float:
        """Resident memory in MiB: now, or at its peak (VmHWM)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(rf"^{which}:\s+(\d+) kB$", status, re.MULTILINE)
        assert found is not None, status
        return int(found[1]) / 1024

    def _type(self) -> None:
        while self._typed and self._typed[0][0] <= perf_counter():
            os.write(self._master, self._typed.popleft()[1])

    def _receive(self) -> None:
        """Take all that the program has written, with the moments when it arrives."""
        while not self._has_ended and select.select([self._master], [], [], 0)[0]:
            try:
                received = os.read(self._master, 65536)
            except OSError:  # nobody has the terminal open any more
                self._has_ended = True
                return
            self._arriving.append((self.line.down.arrival(perf_counter(), len(received)), received))

    def _show(self, moment: float, received: bytes) -> None:
        self.received += len(received)
        self.last = moment
        for asked in MODE_ASKED.findall(received):
            self.press(b"\x1b[?%b;%d$y" % (asked, KNOWN_MODES.get(asked, 0)))
        self.screen.feed(self._decode(received))
