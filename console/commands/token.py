"""`sperre token init` and `status`."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console.commands.options import pin_file_option
from console.commands.pin import asked_pin
from console.commands.speaking import SpeakingGroup
from console.configuration import change_settings, login_name, open_site, places, settings, token_settings
from console.language import _
from console.token_words import token_status
from console.widgets.text import inert
from pkcs11_token.chain import Details
from pkcs11_token.chain_errors import AlreadyEnrolled
from pkcs11_token.statement import full_fingerprint
from store.database import Store
from store.trust import (
    commit_token_change,
    enrolled_token,
    prepare_enrolment,
    prepare_revocation,
    trust,
)

if TYPE_CHECKING:
    from pkcs11_token.session import TokenSettings

LABEL = "Sperre"


def root_advice() -> str:
    return _("Keep the fingerprint on paper: whoever holds it can prove the whole journal from the first record.")


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
    click.echo(full_fingerprint(fingerprint))
    click.echo(root_advice())


@token.command(
    help=_(
        "Enrol a token that is present, so that it may prove removals. The first is the site's root;"
        " any later one is vouched for by an enrolled token, which signs this."
    )
)
@click.option("--uri", metavar="URI", default="", help=_("Which token: a PKCS#11 URI or a label."))
@click.option("--user", metavar=_("NAME"), default="", help=_("Who holds the token; you by default."))
@click.option(
    "--pin-file",
    metavar=_("FILE"),
    type=click.Path(path_type=Path),
    help=_("File with the PIN of the token to enrol; otherwise it is asked for."),
)
@click.option(
    "--signer-pin-file",
    metavar=_("FILE"),
    type=click.Path(path_type=Path),
    help=_("File with the PIN of the enrolled token that signs; otherwise it is asked for."),
)
def enroll(uri: str, user: str, pin_file: Path | None, signer_pin_file: Path | None) -> None:
    from pkcs11_token.session import login, login_candidates

    store = open_site()
    named = replace(token_settings(), token=uri or settings().token)
    (found,) = login_candidates(named)
    with login(named, asked_pin(_("PIN of the token {token}").format(token=found.label), pin_file)) as new:
        enrolment = prepare_enrolment(store, new.public_key, new.label, user or login_name())
        with store.connected():
            is_first = not trust(store).valid
        if is_first:
            commit_token_change(store, enrolment, [new.sign(enrolment)])
            change_settings(token=named.token, token_root=new.fingerprint)
        else:
            _commit_vouched_for(store, enrolment, signer_pin_file)
        click.echo(_("The token is enrolled. Its fingerprint is:"))
        click.echo(full_fingerprint(new.fingerprint))
    if is_first:
        click.echo(root_advice())


@token.command(help=_("Let a token prove nothing from now on; an enrolled token signs this."))
@click.argument("fingerprint", metavar=_("FINGERPRINT"))
@click.option(
    "--pin-file",
    metavar=_("FILE"),
    type=click.Path(path_type=Path),
    help=_("File with the PIN of the enrolled token that signs; otherwise it is asked for."),
)
def revoke(fingerprint: str, pin_file: Path | None) -> None:
    store = open_site()
    with store.connected():
        revoked = enrolled_token(store, fingerprint)
    _commit_vouched_for(store, prepare_revocation(store, revoked.fingerprint), pin_file)
    click.echo(_("The token is revoked: {fingerprint}").format(fingerprint=full_fingerprint(revoked.fingerprint)))


def _commit_vouched_for(store: Store, change: Details, pin_file: Path | None) -> None:
    """Commit an enrolment or a revocation that one enrolled token signs."""
    from console.commands.signing import signed

    (signature,) = signed(store._replace(tokens_required=1), change, [pin_file] if pin_file else [])
    commit_token_change(store, change, [signature.statement])


@token.command(help=_("Tell what is set up, which tokens are present, and which are enrolled."))
def status() -> None:
    for line in token_status(open_site()):
        click.echo(inert(line))


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
