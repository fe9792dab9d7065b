"""`sperre token init` and `status`."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console.commands.options import pin_file_option
from console.commands.pin import asked_pin
from console.commands.speaking import SpeakingGroup
from console.configuration import change_settings, login_name, open_site, places, settings, token_settings
from console.language import _
from console.widgets.text import inert
from console.wording import date_time
from store.database import Store
from store.errors import AlreadyEnrolled
from store.trust import EnrolledToken, commit_token_change, prepare_enrolment, trust

if TYPE_CHECKING:
    from pkcs11_token.session import FoundToken, TokenSettings

LABEL = "Sperre"


@click.group(cls=SpeakingGroup, help=_("The token that proves removals."))
def token() -> None:
    pass


@token.command(help=_("Make a soft token for this site (SoftHSM) and enrol it as the site's first token."))
@pin_file_option
@click.option("--user", metavar=_("NAME"), default="", help=_("Who holds the token; you by default."))
def init(pin_file: Path | None, user: str) -> None:
    store = open_site(create=True)
    require_no_token(store)
    pin = asked_pin(_("PIN for the new token"), pin_file, twice=True)
    with new_soft_token(pin) as made:
        fingerprint = enrol_first(store, made, pin, user or login_name())
    configure(made, fingerprint)
    click.echo(_("The soft token is made and enrolled as the first token of this site. Its fingerprint is:"))
    click.echo(fingerprint_on_paper(fingerprint))
    click.echo(_("Keep the fingerprint on paper: whoever holds it can prove the whole journal from the first record."))


@token.command(help=_("Tell what is set up, which tokens are present, and which are enrolled."))
def status() -> None:
    _tell_settings()
    store = open_site()
    with store.connected():
        enrolled = trust(store).tokens
    _tell_enrolled(enrolled)
    _tell_present(enrolled)


def require_no_token(store: Store) -> None:
    """Raise AlreadyEnrolled, SoftTokenExists or SoftTokenMissing where no first soft token can be made."""
    from pkcs11_token.errors import SoftTokenExists, SoftTokenMissing
    from pkcs11_token.soft_token import find_softhsm
    from pkcs11_token.statement import short_fingerprint

    with store.connected():
        for name, enrolled in trust(store).valid.items():
            raise AlreadyEnrolled(fingerprint=short_fingerprint(name), at=enrolled.enrolled_at)
    if places().soft_token.exists():
        raise SoftTokenExists(directory=places().soft_token)
    if not (settings().token_module or find_softhsm()):
        raise SoftTokenMissing


@contextmanager
def new_soft_token(pin: str) -> Iterator["TokenSettings"]:
    """A new soft token for the site, with `pin`; when the block fails it is removed again."""
    from pkcs11_token.soft_token import create_soft_token

    folder = places().soft_token
    try:
        yield create_soft_token(folder, LABEL, pin, settings().token_module or None)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def enrol_first(store: Store, made: "TokenSettings", pin: str, user: str) -> str:
    """Enrol the token `made` as the site's first, held by `user`; returns its fingerprint."""
    from pkcs11_token.session import login

    with login(made, pin) as soft_token:
        fingerprint = soft_token.fingerprint
        enrolment = prepare_enrolment(store, soft_token.public_key, LABEL, user)
        statement = soft_token.sign(enrolment)
    commit_token_change(store, enrolment, [statement])
    return fingerprint


def configure(made: "TokenSettings", fingerprint: str) -> None:
    """Let the site use the token `made` from now on, as its root."""
    change_settings(token_module=made.module, token=made.token, token_root=fingerprint)


def fingerprint_on_paper(fingerprint: str) -> str:
    """A whole fingerprint in pairs, as it is written down and read out: 4F:9A:11 and so on."""
    return ":".join(fingerprint[at : at + 2] for at in range(0, len(fingerprint), 2)).upper()


def _tell_settings() -> None:
    chosen = settings()
    if not chosen.token_module:
        click.echo(_("No token is set up: the setting token_module is empty."))
        return
    click.echo(_("PKCS#11 module: {module}").format(module=chosen.token_module))
    click.echo(_("Token: {token}").format(token=chosen.token or _("any")))


def _tell_enrolled(tokens: dict[str, EnrolledToken]) -> None:
    if not tokens:
        click.echo(_("No token is enrolled on this site: nothing can be removed."))
    for enrolled in tokens.values():
        click.echo(inert(_enrolment(enrolled)))


def _enrolment(enrolled: EnrolledToken) -> str:
    from pkcs11_token.statement import short_fingerprint

    fingerprint = short_fingerprint(enrolled.fingerprint)
    if enrolled.revoked_at:
        return _("Revoked: token {fingerprint} of {user}, by {by} on {at}.").format(
            fingerprint=fingerprint, user=enrolled.user, by=enrolled.revoked_by, at=date_time(enrolled.revoked_at)
        )
    return _("Enrolled: token {fingerprint} of {user}, by {by} on {at}.").format(
        fingerprint=fingerprint, user=enrolled.user, by=enrolled.enrolled_by, at=date_time(enrolled.enrolled_at)
    )


def _tell_present(enrolled: dict[str, EnrolledToken]) -> None:
    """Raises a TokenError when the module or its tokens cannot be reached."""
    from pkcs11_token.session import find_tokens, visible_fingerprints
    from pkcs11_token.statement import short_fingerprint

    if not settings().token_module:
        return
    present = find_tokens(token_settings())
    if not present:
        click.echo(_("No token is present."))
    for found in present:
        names = [name for name in visible_fingerprints(found) if name in enrolled]
        states = [*_states(found), *(_("enrolled as {name}").format(name=short_fingerprint(name)) for name in names)]
        line = _("Present: token {label}, serial {serial}: {states}.")
        click.echo(inert(line.format(label=found.label, serial=found.serial, states=", ".join(states))))


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
