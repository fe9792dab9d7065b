"""What is told of the tokens: which is set up, which are enrolled, which are present, and how many tries are left."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from console.configuration import settings, token_settings
from console.language import _
from console.wording import date_time
from pkcs11_token.chain import EnrolledToken
from pkcs11_token.statement import short_fingerprint
from store.database import Store
from store.trust import trust

if TYPE_CHECKING:
    from pkcs11_token.session import FoundToken


def token_status(store: Store) -> Iterator[str]:
    """One sentence after the other. Raises a TokenError when the module or its tokens cannot be reached."""
    yield from _settings()
    with store.connected():
        enrolled = trust(store).tokens
    if not enrolled:
        yield _("No token is enrolled on this site: nothing can be removed.")
    yield from map(_enrolment, enrolled.values())
    yield from _present(enrolled)


def tries(found: "FoundToken") -> str:
    """What to know of a token before its PIN is typed; empty when all is well."""
    if found.locked:
        return _("! The token is locked.")
    if found.final_try:
        return _("! This is the last try: a wrong PIN locks the token.")
    return _("! A wrong PIN was entered before; a few more lock the token.") if found.count_low else ""


def _settings() -> Iterator[str]:
    chosen = settings()
    if not chosen.token_module:
        yield _("No token is set up: the setting token_module is empty.")
        return
    yield _("PKCS#11 module: {module}").format(module=chosen.token_module)
    yield _("Token: {token}").format(token=chosen.token or _("any"))


def _enrolment(enrolled: EnrolledToken) -> str:
    fingerprint = short_fingerprint(enrolled.fingerprint)
    if enrolled.revoked_at:
        return _("Revoked: token {fingerprint} of {user}, by {by} on {at}.").format(
            fingerprint=fingerprint, user=enrolled.user, by=enrolled.revoked_by, at=date_time(enrolled.revoked_at)
        )
    return _("Enrolled: token {fingerprint} of {user}, by {by} on {at}.").format(
        fingerprint=fingerprint, user=enrolled.user, by=enrolled.enrolled_by, at=date_time(enrolled.enrolled_at)
    )


def _present(enrolled: dict[str, EnrolledToken]) -> Iterator[str]:
    from pkcs11_token.session import find_tokens, visible_fingerprints

    if not settings().token_module:
        return
    present = find_tokens(token_settings())
    if not present:
        yield _("No token is present.")
    for found in present:
        known = [enrolled[name] for name in visible_fingerprints(found) if name in enrolled]
        states = [*_states(found), *map(_standing, known)]
        yield _("Present: token {label}, serial {serial}: {states}.").format(
            label=found.label, serial=found.serial, states=", ".join(states)
        )


def _standing(known: EnrolledToken) -> str:
    standing = _("revoked as {name}") if known.revoked_at else _("enrolled as {name}")
    return standing.format(name=short_fingerprint(known.fingerprint))


def _states(found: "FoundToken") -> list[str]:
    """A token's flags in words."""
    states = (
        (not found.initialised, _("not initialised")),
        (found.locked, _("locked after too many wrong PINs")),
        (found.final_try, _("only one try of the PIN is left")),
        (found.count_low and not found.final_try, _("a wrong PIN was typed since the last right one")),
        (found.pin_pad, _("its PIN is typed on the reader")),
    )
    return [words for holds, words in states if holds] or [_("ready")]
