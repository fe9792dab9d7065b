"""Text from data, made harmless for a terminal and exactly as wide as its column."""

import re
import unicodedata
from typing import Literal

from rich.cells import cell_len, set_cell_size

STAND_IN = "\N{REPLACEMENT CHARACTER}"
# None of these is printable, so that most texts need no search for them.
HARMFUL = "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"


def inert(text: str) -> str:
    """`text` with every character that could act on a terminal replaced by a visible stand-in.

    Control characters (C0 and C1, with ESC, tab and line ends), marks that turn the writing direction, invisible
    characters and lone surrogates; letters and combining accents stay.
    """
    if not text.isprintable():
        text = re.sub(HARMFUL, STAND_IN, text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fit(text: str, width: int, cut: Literal["end", "middle"] = "end", align: Literal["left", "right"] = "left") -> str:
    """`text`, inert, in exactly `width` cells: padded with blanks, or cut where `cut` says, with an ellipsis."""
    text = inert(text)
    if width < 1:
        return ""
    length = len(text) if text.isascii() else cell_len(text)
    if length > width:
        return _cut(text, width, cut)
    blanks = " " * (width - length)
    return blanks + text if align == "right" else text + blanks


def wrap(text: str, width: int) -> list[str]:
    """`text`, inert, broken into lines of at most `width` cells: between words, and a longer word where it must be."""
    lines = [""]
    for word in inert(text).split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(joined) <= width:
            lines[-1] = joined
            continue
        *full, rest = _pieces(word, max(1, width))
        lines[len(lines) - (not lines[-1]) :] = [*full, rest]
    return lines


def _pieces(word: str, width: int) -> list[str]:
    """A word in pieces of at most `width` cells each."""
    pieces = [""]
    for character in word:
        if cell_len(pieces[-1] + character) > width and pieces[-1]:
            pieces.append("")
        pieces[-1] += character if cell_len(character) <= width else "…"
    return pieces


def _cut(text: str, width: int, where: Literal["end", "middle"]) -> str:
    tail_width = (width - 1) // 2 if where == "middle" else 0
    head = set_cell_size(text, width - 1 - tail_width)
    return f"{head}…{_last_cells(text, tail_width)}"


def _last_cells(text: str, width: int) -> str:
    """The end of `text` in exactly `width` cells."""
    tail = ""
    for character in reversed(text):
        if cell_len(character + tail) > width:
            break
        tail = character + tail
    return " " * (width - cell_len(tail)) + tail
