"""The table holds a window of rows, a million as ten."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from console.widgets import record_table
from console.widgets.record_table import Column, Query, RecordTable, lay_out
from tests.console.driving import press, screen_text


@dataclass(frozen=True)
class Row:
    id: int


class Numbers:
    """The numbers from 0 on as a source; counts how many rows were asked for."""

    def __init__(self, total: int) -> None:
        self.numbers = range(total)
        self.fetched = 0
        self.gate: Event | None = None
        self.cancelled = 0

    def _rows(self, query: Query) -> range:
        rows = self.numbers[:: int(query.filter)] if query.filter else self.numbers
        return rows[::-1] if query.descending else rows

    def _give(self, ids: range) -> list[Row]:
        self.fetched += len(ids)
        return [Row(id) for id in ids]

    def count(self, query: Query) -> int:
        if self.gate:
            self.gate.wait(5)
        return len(self._rows(query))

    def after(self, query: Query, row: Row | None, limit: int) -> list[Row]:
        rows = self._rows(query)
        start = 0 if row is None else rows.index(row.id) + 1
        return self._give(rows[start : start + limit])

    def before(self, query: Query, row: Row | None, limit: int) -> list[Row]:
        rows = self._rows(query)
        end = len(rows) if row is None else rows.index(row.id)
        return self._give(rows[max(0, end - limit) : end])

    def at(self, query: Query, position: int, limit: int) -> list[Row]:
        return self._give(self._rows(query)[position : position + limit])

    def position(self, query: Query, record_id: int) -> int | None:
        rows = self._rows(query)
        return rows.index(record_id) if record_id in rows else None

    def these(self, query: Query, ids: Sequence[int]) -> list[Row]:
        return [Row(id) for id in self._rows(query) if id in ids]

    def ids(self, query: Query, position: int = 0, limit: int | None = None) -> list[int]:
        return sorted(self._rows(query)[position : None if limit is None else position + limit])

    def cancel(self) -> None:
        self.cancelled += 1


class TableApp(App[None]):
    def __init__(self, source: Numbers) -> None:
        super().__init__(ansi_color=True)
        self.source = source
        self.messages: list[object] = []

    def compose(self) -> ComposeResult:
        yield RecordTable(
            self.source,
            [
                Column("id", "Number", lambda row: str(row.id), 12, flex=True),
                Column("twice", "Twice", lambda row: str(2 * row.id), 12, align="right", sortable=False),
            ],
            sort="id",
            empty_text="Nothing here.",
        )

    @property
    def table(self) -> RecordTable[Row]:
        return self.query_one(RecordTable)

    def on_record_table_selected(self, event: RecordTable.Selected) -> None:
        self.messages.append(event.row)


@pytest.fixture(autouse=True)
def no_pause_while_typing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_table, "TYPING_PAUSE", 0.001)


def lines(app: App[None]) -> list[str]:
    return screen_text(app).splitlines()


async def ready(pilot: Pilot[None]) -> None:
    await press(pilot)


async def test_a_million_rows_cost_a_window(tmp_path: object) -> None:
    source = Numbers(1_000_000)
    app = TableApp(source)
    async with app.run_test(size=(60, 12)) as pilot:
        await ready(pilot)
        assert lines(app)[1].startswith("› 0 ")
        assert app.table.total == 1_000_000
        await press(pilot, "end")
        assert lines(app)[11].startswith("› 999999 ")
        await press(pilot, "pageup", "up")
        assert app.table.current == Row(999_987)
        await press(pilot, "home")
        assert lines(app)[1].startswith("› 0 ")
        assert source.fetched < 1000


async def test_up_down_and_pages_meet_every_row_once() -> None:
    app = TableApp(Numbers(350))
    async with app.run_test(size=(60, 12)) as pilot:
        await ready(pilot)
        seen = [app.table.current]
        for _ in range(349):
            await pilot.press("down")
            seen.append(app.table.current)
        assert [row.id for row in seen if row] == list(range(350))
        for _ in range(40):
            await pilot.press("pageup")
        assert app.table.current == Row(0)


async def test_rows_show_before_they_are_counted() -> None:
    source = Numbers(1000)
    source.gate = Event()
    app = TableApp(source)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert lines(app)[1].startswith("› 0 ")
        assert app.table.total is None
        source.gate.set()
        await ready(pilot)
        assert app.table.total == 1000


async def test_the_cursor_stays_on_its_record_when_rows_come_and_go() -> None:
    source = Numbers(500)
    app = TableApp(source)
    async with app.run_test(size=(60, 12)) as pilot:
        await press(pilot, *["down"] * 30)
        source.numbers = range(10, 500)
        app.table.refresh_rows()
        await ready(pilot)
        assert app.table.current == Row(30)
        source.numbers = range(100, 500)
        app.table.refresh_rows()
        await ready(pilot)
        assert app.table.current == Row(120)


async def test_sorting_shows_its_sign_and_keeps_the_record() -> None:
    app = TableApp(Numbers(500))
    async with app.run_test(size=(60, 12)) as pilot:
        await press(pilot, *["down"] * 5)
        app.table.reverse_sort()
        await ready(pilot)
        assert "Number ▼" in lines(app)[0]
        assert app.table.current == Row(5)


async def test_only_the_newest_filter_shows() -> None:
    app = TableApp(Numbers(1000))
    async with app.run_test(size=(60, 12)) as pilot:
        await ready(pilot)
        for text in ("7", "70", "7", "100"):
            app.table.filter_text = text
        await ready(pilot)
        assert app.table.total == 10
        assert [line.split()[0] for line in lines(app)[2:5]] == ["100", "200", "300"]


async def test_an_empty_table_says_so() -> None:
    app = TableApp(Numbers(0))
    async with app.run_test(size=(60, 12)) as pilot:
        await ready(pilot)
        assert "Nothing here." in screen_text(app)
        await press(pilot, "down", "end", "enter")
        assert app.messages == []


async def test_enter_opens_the_row() -> None:
    app = TableApp(Numbers(9))
    async with app.run_test(size=(60, 12)) as pilot:
        await press(pilot, "down", "down", "enter")
        assert app.messages == [Row(2)]


async def test_a_resize_keeps_the_row_in_view() -> None:
    app = TableApp(Numbers(500))
    async with app.run_test(size=(60, 30)) as pilot:
        await press(pilot, *["down"] * 25)
        await pilot.resize_terminal(60, 8)
        await ready(pilot)
        assert any(line.startswith("› 25 ") for line in lines(app))
        await pilot.resize_terminal(100, 40)
        await ready(pilot)
        assert any(line.startswith("› 25 ") for line in lines(app))


async def test_cursor_down_paints_two_lines() -> None:
    app = TableApp(Numbers(500))
    async with app.run_test(size=(60, 12)) as pilot:
        await ready(pilot)
        drawn: list[int] = []
        draw = app.table.render_line
        app.table.render_line = lambda y: (drawn.append(y), draw(y))[1]  # type: ignore[method-assign]
        await press(pilot, "down")
        assert sorted(set(drawn)) == [1, 2]


COLUMNS = [
    Column[Row]("a", "A", str, 10, min_width=6, flex=True),
    Column[Row]("b", "B", str, 10, min_width=5, priority=3),
    Column[Row]("c", "C", str, 10, min_width=5, priority=2),
]


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (52, {"a": 28, "b": 10, "c": 10}),
        (32, {"a": 10, "b": 10, "c": 10}),
        (18, {"a": 6, "b": 5, "c": 5}),
        (15, {"a": 9, "c": 5}),
        (8, {"a": 8}),
    ],
)
def test_columns_take_spare_room_shrink_and_then_vanish_by_priority(width: int, widths: dict[str, int]) -> None:
    layout = lay_out(COLUMNS, width)
    laid_out = {column.name: column_width for column, column_width in layout.columns}
    assert laid_out.keys() == widths.keys()
    assert sum(laid_out.values()) + (len(laid_out) - 1) * layout.gap == width
    assert all(laid_out[c.name] >= c.min_width for c in COLUMNS if c.name in laid_out)
