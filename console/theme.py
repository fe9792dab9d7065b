"""The console's colours: each only repeats what a sign or a word says, on a dark or on a light background."""

from typing import Literal

from rich.color import Color
from rich.style import Style

Role = Literal["wrong", "planned", "ordered", "removal", "good"]

OF_SIGN: dict[str, Role] = {
    "!": "wrong",
    "✗": "wrong",
    "○": "planned",
    "●": "ordered",
    "–": "removal",
    "✓": "good",
}
# Numbers of the terminal's palette. From 16 on they look alike everywhere; what the first sixteen look like the
# terminal decides, so that these are the ones that are legible in every usual palette; where none is, none is used.
Palette = dict[Role, int]
DARK: Palette = {"wrong": 203, "planned": 179, "ordered": 110, "removal": 176, "good": 114}
LIGHT: Palette = {"wrong": 124, "planned": 94, "ordered": 25, "removal": 90, "good": 22}
DARK_16: Palette = {"wrong": 9, "planned": 11, "ordered": 6, "removal": 13, "good": 2}
LIGHT_16: Palette = {"wrong": 1, "planned": 5, "ordered": 4, "removal": 5}

PLAIN = Style()
_styles: dict[Role, Style] = {}


def use(colors: Literal["none", "16", "256", "true"], *, dark: bool = True) -> None:
    """Have `style` answer for a terminal with these colours on this kind of background."""
    few, many = (DARK_16, DARK) if dark else (LIGHT_16, LIGHT)
    palette: Palette = {} if colors == "none" else few if colors == "16" else many
    _styles.clear()
    _styles.update({role: Style.from_color(Color.from_ansi(number)) for role, number in palette.items()})
    _styles["wrong"] = _styles.get("wrong", PLAIN) + Style(bold=True)


def style(role: Role) -> Style:
    """How text of this role looks."""
    return _styles.get(role, PLAIN)


def of_sign(text: str) -> Style:
    """How text looks that begins with one of the signs; plain when it does not."""
    return _styles.get(OF_SIGN[text[0]], PLAIN) if text[:1] in OF_SIGN else PLAIN


use("256")
