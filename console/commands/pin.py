"""A token's PIN: typed hidden on the terminal, or read from a file that nobody else may read; never an argument."""

import sys
from getpass import getpass
from pathlib import Path

import click

from console.commands.endings import say
from console.language import _
from pkcs11_token.errors import PinRequired


def asked_pin(question: str, pin_file: Path | None, *, twice: bool = False) -> str:
    """The PIN in `pin_file`, or the answer to `question`, a new one `twice`. Raises PinRequired or a TokenError."""
    if pin_file:
        from pkcs11_token.pin import read_pin_file

        return read_pin_file(pin_file)
    if not sys.stdin.isatty():
        raise PinRequired
    while True:
        pin = _typed(question)
        if not twice or _typed(_("The same PIN again")) == pin:
            return pin
        say(_("Error: The two entered values do not match."))


def _typed(question: str) -> str:
    """What is typed hidden, once it is not empty; echo is off before the question stands there."""
    try:
        while not (pin := getpass(f"{question}: ")):
            pass
    except EOFError:
        raise click.Abort from None
    return pin
