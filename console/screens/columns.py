"""Choose which columns a table shows, and in which order."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from textual import on
from textual.widget import Widget

from console.language import _
from console.screens.console_screen import ConsoleScreen
from console.widgets.columns import Column
from console.widgets.order_list import Entry, OrderList
from console.widgets.paragraphs import Paragraphs
from console.widgets.record_table import RecordTable
from pkcs11_token.errors import N_


class ColumnsScreen(ConsoleScreen[list[str] | None]):
    """The columns of a table; dismissed with the names of those to show, in order, or None when nothing is kept."""

    where = (N_("Columns"),)
    hints: ClassVar[tuple[tuple[str, str], ...]] = (
        (N_("Space"), N_("Show or hide")),
        ("+ -", N_("Move")),
        ("d", N_("As at first")),
        ("Esc", N_("Back")),
        ("Enter", N_("Keep")),
    )
    BINDINGS = [
        ("d", "as_at_first", N_("As at first")),
    ]

    def __init__(self, table: RecordTable[Any]) -> None:
        super().__init__()
        self.shown = list(table.columns)
        self.all_columns = table.all_columns

    def body(self) -> Iterable[Widget]:
        yield Paragraphs(
            [_("Which columns are shown, from left to right? Where there is little room, the least important vanish.")]
        )
        hidden = [column for column in self.all_columns if column not in self.shown]
        yield OrderList([*_entries(self.shown, is_on=True), *_entries(hidden, is_on=False)])

    def action_as_at_first(self) -> None:
        self.query_one(OrderList).offer([Entry(c.name, c.title, c.shown) for c in self.all_columns])

    @on(OrderList.Confirmed)
    def keep(self, event: OrderList.Confirmed) -> None:
        names = [entry.name for entry in event.order.entries if entry.is_on]
        if names:
            self.dismiss(names)
        else:
            self.say(_("At least one column must be shown."))

    def action_back(self) -> None:
        self.dismiss(None)


def _entries(columns: Sequence[Column[Any]], *, is_on: bool) -> list[Entry]:
    return [Entry(column.name, column.title, is_on) for column in columns]
