"""A record: what matters most on top, then tabs, one page at a time."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from rich.segment import Segment
from textual.containers import Vertical
from textual.widget import Widget

from console.language import _
from console.screens.table_screen import TableScreen
from console.widgets.bars import BOLD, Line
from console.widgets.paragraphs import Facts, Paragraph, Paragraphs
from console.widgets.record_table import RecordTable
from pkcs11_token.errors import N_


class TabLine(Line):
    """The tabs with the present one in brackets."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self.titles = list(titles)
        self.present = 0

    def show(self, index: int) -> None:
        """Mark the tab with this index."""
        self.present = index
        self.refresh()

    def segments(self, width: int) -> list[Segment]:
        cells = []
        for index, title in enumerate(self.titles):
            cells.append(Segment(f"[{title}]", BOLD) if index == self.present else Segment(f" {title} "))
            cells.append(Segment("  "))
        return cells


class RecordScreen(TableScreen):
    """A record with tabs; left and right, or Tab, go from one to the next."""

    BINDINGS = [
        ("right,tab", "turn(1)", N_("Next tab")),
        ("left,shift+tab", "turn(-1)", N_("Tab before")),
        ("m", "app.menu", N_("Menu")),
        ("q", "app.quit", N_("Quit")),
    ]
    hints: ClassVar[tuple[tuple[str, str], ...]] = (
        ("Tab", N_("Next tab")),
        ("Esc", N_("Back")),
        ("?", N_("Help")),
        ("q", N_("Quit")),
    )
    tabs: ClassVar[tuple[str, ...]] = (N_("Basic information"),)

    def __init__(self, record_id: int, where: Sequence[str]) -> None:
        super().__init__()
        self.record_id = record_id
        self.from_where = tuple(where)
        self.present = 0

    def name_of_record(self) -> str:
        """What the title calls this record."""
        raise NotImplementedError

    def headline(self) -> str:
        """What one must know of this record, in one line."""
        raise NotImplementedError

    def answer(self) -> Sequence[Paragraph]:
        """What an administrator opens the record for, below its headline."""
        return ()

    def first_tab(self) -> int:
        """The tab that is shown first."""
        return 0

    def facts(self) -> Sequence[tuple[str, str]]:
        """Labels and values of the first tab."""
        raise NotImplementedError

    def table(self, tab: int) -> RecordTable[Any]:
        """The table of a later tab."""
        raise NotImplementedError

    def page(self, tab: int) -> Iterable[Widget]:
        """What a later tab shows: its table, and what belongs to it."""
        yield self.as_remembered(self.table(tab))

    def heading(self) -> str:
        return " › ".join([*(_(word) for word in self.from_where), self.name_of_record()])

    def body(self) -> Iterable[Widget]:
        yield Paragraphs([self.headline(), *self.answer()], bold=True, id="headline")
        yield TabLine([_(tab) for tab in self.tabs])
        with Vertical(id="tab-0"):
            yield Facts(self.facts(), id="facts")

    async def on_mount(self) -> None:
        if first := self.first_tab():
            await self.action_turn(first)

    async def action_turn(self, by: int) -> None:
        self.present = (self.present + by) % len(self.tabs)
        if not self.query(f"#tab-{self.present}"):
            page = Vertical(*self.page(self.present), id=f"tab-{self.present}")
            await self.mount(
                page, after=f"#tab-{self.present - 1}" if self.query(f"#tab-{self.present - 1}") else "#tab-0"
            )
        for index in range(len(self.tabs)):
            for tab in self.query(f"#tab-{index}"):
                tab.display = index == self.present
        self.query_one(TabLine).show(self.present)
        self.set_focus(self.table_shown)

    @property
    def table_shown(self) -> RecordTable[Any] | None:
        table = self.query(f"#tab-{self.present} RecordTable")
        return table.first(RecordTable) if table else None

    def records_changed(self) -> None:
        self.query_one("#headline", Paragraphs).show([self.headline(), *self.answer()])
        self.query_one("#facts", Facts).tell(self.facts())
        for table in self.query(RecordTable):
            table.refresh_rows()
