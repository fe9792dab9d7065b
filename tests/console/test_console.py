"""What an administrator may rely on at the console, whatever the data and the terminal."""

import sqlite3
from pathlib import Path

import pytest
from rich.cells import cell_len

from console.screens.too_small import TooSmallScreen
from console.screens.wizard import Wizard
from console.widgets.field import Field
from store.database import Store
from store.models import JournalRecord, Key
from tests.console.conftest import Clock, Console
from tests.console.driving import press, screen_text, settle
from tests.fixed_token import PIN
from tests.snapshots.scenes import TO_PIN


async def test_from_a_lost_key_to_close_takes_at_most_twelve_keys_beside_the_search(console: Console) -> None:
    keys = ("a", "enter", "text:214", "enter", "2", "enter", "enter", "enter")
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *keys)
        assert "N-214" in screen_text(app)
        assert not isinstance(app.screen, Wizard)
    assert len([key for key in keys if not key.startswith("text:")]) <= 12


async def test_next_is_pressed_exactly_twice(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "a", "enter", "text:214")
        words = []
        for key in ("enter", "1", "enter", "enter", "enter"):
            hint = screen_text(app).splitlines()[-1].split("Enter")[-1].strip()
            words += [hint] if key == "enter" else []
            await press(pilot, key)
        assert words == ["Next", "Next", "Finish", "Close"]


async def test_escape_goes_one_step_back_and_loses_nothing_typed(console: Console, store: Store) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "a", "enter", "text:214", "enter", "2", "tab", "right", "tab", "text:Ved butikken", "enter")
        assert "stolen" in screen_text(app)
        await press(pilot, "escape", "escape")
        assert "Search    214" in screen_text(app)
        await press(pilot, "enter")
        shown = screen_text(app)
        assert "(•) Order blocklist" in shown
        assert "Stolen" in shown
        assert "Ved butikken" in shown
        await press(pilot, "escape", "escape", "escape")
        assert not isinstance(app.screen, Wizard)
    assert Key.get(Key.label == "N-214").entries.count() == 0


async def test_nothing_is_written_before_finish(console: Console) -> None:
    app = console()
    before = JournalRecord.select().count()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "a", "enter", "text:214", "enter", "2", "enter")
        assert JournalRecord.select().count() == before
        await press(pilot, "enter")
        assert JournalRecord.select().count() == before + 2


async def test_all_keys_of_a_person_are_added_except_those_that_cannot_be(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "a", "2", "text:odegard", "enter", "2", "enter", "enter")
        assert "Phone key 214 (N-214)" in screen_text(app)
        assert "Fob 215 (N-215)" in screen_text(app)
        assert "N-33" not in screen_text(app)


HOSTILE = "[bold red]x[/] \x1b[31m\u202eevil\u2066 " + "W" * 300 + " 東京"


async def test_text_from_data_is_inert_and_tables_keep_their_columns(console: Console, store: Store) -> None:
    Key.update(name=HOSTILE).where(Key.label == "N-17").execute()
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        for keys in ((), ("down", "enter"), ("escape", "2"), ("/", "text:n-17"), ("enter", "enter")):
            await press(pilot, *keys)
            shown = screen_text(app)
            assert "\x1b" not in shown
            assert "\u202e" not in shown
            assert all(cell_len(line) <= 80 for line in shown.splitlines())
        assert "[bold red]x[/]" in shown


async def test_columns_stay_in_place_with_wide_characters(console: Console) -> None:
    app = console()
    Key.update(name="東京 é 東京東京東京").where(Key.label == "N-17").execute()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot)
        rows = [line for line in screen_text(app).splitlines() if "● Ordered" in line]
        assert {cell_len(row.split("● Ordered")[0]) for row in rows} == {61}


async def test_a_terminal_that_is_too_small_is_said_and_recovers(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "a", "enter", "text:214")
        await pilot.resize_terminal(59, 24)
        await settle(pilot)
        assert "too small" in screen_text(app)
        await pilot.resize_terminal(80, 15)
        await settle(pilot)
        assert isinstance(app.screen, TooSmallScreen)
        await pilot.resize_terminal(60, 16)
        await settle(pilot)
        assert "214" in screen_text(app)
        assert isinstance(app.screen, Wizard)


async def test_another_operators_change_shows_by_itself(console: Console, store: Store, home: Path) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot)
        other = sqlite3.connect(home / "store.sqlite")
        other.execute("UPDATE key SET name = 'Changed elsewhere' WHERE label = 'N-17'")
        other.commit()
        other.close()
        await app.look_around()
        await settle(pilot)
        assert "Chang" in screen_text(app)


async def test_a_login_ends_after_its_time_without_a_key(console: Console, clock: Clock) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t", f"text:{PIN}", "enter", "enter")
        assert "token Vaktleder 5 min" in screen_text(app)
        clock.now = clock.now.replace(minute=54)
        await app.look_around()
        assert app.token.logged_in
        await press(pilot, "down")
        clock.now = clock.now.replace(minute=58)
        await app.look_around()
        assert app.token.logged_in
        clock.now = clock.now.replace(minute=59)
        await app.look_around()
        await settle(pilot)
        assert not app.token.logged_in
        assert "no token" in screen_text(app)


async def test_t_logs_out_again(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t", f"text:{PIN}", "enter", "enter", "t")
        assert not app.token.logged_in
        assert "no token" in screen_text(app)


async def test_a_removal_with_the_token_is_proved_in_the_record(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *TO_PIN, f"text:{PIN}", "enter", "enter", "enter", "left")
        assert "by kari with token 8C:A1:8A:…:A1, signature verified" in screen_text(app)


async def test_the_pin_stands_nowhere_on_the_screen_nor_in_the_field(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *TO_PIN, f"text:{PIN}")
        field = app.screen.query_one(Field)
        assert "••••••" in screen_text(app)
        assert PIN not in screen_text(app)
        assert PIN not in repr(field) + repr(field.value) + repr(vars(Field.Changed(field, field.value)))
        await press(pilot, "enter")
        assert field.is_empty


async def test_pasted_lines_are_text_and_not_keys(console: Console) -> None:
    from textual.events import Paste

    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "a", "enter")
        app.screen.query_one(Field).post_message(Paste("214\r\nq\n"))
        await settle(pilot)
        assert isinstance(app.screen, Wizard)
        assert app.screen.query_one(Field).value.startswith("214 q")


async def test_keys_typed_fast_are_not_lost(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "/")
        await pilot.press(*"phone key 214")
        await settle(pilot)
        assert app.screen.query_one("#search", Field).value == "phone key 214"
        assert "1–1 of 1" in screen_text(app)


@pytest.mark.parametrize("section", ["1", "2", "3", "4", "5", "6"])
async def test_every_table_is_reached_by_its_number_and_escape_leads_back(console: Console, section: str) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, section)
        table = screen_text(app)
        await press(pilot, "enter")
        assert screen_text(app) != table
        await press(pilot, "escape")
        assert screen_text(app).splitlines()[0] == table.splitlines()[0]
        await press(pilot, "m", "escape", "?", "escape")
        assert screen_text(app).splitlines()[0] == table.splitlines()[0]
