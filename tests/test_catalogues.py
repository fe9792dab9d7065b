"""The Norwegian catalogue: every text of the source is in it, translated, and compiled as it stands."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from console.commands.click_words import WORDS
from console.language import CATALOGUES

ROOT = Path(__file__).parent.parent
FOLDER = CATALOGUES / "nb" / "LC_MESSAGES"
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "NN_": (1, 2)}
FIELD = re.compile(r"\{(\w*)")

MessageId = str | tuple[str, ...]


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (FOLDER / "sperre.po").open("rb") as file:
        return read_po(file, locale="nb")


def in_source(*folders: Path) -> set[MessageId]:
    return {
        message
        for folder in folders
        for _, _, message, _, _ in extract_from_dir(folder, keywords=KEYWORDS, comment_tags=())
    }


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def test_the_catalogue_holds_exactly_the_texts_of_the_source(catalogue: Catalog) -> None:
    source = in_source(ROOT / "console", ROOT / "store", ROOT / "token")
    assert {message.id for message in messages(catalogue)} == source, "run: make catalogues"


def test_no_text_stands_within_an_f_string() -> None:
    """It would not be found there, on a Python before 3.12, and stay English."""
    for folder in ("console", "store", "token"):
        for path in (ROOT / folder).rglob("*.py"):
            strings = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.JoinedStr)]
            calls = [node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call)]
            marked = [call for call in calls if ast.unparse(call.func) in KEYWORDS]
            literal = [ast.unparse(call) for call in marked if isinstance(call.args[0], ast.Constant | ast.JoinedStr)]
            assert literal == [], path


def test_every_text_is_translated(catalogue: Catalog) -> None:
    assert [message.id for message in messages(catalogue) if not translated(message)] == []


def test_a_translation_has_the_fields_of_its_text(catalogue: Catalog) -> None:
    for message in filter(translated, messages(catalogue)):
        original, translation = forms(message.id)[-1], forms(message.string)[-1]
        assert set(FIELD.findall(translation)) == set(FIELD.findall(original)), message.id


def test_the_compiled_catalogue_is_fresh(catalogue: Catalog) -> None:
    with (FOLDER / "sperre.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in filter(translated, messages(catalogue)):
        singular, *plural = forms(message.id)
        texts = [compiled.ngettext(singular, plural[0], n) for n in (1, 2)] if plural else [compiled.gettext(singular)]
        assert texts == list(forms(message.string)), "run: make catalogues"


def test_the_words_of_click_are_those_that_click_says() -> None:
    assert set(WORDS) <= in_source(Path(click.__file__).parent)


def translated(message: Message) -> bool:
    return not message.fuzzy and all(forms(message.string))


def forms(text: MessageId) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
