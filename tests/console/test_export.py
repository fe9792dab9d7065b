"""What a table shows, written to a file: all of it or nothing, and nothing in it acts."""

import csv
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet._writer import ALL_TEMP_FILES
from textual.events import Paste

from console import export
from console.export import FORMATS, FileThere, NotWritten, Stopped, TooManyRows
from console.screens.export import ExportWizard
from console.values import FORMULA_STARTS
from console.widgets.columns import Column
from console.widgets.field import Field
from tests.console.conftest import Console
from tests.console.driving import press, screen_text


@dataclass(frozen=True)
class Row:
    id: int
    name: str = ""
    at: datetime = datetime(2026, 11, 24, 6, 50, tzinfo=UTC)


COLUMNS = [
    Column[Row]("name", "Navn", lambda row: row.name, 10),
    Column[Row]("at", "Når", lambda row: "i går", 10, value=lambda row: row.at),
    Column[Row]("id", "Nr.", lambda row: f"nr. {row.id}", 10, value=lambda row: row.id),
]


def pages(*names: str) -> Iterator[list[Row]]:
    yield [Row(id, name) for id, name in enumerate(names)]


def read_csv(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_csv_and_xlsx_have_titles_and_words_and_json_has_names_and_exact_values(folder: Path) -> None:
    at = "2026-11-24 07:50"
    words = [["Navn", "Når", "Nr."], ["Fob 1", at, "nr. 0"], ['Åse; "x"', at, "nr. 1"]]
    for file_format in FORMATS:
        path = folder / f"rows.{file_format}"
        assert export.export(path, file_format, COLUMNS, pages("Fob 1", 'Åse; "x"')) == 2
        assert path.stat().st_mode & 0o777 == 0o600
    assert read_csv(folder / "rows.csv") == words
    sheet = load_workbook(folder / "rows.xlsx").active
    assert [[cell.value for cell in line] for line in sheet] == words
    assert json.loads((folder / "rows.json").read_text("utf-8")) == [
        {"name": "Fob 1", "at": "2026-11-24T06:50:00Z", "id": 0},
        {"name": 'Åse; "x"', "at": "2026-11-24T06:50:00Z", "id": 1},
    ]


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_cell_is_a_formula(folder: Path, start: str) -> None:
    name = f"{start}1+2"
    export.export(folder / "rows.csv", "csv", COLUMNS, pages(name))
    assert read_csv(folder / "rows.csv")[1][0] == f"'{name}"
    export.export(folder / "rows.xlsx", "xlsx", COLUMNS, pages(name))
    cell = load_workbook(folder / "rows.xlsx").active["A2"]
    assert cell.data_type == "s"


@pytest.mark.parametrize("separator", [";", "\t", "\n", "\r\n"])
def test_no_part_of_a_cell_becomes_a_formula_where_the_spreadsheet_has_another_separator(
    folder: Path, separator: str
) -> None:
    export.export(folder / "rows.csv", "csv", COLUMNS, pages(f"Åse, 1{separator}=1+2", "Blokk A; B-C"))
    assert [row[0] for row in read_csv(folder / "rows.csv")[1:]] == [f"Åse, 1{separator}'=1+2", "Blokk A; B-C"]


@given(name=st.text())
def test_any_text_can_be_written(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    printable = name.encode("utf-8", "replace").decode()
    for file_format in FORMATS:
        assert export.export(folder / "rows", file_format, COLUMNS, pages(printable), overwrite=True) == 1
        assert [path.name for path in folder.iterdir()] == ["rows"]


@pytest.mark.parametrize("file_format", FORMATS)
def test_what_is_stopped_or_fails_leaves_nothing_behind(folder: Path, file_format: str) -> None:
    def stop(count: int) -> None:
        raise Stopped

    def broken() -> Iterator[list[Row]]:
        yield [Row(1)]
        raise OSError(28, "No space left on device")

    path = folder / "rows"
    with pytest.raises(Stopped):
        export.export(path, file_format, COLUMNS, pages("a"), progress=stop)
    with pytest.raises(NotWritten, match="No space left on device"):
        export.export(path, file_format, COLUMNS, broken())
    with pytest.raises(NotWritten, match="No such file"):
        export.export(folder / "none" / "rows", file_format, COLUMNS, pages("a"))
    path.write_text("kept")
    with pytest.raises(FileThere):
        export.export(path, file_format, COLUMNS, pages("a"))
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("rows", "kept")]
    assert not [path for path in ALL_TEMP_FILES if Path(path).exists()]


def test_a_sheet_that_would_be_too_long_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "XLSX_ROWS", 2)
    assert export.export(folder / "two", "xlsx", COLUMNS, pages("a", "b")) == 2
    with pytest.raises(TooManyRows):
        export.export(folder / "three", "xlsx", COLUMNS, pages("a", "b", "c"))
    assert [path.name for path in folder.iterdir()] == ["two"]


@pytest.mark.parametrize("file_format", FORMATS)
def test_many_rows_take_no_more_memory_than_few(folder: Path, file_format: str) -> None:
    def peak(count: int) -> int:
        pages = ([Row(id, f"{id:0200}") for id in range(start, start + 500)] for start in range(0, count, 500))
        tracemalloc.start()
        export.export(folder / str(count), file_format, COLUMNS, pages)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(500)  # loads what writes the format
    assert peak(4000) < 1.2 * peak(1000)


async def test_what_is_shown_is_written_in_the_order_that_is_shown(console: Console, folder: Path) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "/", "text:fob", "enter", "S", "c", "down", "space", "enter", "w")
        assert "all that match (48)" in screen_text(app)
        assert str(folder / "keys-2026-11-24.csv") in "".join(screen_text(app).split())
        await press(pilot, "enter")
        assert "48 rows are written to" in " ".join(screen_text(app).split())
    lines = read_csv(folder / "keys-2026-11-24.csv")
    assert lines[0] == ["Label", "Type", "Person", "State", "Blocked"]
    assert [line[0] for line in lines[1:3]] == ["N-215", "N-135"]
    assert len(lines) == 49


async def test_the_selected_rows_are_written_whatever_is_searched_for_now(console: Console, folder: Path) -> None:
    app = console("nb")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "down", "space", "space", "/", "text:fob", "enter", "w", "tab", "right", "right", "tab")
        await press(pilot, "ctrl+u", "text:valgte", "enter")
    assert [row["label"] for row in json.loads((folder / "valgte.json").read_text())] == ["N-2", "N-3"]


async def test_a_file_that_is_there_is_replaced_only_after_a_question(console: Console, folder: Path) -> None:
    path = folder / "zones-2026-11-24.csv"
    path.write_text("old")
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5", "w", "enter")
        assert "There is a file" in screen_text(app)
        assert path.read_text() == "old"
        await press(pilot, "escape")
        assert "Write to a file" in screen_text(app)
        await press(pilot, "enter", "enter")
        assert "Done." in screen_text(app)
    assert read_csv(path)[1][0] == "Blokk A"


async def test_where_one_may_not_write_is_said_before(console: Console, folder: Path) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5", "w", "tab", "tab", "ctrl+u", "enter")
        assert "Type the path of the file." in screen_text(app)
        await press(pilot, "text:none/zones", "enter")
        assert "There is no folder" in screen_text(app)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("typed", ["/", "~nobody-of-that-name/zones", "~"])
async def test_a_path_may_be_typed_letter_by_letter(console: Console, folder: Path, typed: str) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5", "w", "tab", "tab", "ctrl+u", f"text:{typed}")
        assert "Written to" in screen_text(app)
        await press(pilot, "ctrl+u", "text:zones", "enter")
        assert "Done." in screen_text(app)
    assert [file.name for file in folder.iterdir()] == ["zones.csv"]


async def test_the_root_and_an_unknown_home_are_no_place_to_write_to(console: Console, folder: Path) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5", "w", "tab", "tab", "ctrl+u", "text:/", "enter")
        assert "/ is no file." in screen_text(app)
        await press(pilot, "ctrl+u", "text:~nobody-of-that-name/zones", "enter")
        assert "There is no folder" in screen_text(app)


async def test_a_pasted_path_with_a_null_byte_is_written_without_it(console: Console, folder: Path) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5", "w", "tab", "tab", "ctrl+u")
        app.screen.query_one(Field).post_message(Paste("zo\0nes"))
        await press(pilot, "enter")
        assert "Done." in screen_text(app)
    assert [file.name for file in folder.iterdir()] == ["zones.csv"]


async def test_escape_stops_writing(console: Console, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.widgets.pages.LONG", 1)
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "w")
        wizard = app.screen
        assert isinstance(wizard, ExportWizard)
        written: list[int] = []
        tell = wizard.progress

        def stopping(count: int) -> None:
            written.append(count)
            app.call_from_thread(wizard.action_back)
            tell(count)

        monkeypatch.setattr(wizard, "progress", stopping)
        await press(pilot, "enter")
        assert "You stopped it: nothing was written." in screen_text(app)
    assert written == [1]
    assert list(folder.iterdir()) == []
