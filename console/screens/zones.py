"""Basic data › Browse zones: each with the state of its blocklist."""

from collections.abc import Callable, Sequence
from typing import Any

from console.language import _, number
from console.screens.browsing import BrowseScreen
from console.widgets.record_table import Column, Source
from console.wording import status
from pkcs11_token.errors import N_
from store.browse.zones import ZoneRow, zone_table


class ZonesScreen(BrowseScreen):
    """The zones of the site."""

    where = (N_("Basic data"), N_("Browse zones"))
    table_name = "zones"
    nothing = N_("No zone is found.")

    def source(self) -> Source[Any]:
        return zone_table(self.console.store)

    def columns(self) -> Sequence[Column[Any]]:
        return (
            Column("name", _("Zone"), lambda row: row.name, 18, min_width=14, flex=True, cut="middle"),
            _number("locks", _("Locks"), 5, lambda row: row.locks, priority=3),
            _number("version", _("Version"), 7, lambda row: row.version),
            _number("ordered", _("Ordered"), 7, lambda row: row.ordered_version, priority=2),
            _number("size", _("Blocked"), 8, lambda row: row.size),
            _number("places", _("Free"), 5, lambda row: row.places_left),
            _number("dead", _("Died"), 4, lambda row: row.dead, priority=4),
            Column(
                *("status", _("Status"), lambda row: status(row.status), 19),
                min_width=17,
                signed=True,
                value=lambda row: row.status,
            ),
        )

    def open_record(self, row: ZoneRow) -> None:
        from console.screens.zone_record import ZoneRecord

        self.app.push_screen(ZoneRecord(row.id, self.where))


def _number(
    name: str, title: str, width: int, count: Callable[[ZoneRow], int], *, priority: int = 1
) -> Column[ZoneRow]:
    """A column of numbers."""
    return Column(
        *(name, title, lambda row: number(count(row)), width),
        min_width=width,
        align="right",
        priority=priority,
        value=count,
    )
