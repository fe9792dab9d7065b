"""`sperre visits import` and `done`: what the locks have learned."""

from pathlib import Path

import click

from console.commands.endings import say
from console.commands.importing import progress_bars
from console.commands.options import format_option
from console.commands.speaking import SpeakingGroup
from console.commands.table import Column, write_rows
from console.configuration import open_site
from console.language import _, ngettext
from console.widgets.text import inert
from console.wording import explain
from store.import_errors import ImportRefused
from store.visits import VisitsReport, import_visits, tick_off


@click.group(cls=SpeakingGroup, help=_("Visits of keys at locks: they tell what the locks have learned."))
def visits() -> None:
    pass


@visits.command(
    "import",
    help=_(
        "Read visits from a CSV file with the columns at, lock_serial, key (label or serial) and result (opened,"
        " refused or learned), and lock_version and key_version where they are told. A file may be read again: what is"
        " known changes nothing."
    ),
)
@click.argument("file", metavar=_("FILE"), type=click.Path(path_type=Path))
@format_option
def import_file(file: Path, output: str) -> None:
    store = open_site()
    try:
        with progress_bars() as progress:
            report = import_visits(store, file, progress)
    except ImportRefused as refused:
        for fault in refused.faults:
            say(explain(fault))
        raise
    if output != "text":
        write_rows(output, [report], _columns())
        return
    added = ngettext("{count} visit added", "{count} visits added", report.added)
    known = ngettext("{count} was known", "{count} were known", report.known)
    click.echo(f"{added}, {known}.")
    if report.sightings:
        click.echo(
            ngettext(
                "{count} of them is a sighting of a blocked key: sperre sightings list",
                "{count} of them are sightings of blocked keys: sperre sightings list",
                report.sightings,
            )
        )


@visits.command(help=_("Record that a lock was visited by hand with a key that brought it the newest ordered list."))
@click.argument("lock", metavar=_("LOCK"))
@click.option("--key", required=True, metavar=_("KEY"), help=_("The key (label or serial) that was held to the lock."))
def done(lock: str, key: str) -> None:
    version = tick_off(open_site(), lock, key)
    click.echo(inert(_("Lock {lock} holds version {version} now.").format(lock=lock.upper(), version=version)))


def _columns() -> list[Column[VisitsReport]]:
    return [
        Column("added", lambda row: row.added),
        Column("known", lambda row: row.known),
        Column("sightings", lambda row: row.sightings),
    ]
