"""Basic data › Browse people."""

from collections.abc import Sequence
from typing import Any

from console.language import _, number
from console.screens.browsing import BrowseScreen
from console.widgets.record_table import Column, Source
from pkcs11_token.errors import N_
from store.browse.keys import are_few
from store.browse.people import PersonRow, person_table


class PeopleScreen(BrowseScreen):
    """Everybody who holds keys."""

    where = (N_("Basic data"), N_("Browse people"))
    table_name = "people"
    nothing = N_("Nobody is found.")

    def source(self) -> Source[Any]:
        return person_table(self.console.store, self.console.language)

    def columns(self) -> Sequence[Column[Any]]:
        few = are_few(self.console.store)
        return (
            Column("name", _("Name"), lambda row: row.name, 30, min_width=12, flex=True, cut="middle"),
            Column("person_id", _("Person id"), lambda row: row.person_id, 12, min_width=6, priority=2),
            Column("keys", _("Keys"), lambda row: number(row.keys), 8, align="right", sortable=few, value=_keys),
            Column(
                *("blocked", _("Blocked"), lambda row: number(row.blocked), 10),
                align="right",
                sortable=few,
                value=lambda row: row.blocked,
            ),
        )

    def open_record(self, row: PersonRow) -> None:
        from console.screens.person_record import PersonRecord

        self.app.push_screen(PersonRecord(row.id, self.where))


def _keys(row: PersonRow) -> int:
    return row.keys
