"""Lines that frame a screen; each is one widget that draws itself."""

import re

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from console import theme
from console.widgets.text import fit, inert, wrap

PLAIN = Style()
BOLD = Style(bold=True)
DIM = Style(dim=True)
DOT = " · "

Hints = tuple[tuple[str, str], ...]


class Line(Widget, inherit_css=False):
    """A widget of one line."""

    DEFAULT_CSS = "Line { height: 1; width: 1fr; }"

    def render_line(self, y: int) -> Strip:
        if y:
            return Strip.blank(self.size.width)
        return Strip(self.segments(self.size.width)).adjust_cell_length(self.size.width)

    def segments(self, width: int) -> list[Segment]:
        """What the line shows in `width` cells."""
        raise NotImplementedError


class TitleLine(Line):
    """Where am I on the left, bold; which site on the right."""

    left: reactive[str] = reactive("")
    right: reactive[str] = reactive("")

    def __init__(self, left: str, right: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(TitleLine.left, left)
        self.set_reactive(TitleLine.right, right)

    def segments(self, width: int) -> list[Segment]:
        right_width = min(cell_len(inert(self.right)), width // 2)
        right = f" {fit(self.right, right_width)}" if right_width else ""
        return [Segment(fit(self.left, width - cell_len(right)), BOLD), Segment(right)]


class MessageLine(Line):
    """Messages under the title, each on a line of its own: urgent ones are bold and begin with `!`. Long ones wrap."""

    DEFAULT_CSS = "MessageLine { height: auto; max-height: 4; min-height: 1; }"

    texts: reactive[tuple[str, ...]] = reactive((), layout=True)
    urgent: reactive[bool] = reactive(False)

    def show(self, *texts: str, urgent: bool = False) -> None:
        """Show `texts`, the empty ones left out, until the next message."""
        self.texts, self.urgent = tuple(filter(None, texts)), urgent

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return max(1, len(self._lines(width)))

    def render_line(self, y: int) -> Strip:
        lines = self._lines(self.size.width)
        text = lines[y] if y < len(lines) else ""
        return Strip([Segment(fit(text, self.size.width), theme.style("wrong") if self.urgent else PLAIN)])

    def _lines(self, width: int) -> list[str]:
        mark = "! " if self.urgent else ""
        lines = []
        for text in self.texts:
            first, *more = wrap(text, width - len(mark))
            lines += [mark + first, *(" " * len(mark) + line for line in more)]
        return lines


class BottomLine(Line):
    """What is, on the left, in parts with a dot between; keys and what they do on the right, or a short text there."""

    state: reactive[str] = reactive("")
    hints: reactive[Hints] = reactive(())
    right: reactive[str] = reactive("")

    def __init__(self, state: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(BottomLine.state, state)

    def segments(self, width: int) -> list[Segment]:
        return _bottom(width, self.state, self.hints, self.right)


class Foot(Line):
    """The bottom of a screen in three lines: a rule, how things stand, and the keys that work here."""

    DEFAULT_CSS = "Foot { height: 3; }"

    state: reactive[str] = reactive("")
    hints: reactive[Hints] = reactive(())

    def __init__(self, state: str, hints: Hints = ()) -> None:
        super().__init__()
        self.set_reactive(Foot.state, state)
        self.set_reactive(Foot.hints, hints)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        segments = (rule(width), _bottom(width, self.state), _bottom(width, "", self.hints))[y]
        return Strip(segments).adjust_cell_length(width)


def rule(width: int) -> list[Segment]:
    """A rule that separates, in `width` cells."""
    return [Segment("─" * width, DIM)]


def _bottom(width: int, state: str, hints: Hints = (), right: str = "") -> list[Segment]:
    keys: list[Segment] = []
    for key, label in _fitting(hints, width):
        keys += [Segment("  " if keys else ""), Segment(key, BOLD), Segment(f" {label}")]
    if right:
        keys.append(Segment(inert(right)))
    keys_width = sum(segment.cell_length for segment in keys)
    fitted = fit(state, width - keys_width - (1 if keys_width < width else 0))
    parts = [Segment(part, theme.of_sign(part)) for part in re.split(f"({DOT})", fitted)]
    return [*parts, Segment(" "), *keys]


def _fitting(hints: Hints, width: int) -> list[tuple[str, str]]:
    """The hints that fit; those at the end go first, but `?` stays."""
    fitting = list(hints)
    while fitting and sum(len(key) + len(label) + 3 for key, label in fitting) - 2 > width:
        droppable = [hint for hint in fitting if hint[0] != "?"]
        fitting.remove(droppable[-1] if droppable else fitting[-1])
    return fitting
