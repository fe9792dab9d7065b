"""What an administrator does with any table: sort, find, choose columns, select, copy."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.binding import Binding

from console import app as console_app
from console.app import SperreApp, browse_screen
from console.configuration import change_settings, settings
from console.screens.console_screen import ConsoleScreen
from console.screens.key_record import KeyRecord
from console.screens.lock_record import LockRecord
from console.screens.zone_record import ZoneRecord
from console.sections import SECTIONS
from console.table_views import TableView, remember, table_view
from console.widgets.record_table import RecordTable
from store.browse import keys
from store.models import BlocklistEntry, JournalRecord, Key
from tests.console.conftest import Console
from tests.console.driving import press, screen_text, settle
from tests.fixed_token import PIN


def header(app: SperreApp) -> str:
    return next(line for line in screen_text(app).splitlines() if "▲" in line or "▼" in line)


async def test_any_column_is_sorted_by_and_the_header_says_so(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "s")
        assert "Sort by   1 Label  2 Name  3 Type  4 Person  5 State" in screen_text(app)
        await press(pilot, "4")
        assert "Person ▲" in header(app)
        await press(pilot, "s", "enter")
        assert "Person ▼" in header(app)
        await press(pilot, "S")
        assert "Person ▲" in header(app)
        await press(pilot, "s", "escape")
        assert "Sort by" not in screen_text(app)
        assert app.screen.focused is app.screen.query_one(RecordTable)


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("width", [60, 80, 120, 200])
async def test_every_table_shows_its_order_at_any_width(console: Console, section: str, width: int) -> None:
    app = console("nb")
    async with app.run_test(size=(width, 16)) as pilot:
        await press(pilot, str(list(SECTIONS).index(section) + 1))
        for _ in app.screen.query_one(RecordTable).columns:
            await press(pilot, "s", "right", "enter")
            assert len(re.findall("[▲▼]", screen_text(app))) == 1


@pytest.mark.parametrize("section", SECTIONS)
async def test_every_column_can_be_sorted_by(console: Console, section: str) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, str(list(SECTIONS).index(section) + 1))
        table = app.screen.query_one(RecordTable)
        for column in table.all_columns:
            table.use_columns([column.name])
            await press(pilot, "s", "1")
            assert table.shown_query.sort == column.name
            assert re.search(f"{re.escape(column.title)} ?[▲▼]", header(app))


@pytest.mark.parametrize(
    ("section", "left_out"), [("2", "blocked serial main_zone locks valid_until last_contact"), ("4", "keys blocked")]
)
async def test_many_keys_are_sorted_only_by_what_an_index_holds(
    console: Console, section: str, left_out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "FEW", 3)
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, section)
        columns = app.screen.query_one(RecordTable).all_columns
        assert [column.name for column in columns if not column.sortable] == left_out.split()


async def test_how_a_table_is_shown_is_remembered(console: Console, home: Path) -> None:
    change_settings(site="Fjellheim")
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "c", "down", "down", "space", "down", "K", "K", "enter", "s", "3")
        assert header(app).split() == ["Label", "Person", "Name", "▲", "State", "Blocked"]
    again = console()
    async with again.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2")
        assert header(again).split() == ["Label", "Person", "Name", "▲", "State", "Blocked"]
        await press(pilot, "c", "d", "enter")
        assert header(again).split() == ["Label", "Name", "▲", "Type", "Person", "State", "Blocked"]
    assert table_view("keys") == TableView((), "name")
    assert settings().site == "Fjellheim"
    assert (home / "config.toml").stat().st_mode & 0o777 == 0o600
    change_settings(language="nb")
    assert (settings().language, table_view("keys").sort) == ("nb", "name")


@pytest.mark.parametrize(
    "text",
    [
        'tables = "x"',
        "[tables]\nkeys = 5",
        '[tables.keys]\ncolumns = ["nothing", "label", "label"]\nsort = "colour"\ndescending = 3',
        "[tables.keys]\ncolumns = 5",
        "[tables.keys]\nsort = ['label']",
    ],
)
async def test_what_is_remembered_wrongly_is_no_error(console: Console, home: Path, text: str) -> None:
    (home / "config.toml").write_text(text)
    settings()
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2")
        assert "Label ▲" in header(app)
        assert "› N-1" in screen_text(app)
    remember({"keys": TableView(("label",), "label", descending=True)})
    assert table_view("keys") == TableView(("label",), "label", descending=True)


async def test_at_least_one_column_is_shown(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "4", "c", *("space", "down") * 4, "enter")
        assert "At least one column must be shown." in screen_text(app)
        await press(pilot, "escape")
        assert "Person id" in header(app)


async def test_find_hides_nothing_and_n_goes_on(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "f", "text:odegard", "enter")
        assert "› N-33" in screen_text(app)
        assert "of 140" in screen_text(app)
        await press(pilot, "n")
        assert "› N-214" in screen_text(app)
        await press(pilot, "n", "N", "N")
        assert "› N-33" in screen_text(app)
        await press(pilot, "N")
        assert "› N-215" in screen_text(app)
        assert "The search went on at the other end." in screen_text(app)
        await press(pilot, "f", "text:xyzzy", "enter")
        assert "Nothing here matches xyzzy." in screen_text(app)


async def test_n_goes_on_with_the_words_of_a_filter_that_was_closed(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "n")
        assert "Nothing was searched for yet" in screen_text(app)
        await press(pilot, "/", "text:fob", "enter", "escape", "home", "n")
        assert "of 140" in screen_text(app)
        assert "› N-4 " in screen_text(app)


async def test_a_percentage_is_asked_for(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "%", "text:100%", "enter")
        assert "140 of 140" in screen_text(app)
        await press(pilot, "%", "text:fifty", "enter")
        assert "A number from 0 to 100 was expected" in screen_text(app)


async def test_a_cell_is_copied_and_told(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    Key.update(name="Fob \x1b[31m1").where(Key.label == "N-1").execute()
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "y", "enter")
        assert (app.clipboard, "Copied: N-1" in screen_text(app)) == ("N-1", True)
        await press(pilot, "y", "2")
        assert app.clipboard == "Fob �[31m1"
        monkeypatch.setattr(app._driver, "can_copy", False, raising=False)
        await press(pilot, "y", "4")
        assert "This terminal cannot copy: Anne Aasen" in screen_text(app)
        assert app.clipboard == "Fob �[31m1"


async def test_escape_gives_up_the_selection_before_the_filter(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "/", "text:fob", "enter", "*")
        assert "48 selected · 1–16 of 48" in screen_text(app)
        await press(pilot, "escape")
        assert "selected" not in screen_text(app)
        assert "Search    fob" in screen_text(app)
        await press(pilot, "escape")
        assert "of 140" in screen_text(app)


async def test_selected_keys_are_blocked_together_and_the_others_are_named_first(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "/", "text:ødegård", "enter", "*", "a")
        shown = " ".join(screen_text(app).split())
        assert "Phone key 214 (N-214) of Åse Ødegård and Fob 215 (N-215) of Åse Ødegård open" in shown
        assert "Left out: N-33 (returned: nothing to block)." in shown
        await press(pilot, "2", "enter")
        assert "Left out: N-33" in screen_text(app)
        before = JournalRecord.select().count()
        await press(pilot, "enter", "enter")
        assert "selected" not in screen_text(app)
    assert JournalRecord.select().count() == before + 2
    live = BlocklistEntry.select().join(Key).where(BlocklistEntry.version_out.is_null())
    assert {entry.key.label for entry in live} >= {"N-214", "N-215"}


async def test_keys_of_which_none_can_be_blocked_are_refused(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "/", "text:n-17", "enter", "space", "/", "ctrl+u", "text:n-33", "enter", "space", "a")
        shown = " ".join(screen_text(app).split())
        assert "None of these 2 keys can be blocked. The first one: N-17 is on the blocklist already" in shown


async def test_selected_keys_are_removed_by_one_statement(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "down", "V", "down", "V", "r", "2", "enter", "enter", f"text:{PIN}", "enter", "enter")
    signed = JournalRecord.get(JournalRecord.action == "remove")
    removed = BlocklistEntry.select().where(BlocklistEntry.removal_record == signed.number)
    assert {entry.key.label for entry in removed} == {"N-17", "N-90"}


async def test_more_than_can_be_looked_over_are_not_changed_at_once(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.screens.table_screen.MOST_AT_ONCE", 100)
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "*", "a")
        assert "140 are selected: at most 100 are changed at once." in screen_text(app)


async def test_another_operators_change_leaves_the_cursor_on_its_record(
    console: Console, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console_app, "WATCH_SECONDS", 0.05)
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "%", "text:50", "enter")
        place = next(y for y, line in enumerate(screen_text(app).splitlines()) if line.startswith("›"))
        current = app.screen.query_one(RecordTable).current.id
        other = sqlite3.connect(home / "store.sqlite")
        other.execute("UPDATE key SET sort_label = 'a' || sort_label WHERE label IN ('N-137', 'N-138')")
        other.execute("UPDATE key SET name = 'Changed elsewhere' WHERE id = ?", (current,))
        other.commit()
        other.close()
        while "Changed" not in screen_text(app):
            await pilot.pause(0.01)
        await settle(pilot)
        assert screen_text(app).splitlines()[place].startswith("› N-")
        assert "Chan" in screen_text(app).splitlines()[place]
        assert app.screen.query_one(RecordTable).current.id == current


SCREENS = [*(type(browse_screen(section)) for section in SECTIONS), KeyRecord, LockRecord, ZoneRecord]


def bindings(kind: type) -> Iterator[Binding]:
    """The bindings that a class adds to those of its bases."""
    for binding in vars(kind).get("BINDINGS", ()):
        yield binding if isinstance(binding, Binding) else Binding(*binding)


@pytest.mark.parametrize("kind", [*SCREENS, RecordTable, SperreApp])
def test_what_a_function_key_or_a_modified_key_does_a_plain_key_does_too(kind: type) -> None:
    plain: dict[str, set[str]] = {}
    for base in kind.__mro__:
        if base.__module__.startswith("textual"):
            continue
        for binding in bindings(base):
            keys = {key for key in binding.key.split(",") if not re.match(r"ctrl\+|shift\+|f\d", key)}
            plain.setdefault(binding.action, set()).update(keys)
    beside = {"quit": "q", "turn(-1)": "left", "extend(-1)": "V", "extend(1)": "V"}
    assert {action for action, keys in plain.items() if not keys} <= set(beside)


@pytest.mark.parametrize("kind", SCREENS)
def test_no_key_means_two_things_on_a_screen(kind: type[ConsoleScreen[None]]) -> None:
    owners: dict[str, str] = {}
    for base in (*kind.__mro__[::-1], RecordTable):
        for binding in () if base.__module__.startswith("textual") else bindings(base):
            for key in binding.key.split(","):
                other = owners.setdefault(key, binding.action)
                is_same_word = {other, binding.action} in ({"app.add", "add"}, {"sort", "situation"})
                assert other == binding.action or is_same_word, f"{key}: {other}, {binding.action}"
    assert len(kind.hints) <= 6
