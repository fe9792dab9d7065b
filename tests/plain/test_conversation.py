"""Whatever is asked and answered: the lines fit, they can be written, and nothing changes unless Finish was chosen."""

import io
import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console import language
from console.plain.conversation import Back, Conversation, in_turn
from console.plain.menu import _menu
from console.plain.pages import Lines, Pages, Table, in_memory
from pkcs11_token.errors import SperreError
from store.database import Store
from store.errors import NothingToOrder
from store.listing import Query
from store.models import database
from tests.plain.flows import ADD, FLOWS, ORDER, PICK_214, REMOVE_17

CHARACTERS = st.text(st.characters() | st.sampled_from("\x1b\r\n\t\x9b●○–✓✗æøåÅ…字\u0301\u202e \u00a0"), max_size=200)
ANSWERS = st.one_of(
    st.sampled_from(["", "0", "?", "n", "p", "/", "-", "x", "\x1b[A", "fob 17", "åse", "/214", "y" * 300]),
    st.integers(1, 14).map(str),
    st.text(max_size=12).filter(lambda text: "\n" not in text and "\r" not in text),
)
WAYS_IN = st.sampled_from([PICK_214, (*PICK_214, "1", "", ""), REMOVE_17, (ORDER, "1"), (ADD, "2", "odeg", "1")])
TOLD_TABLES = ("zone", "lock", "blocklist_entry", "journal", "outbox")


def talk_of(*answers: str, columns: int = 80) -> Conversation:
    return Conversation(io.StringIO("".join(f"{answer}\n" for answer in answers)), io.StringIO(), columns)


def shown(talk: Conversation) -> str:
    assert isinstance(talk.shown, io.StringIO)
    return talk.shown.getvalue()


@given(CHARACTERS, st.integers(1, 120), st.sampled_from(["utf-8", "latin-1", "ascii"]), st.integers(0, 4))
def test_every_line_fits_and_can_be_written_and_holds_nothing_that_acts(
    text: str, columns: int, encoding: str, indent: int
) -> None:
    talk = talk_of(columns=columns)
    talk.encoding = encoding  # type: ignore[assignment]
    talk.say(text, indent)
    talk.number([text])
    written = shown(talk)
    written.encode(encoding)
    assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", written) is None
    assert max(map(len, written.splitlines()), default=0) < max(columns, 20)


@pytest.fixture
def english() -> Iterator[None]:
    language.use("en")
    yield
    language.use("en")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(ANSWERS.map(lambda answer: (answer,)), WAYS_IN), max_size=12))
def test_random_answers_change_nothing_unless_finish_was_chosen(
    english: None, store: Store, flows: list[tuple[str, ...]]
) -> None:
    talk = talk_of(*(answer for flow in flows for answer in flow))
    before = told()
    with suppress(EOFError):
        _menu(talk, store)
    finished = was_finished(shown(talk))
    assert bool(talk.done) <= finished
    if not finished:
        assert told() == before


def told() -> list[tuple[object, ...]]:
    return [(name, *row) for name in TOLD_TABLES for row in database.execute_sql(f"SELECT * FROM {name}")]


def was_finished(said: str) -> bool:
    """Whether 1 was answered where 1 is Finish."""
    at_finish = False
    for line in said.splitlines():
        if line == " 1  Finish":
            at_finish = True
        elif "help: " in line:
            if at_finish and line == "Number, 0 back, ? help: 1":
                return True
            at_finish = at_finish and line.startswith("Number, 0 back, ? help: ")
    return False


def test_finish_is_recognised_in_the_transcripts() -> None:
    """Otherwise the test above would test nothing."""
    from tests.plain.test_transcripts import FOLDER

    finished = {name for name in FLOWS if was_finished((FOLDER / f"{name}-en.txt").read_text())}
    assert {"add-order", "add-planning", "order", "remove-order", "walk"} <= finished
    assert finished.isdisjoint({"add-left", "blocklist", "interrupted", "add-refused-returned", "menu"})


def test_back_asks_the_question_before_and_a_refusal_asks_again() -> None:
    talk = talk_of("a", "0", "b", "wrong", "c")
    answers: list[str] = []

    def first() -> None:
        answers.append(talk.ask("First:", ""))

    def second() -> None:
        answers.append(talk.ask("Second:", ""))
        if answers[-1] == "wrong":
            raise NothingToOrder

    in_turn(talk, first, second)
    assert answers == ["a", "b", "wrong", "c"]
    assert "there is nothing to order" in shown(talk)


def test_what_cannot_even_be_asked_is_not_asked_for_ever() -> None:
    def broken() -> None:
        raise NothingToOrder

    with pytest.raises(SperreError):
        in_turn(talk_of(), broken)


def test_a_question_says_back_at_0_and_explains_at_a_question_mark() -> None:
    talk = talk_of("?", "0")
    with pytest.raises(Back):
        talk.ask("Which?", "One of them.")
    assert shown(talk) == "Which? ?\nOne of them.\nWhich? 0\n"


@pytest.mark.parametrize(("answer", "chosen"), [("", "b"), ("1", "a"), ("2", "b")])
def test_an_empty_line_keeps_what_was_chosen_before(answer: str, chosen: str) -> None:
    assert talk_of(answer).choose("Which?", [("a", "A"), ("b", "B")], "", ("b",)) == chosen


def test_ctrl_c_while_something_is_worked_out_goes_back_to_the_menu_with_words(
    english: None, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("console.plain.menu.section", interrupted)
    talk = talk_of("1", "0")
    _menu(talk, store)
    assert "Interrupted." in shown(talk)


def test_words_that_cannot_be_searched_for_are_refused_and_all_is_shown_again(english: None) -> None:
    class Choosy(Lines[str]):
        def after(self, query: Query, row: str | None, limit: int) -> list[str]:
            if query.filter == "bad":
                raise NothingToOrder
            return super().after(query, row, limit)

    talk = talk_of("bad", "1")
    assert Pages(talk, Table("Fruit", Choosy(["apple"], str), str)).pick() == "apple"
    assert "! Every blocklist is ordered already" in shown(talk)


@given(st.lists(st.integers(1, 99).map(str), unique=True, max_size=35))
def test_turning_the_pages_shows_every_row_once(rows: list[str]) -> None:
    talk = talk_of(*["n"] * 3, *["p"] * 3, "0")
    pages = Pages(talk, in_memory("Rows", rows, lambda row: f"row {row}", "none"))
    with suppress(Back):
        pages.pick()
    seen = re.findall(r"^ ?\d+  row (\d+)$", shown(talk), re.MULTILINE)
    forward, full = seen[: len(rows)], (len(rows) - 1) // 10
    assert forward == rows
    assert seen[len(rows) :] == [row for page in range(full - 1, -1, -1) for row in rows[page * 10 : page * 10 + 10]]
