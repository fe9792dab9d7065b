"""The keys that work on the screen below."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from textual.widget import Widget

from console.language import _
from console.screens.console_screen import ConsoleScreen
from console.widgets.paragraphs import Lines
from pkcs11_token.errors import N_

NAMES = {
    **{"slash": "/", "question_mark": "?", "escape": "Esc", "enter": "Enter", "f5": "F5", "ctrl+c": "Ctrl+C"},
    **{"right": "→", "left": "←"},
}
LEFT_WIDTH = 40
TABLE_KEYS = (
    ("↑ ↓", N_("Up and down")),
    ("PgUp PgDn", N_("A page up and down")),
    ("Home End", N_("First and last")),
    ("Enter", N_("Open the record")),
    ("Ctrl+P", N_("Every place and verb by name")),
)


class HelpScreen(ConsoleScreen[None]):
    """Every key that works on a screen, with what it does."""

    where = (N_("Keys"),)
    hints = (("Esc", N_("Back")),)

    def __init__(self, screen: type[ConsoleScreen[Any]], has_table: bool) -> None:
        super().__init__()
        self.explained = screen
        self.has_table = has_table

    def body(self) -> Iterable[Widget]:
        keys = [(key, _(what)) for key, what in TABLE_KEYS] if self.has_table else []
        for kind in self.explained.__mro__:
            for binding in vars(kind).get("BINDINGS", ()):
                key, _action, what = binding[:3] if isinstance(binding, tuple) else ("", "", "")
                if what and NAMES.get(key, key) not in {name for name, _ in keys}:
                    keys.append((_key_name(key), _(what)))
        half = (len(keys) + 1) // 2
        first, second = _lines(keys[:half]), _lines(keys[half:])
        width = max(LEFT_WIDTH, *(len(line) + 2 for line in first))
        yield Lines(
            [f"  {left:<{width}}{right}" for left, right in zip_longest(first, second, fillvalue="")],
            classes="fill",
        )


def _key_name(keys: str) -> str:
    return NAMES.get(keys.split(",")[0], keys.split(",")[0])


def _lines(keys: Sequence[tuple[str, str]]) -> list[str]:
    width = max(len(key) for key, _what in keys) + 1
    return [f"{key:<{width}} {what}" for key, what in keys]
