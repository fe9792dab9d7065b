"""The walk list: locks to visit by hand, each ticked off when its lock has met the key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from console import outcomes, row_words
from console.background import in_background
from console.language import _
from console.screens.browsing import BrowseScreen
from console.screens.wizard import CheckPage, Page, ResultPage, Wizard
from console.widgets.record_table import Column, Source
from console.widgets.row_list import RowList
from pkcs11_token.errors import N_
from store.errors import NoKeyForWalk
from store.visits import tick_off
from store.walk import Stop, WalkList, walk_list


@dataclass(frozen=True)
class StopRow:
    """A stop with its place on the list."""

    id: int
    stop: Stop


class WalkScreen(BrowseScreen):
    """The locks that do not learn by themselves, by place; the list is worked out in the background."""

    where = (N_("Basic data"), N_("Walk list"))
    table_name = "walk"
    nothing = N_("No lock needs a visit.")
    first_sort = "place"
    BINDINGS = [("v", "visited", N_("Tick off a visit"))]
    hints = (
        ("v", N_("Visited")),
        ("o", N_("Order")),
        ("/", N_("Search")),
        ("m", N_("Menu")),
        ("?", N_("Help")),
        ("q", N_("Quit")),
    )
    found = WalkList((), ())

    def source(self) -> Source[Any]:
        return _rows(self.found)

    def columns(self) -> Sequence[Column[StopRow]]:
        return (
            Column("place", _("Place"), lambda row: row.stop.place, 12, min_width=9, flex=True, cut="middle"),
            Column("name", _("Lock"), lambda row: row.stop.name, 16, min_width=12, flex=True, cut="middle"),
            Column(
                "zone",
                _("Zone"),
                lambda row: row.stop.zone,
                14,
                min_width=12,
                priority=3,
                flex=True,
                widest=20,
                cut="middle",
            ),
            Column("version", _("Needs"), lambda row: f"v{row.stop.version}", 7, align="right"),
            Column(
                "keys",
                _("Take along"),
                lambda row: row_words.take_along(row.stop),
                12,
                min_width=10,
                flex=True,
            ),
            Column("why", _("Why"), lambda row: row_words.why_visit(row.stop), 21, min_width=21),
        )

    def on_mount(self) -> None:
        super().on_mount()
        self.records_changed()

    def take_along(self) -> str:
        """The keys that cover the walk, and who holds them."""
        keys = ", ".join(f"{key.label} ({key.person})" if key.person else key.label for key in self.found.keys)
        return _("Take along: {keys}").format(keys=keys) if keys else ""

    def records_changed(self) -> None:
        self.run_worker(self._read(), exclusive=True)

    async def _read(self) -> None:
        store = self.console.store
        self.found = await in_background(lambda: walk_list(store))
        self.table.use_source(_rows(self.found))
        self.say(self.take_along(), urgent=False)

    def open_record(self, row: StopRow) -> None:
        from console.screens.lock_record import LockRecord
        from store.models import Lock

        self.app.push_screen(LockRecord(Lock.get(Lock.serial == row.stop.serial).id, self.where))

    def action_visited(self) -> None:
        if self.table.current is not None:
            self.app.push_screen(VisitedWizard(self.table.current.stop))


class VisitedWizard(Wizard):
    """Tick off a visit: the lock holds the list from then on, so one looks twice."""

    name_of_wizard = N_("Tick off a visit")
    steps = (N_("Check"),)

    def __init__(self, stop: Stop) -> None:
        super().__init__()
        self.stop = stop

    def first_page(self) -> Page:
        if not self.stop.keys:
            raise NoKeyForWalk(lock=self.stop.name)
        return CheckPage(1, outcomes.visit(self.stop))

    async def next_page(self, page: Page) -> Page | None:
        if not isinstance(page, CheckPage):
            return None
        store = self.console.store
        version = await in_background(lambda: tick_off(store, self.stop.serial, self.stop.keys[0]))
        self.console.store_changed()
        return ResultPage([outcomes.visited(self.stop, version)])


def _rows(found: WalkList) -> RowList[StopRow]:
    return RowList(
        [StopRow(number, stop) for number, stop in enumerate(found.stops)],
        {
            "place": lambda row: row.id,
            "name": lambda row: (row.stop.name, row.id),
            "zone": lambda row: (row.stop.zone, row.id),
            "version": lambda row: (row.stop.version, row.id),
            "keys": lambda row: (row_words.take_along(row.stop), row.id),
            "why": lambda row: (row_words.why_visit(row.stop), row.id),
        },
        lambda row: f"{row.stop.name} {row.stop.place} {row.stop.zone} {row.stop.serial}",
    )
