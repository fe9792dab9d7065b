"""The keys that work on the screen below."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from rich.cells import cell_len
from rich.style import Style
from textual.app import App
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widget import Widget

from console.language import _
from console.screens.console_screen import ConsoleScreen, in_words
from console.widgets.bars import Foot
from console.widgets.paragraphs import Facts, Paragraphs
from console.widgets.text import fit
from pkcs11_token.errors import N_

NAMES = {
    "slash": "/",
    "question_mark": "?",
    "percent_sign": "%",
    "asterisk": "*",
    "escape": "Esc",
    "enter": "Enter",
    "space": N_("Space"),
    "tab": "Tab",
    "f5": "F5",
}
TABLE_KEYS = (
    (N_("Up Down k j"), N_("Up and down")),
    ("PgUp K", N_("A page up")),
    ("PgDn J", N_("A page down")),
    ("Home g", N_("The first")),
    ("End G", N_("The last")),
    ("Enter", N_("Open the record")),
    (N_("Space"), N_("Select, or no longer")),
    (N_("Shift+Up V"), N_("Select a range")),
)
ARROWS = "left", "right"
MORE = N_("Down"), N_("More")
BROWSE = "app.browse"
NARROWEST = 39


class KeyLines(Paragraphs):
    """Keys with what they do, in as many columns as have room."""

    def __init__(self, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.keys = list(keys)

    def _lines(self, width: int) -> list[tuple[str, Style]]:
        columns = max(1, width // NARROWEST)
        height = -(-len(self.keys) // columns)
        parts = [_column(self.keys[start : start + height]) for start in range(0, len(self.keys), height)]
        widths = [max(map(cell_len, part)) for part in parts]
        if sum(widths) > width:
            widths = [width // columns] * columns
        cells = [[fit(line, own) for line in part] for part, own in zip(parts, widths, strict=False)]
        return [("".join(line).rstrip(), self.style_of_text) for line in zip_longest(*cells, fillvalue="")]


def _column(keys: Sequence[tuple[str, str]]) -> list[str]:
    width = max(len(key) for key, _what in keys) + 1
    return [f"  {key:<{width}}{what}" for key, what in keys]


class HelpScreen(ConsoleScreen[None]):
    """Every key that works on a screen, with what it does."""

    DEFAULT_CSS = "HelpScreen VerticalScroll { scrollbar-size: 0 0; }"
    where = (N_("Help"),)
    hints = (("Esc", N_("Back")),)

    def __init__(self, screen: type[ConsoleScreen[Any]], has_table: bool, words: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.explained = screen
        self.has_table = has_table
        self.words = words

    def body(self) -> Iterable[Widget]:
        keys = {_(key): _(what) for key, what in TABLE_KEYS} if self.has_table else {}
        said = set(keys.values())
        for binding in _bindings((*self.explained.__mro__, *type(self.app).__mro__)):
            if binding.action.startswith(BROWSE):
                keys["1-9"] = _("The tables of the menu")
            elif binding.description and _(binding.description) not in said:
                keys.setdefault(_key_names(binding.key), _(binding.description))
        with VerticalScroll():
            yield KeyLines(list(keys.items()))
            if self.words:
                yield Paragraphs([_("Words of the filter, besides free words in any order")], bold=True)
                yield Facts([(f"{_(name)}:", ", ".join(map(_, values))) for name, values in self.words.items()])

    def on_resize(self) -> None:
        self.call_after_refresh(self._tell_more)

    def _tell_more(self) -> None:
        """Say how to go on where not all has room."""
        more = self.query_one(VerticalScroll).max_scroll_y > 0
        self.query_one(Foot).hints = in_words((MORE, *self.hints) if more else self.hints)


def _bindings(kinds: Iterable[type]) -> Iterator[Binding]:
    """The bindings of a screen and of the app, those of Textual's own classes left out."""
    for kind in kinds:
        if kind.__module__.startswith(App.__module__.partition(".")[0]):
            continue
        for binding in vars(kind).get("BINDINGS", ()):
            yield binding if isinstance(binding, Binding) else Binding(*binding)


def _key_names(keys: str) -> str:
    """The names of keys for one thing, the arrows left out: their names are long, and there is always another key."""
    return " ".join(_key_name(key) for key in keys.split(",") if key not in ARROWS)


def _key_name(key: str) -> str:
    control = key.startswith("ctrl+")
    name = key.removeprefix("ctrl+")
    if key.startswith("shift+"):
        return f"Shift+{_key_name(key.removeprefix('shift+'))}"
    return f"Ctrl+{name.upper()}" if control else _(NAMES.get(name, name))
