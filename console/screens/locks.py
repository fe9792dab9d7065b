"""Basic data › Browse locks."""

from collections.abc import Sequence
from typing import Any

from console.language import _
from console.screens.browsing import BrowseScreen
from console.widgets.record_table import Column, Source
from console.wording import date
from pkcs11_token.errors import N_
from store.browse.locks import LockRow, lock_table


def lock_columns() -> Sequence[Column[LockRow]]:
    """The columns of every table of locks."""
    return (
        Column("name", _("Lock"), lambda row: row.name, 22, min_width=14, flex=True, cut="middle"),
        Column("place", _("Place"), lambda row: row.place, 16, min_width=9, flex=True, priority=2),
        Column("zone", _("Zone"), lambda row: row.zone, 16, min_width=12),
        Column("serial", _("Serial"), lambda row: row.serial, 10, min_width=10, priority=4),
        Column(
            *("networked", _("Networked"), lambda row: _("✓ yes") if row.networked else _("– no"), 9),
            min_width=9,
            value=lambda row: bool(row.networked),
        ),
        Column(
            *("version", _("Holds"), lambda row: f"v{row.version}", 6),
            min_width=6,
            align="right",
            priority=3,
            value=lambda row: row.version,
        ),
        Column(
            *("up_to_date", _("Up to date"), up_to_date, 10),
            min_width=10,
            signed=True,
            value=lambda row: bool(row.up_to_date),
        ),
        Column(
            *("last_visit", _("Last visit"), lambda row: date(row.last_visit) if row.last_visit else _("never")),
            *(11, 11),
            priority=2,
            value=lambda row: row.last_visit,
        ),
    )


def up_to_date(row: LockRow) -> str:
    """Whether a lock holds the newest ordered version; if not, a visit is needed."""
    return _("✓ yes") if row.up_to_date else _("✗ no")


class LocksScreen(BrowseScreen):
    """All locks of the site."""

    where = (N_("Basic data"), N_("Browse locks"))
    table_name = "locks"
    nothing = N_("No lock is found.")

    def source(self) -> Source[Any]:
        return lock_table(self.console.store, self.console.language)

    def columns(self) -> Sequence[Column[Any]]:
        return lock_columns()

    def open_record(self, row: LockRow) -> None:
        from console.screens.lock_record import LockRecord

        self.app.push_screen(LockRecord(row.id, self.where))
