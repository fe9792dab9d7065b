"""Whatever is typed or pasted where a path is asked for, the console says what is wrong with it and lives on."""

import io
from pathlib import Path

import pytest
from textual.events import Paste

from console.plain.conversation import Back, Conversation
from console.plain.visits import visits
from console.widgets.field import Field
from store.database import Store
from tests.console.conftest import Console
from tests.console.driving import press, screen_text

TOO_LONG = "æ" * 180  # letters of two bytes
ODD = ("/", "~nobody-of-that-name/a.csv", "a\0.csv", "/x" * 90, "\x1b]52;c;AAAA\x07", "\u202egro.csv", TOO_LONG)


@pytest.mark.parametrize("typed", ODD, ids=range(len(ODD)))
def test_a_conversation_says_that_there_is_no_such_file(store: Store, folder: Path, typed: str) -> None:
    talk = Conversation(io.StringIO(f"{typed}\n0\n"), io.StringIO())
    with pytest.raises(Back):
        visits(talk, store)
    assert "There is no file" in talk.shown.getvalue()  # type: ignore[attr-defined]  # a StringIO


@pytest.mark.parametrize("typed", ODD, ids=range(len(ODD)))
async def test_the_wizard_that_imports_visits_says_so_too(console: Console, folder: Path, typed: str) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot)
        app.action_visits()
        await press(pilot)
        app.screen.query_one(Field).post_message(Paste(typed))
        await press(pilot, "enter")
        assert "There is no file" in " ".join(screen_text(app).split())
        assert "\x1b" not in screen_text(app)
        assert "\u202e" not in screen_text(app)


@pytest.mark.parametrize("typed", ODD, ids=range(len(ODD)))
async def test_the_wizard_that_writes_files_goes_on(console: Console, folder: Path, typed: str) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5", "w", "tab", "tab", "ctrl+u")
        app.screen.query_one(Field).post_message(Paste(typed))
        await press(pilot, "enter")
        assert "\x1b" not in screen_text(app)
        assert "\u202e" not in screen_text(app)
        await press(pilot, "escape", "5", "w", "tab", "tab", "ctrl+u", "text:zones", "enter")
        assert "Done." in screen_text(app)
    assert (folder / "zones.csv").stat().st_mode & 0o777 == 0o600
