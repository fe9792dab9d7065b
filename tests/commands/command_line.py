"""The command `sperre` in a process of its own, or on a terminal; and what a test looks at afterwards."""

import os
import select
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from click.testing import Result

from tests.own_terminal import open_terminal, take_terminal

PIN = "482913"
COMMAND = [sys.executable, "-c", "from console.cli import main; main()"]

Sperre = Callable[..., Result]


def written_pin(path: Path, pin: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(f"{pin}\n")
    return path


def in_process(*arguments: str, umask: int = 0o077, **variables: str) -> subprocess.CompletedProcess[str]:
    """`sperre ARGUMENTS` in a process of its own, without a terminal; line ends are kept."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        umask=umask,
        env={**os.environ, **variables},
        timeout=60,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@dataclass
class Terminal:
    """What a command that ran on a terminal left: its exit code, and all that stood on the screen."""

    exit_code: int
    screen: str


def on_terminal(*arguments: str, answers: dict[str, str] | None = None, columns: int = 80) -> Terminal:
    """`sperre ARGUMENTS` on a pseudo-terminal; each of `answers` is typed once its question stands there."""
    master, slave = open_terminal(columns)
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")},
        start_new_session=True,
        preexec_fn=take_terminal,
    )
    os.close(slave)
    waiting, shown, seen = dict(answers or {}), "", 0
    while chunk := _read(master):
        shown += chunk
        for question in [question for question in waiting if question in shown[seen:]]:
            seen = len(shown)
            os.write(master, waiting.pop(question).encode())
    os.close(master)
    assert waiting == {}, shown
    return Terminal(process.wait(timeout=30), shown.replace("\r\n", "\n"))


def _read(master: int) -> str:
    """What comes next from the terminal; empty at its end."""
    ready, _, _ = select.select([master], [], [], 30)
    assert ready, "the command neither wrote nor ended for 30 seconds"
    try:
        return os.read(master, 65536).decode(errors="replace")
    except OSError:  # Linux says so when the last one who held the terminal is gone
        return ""


def everything(home: Path) -> str:
    """All that stands in the store, journal included: what a refusal must not change."""
    tables = (
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL TABLE%' ORDER BY name"
    )
    with sqlite3.connect(home / "store.sqlite") as connection:
        names = [name for (name,) in connection.execute(tables)]
        return "\n".join(f"{name} {row}" for name in names for row in connection.execute(f"SELECT * FROM {name}"))
