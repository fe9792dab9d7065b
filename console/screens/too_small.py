"""What is shown while the terminal is too small."""

from textual.app import ComposeResult
from textual.screen import Screen

from console.language import _
from console.screens.console_screen import SMALLEST
from console.widgets.paragraphs import Paragraphs


class TooSmallScreen(Screen[None]):
    """One sentence; the screen below comes back as it was when the terminal is enlarged."""

    def compose(self) -> ComposeResult:
        columns, rows = SMALLEST
        yield Paragraphs(
            [_("The terminal is too small: enlarge it to {columns}×{rows}.").format(columns=columns, rows=rows)]
        )
