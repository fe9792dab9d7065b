"""The hook: the site's own command that hands issued lists on, run without a shell and for a minute at most."""

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile

from pkcs11_token.errors import N_

SECONDS = 60.0
FAILURE_LENGTH = 200
KEPT_OUTPUT = 65536


def run_hook(command: Sequence[str], files: Sequence[Path], log: Path, seconds: float = SECONDS) -> str:
    """Run `command` with the files' paths as its last arguments; returns what was wrong, or nothing.

    What it prints is appended to `log` (0600). After `seconds` it is killed with all that it started.
    """
    with TemporaryFile() as output:  # a pipe would be held open by whatever the hook leaves behind
        try:
            process = subprocess.Popen(  # noqa: S603  # the site's own command, without a shell
                [*command, *map(str, files)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return str(error)
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            code = None
        output.seek(0)
        said = output.read(KEPT_OUTPUT).decode(errors="replace")
    _keep(said, log)
    if code is None:
        return N_("it did not end in time and was stopped")
    if code == 0:
        return ""
    first = next((line.strip() for line in said.splitlines() if line.strip()), f"{command[0]}: {code}")
    return first[:FAILURE_LENGTH].rstrip(".")  # it stands within a sentence


def _keep(said: str, log: Path) -> None:
    """Append what the hook said to the log; a log that cannot be written is no reason to run the hook again."""
    if not said:
        return
    try:
        with open(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as file:  # noqa: PTH123  # the mode is given at once
            file.write(f"hook:\n{said.rstrip()}\n")
    except OSError:
        return
