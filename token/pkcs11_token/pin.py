"""A PIN as it was typed, or from a file that only its owner can read."""

import os
import stat
from pathlib import Path

from pkcs11_token.errors import N_, PinFileReadableByOthers, PinFileUnreadable, WrongPin


def checked_pin(pin: str) -> str:
    """The PIN, when it can be sent to a token. Raises WrongPin for what a terminal with another encoding gave.

    Encoding it would fail with an error that shows it.
    """
    if any("\ud800" <= sign <= "\udfff" for sign in pin):
        raise WrongPin
    return pin


def read_pin_file(path: Path) -> str:
    """The first line of the file. Raises PinFileReadableByOthers or PinFileUnreadable, without its content."""
    try:
        # A pipe that nobody writes to must not hold up its refusal.
        with open(path, encoding="utf-8", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            opened = os.fstat(file.fileno())
            if not stat.S_ISREG(opened.st_mode):
                raise PinFileUnreadable(path=path, why=N_("it is not a regular file"))
            if opened.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise PinFileReadableByOthers(path=path)
            pin = file.readline().rstrip("\r\n")
    except OSError as error:
        raise PinFileUnreadable(path=path, why=error.strerror) from None
    except UnicodeDecodeError:
        raise PinFileUnreadable(path=path, why=N_("it is not text")) from None
    if not pin:
        raise PinFileUnreadable(path=path, why=N_("it is empty"))
    return pin
