"""`sperre journal list`, `verify` and `head`."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from console.commands.endings import INTERRUPTED, say
from console.commands.options import list_options
from console.commands.speaking import SpeakingGroup
from console.commands.table import Column, write
from console.configuration import open_site
from console.journal_words import journal_summary
from console.language import _, ngettext, number
from console.widgets.pages import Query
from pkcs11_token.chain import SHORT_HASH, Head, noted_head
from pkcs11_token.journal_file import verify_file
from store.browse.journal import JournalRow, journal_table
from store.heads import note
from store.journal import export as export_journal
from store.journal import head as current_head
from store.verify import Verified
from store.verify import verify as proved

RECORDS_A_REPORT = 1000


@click.group(cls=SpeakingGroup, help=_("The journal: who did what, and the proof of it."))
def journal() -> None:
    pass


@journal.command("list", help=_("List the records, newest first."))
@list_options
def list_journal(output: str, search: str) -> None:
    write(output, journal_table(open_site()), Query("number", descending=True, filter=search), _columns())


@journal.command(
    help=_(
        "Prove the whole journal, and that the tables say what it says."
        " With FILE an exported journal is proved, without the site's store."
    )
)
@click.argument("file", metavar=_("[FILE]"), type=click.Path(path_type=Path), required=False)
@click.option("--root", metavar=_("FINGERPRINT"), help=_("What the site's first token must be, as noted on paper."))
@click.option("--head", "noted", metavar="N:HASH", help=_("A head that was noted before and must still be there."))
def verify(file: Path | None, root: str | None, noted: str | None) -> None:
    reached = 0
    head = _noted(noted) if noted is not None else None
    first = root.replace(":", "").replace(" ", "").lower() if root else None

    def progress(record: int) -> None:
        nonlocal reached
        reached = record
        if record % RECORDS_A_REPORT == 0 and sys.stderr.isatty():
            click.echo("\r" + _("{count} records checked").format(count=number(record)), err=True, nl=False)

    try:
        if file:
            chain = verify_file(file, root=first, head=head, progress=progress)
            found = Verified(chain.last, chain.removals)
        else:
            store = open_site()
            found = proved(store._replace(root=first or store.root), progress, head)
    except KeyboardInterrupt:
        say(_("Stopped after record {number}; the records up to it are in order.").format(number=reached))
        sys.exit(INTERRUPTED)
    finally:
        if reached >= RECORDS_A_REPORT and sys.stderr.isatty():
            click.echo(err=True)
    whole = (
        _("The journal is whole: {records}, {removals} proved by tokens.")
        if file
        else _("The journal is whole: {records}, {removals} proved by tokens, and the tables say the same.")
    )
    click.echo(
        whole.format(
            records=ngettext("{count} record", "{count} records", found.head.number),
            removals=ngettext("{count} removal", "{count} removals", found.removals),
        )
    )
    click.echo(_("Head: {head}").format(head=found.head.short))


@journal.command(help=_("Write the whole journal to FILE (JSON Lines), to be proved on another machine."))
@click.argument("file", metavar=_("FILE"), type=click.Path(path_type=Path))
def export(file: Path) -> None:
    records = export_journal(open_site(), file)
    click.echo(
        ngettext("{count} record written to {file}.", "{count} records written to {file}.", records, file=str(file))
    )


@journal.command(
    help=_("Note the journal as it stands now, after you have looked why a noted head is missing; removals work again.")
)
def accept() -> None:
    store = open_site()
    with store.connected():
        head = current_head()
    note(head, store.heads_file, to_syslog=store.heads_to_syslog)
    click.echo(_("Noted: {head}").format(head=head.short))


@journal.command(
    help=_("Print the number and the first digits of the hash of the last record, for a ticket or a phone call.")
)
def head() -> None:
    with open_site().connected():
        click.echo(current_head().short)


def _noted(text: str) -> Head:
    try:
        return noted_head(text)
    except ValueError:
        raise click.UsageError(
            _("A head is a number, a colon and at least {count} hexadecimal digits, as journal head prints it.").format(
                count=SHORT_HASH
            )
        ) from None


def _columns() -> Sequence[Column[JournalRow]]:
    return (
        Column("number", lambda row: row.id, _("Number"), number=True),
        Column("at", lambda row: row.at, _("When")),
        Column("operator", lambda row: row.operator, _("Who")),
        Column("action", lambda row: row.action),
        Column("details", lambda row: row.details),
        Column("", lambda row: journal_summary(row.action, row.details), _("What")),
    )
