"""How names sort in English and Norwegian, and how they are found: folded text kept beside each name."""

import re
import unicodedata
from functools import cache

_NUMBER = re.compile(r"\d+")
_NORWEGIAN_LAST = {"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c"}
_SPELLED_OUT = {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
_PLAIN = {"æ": "a", "ø": "o", "ß": "s", "đ": "d", "ð": "d", "ł": "l", "þ": "t"}


@cache
def _without_accent(character: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    return "".join(_PLAIN.get(c, c) for c in plain)


def _fold(text: str, special: dict[str, str]) -> str:
    text = unicodedata.normalize("NFC", text).casefold()
    if text.isascii():
        return text
    return "".join(special.get(c) or _without_accent(c) for c in text)


def sort_key(text: str, language: str) -> str:
    """A string whose byte order is the order in which people of `language` ("nb" or "en") expect `text`.

    Case and accents do not matter, numbers count as numbers (Fob 9 before Fob 10), and in Norwegian æ, ø, å
    come after z.
    """
    folded = _fold(text, _NORWEGIAN_LAST if language == "nb" else {})
    return _NUMBER.sub(lambda number: number.group().zfill(10), folded)


def search_text(*texts: str | None) -> str:
    """What `texts` are found by: folded, once with the plain letter (ø as o) and once spelled out (ø as oe)."""
    given = " ".join(text for text in texts if text)
    plain, spelled = _fold(given, {}), _fold(given, _SPELLED_OUT)
    return plain if plain == spelled else f"{plain} {spelled}"


def search_words(query: str) -> list[str]:
    """The folded words of `query`; a record is found when its search text contains each of them."""
    return _fold(query, {}).split()
