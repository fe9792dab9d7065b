"""Basic data › Browse blocklist: where the console opens."""

from collections.abc import Sequence
from typing import Any

from console.language import _, ngettext
from console.screens.browsing import BrowseScreen
from console.widgets.record_table import Column, Source
from console.wording import near, short_status, since, title
from pkcs11_token.errors import N_
from store import browse
from store.blocklist import pending
from store.browse import BlocklistRow


class BlocklistScreen(BrowseScreen):
    """The blocked keys; a plan that nobody ordered is said first."""

    where = (N_("Basic data"), N_("Browse blocklist"))
    nothing = N_("No key is blocked. Press a to add a lost key.")
    first_sort = "added"
    descending = True
    BINDINGS = [("r", "remove", N_("Remove from blocklist"))]
    hints = (
        ("a", N_("Add")),
        ("o", N_("Order")),
        ("r", N_("Remove")),
        ("/", N_("Search")),
        ("?", N_("Keys")),
        ("q", N_("Quit")),
    )

    def source(self) -> Source[Any]:
        return browse.blocklist(self.console.store, self.console.language)

    def columns(self) -> Sequence[Column[Any]]:
        now = self.console.store.clock
        return (
            Column("name", _("Name"), lambda row: row.name, 13, min_width=9, flex=True, cut="middle"),
            Column("type", _("Type"), lambda row: title(row.type), 13, min_width=9, priority=3),
            Column("label", _("Label"), lambda row: row.label, 6, min_width=6),
            Column("person", _("Person"), lambda row: row.person, 12, min_width=8, flex=True, cut="middle"),
            Column("added", _("Added"), lambda row: near(row.added_at, now()), 10, min_width=10, priority=2),
            Column("status", _("Status"), lambda row: short_status(row.status), 19, min_width=19),
        )

    def on_mount(self) -> None:
        super().on_mount()
        self.warn_of_plans()

    def records_changed(self) -> None:
        super().records_changed()
        self.warn_of_plans()

    def warn_of_plans(self) -> None:
        """Say first what is wrong: a list under planning is known to no lock."""
        plans = pending()
        if not plans:
            self.say("")
            return
        self.say(
            ngettext(
                "{count} list is under planning since {since}: no lock knows of it yet.",
                "{count} lists are under planning since {since}: no lock knows of them.",
                len(plans),
                since=since(min(plan.since for plan in plans), self.console.store.clock()),
            )
        )

    def summary(self) -> str:
        zones = browse.all_zones(self.console.store)
        sizes = ", ".join(f"{zone.name} {zone.size}" for zone in zones)
        return _("Of {limit} places a list: {sizes}").format(limit=self.console.store.list_limit, sizes=sizes)

    def open_record(self, row: BlocklistRow) -> None:
        from console.screens.key_record import KeyRecord

        self.app.push_screen(KeyRecord(row.id, self.where))

    def action_remove(self) -> None:
        row = self.table.current
        if row is not None:
            self.console.action_remove(row.label)
