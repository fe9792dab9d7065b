"""A line to type in, with its label in front; a secret one shows dots and gives its text away once."""

from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from console.widgets.text import fit, inert

CURSOR = Style(reverse=True)


class Field(Widget, can_focus=True):
    """One line of text. Pasted line ends become blanks; nothing that is pasted acts as a key.

    Posts `Changed` at each change (a secret field without its text) and `Submitted` on Enter.
    """

    BINDINGS = [
        Binding("left", "move(-1)", show=False),
        Binding("right", "move(1)", show=False),
        Binding("home,ctrl+a", "home", show=False),
        Binding("end,ctrl+e", "end", show=False),
        Binding("backspace,ctrl+h", "erase(-1)", show=False),
        Binding("delete,ctrl+d", "erase(0)", show=False),
        Binding("ctrl+u", "clear", show=False),
        Binding("enter", "submit", show=False),
    ]
    DEFAULT_CSS = "Field { height: 1; }"

    position: reactive[int] = reactive(0)

    @dataclass
    class Changed(Message):
        """The text has changed; `value` is empty for a secret field."""

        field: "Field"
        value: str

        @property
        def control(self) -> "Field":
            return self.field

    @dataclass
    class Submitted(Message):
        """Enter was pressed."""

        field: "Field"

        @property
        def control(self) -> "Field":
            return self.field

    def __init__(
        self,
        label: str,
        *,
        limit: int = 200,
        secret: bool = False,
        label_width: int = 10,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.label = label
        self.limit = limit
        self.secret = secret
        self.label_width = label_width
        self._text = ""

    @property
    def value(self) -> str:
        """The text; of a secret field only `take` gives it."""
        return "" if self.secret else self._text

    @value.setter
    def value(self, text: str) -> None:
        self._set(text[: self.limit], len(text))

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been typed."""
        return not self._text

    def take(self) -> str:
        """The text, which is forgotten with that."""
        text, self._text = self._text, ""
        self._set("", 0)
        return text

    def render_line(self, y: int) -> Strip:
        width = self.size.width - self.label_width - 3
        shown = "•" * len(self._text) if self.secret else inert(self._text)
        first = max(0, self.position - width + 1)
        visible, at = shown[first : first + width], self.position - first
        label = Segment(fit(f"  {self.label}", self.label_width + 2))
        if not self.has_focus:
            return Strip([label, Segment(fit(visible, width))]).adjust_cell_length(self.size.width)
        under = visible[at : at + 1] or " "
        parts = [label, Segment(visible[:at]), Segment(under, CURSOR), Segment(visible[at + 1 :])]
        return Strip(parts).adjust_cell_length(self.size.width)

    def watch_has_focus(self, _has_focus: bool) -> None:
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        if event.is_printable and event.character:
            event.stop()
            event.prevent_default()
            self._insert(event.character)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._insert(" ".join(event.text.splitlines()))

    def action_move(self, by: int) -> None:
        self.position = max(0, min(self.position + by, len(self._text)))

    def action_home(self) -> None:
        self.position = 0

    def action_end(self) -> None:
        self.position = len(self._text)

    def action_erase(self, offset: int) -> None:
        at = self.position + offset
        if 0 <= at < len(self._text):
            self._set(self._text[:at] + self._text[at + 1 :], at)

    def action_clear(self) -> None:
        self._set("", 0)

    def action_submit(self) -> None:
        self.post_message(self.Submitted(self))

    def _insert(self, text: str) -> None:
        text = text[: self.limit - len(self._text)]
        at = self.position
        self._set(self._text[:at] + text + self._text[at:], at + len(text))

    def _set(self, text: str, position: int) -> None:
        self._text = text
        self.position = min(position, len(text))
        self.refresh()
        self.post_message(self.Changed(self, self.value))
