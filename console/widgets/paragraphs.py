"""Sentences, wrapped to the width that there is; text from data in them is inert."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from console import theme
from console.theme import Role
from console.widgets.text import fit, wrap

Paragraph = str | tuple[str, Role]
PLAIN = Style()


class Paragraphs(Widget):
    """Paragraphs one below the other with a blank line between; each line is drawn as it is, without markup.

    A paragraph that begins with `!` says what is wrong; another may come with its role.
    """

    DEFAULT_CSS = "Paragraphs { height: auto; padding-bottom: 1; }"

    def __init__(
        self,
        paragraphs: Sequence[Paragraph] = (),
        *,
        indent: int = 0,
        bold: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.paragraphs = list(paragraphs)
        self.indent = indent
        self.style_of_text = Style(bold=bold)

    def show(self, paragraphs: Sequence[Paragraph]) -> None:
        """Show other sentences."""
        self.paragraphs = list(paragraphs)
        self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        lines = self._lines(self.size.width)
        text, style = lines[y] if y < len(lines) else ("", PLAIN)
        return Strip([Segment(fit(text, self.size.width), self.style_of_text + style)])

    def _lines(self, width: int) -> list[tuple[str, Style]]:
        """Each line with what its role adds to its style."""
        blank = " " * self.indent
        lines: list[tuple[str, Style]] = []
        for paragraph in self.paragraphs:
            text, role = (paragraph, None) if isinstance(paragraph, str) else paragraph
            style = theme.style(role or "wrong") if role or text.startswith("! ") else PLAIN
            if lines:
                lines.append(("", PLAIN))
            lines += [(blank + line, style) for line in wrap(text, width - self.indent)]
        return lines


class Facts(Paragraphs):
    """Labels with their values beside them; a long value goes on below itself."""

    def __init__(self, facts: Sequence[tuple[str, str]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.facts = list(facts)

    def tell(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show other facts."""
        self.facts = list(facts)
        self.refresh(layout=True)

    def _lines(self, width: int) -> list[tuple[str, Style]]:
        label_width = max(cell_len(label) for label, _value in self.facts) + 1
        lines = [("", PLAIN)]
        for label, value in self.facts:
            name = label
            for line in wrap(value, width - label_width - 3):
                lines.append((f"  {fit(name, label_width)} {line}", PLAIN))
                name = ""
        return lines


class Lines(Paragraphs):
    """Lines that are not wrapped, one below the other."""

    def __init__(self, lines: Sequence[str] = (), *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.lines = list(lines)

    def _lines(self, width: int) -> list[tuple[str, Style]]:
        return [(fit(line, width).rstrip(), PLAIN) for line in self.lines]
