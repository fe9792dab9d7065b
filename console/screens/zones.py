"""Basic data › Browse zones: each with the state of its blocklist."""

from collections.abc import Sequence
from typing import Any

from console.language import _, number
from console.screens.browsing import BrowseScreen
from console.widgets.record_table import Column, Source
from console.wording import status
from pkcs11_token.errors import N_
from store import browse
from store.browse import ZoneRow


class ZonesScreen(BrowseScreen):
    """The zones of the site."""

    where = (N_("Basic data"), N_("Browse zones"))
    nothing = N_("No zone is found.")

    def source(self) -> Source[Any]:
        return browse.zones(self.console.store)

    def columns(self) -> Sequence[Column[Any]]:
        return (
            Column("name", _("Zone"), lambda row: row.name, 18, min_width=9, flex=True, cut="middle"),
            Column("locks", _("Locks"), lambda row: number(row.locks), 5, align="right", priority=3, sortable=False),
            Column("version", _("Version"), lambda row: str(row.version), 7, align="right", sortable=False),
            Column("ordered", _("Ordered"), lambda row: str(row.ordered_version), 7, align="right", sortable=False),
            Column("size", _("Blocked"), lambda row: number(row.size), 8, align="right", priority=2),
            Column("places", _("Places left"), lambda row: number(row.places_left), 11, align="right", sortable=False),
            Column("dead", _("Died"), lambda row: number(row.dead), 5, align="right", priority=4, sortable=False),
            Column("status", _("Status"), lambda row: status(row.status), 19, sortable=False, signed=True),
        )

    def open_record(self, row: ZoneRow) -> None:
        from console.screens.zone_record import ZoneRecord

        self.app.push_screen(ZoneRecord(row.id, self.where))
