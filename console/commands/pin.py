"""A token's PIN: typed hidden on the terminal, or read from a file that nobody else may read; never an argument."""

import sys
from pathlib import Path

import click

from console.language import _
from pkcs11_token.errors import N_, TokenError


class NoTerminal(TokenError):
    template = N_("The token needs its PIN, and there is no terminal to ask on. Name a file with --pin-file.")


def asked_pin(pin_file: Path | None, *, twice: bool = False) -> str:
    """The PIN in `pin_file`, or the one typed (`twice` for a new one). Raises NoTerminal or a TokenError."""
    if pin_file:
        from pkcs11_token.pin import read_pin_file

        return read_pin_file(pin_file)
    if not sys.stdin.isatty():
        raise NoTerminal
    again = _("The same PIN again") if twice else False
    return str(click.prompt(_("PIN of the token"), hide_input=True, confirmation_prompt=again, err=True))
