"""Basic data › Browse keys."""

from collections.abc import Sequence
from typing import Any

from console.language import _
from console.screens.browsing import BrowseScreen
from console.widgets.record_table import Column, Source
from console.wording import title
from pkcs11_token.errors import N_
from store import browse
from store.browse import KeyRow
from store.errors import AlreadyBlocked


def key_columns() -> Sequence[Column[KeyRow]]:
    """The columns of every table of keys."""
    return (
        Column("label", _("Label"), lambda row: row.label, 7, min_width=6),
        Column("name", _("Name"), lambda row: row.name, 15, min_width=10, flex=True, cut="middle"),
        Column("type", _("Type"), lambda row: title(row.type), 13, min_width=9, priority=3),
        Column("person", _("Person"), lambda row: row.person, 16, min_width=8, flex=True, cut="middle"),
        Column("state", _("State"), lambda row: title(row.state), 13, min_width=8, priority=2),
        Column("blocked", _("Blocked"), _blocked, 10, min_width=9, sortable=False, signed=True),
    )


class KeysScreen(BrowseScreen):
    """All keys of the site."""

    where = (N_("Basic data"), N_("Browse keys"))
    first_sort = "label"
    BINDINGS = [("a", "add", N_("Add this key to the blocklist"))]
    nothing = N_("No key is found.")

    def source(self) -> Source[Any]:
        return browse.keys(self.console.store, self.console.language)

    def columns(self) -> Sequence[Column[Any]]:
        return key_columns()

    def open_record(self, row: KeyRow) -> None:
        from console.screens.key_record import KeyRecord

        self.app.push_screen(KeyRecord(row.id, self.where))

    def action_add(self) -> None:
        if self.table.current is not None:
            self.console.action_add_key(self.table.current.label)


def _blocked(row: KeyRow) -> str:
    return _("● blocked") if isinstance(row.refusal, AlreadyBlocked) else ""
