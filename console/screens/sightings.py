"""Basic data › Browse sightings: blocked keys that were seen at locks."""

from collections.abc import Sequence
from typing import Any

from console.language import _
from console.screens.browsing import BrowseScreen
from console.widgets.record_table import Column, Source
from console.wording import date_time, title
from pkcs11_token.errors import N_
from store.browse.sightings import SightingRow, sighting_table
from store.models import Sighting


class SightingsScreen(BrowseScreen):
    """Where a blocked key was tried, when, and whether it was let in."""

    where = (N_("Basic data"), N_("Browse sightings"))
    table_name = "sightings"
    nothing = N_("No blocked key was seen. Visits are read with: sperre visits import")
    first_sort = "at"
    descending = True

    def source(self) -> Source[Any]:
        return sighting_table(self.console.store)

    def columns(self) -> Sequence[Column[SightingRow]]:
        return (
            Column("at", _("When"), lambda row: date_time(row.at), 16, min_width=16, value=lambda row: row.at),
            Column("key", _("Label"), lambda row: row.label, 7, min_width=6),
            Column("person", _("Person"), lambda row: row.person, 14, min_width=8, flex=True),
            Column("lock", _("Lock"), lambda row: row.lock, 14, min_width=10, flex=True),
            Column("place", _("Place"), lambda row: row.place, 12, min_width=8, priority=2, flex=True),
            Column(
                *("result", _("Result"), lambda row: title(row.result), 8),
                min_width=8,
                value=lambda row: row.result,
            ),
        )

    def open_record(self, row: SightingRow) -> None:
        from console.screens.key_record import KeyRecord

        self.app.push_screen(KeyRecord(Sighting.get_by_id(row.id).key.id, self.where))
