"""How a command ends: with an exit code and one line on stderr, never with a traceback."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from console.configuration import make_folder, places
from console.language import _
from console.wording import explain
from pkcs11_token.errors import N_, SperreError

FAILED = 5
INTERRUPTED = 130


class FileUnusable(SperreError):
    template = N_("{path} cannot be used: {why}.")
    exit_code = 5


@contextmanager
def ended_in_words(*passing: type[Exception]) -> Iterator[None]:
    """Turn whatever ends the block before its time into words on stderr and SystemExit with the exit code.

    Exceptions of the types `passing` go on as they are.
    """
    try:
        yield
        sys.stdout.flush()
    except passing:
        raise
    except KeyboardInterrupt:
        print(file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        _close_stdout()
    except SperreError as error:
        _end(explain(error), error.exit_code)
    except OSError as error:
        if error.filename is None:
            _end(_written_to_log(), FAILED)
        unusable = FileUnusable(path=error.filename, why=error.strerror)
        _end(explain(unusable), unusable.exit_code)
    except Exception:  # noqa: BLE001  # it is logged whole, and no traceback may reach an operator
        _end(_written_to_log(), FAILED)


def say(line: str) -> None:
    """One line for the operator on stderr."""
    from console.widgets.text import inert

    print(inert(line), file=sys.stderr)


def _end(line: str, exit_code: int) -> NoReturn:
    say(line)
    sys.exit(exit_code)


def _close_stdout() -> None:
    """The reader has had enough, as `head` has: what was asked is done, so nothing is left to say."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


def _written_to_log() -> str:
    """Log the current exception with its traceback, but no values; returns the line that says where."""
    path = places().log
    try:
        _log(path)
    except OSError as error:
        return _("Something unexpected failed, and the log {path} cannot be written: {why}.").format(
            path=path, why=error.strerror
        )
    return _("Something unexpected failed. The details are in the log {path}.").format(path=path)


def _log(path: Path) -> None:
    make_folder(path.parent)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("sperre")
    logger.addHandler(handler)
    logger.exception("unexpected failure")
    logger.removeHandler(handler)
    handler.close()
