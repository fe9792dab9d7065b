"""What the snapshots show is what a terminal shows: a few scenes with our driver, in a pseudo-terminal."""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.terminal import Encoding
from tests.snapshots.kept import in_folder, kept_pictures
from tests.snapshots.picture import Shown
from tests.snapshots.scenes import SCENES
from tests.terminal.emulator import Emulator

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
KEYS = {"enter": "\r", "down": "\x1b[B"}
EMULATED = {"1": "bold", "4": "underscore", "7": "reverse"}  # the emulator does not know dim

# What tells which variant: its characters and its colours.
TERMINALS: dict[str, tuple[Encoding, str]] = {
    "en": ("utf-8", "true"),
    "mono": ("utf-8", "none"),
    "ascii": ("ascii", "none"),
}


@contextmanager
def console_on_terminal(encoding: str, color: str) -> Iterator[int]:
    """The console of the scenes in a pseudo-terminal of 80×24; yields its other end."""
    program = [sys.executable, "-m", "tests.snapshots.on_terminal", encoding, color]
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(ROOT)
        os.execve(program[0], program, {**os.environ, "TERM": "xterm-256color"})
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    try:
        yield terminal
    finally:
        os.write(terminal, b"\x03")
        while select.select([terminal], [], [], PATIENCE)[0]:
            try:
                os.read(terminal, 65536)
            except OSError:
                break
        os.waitpid(process, 0)
        os.close(terminal)


def standing_out(shown: Shown) -> set[tuple[int, int, str]]:
    """Each cell that is bold, underlined or reverse, as far as that can be seen."""
    lines = shown.text.splitlines()
    return {
        (run.line, column, attribute)
        for run in shown.runs
        for column in range(run.first, run.end)
        for attribute in run.sgr.split(";")
        if attribute in EMULATED and (attribute != "1" or lines[run.line].ljust(column + 1)[column] != " ")
    }


def emulated(emulator: Emulator) -> set[tuple[int, int, str]]:
    return {
        (line, column, attribute)
        for line, row in enumerate(emulator.cells())
        for column, cell in enumerate(row)
        for attribute, name in EMULATED.items()
        if getattr(cell, name) and (name != "bold" or cell.data != " ")
    }


@pytest.mark.parametrize("variant", TERMINALS)
@pytest.mark.parametrize("name", ["blocklist", "keys", "add-2-key-searched", "add-3-locks"])
def test_a_terminal_shows_the_snapshot(home: Path, name: str, variant: str) -> None:
    encoding, color = TERMINALS[variant]
    kept, emulator = kept_pictures(in_folder, name)[variant], Emulator()
    wanted = kept.text.rstrip("\n")
    typed = [KEYS.get(key, key.removeprefix("text:")) for key in SCENES[name].keys]
    with console_on_terminal(encoding, color) as terminal:
        until = time.monotonic() + PATIENCE
        while emulator.text().rstrip("\n") != wanted and time.monotonic() < until:
            if "Quit" in emulator.text() and typed:
                os.write(terminal, "".join(typed).encode())
                typed.clear()
            if select.select([terminal], [], [], 0.1)[0]:
                received = os.read(terminal, 65536)
                assert encoding != "ascii" or received.isascii()
                emulator.feed(received.decode(errors="replace"))
        assert emulator.text().rstrip("\n") == wanted
        assert emulated(emulator) == standing_out(kept)
