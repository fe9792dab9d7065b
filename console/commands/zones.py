"""`sperre zones list` and `history`."""

from collections.abc import Sequence

import click

from console.commands.options import format_option, list_options
from console.commands.speaking import SpeakingGroup
from console.commands.table import Column, write, write_rows
from console.configuration import open_site
from console.language import _
from console.widgets.pages import Query
from console.wording import change_word, date_time, status
from store.browse.zones import ZoneRow, zone_table
from store.history import Version, difference, versions
from store.terms import Status


@click.group(cls=SpeakingGroup, help=_("The zones of the site, each with a blocklist of its own."))
def zones() -> None:
    pass


@zones.command("list", help=_("List the zones and the state of their blocklists."))
@list_options
def list_zones(output: str, search: str) -> None:
    write(output, zone_table(open_site()), Query("name", filter=search), _columns())


@zones.command(
    help=_(
        "List the versions of a zone's blocklist with what each added or removed, the newest first; with --from and"
        " --to how two of them differ."
    )
)
@click.argument("zone", metavar=_("ZONE"))
@click.option("--from", "older", type=click.IntRange(0), metavar=_("VERSION"), help=_("The one version; 0 by default."))
@click.option(
    "--to", "newer", type=click.IntRange(0), metavar=_("VERSION"), help=_("The other; the newest by default.")
)
@format_option
def history(zone: str, older: int | None, newer: int | None, output: str) -> None:
    store = open_site()
    rows = versions(store, zone)
    if older is None and newer is None:
        write_rows(output, rows, _history_columns())
        return
    newest = rows[0].number if rows else 0
    found = difference(store, zone, older or 0, newest if newer is None else newer)
    changes = [*(("add", label) for label in found.added), *(("remove", label) for label in found.removed)]
    write_rows(output, changes, _difference_columns())


def _history_columns() -> Sequence[Column[Version]]:
    return (
        Column("version", lambda row: row.number, _("Version"), number=True),
        Column("at", lambda row: row.at, _("When")),
        Column("operator", lambda row: row.operator, _("Who")),
        Column("action", lambda row: row.action, _("What"), lambda row: change_word(row.action)),
        Column("key", lambda row: row.key, _("Key")),
        Column("name", lambda row: row.name, _("Name")),
        Column(
            "ordered_at",
            lambda row: row.ordered_at,
            _("Ordered"),
            lambda row: date_time(row.ordered_at) if row.ordered_at else status(Status.UNDER_PLANNING),
        ),
    )


def _difference_columns() -> Sequence[Column[tuple[str, str]]]:
    return (
        Column("action", lambda row: row[0], _("What"), lambda row: change_word(row[0])),
        Column("key", lambda row: row[1], _("Key")),
    )


def _columns() -> Sequence[Column[ZoneRow]]:
    return (
        Column("zone", lambda row: row.name, _("Zone")),
        Column("status", lambda row: row.status, _("Status"), lambda row: status(row.status)),
        Column("version", lambda row: row.version, _("Version"), number=True),
        Column("ordered_version", lambda row: row.ordered_version, _("Ordered version"), number=True),
        Column("keys", lambda row: row.size, _("Keys"), number=True),
        Column("places_left", lambda row: row.places_left, _("Places left"), number=True),
        Column("dead", lambda row: row.dead, _("Died"), number=True),
        Column("locks", lambda row: row.locks, _("Locks"), number=True),
    )
