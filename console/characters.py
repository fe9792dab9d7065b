"""Write text in a character set that lacks some of its characters: what looks or reads like them takes their place."""

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.terminal import Encoding

# In a line of text there is room for the usual way to write them; on a screen, one cell is all there is.
SPELLED = {
    **{"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "ß": "ss", "ð": "d", "þ": "th", "€": "EUR"},
    **{"●": "*", "○": "o", "–": "-", "—": "-", "✓": "+", "✗": "x", "›": ">", "·": "-", "×": "x", "•": "*"},
    **{"…": "...", "→": "->", "←": "<-", "«": '"', "»": '"', "“": '"', "”": '"', "‘": "'", "’": "'", "−": "-"},
}


def spelled(text: str, encoding: "Encoding") -> str:
    """`text` in characters that `encoding` has; it may become longer."""
    if _is_in(encoding, text):
        return text
    composed = unicodedata.normalize("NFC", text)
    return "".join(_stand_in(composed, place, encoding) for place in range(len(composed)))


def _stand_in(text: str, place: int, encoding: "Encoding") -> str:
    character = text[place]
    if _is_in(encoding, character):
        return character
    letter = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    written = SPELLED.get(character, letter)
    among_capitals = character.isupper() and (
        text[place - 1 : place].isupper() or text[place + 1 : place + 2].isupper()
    )
    return "?" if not _is_in(encoding, written) else written.upper() if among_capitals else written


def _is_in(encoding: "Encoding", text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
