"""`sperre exposure`: which doors keys still open, and until when."""

from datetime import datetime
from typing import Any

import click

from console import danger
from console.commands.options import format_option
from console.commands.table import Column, sort_language, write, write_rows
from console.configuration import open_site
from console.language import _
from console.widgets.pages import Query
from console.widgets.text import inert
from console.wording import date_time, since
from store.answer import Answer, Expectation, answer, answers
from store.browse.blocklist import BlocklistRow, blocklist_table
from store.database import Store
from store.keys import find_keys
from store.listing import Everything
from store.models import utc_text


@click.command(
    help=_("Tell which doors keys still open, and until when. KEY is a label or a serial; by default all blocked keys.")
)
@click.argument("keys", metavar=_("[KEY]..."), nargs=-1)
@format_option
def exposure(keys: tuple[str, ...], output: str) -> None:
    store = open_site()
    if output == "text" and not keys:
        write(output, blocklist_table(store, sort_language(output)), Query("label"), _overview(store))
        return
    with store.connected():
        named = [answer(store, key.id) for key in find_keys(keys)]
    if output == "text":
        for found in named:
            _tell(store, found)
    else:
        write_rows(output, named if keys else list(answers(store, _blocked(store))), _columns())


def _blocked(store: Store) -> list[int]:
    rows = blocklist_table(store).after(Everything("label"), None, -1)
    return [row.id for row in rows]


def _overview(store: Store) -> list[Column[BlocklistRow]]:
    """All blocked keys in one table, which takes no forecast."""
    now = store.clock()
    return [
        Column("key", lambda row: row.label, _("Key")),
        Column("still_opens", lambda row: row.still_opens, _("Still opens"), number=True),
        Column("of", lambda row: row.of, _("Of"), number=True),
        Column("dies_by", lambda row: row.dies_by, _("Stops by itself"), lambda row: _dies_by(row.dies_by)),
        Column("seen", lambda row: row.seen_at, _("Seen"), lambda row: since(row.seen_at, now) if row.seen_at else ""),
        Column("person", lambda row: row.person, _("Person")),
    ]


def _dies_by(moment: datetime | None) -> str:
    return date_time(moment) if moment else _("never")


def _tell(store: Store, found: Answer) -> None:
    now = store.clock()
    click.echo(inert(f"{found.exposure.label}: {danger.headline(found.exposure, now)}"))
    place = None
    for door in found.open_doors:
        if door.lock.place != place:
            place = door.lock.place
            click.echo(inert(f"  {place}"))
        click.echo(inert(f"    {door.lock.name} ({door.lock.serial}): {danger.expected(door, now)}"))


def _columns() -> list[Column[Answer]]:
    return [
        Column("key", lambda row: row.exposure.label),
        Column("still_opens", lambda row: sorted(door.lock.serial for door in row.open_doors)),
        Column("of", lambda row: row.exposure.of),
        Column("dies_by", lambda row: row.exposure.dies_by),
        Column("unreachable", lambda row: _serials(row, Expectation.UNREACHABLE)),
        Column("forecast", _forecast),
        Column("last_sighting", _sighting),
    ]


def _serials(found: Answer, expectation: Expectation) -> list[str]:
    return sorted(door.lock.serial for door in found.open_doors if door.expectation == expectation)


def _forecast(found: Answer) -> dict[str, Any] | None:
    """By when each lock that still opens will have learned, and with what probability; null: too little history."""
    if found.days is None:
        return None
    return {
        door.lock.serial: {"by": utc_text(door.promise.by), "probability": round(door.promise.probability, 2)}
        for door in found.open_doors
        if door.promise and door.ordered
    }


def _sighting(found: Answer) -> dict[str, Any] | None:
    seen = found.exposure.last_sighting
    return {**vars(seen), "at": utc_text(seen.at)} if seen else None
