"""Basic data › Browse keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from console.language import _, number
from console.screens.browsing import BrowseScreen
from console.widgets.record_table import Column, Source
from console.wording import date_time, title
from pkcs11_token.errors import N_
from store.browse.keys import KeyRow, are_few, key_table
from store.database import Store
from store.errors import AlreadyBlocked


def key_columns(store: Store) -> Sequence[Column[KeyRow]]:
    """The columns of every table of keys; where there are many, only what an index holds can be sorted by."""
    few = are_few(store)
    return (
        Column("label", _("Label"), lambda row: row.label, 7, min_width=6, cut="middle"),
        Column("name", _("Name"), lambda row: row.name, 15, min_width=13, flex=True, cut="middle"),
        Column(
            *("type", _("Type"), lambda row: title(row.type), 13), min_width=9, priority=3, value=lambda row: row.type
        ),
        Column("person", _("Person"), lambda row: row.person, 16, min_width=13, flex=True, cut="middle"),
        Column(
            *("state", _("State"), lambda row: title(row.state), 13),
            min_width=11,
            priority=2,
            value=lambda row: row.state,
        ),
        Column("blocked", _("Blocked"), _blocked, 10, min_width=9, sortable=few, signed=True, value=_is_blocked),
        Column("serial", _("Serial"), lambda row: row.serial or "", 16, priority=4, sortable=few, shown=False),
        Column("main_zone", _("Main zone"), lambda row: row.main_zone, 14, priority=4, sortable=few, shown=False),
        Column(
            *("locks", _("Locks"), lambda row: number(row.locks), 6),
            align="right",
            priority=4,
            sortable=few,
            shown=False,
            value=lambda row: row.locks,
        ),
        Column(
            *("valid_until", _("Valid until"), lambda row: _when(row.valid_until, _("no end")), 16),
            min_width=16,
            priority=4,
            sortable=few,
            shown=False,
            value=lambda row: row.valid_until,
        ),
        Column(
            *("last_contact", _("Last contact"), lambda row: _when(row.last_contact, _("never")), 16),
            min_width=16,
            priority=4,
            sortable=few,
            shown=False,
            value=lambda row: row.last_contact,
        ),
    )


class KeysScreen(BrowseScreen):
    """All keys of the site."""

    where = (N_("Basic data"), N_("Browse keys"))
    table_name = "keys"
    first_sort = "label"
    BINDINGS = [("a", "add", N_("Add to blocklist"))]
    nothing = N_("No key is found.")

    def source(self) -> Source[Any]:
        return key_table(self.console.store, self.console.language)

    def columns(self) -> Sequence[Column[Any]]:
        return key_columns(self.console.store)

    def open_record(self, row: KeyRow) -> None:
        from console.screens.key_record import KeyRecord

        self.app.push_screen(KeyRecord(row.id, self.where))

    def action_add(self) -> None:
        if labels := [row.label for row in self.chosen_rows()]:
            self.console.add_keys(labels, self.done_with_selection)


def _is_blocked(row: KeyRow) -> bool:
    return isinstance(row.refusal, AlreadyBlocked)


def _blocked(row: KeyRow) -> str:
    return _("● blocked") if _is_blocked(row) else ""


def _when(moment: datetime | None, otherwise: str) -> str:
    return date_time(moment) if moment else otherwise
