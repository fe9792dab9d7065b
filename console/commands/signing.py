"""Have the site's enrolled tokens sign a statement, asking for each PIN on the terminal or reading it from a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from console.commands.pin import asked_pin
from console.configuration import token_settings
from store.database import Store
from store.errors import NoTokenEnrolled
from store.journal import Details
from store.trust import trust


@dataclass(frozen=True)
class Signature:
    """A statement (JWS) and the short fingerprint of the token that signed it."""

    statement: str
    fingerprint: str


def signed(store: Store, payload: Details, pin_file: Path | None) -> Sequence[Signature]:
    """The signatures of as many different tokens over `payload` as the site asks for.

    Raises NoTokenEnrolled before any PIN is asked for, NoTerminal, or a TokenError.
    """
    enrolled = set(trust(store).valid)
    if not enrolled:
        raise NoTokenEnrolled
    signatures: list[Signature] = []
    for _ in range(store.tokens_required):
        signatures.append(_signature(payload, enrolled, pin_file))
        enrolled -= {signatures[-1].fingerprint}
    return signatures


def _signature(payload: Details, enrolled: set[str], pin_file: Path | None) -> Signature:
    from pkcs11_token.session import login
    from pkcs11_token.statement import short_fingerprint

    with login(token_settings(), asked_pin(pin_file), expected=enrolled) as token:
        return Signature(token.sign(payload), short_fingerprint(token.fingerprint))
