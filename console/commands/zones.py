"""`sperre zones list`."""

from collections.abc import Sequence

import click

from console.commands.options import list_options
from console.commands.speaking import SpeakingGroup
from console.commands.table import Column, Sorted, write
from console.configuration import open_site
from console.language import _
from console.wording import status
from store.browse import ZoneRow
from store.browse import zones as all_zones


@click.group(cls=SpeakingGroup, help=_("The zones of the site, each with a blocklist of its own."))
def zones() -> None:
    pass


@zones.command("list", help=_("List the zones and the state of their blocklists."))
@list_options
def list_zones(output: str, search: str) -> None:
    write(output, all_zones(open_site()), Sorted("name", filter=search), _columns())


def _columns() -> Sequence[Column[ZoneRow]]:
    return (
        Column("zone", lambda row: row.name, _("Zone")),
        Column("status", lambda row: row.status, _("Status"), lambda row: status(row.status)),
        Column("version", lambda row: row.version, _("Version"), number=True),
        Column("ordered_version", lambda row: row.ordered_version, _("Ordered version"), number=True),
        Column("keys", lambda row: row.size, _("Keys"), number=True),
        Column("places_left", lambda row: row.places_left, _("Places left"), number=True),
        Column("locks", lambda row: row.locks, _("Locks"), number=True),
    )
