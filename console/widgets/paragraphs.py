"""Sentences, wrapped to the width that there is; text from data in them is inert."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from console.widgets.text import fit, wrap


class Paragraphs(Widget):
    """Paragraphs one below the other with a blank line between; each line is drawn as it is, without markup."""

    DEFAULT_CSS = "Paragraphs { height: auto; padding-bottom: 1; }"

    def __init__(
        self,
        paragraphs: Sequence[str] = (),
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

    def show(self, paragraphs: Sequence[str]) -> None:
        """Show other sentences."""
        self.paragraphs = list(paragraphs)
        self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        lines = self._lines(self.size.width)
        text = lines[y] if y < len(lines) else ""
        return Strip([Segment(fit(text, self.size.width), self.style_of_text)])

    def _lines(self, width: int) -> list[str]:
        blank = " " * self.indent
        lines: list[str] = []
        for paragraph in self.paragraphs:
            if lines:
                lines.append("")
            lines += [blank + line for line in wrap(paragraph, width - self.indent)]
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

    def _lines(self, width: int) -> list[str]:
        label_width = max(cell_len(label) for label, _value in self.facts) + 1
        lines = [""]
        for label, value in self.facts:
            name = label
            for line in wrap(value, width - label_width - 3):
                lines.append(f"  {fit(name, label_width)} {line}")
                name = ""
        return lines


class Lines(Paragraphs):
    """Lines that are not wrapped, one below the other."""

    def _lines(self, width: int) -> list[str]:
        return [fit(line, width).rstrip() for line in self.paragraphs]
