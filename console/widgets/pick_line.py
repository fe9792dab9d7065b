"""A line to pick one of several words from, by its number or by arrow and Enter."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from console.widgets.text import inert

CURSOR = Style(reverse=True)
BOLD = Style(bold=True)
NUMBERS = "123456789abcdefghijklmnopqrstuvwxyz"
GAP = 2


class PickLine(Widget, can_focus=True):
    """A label, and numbered words beside each other; where they have no room, those about the cursor are shown.

    Posts `Picked` with the word's index.
    """

    BINDINGS = [
        Binding("left,shift+tab", "move(-1)", show=False),
        Binding("right,tab,space", "move(1)", show=False),
        Binding("home,ctrl+a", "move(-99)", show=False),
        Binding("end,ctrl+e", "move(99)", show=False),
        Binding("enter", "pick", show=False),
    ]
    DEFAULT_CSS = "PickLine { height: 1; }"

    cursor: reactive[int] = reactive(0)

    @dataclass
    class Picked(Message):
        """A word was picked."""

        line: "PickLine"
        index: int

        @property
        def control(self) -> "PickLine":
            return self.line

    def __init__(self, label: str, words: Sequence[str], *, cursor: int = 0, id: str | None = None) -> None:
        super().__init__(id=id)
        self.label = label
        self.words = [inert(word) for word in words]
        self.set_reactive(PickLine.cursor, cursor)

    def render_line(self, y: int) -> Strip:
        label = f"  {self.label}  "
        first, last = self._in_view(self.size.width - cell_len(label) - 2)
        parts = [Segment(label), Segment("‹" if first else " ")]
        for index in range(first, last + 1):
            style = CURSOR if index == self.cursor else BOLD
            rest = CURSOR if index == self.cursor else None
            parts += [Segment(NUMBERS[index], style), Segment(f" {self.words[index]}", rest)]
            parts.append(Segment(" " * GAP if index < last else ""))
        parts.append(Segment("›" if last < len(self.words) - 1 else ""))
        return Strip(parts).adjust_cell_length(self.size.width)

    def _in_view(self, width: int) -> tuple[int, int]:
        """The first and the last word that are shown in `width` cells; the cursor is on one of them."""
        first = last = self.cursor
        while True:
            if last + 1 < len(self.words) and self._width(first, last + 1) <= width:
                last += 1
            elif first and self._width(first - 1, last) <= width:
                first -= 1
            else:
                return first, last

    def _width(self, first: int, last: int) -> int:
        return sum(cell_len(word) + 2 + GAP for word in self.words[first : last + 1]) - GAP

    def on_key(self, event: events.Key) -> None:
        index = NUMBERS.find(event.character) if event.character else -1
        if event.is_printable and event.character != " ":
            event.stop()
            event.prevent_default()
        if 0 <= index < len(self.words):
            self.cursor = index
            self.action_pick()

    def action_move(self, by: int) -> None:
        self.cursor = max(0, min(self.cursor + by, len(self.words) - 1))

    def action_pick(self) -> None:
        self.post_message(self.Picked(self, self.cursor))
