"""How names sort in English and Norwegian, and how they are found: folded text kept beside each name."""

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import NamedTuple

_NUMBER = re.compile(r"\d+")
_TYPED = re.compile(r'(?:"[^"]*"?|[^\s"])+')
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
    return " ".join(spellings(" ".join(" ".join(text for text in texts if text).split())))


def spellings(text: str) -> list[str]:
    """How `text` may be typed, folded: with the plain letter (ø as o) and, where it differs, spelled out (ø as oe)."""
    plain, spelled = _fold(text, {}), _fold(text, _SPELLED_OUT)
    return [plain] if plain == spelled else [plain, spelled]


class Word(NamedTuple):
    """A word of a filter: `name:value`, or free text that has no name."""

    name: str
    value: str


def split_words(query: str) -> list[Word]:
    """The words of `query`; quotes keep together what has blanks or colons, and may lack the second one."""
    words = []
    for typed in _TYPED.findall(query):
        name, colon, value = typed.partition(":")
        if colon and name and '"' not in name:
            words.append(Word(name, value.replace('"', "")))
        else:
            words.append(Word("", typed.replace('"', "")))
    return words


def fold_word(text: str) -> str:
    """What is typed, as it stands in a search text that has it."""
    return "".join(c for c in " ".join(_fold(text, {}).split()) if c.isprintable())


def search_words(query: str) -> list[str]:
    """The folded words of `query`; a record is found when its search text contains each of them."""
    texts = (f"{word.name}:{word.value}" if word.name else word.value for word in split_words(query))
    return [word for word in map(fold_word, texts) if word]


def match_spans(text: str, words: str) -> list[tuple[int, int]]:
    """Where the free words of the filter `words` stand in `text`: (start, end) in characters, sorted, none touching.

    They are found as a search finds them, in any case and spelling: ø by o and by oe.
    """
    found: list[tuple[int, int]] = []
    wanted = search_words(words)
    for special in ({}, _SPELLED_OUT) if wanted else ():
        pieces = [(start, end, _fold(text[start:end], special)) for start, end in _letters(text)]
        folded = "".join(piece for _start, _end, piece in pieces)
        origins = [(start, end) for start, end, piece in pieces for _ in piece]
        for word in wanted:
            at = folded.find(word)
            while at >= 0:
                found.append((origins[at][0], origins[at + len(word) - 1][1]))
                at = folded.find(word, at + 1)
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _letters(text: str) -> list[tuple[int, int]]:
    """Start and end of each letter of `text` with the accents that follow it."""
    starts = [i for i, c in enumerate(text) if i == 0 or not unicodedata.combining(c)]
    return list(pairwise([*starts, len(text)]))
