"""`sperre journal list`, `verify` and `head`."""

import sys
from collections.abc import Sequence

import click

from console import sentences
from console.commands.endings import INTERRUPTED, say
from console.commands.options import list_options
from console.commands.speaking import SpeakingGroup
from console.commands.table import Column, Sorted, write
from console.configuration import open_site
from console.language import _, ngettext, number
from store import journal as chain
from store.browse import JournalRow
from store.browse import journal as all_records
from store.verify import verify as proved

RECORDS_A_REPORT = 1000


@click.group(cls=SpeakingGroup, help=_("The journal: who did what, and the proof of it."))
def journal() -> None:
    pass


@journal.command("list", help=_("List the records, newest first."))
@list_options
def list_journal(output: str, search: str) -> None:
    write(output, all_records(open_site()), Sorted("number", descending=True, filter=search), _columns())


@journal.command(help=_("Prove the whole journal, and that the tables say what it says."))
def verify() -> None:
    store = open_site()
    reached = 0

    def progress(record: int) -> None:
        nonlocal reached
        reached = record
        if record % RECORDS_A_REPORT == 0 and sys.stderr.isatty():
            click.echo("\r" + _("{count} records checked").format(count=number(record)), err=True, nl=False)

    try:
        found = proved(store, progress)
    except KeyboardInterrupt:
        say(_("Stopped after record {number}; the records up to it are in order.").format(number=reached))
        sys.exit(INTERRUPTED)
    finally:
        if reached >= RECORDS_A_REPORT and sys.stderr.isatty():
            click.echo(err=True)
    click.echo(
        _("The journal is whole: {records}, {removals} proved by tokens, and the tables say the same.").format(
            records=ngettext("{count} record", "{count} records", found.head.number),
            removals=ngettext("{count} removal", "{count} removals", found.removals),
        )
    )
    click.echo(_("Head: {head}").format(head=found.head))


@journal.command(help=_("Print the number and the hash of the last record."))
def head() -> None:
    with open_site().connected():
        click.echo(str(chain.head()))


def _columns() -> Sequence[Column[JournalRow]]:
    return (
        Column("number", lambda row: row.id, _("Number"), number=True),
        Column("at", lambda row: row.at, _("When")),
        Column("operator", lambda row: row.operator, _("Who")),
        Column("action", lambda row: row.action),
        Column("details", lambda row: row.details),
        Column("", lambda row: sentences.journal_summary(row.action, row.details), _("What")),
    )
