"""Basic data › Browse blocklist: where the console opens."""

from collections.abc import Sequence
from typing import Any

from console import site_state
from console.language import _
from console.screens.browsing import BrowseScreen
from console.widgets.record_table import Column, Source
from console.wording import date_time, near, opens_now, short_status, since, title
from pkcs11_token.errors import N_
from store.browse.blocklist import BlocklistRow, blocklist_table
from store.status import list_sizes


class BlocklistScreen(BrowseScreen):
    """The blocked keys; a plan that nobody ordered is said first."""

    where = (N_("Basic data"), N_("Browse blocklist"))
    table_name = "blocklist"
    nothing = N_("No key is blocked. Press a to add a lost key.")
    first_sort = "added"
    descending = True
    BINDINGS = [("r", "remove", N_("Remove from blocklist"))]
    hints = (
        ("a", N_("Add")),
        ("o", N_("Order")),
        ("r", N_("Remove")),
        ("/", N_("Search")),
        ("?", N_("Help")),
        ("q", N_("Quit")),
    )

    def source(self) -> Source[Any]:
        return blocklist_table(self.console.store, self.console.language)

    def columns(self) -> Sequence[Column[Any]]:
        now = self.console.store.clock
        return (
            Column("name", _("Name"), lambda row: row.name, 13, min_width=10, flex=True, cut="middle"),
            Column(
                *("type", _("Type"), lambda row: title(row.type), 13),
                min_width=9,
                priority=4,
                value=lambda row: row.type,
            ),
            Column("label", _("Label"), lambda row: row.label, 6, min_width=6, cut="middle"),
            Column(
                "person", _("Person"), lambda row: row.person, 12, min_width=10, priority=2, flex=True, cut="middle"
            ),
            Column(
                *("added", _("Added"), lambda row: near(row.added_at, now()), 10),
                min_width=10,
                priority=2,
                value=lambda row: row.added_at,
            ),
            Column(
                *("opens", _("Opens now"), lambda row: opens_now(row.still_opens, row.of)),
                10,
                min_width=10,
                align="right",
                value=lambda row: row.still_opens,
            ),
            Column(
                *("seen", _("Seen"), lambda row: self._seen(row), 15),
                min_width=14,
                priority=3,
                value=lambda row: row.seen_at,
            ),
            Column(
                *("status", _("Status"), lambda row: short_status(row.status), 19),
                min_width=17,
                signed=True,
                value=lambda row: row.status,
            ),
            Column("serial", _("Serial"), lambda row: row.serial, 16, priority=5, shown=False),
            Column(
                *("zones", _("Zones"), lambda row: ", ".join(row.zones), 16),
                min_width=8,
                priority=5,
                flex=True,
                shown=False,
                value=lambda row: row.zones,
            ),
            Column("by", _("By"), lambda row: row.added_by, 8, priority=5, shown=False),
            Column(
                *("reason", _("Reason"), lambda row: title(row.reason), 9),
                priority=5,
                shown=False,
                value=lambda row: row.reason,
            ),
            Column("note", _("Note"), lambda row: row.note, 20, priority=5, flex=True, shown=False),
            Column(
                *("stops", _("Stops by itself"), _stops, 16),
                min_width=16,
                priority=5,
                shown=False,
                value=lambda row: row.dies_by,
            ),
        )

    def on_mount(self) -> None:
        super().on_mount()
        self.warn()

    def records_changed(self) -> None:
        super().records_changed()
        self.warn()

    def fall_silent(self) -> None:
        self.warn()

    def show_state(self) -> None:
        super().show_state()
        self.warn()

    def warn(self) -> None:
        """Say first what is wrong: plans no lock knows of, lists that were not sent, blocked keys that were seen."""
        state, now = self.console.situation, self.console.store.clock()
        planned = site_state.plans_warning(state.plans, now)
        if state.plans.forgotten:
            planned = " ".join((planned, _("Press o.")))
        self.say(planned, site_state.unsent_warning(state), site_state.sighting_warning(self.console.store))

    def _seen(self, row: BlocklistRow) -> str:
        return since(row.seen_at, self.console.store.clock()) if row.seen_at else ""

    def summary(self) -> str:
        sizes = ", ".join(f"{zone} {size}" for zone, size in list_sizes(self.console.store))
        return _("Of {limit} places a list: {sizes}").format(limit=self.console.store.list_limit, sizes=sizes)

    def open_record(self, row: BlocklistRow) -> None:
        from console.screens.key_record import KeyRecord

        self.app.push_screen(KeyRecord(row.id, self.where))

    def action_remove(self) -> None:
        if labels := [row.label for row in self.chosen_rows()]:
            self.console.remove_keys(labels, self.done_with_selection)


def _stops(row: BlocklistRow) -> str:
    return date_time(row.dies_by) if row.dies_by else _("never")
