"""`sperre people list`."""

from collections.abc import Sequence

import click

from console.commands.options import list_options
from console.commands.speaking import SpeakingGroup
from console.commands.table import Column, sort_language, write
from console.configuration import open_site
from console.language import _
from console.widgets.pages import Query
from store.browse.people import PersonRow, person_table


@click.group(cls=SpeakingGroup, help=_("The people who hold keys."))
def people() -> None:
    pass


@people.command("list", help=_("List the people with their keys, in numbers."))
@list_options
def list_people(output: str, search: str) -> None:
    listing = person_table(open_site(), sort_language(output))
    write(output, listing, Query("name", filter=search), _columns())


def _columns() -> Sequence[Column[PersonRow]]:
    return (
        Column("name", lambda row: row.name, _("Name")),
        Column("person_id", lambda row: row.person_id, _("Person id")),
        Column("keys", lambda row: row.keys, _("Keys"), number=True),
        Column("blocked", lambda row: row.blocked, _("Blocked"), number=True),
    )
