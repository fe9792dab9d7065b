"""A token's PIN: typed hidden on the terminal, or read from a file that nobody else may read; never an argument."""

import sys
from pathlib import Path

import click

from console.language import _
from pkcs11_token.errors import PinRequired


def asked_pin(question: str, pin_file: Path | None, *, twice: bool = False) -> str:
    """The PIN in `pin_file`, or the answer to `question`, a new one `twice`. Raises PinRequired or a TokenError."""
    if pin_file:
        from pkcs11_token.pin import read_pin_file

        return read_pin_file(pin_file)
    if not sys.stdin.isatty():
        raise PinRequired
    again = _("The same PIN again") if twice else False
    return str(click.prompt(question, hide_input=True, confirmation_prompt=again, err=True))
