"""Choices of which one is taken: a list with explanations, and a word picked from a row of words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from console.widgets.text import fit, inert, wrap

T = TypeVar("T")
CURSOR = Style(reverse=True)
PLAIN = Style()
GAP = 3
NARROWEST = 10  # of a title, and of an explanation


@dataclass(frozen=True)
class Choice(Generic[T]):
    """One line to choose, with what it means beside it, broken into as many lines as it needs there."""

    value: T
    title: str
    explanation: str = ""


class ChoiceList(Widget, Generic[T], can_focus=True):
    """Choices one below the other; nothing is chosen before the operator chooses.

    Up and down move; Space, Enter or the choice's number chooses, and Enter on what is chosen already posts
    `Confirmed`.
    """

    BINDINGS = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("space", "choose", show=False),
        Binding("enter", "confirm", show=False),
    ]
    DEFAULT_CSS = "ChoiceList { height: auto; }"

    cursor: reactive[int] = reactive(0)
    chosen: reactive[T | None] = reactive(None)

    @dataclass
    class Chosen(Message):
        """A choice was made."""

        value: Any

    @dataclass
    class Confirmed(Message):
        """Enter was pressed on the choice that is made."""

        value: Any

    def __init__(
        self,
        choices: Sequence[Choice[T]],
        *,
        marks: bool = True,
        classes: str | None = None,
    ) -> None:
        super().__init__(classes=classes)
        self.choices = list(choices)
        self.marks = marks

    def offer(self, choices: Sequence[Choice[T]]) -> None:
        """Show other choices."""
        self.choices = list(choices)
        self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        lines = self._lines(width)
        if y >= len(lines):
            return Strip.blank(width)
        index, text = lines[y]
        style = CURSOR if index == self.cursor and self.has_focus else PLAIN
        return Strip([Segment(fit(text, width), style)])

    def _lines(self, width: int) -> list[tuple[int, str]]:
        """Each line with the index of its choice."""
        before = 6 if self.marks else 5
        widest = max((cell_len(inert(choice.title)) for choice in self.choices), default=0)
        title_width = min(widest, max(NARROWEST, width - before - GAP - NARROWEST))
        indent = before + title_width + GAP
        lines = []
        for index, choice in enumerate(self.choices):
            pointer = "›" if index == self.cursor else " "
            mark = (
                ("(•) " if choice.value == self.chosen else "( ) ")
                if self.marks
                else f"{index + 1 if index < 9 else ' '}  "
            )
            first, *more = [line for part in choice.explanation.split("\n") for line in wrap(part, width - indent)]
            lines.append((index, f"{pointer} {mark}{fit(choice.title, title_width)}{' ' * GAP}{first}"))
            lines += [(index, " " * indent + line) for line in more]
        return lines

    def watch_has_focus(self, _has_focus: bool) -> None:
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character.isdecimal() and 1 <= int(event.character) <= len(self.choices):
            event.stop()
            self.cursor = int(event.character) - 1
            self.action_choose()
            if not self.marks:
                self.action_confirm()

    def on_click(self, event: events.Click) -> None:
        self.cursor = self._lines(self.size.width)[event.y][0]
        self.action_choose()

    def action_move(self, by: int) -> None:
        self.cursor = max(0, min(self.cursor + by, len(self.choices) - 1))

    def action_choose(self) -> None:
        if not self.choices:
            return
        self.chosen = self.choices[self.cursor].value
        self.post_message(self.Chosen(self.chosen))

    def action_confirm(self) -> None:
        if not self.choices:
            return
        value = self.choices[self.cursor].value
        if self.chosen != value:
            self.action_choose()
            if self.marks:
                return
        self.post_message(self.Confirmed(value))


class WordPicker(Widget, Generic[T], can_focus=True):
    """A label and one of a few words, changed with left and right."""

    BINDINGS = [
        Binding("left", "turn(-1)", show=False),
        Binding("right,space", "turn(1)", show=False),
    ]
    DEFAULT_CSS = "WordPicker { height: 1; }"

    picked: reactive[int] = reactive(0)

    def __init__(
        self,
        label: str,
        words: Sequence[tuple[T, str]],
        *,
        label_width: int = 10,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.label = label
        self.words = list(words)
        self.label_width = label_width

    @property
    def value(self) -> T:
        """The value of the word that is shown."""
        return self.words[self.picked][0]

    def render_line(self, y: int) -> Strip:
        word = self.words[self.picked][1]
        shown = Segment(f"‹ {word} ›", CURSOR) if self.has_focus else Segment(f"  {word}")
        label = Segment(fit(f"  {self.label}", self.label_width))
        return Strip([label, shown]).adjust_cell_length(self.size.width)

    def watch_has_focus(self, _has_focus: bool) -> None:
        self.refresh()

    def action_turn(self, by: int) -> None:
        self.picked = (self.picked + by) % len(self.words)
