"""A list whose entries are switched on and off, and moved up and down."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from console.widgets.text import fit

CURSOR = Style(reverse=True)
PLAIN = Style()


@dataclass
class Entry:
    """One line: its name, what it is called, and whether it is on."""

    name: str
    title: str
    is_on: bool


class OrderList(Widget, can_focus=True):
    """Entries one below the other: Space switches one on or off, + and - move it. Posts `Confirmed` on Enter."""

    BINDINGS = [
        Binding("up,k", "step(-1)", show=False),
        Binding("down,j", "step(1)", show=False),
        Binding("space", "switch", show=False),
        Binding("plus,J", "carry(1)", show=False),
        Binding("minus,K", "carry(-1)", show=False),
        Binding("enter", "confirm", show=False),
    ]
    DEFAULT_CSS = "OrderList { height: 1fr; }"

    cursor: reactive[int] = reactive(0)

    @dataclass
    class Confirmed(Message):
        """Enter was pressed."""

        order: "OrderList"

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__()
        self.entries = list(entries)

    def offer(self, entries: Sequence[Entry]) -> None:
        """Show other entries."""
        self.entries = list(entries)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        first = max(0, self.cursor - self.size.height + 1)
        index = first + y
        if index >= len(self.entries):
            return Strip.blank(self.size.width)
        entry = self.entries[index]
        at_cursor = index == self.cursor
        line = f"{'›' if at_cursor else ' '} {'[x]' if entry.is_on else '[ ]'} {entry.title}"
        return Strip([Segment(fit(line, self.size.width), CURSOR if at_cursor else PLAIN)])

    def action_step(self, by: int) -> None:
        self.cursor = max(0, min(self.cursor + by, len(self.entries) - 1))

    def action_switch(self) -> None:
        entry = self.entries[self.cursor]
        entry.is_on = not entry.is_on
        self.refresh()

    def action_carry(self, by: int) -> None:
        place = max(0, min(self.cursor + by, len(self.entries) - 1))
        self.entries.insert(place, self.entries.pop(self.cursor))
        self.cursor = place
        self.refresh()

    def action_confirm(self) -> None:
        self.post_message(self.Confirmed(self))
