"""How names sort in English and Norwegian, and what they are found by."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.collation import Word, match_spans, search_text, search_words, sort_key, split_words


def in_order(names: list[str], language: str) -> list[str]:
    return sorted(names, key=lambda name: sort_key(name, language))


def test_norwegian_letters_come_last_in_norwegian() -> None:
    expected = ["Aron", "Zoë", "Ærlig", "Östlund", "Øyvind", "Åse"]
    assert in_order(["Åse", "Øyvind", "Zoë", "Östlund", "Aron", "Ærlig"], "nb") == expected


def test_they_stand_beside_the_plain_letters_in_english() -> None:
    expected = ["Aron", "Åse", "Berg", "Øyvind", "Oz", "Zoë"]
    assert in_order(["Zoë", "Øyvind", "Oz", "Berg", "Åse", "Aron"], "en") == expected


@pytest.mark.parametrize("language", ["en", "nb"])
def test_case_and_accents_do_not_matter(language: str) -> None:
    assert sort_key("ÉRIC STRAßE", language) == sort_key("eric strasse", language)


@pytest.mark.parametrize("language", ["en", "nb"])
def test_a_letter_sorts_the_same_however_it_is_composed(language: str) -> None:
    assert sort_key(unicodedata.normalize("NFD", "Åse Müller"), language) == sort_key("Åse Müller", language)


@pytest.mark.parametrize("language", ["en", "nb"])
def test_numbers_sort_as_numbers(language: str) -> None:
    expected = ["N-2", "N-10", "N-100", "N-100 b", "N-100 b 9", "N-100 b 10"]
    assert in_order(sorted(expected), language) == expected


@pytest.mark.parametrize(
    "typed", ["åse", "ASE", "aase", "Åse Ødegård", "odegard", "oedegaard", "gård øde", "n-214", "04a1"]
)
def test_a_key_is_found_by_parts_of_what_it_shows_in_any_order_and_spelling(typed: str) -> None:
    text = search_text("Phone key 214", "N-214", "04A1B2C3", "Åse Ødegård")
    assert all(word in text for word in search_words(typed))


@pytest.mark.parametrize("typed", ["kåre", "ose", "n-215"])
def test_it_is_not_found_by_something_else(typed: str) -> None:
    text = search_text("Phone key 214", "N-214", "04A1B2C3", "Åse Ødegård")
    assert not all(word in text for word in search_words(typed))


def test_what_is_missing_adds_nothing_to_the_search_text() -> None:
    assert search_text("Fob 5", "N-5", None, "") == "fob 5 n-5"


def test_blanks_alone_are_no_words() -> None:
    assert search_words(" \t ") == []


def test_quotes_keep_words_together() -> None:
    assert split_words('åse zone:"Blokk A" "phone key" a"b c"d') == [
        Word("", "åse"),
        Word("zone", "Blokk A"),
        Word("", "phone key"),
        Word("", "ab cd"),
    ]


def test_a_quote_that_is_not_closed_yet_reaches_to_the_end() -> None:
    assert split_words('zone:"Blokk A') == [Word("zone", "Blokk A")]


@pytest.mark.parametrize("typed", ['"status:planning"', ":a", ":", "::"])
def test_a_colon_in_quotes_or_without_a_name_makes_no_filter(typed: str) -> None:
    assert [word.name for word in split_words(typed)] == [""]


def shown(text: str, words: str) -> str:
    """`text` with [brackets] around what is highlighted."""
    for start, end in reversed(match_spans(text, words)):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Åse Ødegård", "ode", "Åse [Øde]gård"),
        ("Åse Ødegård", "OEDE gaa", "Åse [Øde][gå]rd".replace("][", "")),
        ("Åse Ødegård", "g", "Åse Øde[g]ård"),
        ("Bjørn", "joe", "B[jø]rn"),
        ("Bjoern", "bjø", "[Bjo]ern"),
        ("Straße 5", "asse", "Str[aße] 5"),
        ("N-214", "21 14", "N-[214]"),
        ("aaaa", "aaa", "[aaaa]"),
        ("Phone key 2", '"e k" 2', "Phon[e k]ey [2]"),
        ("Fob 5", "status:planning", "Fob 5"),
        ("Fob 5", "", "Fob 5"),
        (unicodedata.normalize("NFD", "Kåre"), "ka", unicodedata.normalize("NFD", "[Kå]re")),
        ("Kåre", "ka r", "[Kår]e"),
        ("Zoë", "o", "Z[o]ë"),
    ],
)
def test_what_a_search_found_is_highlighted(text: str, words: str, expected: str) -> None:
    assert shown(text, words) == expected


@given(
    text=st.text(st.sampled_from("aoeøåäæÆs ßéİ\u0301\u0308-1") | st.characters(), max_size=12),
    words=st.text(st.sampled_from('aoeøåäs éi:"-1'), max_size=5),
)
def test_a_text_is_highlighted_exactly_where_a_search_finds_a_word_in_it(text: str, words: str) -> None:
    spans = match_spans(text, words)
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(end < start for (_, end), (start, _) in pairwise(spans))
    found = [word for word in search_words(words) if word in search_text(text)]
    assert found or not spans
    for word in found:
        if " " not in word:
            assert any(word in search_text(text[start:end]) for start, end in spans)
