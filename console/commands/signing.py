"""Have the site's enrolled tokens sign a statement, asking for each PIN on the terminal or reading it from a file."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console.commands.endings import say
from console.commands.pin import asked_pin
from console.configuration import token_settings
from console.language import _
from console.wording import explain
from pkcs11_token.chain import Details, EnrolledToken
from pkcs11_token.chain_errors import SecondTokenRequired
from pkcs11_token.errors import NotEnrolledToken, NoToken, PinLastTry, PinLocked
from store.database import Store
from store.errors import NoTokenEnrolled
from store.trust import trust

if TYPE_CHECKING:
    from pkcs11_token.session import FoundToken


@dataclass(frozen=True)
class Signature:
    """A statement (JWS) and the fingerprint of the token that signed it."""

    statement: str
    fingerprint: str


def signed(store: Store, payload: Details, pin_files: Sequence[Path]) -> list[Signature]:
    """The signatures of as many different tokens over `payload` as the site asks for; each may have its PIN file.

    What can be refused without a PIN is refused before one is asked for: NoTokenEnrolled, SecondTokenRequired, or
    a TokenError in the words of what is wrong.
    """
    with store.connected():
        known = trust(store)
    enrolled = set(known.valid)
    if not enrolled:
        raise NoTokenEnrolled
    if len(enrolled) < store.tokens_required:
        raise SecondTokenRequired
    signatures: list[Signature] = []
    while len(signatures) < store.tokens_required:
        if signatures:
            _await_another_token(enrolled)
        pin_file = pin_files[len(signatures)] if len(signatures) < len(pin_files) else None
        signatures.append(_signature(payload, enrolled, known.revoked, pin_file))
        enrolled.remove(signatures[-1].fingerprint)
    return signatures


def _await_another_token(enrolled: set[str]) -> None:
    """Give the operator time to change tokens, unless one of `enrolled` is there. Raises SecondTokenRequired."""
    from pkcs11_token.session import login_candidates

    try:
        login_candidates(token_settings(), enrolled)
    except (NoToken, NotEnrolledToken):
        if not sys.stdin.isatty():
            raise SecondTokenRequired from None
        click.prompt(_("Insert the second token, then press Enter"), default="", show_default=False, err=True)


def _signature(
    payload: Details, enrolled: set[str], revoked: Mapping[str, EnrolledToken], pin_file: Path | None
) -> Signature:
    from pkcs11_token.session import login, login_candidates

    settings = token_settings()
    found = login_candidates(settings, enrolled, revoked)
    risked = _last_try_is_risked(found)

    def pin() -> str:
        return asked_pin(_("PIN of the token {token}").format(token=found[0].label), pin_file)

    on_reader = all(token.pin_pad for token in found)
    if on_reader:
        say(_("Enter the PIN on the reader."))
    typed = None if on_reader else pin()
    with login(settings, typed, enrolled, revoked=revoked, last_try_confirmed=risked) as token:
        if token.pin_pad and token.needs_pin_for_each_signature:
            say(_("Enter the PIN on the reader once more, to sign."))
        return Signature(token.sign(payload, pin), token.fingerprint)


def _last_try_is_risked(found: "Sequence[FoundToken]") -> bool:
    """Whether the operator risks the last try that a token leaves; asked on a terminal alone. Raises PinLocked."""
    for token in found:
        if token.locked:
            raise PinLocked(token=token.label)
    last = next((token for token in found if token.final_try), None)
    if last is None:
        return False
    refusal = PinLastTry(token=last.label)
    if not sys.stdin.isatty():
        raise refusal
    say(explain(refusal))
    return click.confirm(_("Try all the same?"), err=True, abort=True)
