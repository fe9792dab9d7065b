"""`sperre keys list`."""

from collections.abc import Sequence

import click

from console.commands.options import list_options
from console.commands.speaking import SpeakingGroup
from console.commands.table import Column, sort_language, write
from console.configuration import open_site
from console.language import _
from console.widgets.pages import Query
from console.wording import nothing_to_block, title
from store.browse.keys import KeyRow, key_table
from store.errors import AlreadyBlocked, AlreadyReturned, NeverMade, OpensNoLock

WHY_NOT = {
    type(None): None,
    AlreadyBlocked: "already blocked",
    AlreadyReturned: "returned",
    NeverMade: "never made",
    OpensNoLock: "opens no lock",
}


@click.group(cls=SpeakingGroup, help=_("The keys of the site."))
def keys() -> None:
    pass


@keys.command("list", help=_("List the keys, what they open, and which cannot be blocked and why."))
@list_options
def list_keys(output: str, search: str) -> None:
    listing = key_table(open_site(), sort_language(output))
    write(output, listing, Query("label", filter=search), _columns())


def _columns() -> Sequence[Column[KeyRow]]:
    return (
        Column("label", lambda row: row.label, _("Label")),
        Column("serial", lambda row: row.serial),
        Column("name", lambda row: row.name, _("Name")),
        Column("type", lambda row: row.type, _("Type"), lambda row: title(row.type)),
        Column("person", lambda row: row.person, _("Person")),
        Column("state", lambda row: row.state, _("State"), lambda row: title(row.state)),
        Column("main_zone", lambda row: row.main_zone, _("Main zone")),
        Column("valid_until", lambda row: row.valid_until),
        Column("expiry_interval", lambda row: row.expiry_interval),
        Column("last_contact", lambda row: row.last_contact),
        Column("locks", lambda row: row.locks, _("Locks"), number=True),
        Column("zones", lambda row: row.zones, _("Zones"), number=True),
        Column(
            "not_blockable",
            lambda row: WHY_NOT[type(row.refusal)],
            _("Not to be blocked"),
            lambda row: nothing_to_block(row.refusal) if row.refusal else "",
        ),
    )
