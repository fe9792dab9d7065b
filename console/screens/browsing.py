"""What the screens that browse a table of the site share: where the rows are, and the way to the other tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from textual import on
from textual.widget import Widget

from console.language import _, number
from console.screens.table_screen import TableScreen, selected
from console.widgets.bars import BottomLine
from console.widgets.record_table import Column, RecordTable, Source
from pkcs11_token.errors import N_
from store.listing import Listing


class BrowseScreen(TableScreen):
    """A table of the site; subclasses say which, under which `table_name` it is remembered, and its columns."""

    BINDINGS = [
        ("a", "app.add", N_("Add to blocklist")),
        ("o", "app.order", N_("Order blocklist")),
        ("t", "app.token", N_("Token: log in or out")),
        ("m", "app.menu", N_("Menu")),
        ("1", "app.browse('blocklist')", N_("Browse blocklist")),
        ("2", "app.browse('keys')", N_("Browse keys")),
        ("3", "app.browse('locks')", N_("Browse locks")),
        ("4", "app.browse('people')", N_("Browse people")),
        ("5", "app.browse('zones')", N_("Browse zones")),
        ("6", "app.browse('journal')", N_("Browse journal")),
        ("7", "app.browse('tokens')", N_("Browse tokens")),
        ("8", "app.browse('sightings')", N_("Browse sightings")),
        ("9", "app.browse('walk')", N_("Walk list")),
        ("q", "app.quit", N_("Quit")),
    ]
    hints = (
        ("a", N_("Add")),
        ("o", N_("Order")),
        ("/", N_("Search")),
        ("m", N_("Menu")),
        ("?", N_("Help")),
        ("q", N_("Quit")),
    )
    table_name: ClassVar[str] = ""
    first_sort: ClassVar[str] = "name"
    descending: ClassVar[bool] = False
    nothing: ClassVar[str] = N_("Nothing here yet.")

    def source(self) -> Source[Any]:
        """The rows of this table."""
        raise NotImplementedError

    def columns(self) -> Sequence[Column[Any]]:
        """The columns, from left to right."""
        raise NotImplementedError

    def open_record(self, row: Any) -> None:
        """Show the record of a row."""
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        yield self.as_remembered(
            RecordTable(
                self.source(),
                self.columns(),
                sort=self.first_sort,
                descending=self.descending,
                empty_text=_(self.nothing),
                unmatched_text=_("Nothing is found by these words. Esc shows all."),
                id=self.table_name,
            )
        )
        yield BottomLine(self.summary(), id="position")

    @property
    def table(self) -> RecordTable[Any]:
        return self.query_one(RecordTable)

    @property
    def table_shown(self) -> RecordTable[Any]:
        return self.table

    def on_mount(self) -> None:
        self.table.focus()

    def summary(self) -> str:
        """What the table holds, in one line."""
        return ""

    def filter_words(self) -> Mapping[str, Sequence[str]]:
        source = self.table.source
        return {name: term.values for name, term in source.terms.items()} if isinstance(source, Listing) else {}

    def records_changed(self) -> None:
        self.table.refresh_rows()
        self.query_one("#position", BottomLine).state = self.summary()

    @on(RecordTable.ViewChanged)
    def show_position(self, event: RecordTable.ViewChanged) -> None:
        total = "…" if event.total is None else number(event.total)
        shown = f"{number(event.first)}–{number(event.last)}" if event.last else "0"
        position = _("{shown} of {total}").format(shown=shown, total=total)
        parts = [selected(event.selected), position] if event.selected else [position]
        self.query_one("#position", BottomLine).right = " · ".join(parts)

    @on(RecordTable.Selected)
    def show_record(self, event: RecordTable.Selected) -> None:
        self.open_record(event.row)
