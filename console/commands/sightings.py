"""`sperre sightings list`."""

import click

from console.commands.options import list_options
from console.commands.speaking import SpeakingGroup
from console.commands.table import Column, write
from console.configuration import open_site
from console.language import _
from console.widgets.pages import Query
from console.wording import title
from store.browse.sightings import SightingRow, sighting_table


@click.group(cls=SpeakingGroup, help=_("Blocked keys that were seen at locks."))
def sightings() -> None:
    pass


@sightings.command("list", help=_("List the sightings, the latest first."))
@list_options
def list_sightings(output: str, search: str) -> None:
    write(output, sighting_table(open_site()), Query("at", descending=True, filter=search), _columns())


def _columns() -> list[Column[SightingRow]]:
    return [
        Column("at", lambda row: row.at, _("When")),
        Column("key", lambda row: row.label, _("Key")),
        Column("name", lambda row: row.name, _("Name")),
        Column("person", lambda row: row.person, _("Person")),
        Column("lock", lambda row: row.lock, _("Lock")),
        Column("lock_serial", lambda row: row.lock_serial),
        Column("place", lambda row: row.place, _("Place")),
        Column("result", lambda row: row.result, _("Result"), lambda row: title(row.result)),
    ]
