"""The real command on a real pseudo-terminal that only writes lines, and what was said there."""

import os
import re
import select
import subprocess
import sys
import termios
import time
from pathlib import Path

from tests.console.conftest import NOW
from tests.own_terminal import open_terminal, take_terminal

COMMAND = (sys.executable, "-m", "tests.plain.at_fixed_moment")
ROOT = Path(__file__).parents[2]
QUESTION = re.compile(r"[:.?] \Z")  # a line never ends with a blank, and each is written whole
PATIENCE = 30
CTRL_C, CTRL_D = "\x03", "\x04"


class Dialogue:
    """`sperre` on a terminal of its own; `said` is all that stood there, the echo of what was typed included."""

    def __init__(self, *arguments: str, columns: int = 80, encoding: str = "utf-8", **variables: str) -> None:
        self.encoding = encoding
        self.said = ""
        self.seen = 0
        self.master, self.slave = open_terminal(columns)
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            cwd=os.environ["SPERRE_HOME"],
            env={
                **inherited,
                "PYTHONPATH": str(ROOT),
                "TERM": "dumb",
                "LC_ALL": "C.UTF-8",
                "TEST_NOW": NOW.isoformat(),
                **variables,
            },
            start_new_session=True,
            preexec_fn=take_terminal,
        )

    def __enter__(self) -> "Dialogue":
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)
        os.close(self.slave)

    @property
    def echoes(self) -> bool:
        """Whether the terminal shows what is typed."""
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def until_asked(self) -> bool:
        """Wait for the next question; False when the command has ended instead."""
        return self.until(QUESTION)

    def until(self, words: str | re.Pattern[str]) -> bool:
        """Wait until the words stand in what was said since the last answer; False when the command has ended."""
        end = time.monotonic() + PATIENCE
        while not re.search(words, self.said[self.seen :]):
            assert time.monotonic() < end, self.said
            if not self._read() and self.process.poll() is not None:
                while self._read():
                    pass
                return False
        return True

    def answer(self, text: str) -> None:
        """Type a line, or one of CTRL_C and CTRL_D."""
        self.seen = len(self.said)
        os.write(self.master, (text if text in (CTRL_C, CTRL_D) else f"{text}\n").encode(self.encoding))

    def ended(self) -> int:
        """The exit code; what is asked until then is answered by the end of input."""
        while self.until_asked():
            self.answer(CTRL_D)
        return self.process.wait()

    def _read(self) -> bool:
        ready, _, _ = select.select([self.master], [], [], 0.05)
        if ready:
            self.said += os.read(self.master, 65536).decode(self.encoding, "replace").replace("\r\n", "\n")
        return bool(ready)
