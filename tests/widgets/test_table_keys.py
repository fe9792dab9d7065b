"""What one can do with a table besides moving in it: select, find, go to a percentage."""

from threading import Event

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.geometry import Size

from console.widgets.columns import Column, heading, lay_out
from console.widgets.pages import Query
from console.widgets.record_table import RecordTable
from tests.console.driving import press, screen_text
from tests.widgets.test_record_table import Numbers, Row, TableApp, lines, no_pause_while_typing, ready

__all__ = ["no_pause_while_typing"]


class Unreadable(Exception):
    pass


class Moody(Numbers):
    """Cannot be read by the filter 13."""

    def after(self, query: Query, row: Row | None, limit: int) -> list[Row]:
        if query.filter == "13":
            raise Unreadable
        return super().after(query, row, limit)


class Words(Numbers):
    """Numbers that a filter finds by their digits."""

    def _rows(self, query: Query) -> range:
        return self.numbers[::-1] if query.descending else self.numbers

    def _found(self, query: Query, rows: range) -> list[Row]:
        return self._give([id for id in rows if all(word in str(id) for word in query.filter.split())])  # type: ignore[arg-type]

    def after(self, query: Query, row: Row | None, limit: int) -> list[Row]:
        rows = self._rows(query)
        return self._found(query, rows if row is None else rows[rows.index(row.id) + 1 :])[:limit]

    def before(self, query: Query, row: Row | None, limit: int) -> list[Row]:
        rows = self._rows(query)
        return self._found(query, rows if row is None else rows[: rows.index(row.id)])[-limit:]

    def at(self, query: Query, position: int, limit: int) -> list[Row]:
        return self._found(query, self._rows(query))[position : position + limit]

    def count(self, query: Query) -> int:
        return len(self._found(query, self._rows(query)))

    def position(self, query: Query, record_id: int) -> int | None:
        found = [row.id for row in self._found(query, self._rows(query))]
        return found.index(record_id) if record_id in found else None


class Listening(TableApp):
    def on_record_table_read_failed(self, event: RecordTable.ReadFailed) -> None:
        self.messages.append(event.error)

    def on_record_table_found(self, event: RecordTable.Found) -> None:
        self.messages.append((event.words, event.matched, event.wrapped))

    def on_record_table_view_changed(self, event: RecordTable.ViewChanged) -> None:
        self.selected = event.selected


async def test_space_selects_and_goes_on_and_the_gutter_says_so() -> None:
    app = Listening(Numbers(500))
    async with app.run_test(size=(60, 12)) as pilot:
        await press(pilot, "space", "down", "space", "up", "space")
        assert list(app.table.selection) == [0]
        assert lines(app)[1].startswith(" *0 ")
        assert lines(app)[4].startswith("› 3 ")
        assert app.selected == 1
        assert app.table.clear_selection()
        await ready(pilot)
        assert lines(app)[1].startswith("  0 ")
        assert not app.table.clear_selection()


async def test_a_range_reaches_over_more_rows_than_are_held() -> None:
    app = Listening(Numbers(100_000))
    async with app.run_test(size=(60, 12)) as pilot:
        await press(pilot, "down", "down")
        assert app.table.mark_range()
        await press(pilot, "end", "up")
        assert app.selected == 99_997
        assert lines(app)[10].startswith("›*")
        assert not app.table.mark_range()
        assert list(app.table.selection) == list(range(2, 99_999))
        app.table.mark_range()
        await press(pilot, "shift+up", "space")
        assert len(app.table.selection) == 99_997


async def test_all_that_match_are_selected_and_stay_so_under_another_filter() -> None:
    app = Listening(Numbers(1000))
    async with app.run_test(size=(60, 12)) as pilot:
        app.table.filter_text = "100"
        await ready(pilot)
        app.table.select_all()
        await ready(pilot)
        assert list(app.table.selection) == list(range(0, 1000, 100))
        app.table.filter_text = ""
        await ready(pilot)
        assert app.selected == 10
        assert [line[:2] for line in lines(app)[1:3]] == ["›*", "  "]


async def test_find_goes_to_the_next_match_and_round_and_hides_nothing() -> None:
    app = Listening(Words(1000))
    async with app.run_test(size=(60, 12)) as pilot:
        await press(pilot, "down")
        for words, backwards, found in [("77", False, 77), ("77", False, 177), ("77", True, 77), ("77", True, 977)]:
            app.table.find(words, backwards=backwards)
            await ready(pilot)
            assert app.table.current == Row(found)
        assert app.table.total == 1000
        app.table.find("x")
        await ready(pilot)
        assert app.table.current == Row(977)
        assert app.messages == [
            *[("77", True, False)] * 3,
            ("77", True, True),
            ("x", False, True),
        ]


async def test_find_stays_within_what_the_filter_lets_through() -> None:
    app = Listening(Words(1000))
    async with app.run_test(size=(60, 12)) as pilot:
        app.table.filter_text = "9"
        await ready(pilot)
        app.table.find("5")
        await ready(pilot)
        assert app.table.current == Row(59)
        assert app.table.total == 271


async def test_a_percentage_is_a_place() -> None:
    app = Listening(Numbers(1_000_001))
    async with app.run_test(size=(60, 12)) as pilot:
        await ready(pilot)
        for percent in (50, 100, 0, 1):
            app.table.go_to_percent(percent)
            await ready(pilot)
            assert app.table.current == Row(10_000 * percent)


async def test_what_cannot_be_read_is_told_and_the_rows_stay() -> None:
    app = Listening(Moody(500))
    async with app.run_test(size=(60, 12)) as pilot:
        await press(pilot, "down", "down")
        before = screen_text(app)
        app.table.filter_text = "13"
        await ready(pilot)
        assert [type(message) for message in app.messages] == [Unreadable]
        assert screen_text(app) == before
        assert not app.table.is_reading
        await press(pilot, "end", "home", "down", "down")
        app.table.refresh_rows()
        await ready(pilot)
        assert screen_text(app) == before
        app.table.filter_text = "100"
        await ready(pilot)
        assert app.table.total == 5


async def test_a_new_filter_cancels_the_query_before_and_shows_its_rows_before_it_is_counted() -> None:
    source = Numbers(10_000)
    app = Listening(source)
    async with app.run_test(size=(60, 12)) as pilot:
        await ready(pilot)
        cancelled, source.gate = source.cancelled, Event()
        app.table.filter_text = "2"
        assert source.cancelled == cancelled + 1
        while app.table.is_reading:
            await pilot.pause(0.01)
        await pilot.pause()
        assert lines(app)[2].startswith("  2 ")
        assert app.table.total is None
        source.gate.set()
        await ready(pilot)
        assert app.table.total == 5000


async def test_nothing_is_painted_when_nothing_has_changed() -> None:
    app = Listening(Numbers(500))
    async with app.run_test(size=(60, 12)) as pilot:
        await press(pilot, *["pagedown"] * 15)
        drawn: list[int] = []
        draw = app.table.render_line
        app.table.render_line = lambda y: (drawn.append(y), draw(y))[1]  # type: ignore[method-assign]
        app.table.refresh_rows()
        await ready(pilot)
        assert drawn == []


async def test_the_cursor_keeps_its_record_and_its_height_when_rows_come_above() -> None:
    source = Numbers(500)
    app = Listening(source)
    async with app.run_test(size=(60, 12)) as pilot:
        await press(pilot, *["pagedown"] * 5)
        shown, current = lines(app)[1:], app.table.current
        source.numbers = range(-7, 500)
        app.table.refresh_rows()
        await ready(pilot)
        assert app.table.current == current
        assert lines(app)[1:] == shown


async def test_a_row_that_comes_above_the_first_is_seen() -> None:
    source = Numbers(500)
    app = Listening(source)
    async with app.run_test(size=(60, 12)) as pilot:
        await ready(pilot)
        source.numbers = range(-1, 500)
        app.table.refresh_rows()
        await ready(pilot)
        assert [line[:4] for line in lines(app)[1:3]] == ["  -1", "› 0 "]


async def test_a_key_pressed_while_rows_are_read_again_is_not_undone() -> None:
    source = Numbers(500)
    app = Listening(source)
    async with app.run_test(size=(60, 12)) as pilot:
        await ready(pilot)
        source.gate, source.numbers = Event(), range(501)
        app.table.refresh_rows()
        app.table.action_move(1)
        source.gate.set()
        await ready(pilot)
        assert app.table.current == Row(1)


class Marking(TableApp):
    def compose(self) -> ComposeResult:
        (table,) = super().compose()
        assert isinstance(table, RecordTable)
        table.spans = lambda text, words: [(text.find(words), text.find(words) + len(words))] if words in text else []
        yield table


async def test_what_was_found_stands_out_without_colour_also_at_the_cursor() -> None:
    app = Marking(Numbers(200))
    async with app.run_test(size=(60, 12)) as pilot:
        await ready(pilot)
        app.table.mark("1")
        await ready(pilot)
        await press(pilot, "down")
        for y, reverse in ((2, True), (11, False)):
            (segment, *_rest) = [part for part in app.table.render_line(y) if part.text == "1"]
            assert segment.style is not None
            assert segment.style.underline
            assert segment.style.bold
            assert bool(segment.style.reverse) == reverse
        assert "".join(part.text for part in app.table.render_line(2)).rstrip() == lines(app)[2]


def _column(name: str, title: str, width: int) -> Column[Row]:
    return Column(name, title, lambda row: title, width, min_width=4)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_the_column_that_is_sorted_by_never_vanishes(width: int) -> None:
    columns = [_column(str(n), "A title", 20)._replace(min_width=14, priority=n) for n in range(1, 12)]
    for column in columns:
        layout = lay_out(columns, width, keep=column.name)
        assert column in [shown for shown, _width in layout.columns]
        assert sum(w for _, w in layout.columns) + layout.gap * (len(layout.columns) - 1) <= width


@given(title=st.text(min_size=1), width=st.integers(1, 20), align=st.sampled_from(["left", "right"]))
def test_the_sign_of_the_order_is_never_cut_off(title: str, width: int, align: str) -> None:
    column = Column[Row]("a", title, str, width, align=align)  # type: ignore[arg-type]
    shown = heading(column, width, "▼")
    assert "▼" in shown
    assert cell_len(shown) == width


class Sized(RecordTable[Row]):
    """A table of a given size, without an app."""

    width = 0

    @property
    def size(self) -> Size:
        return Size(self.width, 12)


WIDE = st.text(st.sampled_from("aé東京\u0301한😀\u200d👩☂️ø "), max_size=30)


@given(names=st.lists(WIDE, min_size=1, max_size=5), width=st.integers(20, 90))
@example(names=["☂️"], width=20)
def test_wide_and_combining_characters_keep_the_columns(names: list[str], width: int) -> None:
    table = Sized(
        Numbers(len(names)),
        [
            Column("name", "Name", lambda row: names[row.id], 12, flex=True, cut="middle"),
            Column("mark", "Mark", lambda row: "|", 4, min_width=4),
        ],
        sort="name",
        spans=lambda text, words: [(0, 1), (2, 4)] if len(text) > 4 else [],
    )
    table.mark("x")
    table.width = width
    places = set()
    for id in range(len(names)):
        table._page = table._page._replace(rows=[Row(id)], total=1)
        strip = table.render_line(1)
        text = "".join(segment.text for segment in strip)
        assert strip.cell_length == cell_len(text) == width
        places.add(cell_len(text[: text.rindex("|")]))
    assert len(places) == 1
