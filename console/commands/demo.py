"""`sperre demo`."""

import secrets
from pathlib import Path

import click

from console.commands.options import pin_file_option
from console.commands.token import configure, enrol_first, new_soft_token, require_no_token
from console.configuration import change_settings, login_name, open_site, places
from console.issuing import flush_outbox
from console.language import _
from pkcs11_token.errors import N_, SperreError
from store import journal
from store.browse.zones import zone_table
from store.database import Store


class SiteThereAlready(SperreError):
    template = N_(
        "The store {path} holds a site already. It was left as it is: choose another folder with SPERRE_HOME."
    )


@click.command(help=_("Make a believable site and a soft token to try Sperre with, where nothing is yet."))
@pin_file_option
def demo(pin_file: Path | None) -> None:
    from store.demo import SITE, make_demo

    store = open_site(create=True)
    _require_empty(store)
    require_no_token(store)
    pin = _pin(pin_file)
    with new_soft_token(pin) as made:
        make_demo(store, store.clock())
        fingerprint = enrol_first(store, made, pin, login_name())
    configure(made, fingerprint)
    change_settings(site=SITE)
    flush_outbox(store)
    click.echo(_("The demo site {site} is made, with a soft token.").format(site=SITE))
    if pin_file is None:
        click.echo(_("Its PIN is in {path}.").format(path=_written(pin)))


def _require_empty(store: Store) -> None:
    from console.widgets.pages import Query

    with store.connected():
        if journal.head().number or zone_table(store).count(Query("name")):
            raise SiteThereAlready(path=store.path)


def _pin(pin_file: Path | None) -> str:
    if pin_file is None:
        return f"{secrets.randbelow(10**6):06}"
    from pkcs11_token.pin import read_pin_file

    return read_pin_file(pin_file)


def _written(pin: str) -> Path:
    """Keep the demo PIN beside the store, for its owner alone; returns where."""
    path = places().store.with_name("demo-pin")
    path.touch(mode=0o600)
    path.write_text(f"{pin}\n", "utf-8")
    return path
