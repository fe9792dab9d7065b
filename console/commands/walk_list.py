"""`sperre walk-list`: the locks to visit by hand, and which keys to take along."""

import click

from console import danger
from console.commands.endings import say
from console.commands.options import format_option
from console.commands.table import Column, write_rows
from console.configuration import open_site
from console.language import _
from console.widgets.text import inert
from store.walk import Stop
from store.walk import walk_list as locks_to_visit


@click.command(
    "walk-list",
    help=_(
        "List the locks to visit by hand, since they do not learn by themselves, with the fewest keys that bring them"
        " the list. KEY is a label or a serial of a blocked key; by default all."
    ),
)
@click.argument("keys", metavar=_("[KEY]..."), nargs=-1)
@click.option("--all", "every", is_flag=True, help=_("Also the locks that are expected to learn by themselves."))
@format_option
def walk_list(keys: tuple[str, ...], every: bool, output: str) -> None:
    found = locks_to_visit(open_site(), keys, every=every)
    if output != "text":
        write_rows(output, found.stops, _columns())
    elif found.stops:
        for line in danger.walk_lines(found):
            click.echo(inert(line))
    else:
        say(_("No lock needs a visit."))


def _columns() -> list[Column[Stop]]:
    return [
        Column("place", lambda row: row.place),
        Column("lock", lambda row: row.name),
        Column("lock_serial", lambda row: row.serial),
        Column("zone", lambda row: row.zone),
        Column("version", lambda row: row.version),
        Column("blocked_keys", lambda row: row.blocked_keys),
        Column("unreachable", lambda row: row.unreachable),
        Column("keys", lambda row: row.keys),
        Column("holders", lambda row: row.holders),
    ]
