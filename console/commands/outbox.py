"""`sperre outbox list` and `flush`: what was ordered and is still to be written or handed on."""

import click

from console.commands.endings import say
from console.commands.options import format_option
from console.commands.speaking import SpeakingGroup
from console.commands.table import Column, write_rows
from console.configuration import open_site
from console.issuing import flush_outbox
from console.language import _, ngettext
from console.wording import explain
from pkcs11_token.errors import SperreError
from store.database import Store
from store.outbox import Waiting, waiting


@click.group(cls=SpeakingGroup, help=_("The issued lists as files, and what is still to be written or handed on."))
def outbox() -> None:
    pass


@outbox.command("list", help=_("List what waits: ordered lists that are not written, or not handed on by the hook."))
@format_option
def list_outbox(output: str) -> None:
    write_rows(output, waiting(open_site()), _columns())


@outbox.command(help=_("Write what waits, and run the hook for it."))
@format_option
def flush(output: str) -> None:
    done = flush_outbox(open_site())
    if output != "text":
        write_rows(output, [done], [Column("issued", lambda count: count)])
        return
    click.echo(ngettext("{count} list issued.", "{count} lists issued.", done))


def issue(store: Store) -> None:
    """After an order: write its lists and hand them on. What fails is said; the order stands."""
    try:
        flush_outbox(store)
    except SperreError as error:
        say(explain(error))


def _columns() -> list[Column[Waiting]]:
    return [
        Column("zone", lambda row: row.zone, _("Zone")),
        Column("version", lambda row: row.version, _("Version"), number=True),
        Column("written", lambda row: row.written, _("Written")),
        Column("failure", lambda row: row.failure, _("Failure"), lambda row: _(row.failure)),
    ]
