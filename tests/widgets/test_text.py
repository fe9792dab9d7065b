"""Text from data is inert, and exactly as wide as its column."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from console.widgets.text import fit, inert, wrap

HOSTILE = [
    "\x1b[31mred",
    "a\nb",
    "a\tb",
    "\x9b5m",
    "\u202eevil",
    "\u2066x",
    "\u200bzero",
    "\ufeffmark",
    "\x00nul",
    "\x7f",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_could_act_on_a_terminal_is_replaced_by_a_visible_stand_in(text: str) -> None:
    assert "�" in inert(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in inert(text))


def test_letters_accents_and_wide_characters_stay() -> None:
    assert inert("Åse Ødegård [red] 東京 é") == "Åse Ødegård [red] 東京 é"


@given(text=st.text(), width=st.integers(0, 40), cut=st.sampled_from(["end", "middle"]))
def test_a_cell_has_exactly_its_width(text: str, width: int, cut: str) -> None:
    assert cell_len(fit(text, width, cut)) == width  # type: ignore[arg-type]


@given(text=st.text())
def test_nothing_that_acts_comes_through(text: str) -> None:
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 for c in inert(text))


@pytest.mark.parametrize(("cut", "shown"), [("end", "Kjeller og g…"), ("middle", "Kjelle…arasje")])
def test_long_text_is_cut_at_the_end_or_in_the_middle(cut: str, shown: str) -> None:
    assert fit("Kjeller og garasje", 13, cut) == shown  # type: ignore[arg-type]


def test_numbers_are_right_aligned() -> None:
    assert fit("7", 4, align="right") == "   7"


@given(text=st.text(), width=st.integers(1, 40))
def test_no_line_of_a_paragraph_is_wider_than_its_place(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in wrap(text, width))
