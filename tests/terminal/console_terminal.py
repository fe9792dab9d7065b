"""The fixed console in a pseudo-terminal, driven by the keys of the snapshots' scenes."""

import os
import select
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.cells import split_graphemes

from console.terminal import Encoding, readable
from tests.fixed_token import move_token
from tests.snapshots.kept import FOLDER
from tests.terminal.fixed_console import QUIT, RESTS
from tests.terminal.pseudo_terminal import PseudoTerminal

FIXED = str(Path(__file__).with_name("fixed_console.py"))
# What a vt100 sends: arrows in application mode, DEL from its delete key; it has no function keys and no PgDn.
SENT = {
    "enter": "\r",
    "tab": "\t",
    "escape": "\x1b",
    "up": "\x1bOA",
    "down": "\x1bOB",
    "right": "\x1bOC",
    "left": "\x1bOD",
    "end": "G",
    "backspace": "\x7f",
    "space": " ",
    "ctrl+p": "\x10",
    "ctrl+u": "\x15",
    "ctrl+l": "\x0c",
}


class ConsoleTerminal(PseudoTerminal):
    """The console on one terminal, on one home after the other."""

    def __init__(self, term: str, encoding: Encoding, variables: Mapping[str, str]) -> None:
        orders, self._orders = os.pipe()
        self._answers, answers = os.pipe()
        descriptors = (orders, answers)
        arguments = map(str, descriptors)
        super().__init__(FIXED, *arguments, term=term, encoding=encoding, variables=variables, pass_fds=descriptors)
        for descriptor in descriptors:
            os.close(descriptor)

    def open(self, spoken: str, home: Path) -> None:
        """Show the console over the site in `home`, once the one before has been quit."""
        os.write(self._orders, f"{spoken} {home}\n".encode())
        self.until_it_rests()

    def press(self, *keys: str) -> None:
        """Press keys as tests.console.driving.press takes them, each when the console rests; letters come at once."""
        for key in keys:
            typed = key.removeprefix("text:") if key.startswith("text:") else ""
            self.write(typed or SENT.get(key, key))
            for _letter in typed or "1":
                self.until_it_rests()

    def quit(self) -> None:
        """End the console; the program waits for the next home then."""
        self.write("\x03")
        while self._answer() != QUIT:
            pass
        assert not self.emulator.text().strip()

    def until_it_rests(self) -> None:
        """Read until the console has answered a key."""
        assert self._answer() == RESTS

    def _answer(self) -> bytes:
        self.until(lambda: select.select([self._answers], [], [], 0)[0])
        return os.read(self._answers, 1)

    def until_it_shows_the_twin_of(self, scene: str) -> None:
        """Read until the screen is the scene's, as far as the terminal has its characters."""
        twin = (FOLDER / f"{scene}.txt").read_text().splitlines()
        expected = [as_shown(line, self.encoding) for line in twin]
        self.until(lambda: self.emulator.text().splitlines() == expected)

    def close(self) -> None:
        super().close()
        os.close(self._orders)
        os.close(self._answers)


def as_shown(line: str, encoding: str) -> str:
    """A twin's line as a terminal with this character set shows it."""
    if encoding == "utf-8":
        return line
    return "".join(
        readable(line[start:end], width, "latin-1" if encoding == "latin-1" else "ascii")
        for start, end, width in split_graphemes(line)[0]
    )


def copied(prepared_home: Path, to: Path) -> Path:
    """A site of its own, in `to`."""
    shutil.copytree(prepared_home, to)
    move_token(to / "softhsm")
    return to


@contextmanager
def console_terminal(
    *, term: str = "vt100", encoding: Encoding = "utf-8", **variables: str
) -> Iterator[ConsoleTerminal]:
    """A terminal for the console, which is closed at the end."""
    terminal = ConsoleTerminal(term, encoding, variables)
    try:
        yield terminal
    finally:
        terminal.close()
