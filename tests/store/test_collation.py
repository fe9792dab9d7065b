"""How names sort in English and Norwegian, and what they are found by."""

import unicodedata

import pytest

from store.collation import search_text, search_words, sort_key


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
