"""Nothing that is shown from data, or was typed, acts: on any screen, in any conversation."""

import io
from contextlib import suppress

import pytest
from rich.cells import cell_len
from textual.events import Paste
from textual.pilot import Pilot

from console.plain.conversation import Conversation
from console.plain.menu import _menu
from console.sections import SECTIONS
from console.widgets.record_table import RecordTable
from store.database import Store
from tests.console.conftest import Console
from tests.console.driving import press, screen_text
from tests.fixed_token import PIN
from tests.hostile import ACTS, NAMES, make_hostile
from tests.plain.flows import FLOWS

TYPED = pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
ZONES_BEGIN = pytest.mark.parametrize("first", [0, 3], ids=["escapes", "long"])


async def inert_after(pilot: Pilot[None], *keys: str) -> str:
    """The screen after these keys: nothing in it acts, and every line is in its place."""
    await press(pilot, *keys)
    shown = screen_text(pilot.app)
    assert ACTS.search(shown) is None, ascii(shown)
    assert all(cell_len(line) <= 80 for line in shown.splitlines()), shown
    assert len(shown.splitlines()) == 24
    return shown


async def pasted(pilot: Pilot[None], text: str) -> str:
    assert pilot.app.focused is not None
    pilot.app.focused.post_message(Paste(text))
    return await inert_after(pilot)


@pytest.mark.parametrize("number", range(1, len(SECTIONS) + 1), ids=list(SECTIONS))
async def test_every_table_and_the_records_in_it(console: Console, store: Store, number: int) -> None:
    make_hostile(store)
    app = console("nb")
    async with app.run_test(size=(80, 24)) as pilot:
        await inert_after(pilot, str(number))
        table = app.screen.query_one(RecordTable)
        hidden = len(table.all_columns) - len(table.columns)
        await inert_after(pilot, "c", *("down",) * len(table.columns), *("space", "down") * hidden, "enter")
        for column in "123":
            assert "Kopiert:" in await inert_after(pilot, "y", column)
        for down in (("escape", "up", "up"), ("down",), ("down",)):
            await press(pilot, *down)
            await inert_after(pilot, "enter")
            await inert_after(pilot, "right")
            await inert_after(pilot, "right")
            await inert_after(pilot, "escape")


@ZONES_BEGIN
async def test_every_wizard(console: Console, store: Store, first: int) -> None:
    make_hostile(store, first)
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        for keys in (("a", "enter"), ("text:214",), ("enter",), ("1", "enter")):
            await inert_after(pilot, *keys)
        assert "Done." in await inert_after(pilot, "enter")
        assert "hours" in await inert_after(pilot, "escape", "1", "o")
        await inert_after(pilot, "1")
        assert "Done." in await inert_after(pilot, "enter")
        for keys in (("escape", "1", "r"), ("2", "enter"), ("enter",)):
            await inert_after(pilot, *keys)
        assert "Signed by kari" in await inert_after(pilot, f"text:{PIN}", "enter")
        for keys in (("escape", "1", "a", "2"), ("text:47",), ("enter",), ("1", "enter"), ("enter",)):
            await inert_after(pilot, *keys)
        for keys in (("escape", "9", "v"), ("enter",), ("escape", "escape", "5", "w"), ("escape", "ctrl+p")):
            await inert_after(pilot, *keys)


@TYPED
async def test_what_is_searched_for(console: Console, name: str) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "3")
        for word in ("", "zone:", 'zone:"', "before:"):
            await press(pilot, "/")
            await pasted(pilot, word + name)
            await press(pilot, "ctrl+u", "escape", "f")
            await pasted(pilot, word + name)
            await inert_after(pilot, "enter")
            await inert_after(pilot, "n", "escape")
        await press(pilot, "percent_sign")
        await pasted(pilot, name)
        assert "A number from 0 to 100" in await inert_after(pilot, "enter")


def said(store: Store, *answers: str) -> str:
    """What a conversation with these answers writes."""
    talk = Conversation(io.StringIO("".join(f"{answer}\n" for answer in answers)), io.StringIO())
    with suppress(EOFError):
        _menu(talk, store)
    written = talk.shown.getvalue()  # type: ignore[attr-defined]  # a StringIO
    acting = ACTS.search(written)
    assert acting is None, ascii(written[acting.start() - 80 : acting.end()])
    return str(written)


PLAIN_FLOWS = [
    "blocklist",
    "keys",
    "locks",
    "people",
    "zones",
    "sightings",
    "walk",
    "add-planning",
    "add-order",
    "order",
]


@ZONES_BEGIN
@pytest.mark.parametrize("flow", PLAIN_FLOWS)
def test_every_conversation(store: Store, flow: str, first: int) -> None:
    make_hostile(store, first)
    written = said(store, *FLOWS[flow].answers)
    assert "\N{REPLACEMENT CHARACTER}" in written


@TYPED
def test_what_is_typed_in_a_conversation(store: Store, name: str) -> None:
    typed = name.replace("\r", " ").replace("\n", " ")
    for place in "13":
        said(store, place, typed, f"status:{typed}", f"zone:{typed}", f"before:{typed}", f"/{typed}", typed)
    assert "Done." in said(store, "10", "1", "/n-214", "1", "1", "1", typed[:60], "1", "1")
