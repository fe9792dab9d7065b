"""`sperre locks list`."""

from collections.abc import Sequence

import click

from console.commands.options import list_options
from console.commands.speaking import SpeakingGroup
from console.commands.table import Column, sort_language, write
from console.configuration import open_site
from console.language import _
from console.widgets.pages import Query
from store.browse.locks import LockRow, lock_table


@click.group(cls=SpeakingGroup, help=_("The locks of the site."))
def locks() -> None:
    pass


@locks.command("list", help=_("List the locks with their zones."))
@list_options
def list_locks(output: str, search: str) -> None:
    listing = lock_table(open_site(), sort_language(output))
    write(output, listing, Query("name", filter=search), _columns())


def _columns() -> Sequence[Column[LockRow]]:
    return (
        Column("name", lambda row: row.name, _("Name")),
        Column("place", lambda row: row.place, _("Place")),
        Column("zone", lambda row: row.zone, _("Zone")),
        Column("serial", lambda row: row.serial, _("Serial")),
        Column("networked", lambda row: row.networked, _("Networked")),
        Column("version", lambda row: row.version, _("Version"), number=True),
        Column("up_to_date", lambda row: row.up_to_date, _("Up to date")),
        Column("last_visit", lambda row: row.last_visit, _("Last visit")),
    )
