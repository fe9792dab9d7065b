"""A table over a source of pages: it holds a window of rows, at a million rows as at ten."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from time import sleep
from typing import Any, Generic

from rich.cells import split_graphemes
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from console.theme import of_sign
from console.widgets.columns import Column, Layout, Value, heading, lay_out
from console.widgets.pages import HasId, Page, Query, R, Source, first_page, page_around, page_with
from console.widgets.selection import Selection
from console.widgets.text import fit

__all__ = ["Column", "HasId", "Query", "RecordTable", "Source", "Value", "lay_out"]

TYPING_PAUSE = 0.03
COUNT_PAUSE = 0.3  # seconds: what a letter finds is counted when no other follows, since that may take longer
GUTTER = 2

HEADER = Style(bold=True, underline=True)
CURSOR = Style(reverse=True)
DIMMED = Style(dim=True)
PLAIN = Style()
MATCH = Style(bold=True, underline=True)

Spans = Callable[[str, str], Sequence[tuple[int, int]]]
Answer = Callable[[], None]


class RecordTable(ScrollView, Generic[R], can_focus=True, inherit_css=False):
    """A table with a cursor, a header, and one line a row; knows nothing of what the rows are about.

    The cursor stays on its record when the rows are read again, sorted or filtered. Posts `Selected` on Enter,
    `ViewChanged` when other rows are in view or selected, `Found` at the end of a search, and `ReadFailed` when the
    source could not be read: then the rows before stay. `spans` tells where words stand in a cell's text.
    """

    BINDINGS = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup,K", "page(-1)", show=False),
        Binding("pagedown,J", "page(1)", show=False),
        Binding("home,g", "first", show=False),
        Binding("end,G", "last", show=False),
        Binding("enter", "select", show=False),
        Binding("space", "tick", show=False),
        Binding("shift+up", "extend(-1)", show=False),
        Binding("shift+down", "extend(1)", show=False),
    ]
    DEFAULT_CSS = """
    RecordTable { height: 1fr; width: 1fr; scrollbar-size: 0 0; overflow: hidden auto; }
    """

    class Selected(Message):
        """Enter was pressed on `row`."""

        def __init__(self, row: Any) -> None:
            super().__init__()
            self.row = row

    class ViewChanged(Message):
        """Rows `first` to `last` (1-based; 0, 0: none) of `total` (None: not counted yet) are in view."""

        def __init__(self, first: int, last: int, total: int | None, selected: int) -> None:
            super().__init__()
            self.first, self.last, self.total, self.selected = first, last, total, selected

    class Found(Message):
        """The cursor is on the next match, beyond the end when `wrapped`; or there is no match at all."""

        def __init__(self, words: str, matched: bool, wrapped: bool) -> None:
            super().__init__()
            self.words, self.matched, self.wrapped = words, matched, wrapped

    class ReadFailed(Message):
        """The source could not be read."""

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self,
        source: Source[R],
        columns: Sequence[Column[R]],
        *,
        sort: str,
        descending: bool = False,
        empty_text: str = "",
        unmatched_text: str = "",
        dimmed: Callable[[R], bool] = lambda _: False,
        spans: Spans = lambda _text, _words: (),
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.all_columns = tuple(columns)
        self.columns = [column for column in columns if column.shown]
        self.query_now = Query(sort, descending)
        self.empty_text = empty_text
        self.unmatched_text = unmatched_text or empty_text
        self.spans = spans
        self.sought = ""
        self.selection = Selection()
        self._source = source
        self._dimmed = dimmed
        self._page: Page[R] = Page(self.query_now, [])
        self._cursor = 0
        self._anchor: int | None = None
        self._pause: Timer | None = None
        self._asked = 0
        self._answered = 0
        self._is_stale = False
        self._laid_out: tuple[object, Layout[R]] = (None, Layout())

    def on_mount(self) -> None:
        self._show(first_page(self._source, self.query_now, self.app.size.height))
        if self.total is None:
            self._asked += 1
            self.call_after_refresh(self._read_on, self._asked)

    @property
    def source(self) -> Source[R]:
        """Where the rows come from."""
        return self._source

    @property
    def shown_query(self) -> Query:
        """Which rows are shown now; `query_now` differs while they are asked for, or when they could not be read."""
        return self._page.query

    @property
    def total(self) -> int | None:
        """How many rows there are; None until they are counted."""
        return self._page.total

    @property
    def is_reading(self) -> bool:
        """Whether rows were asked for that do not show yet."""
        return self._asked != self._answered

    @property
    def current(self) -> R | None:
        """The row under the cursor."""
        return self._row(self._cursor)

    @property
    def filter_text(self) -> str:
        """What the rows are filtered by."""
        return self.query_now.filter

    @filter_text.setter
    def filter_text(self, text: str) -> None:
        if text == self.query_now.filter:
            return
        self.query_now = self.query_now._replace(filter=text)
        if self._pause:
            self._pause.stop()
        self._source.cancel()
        self._asked += 1
        kept = None if text else self.current
        self._pause = self.set_timer(TYPING_PAUSE, lambda: self._ask(self._reading(self.query_now, kept)))

    def use_source(self, source: Source[R]) -> None:
        """Show the rows of another source."""
        current, self._source = self.current, source
        for answer in self._reading(self.query_now, current, counted=True):
            answer()

    def restore(self, columns: Sequence[str], sort: str, *, descending: bool) -> None:
        """Begin with these columns and this order, before the table is mounted; unknown names count as not given."""
        self.use_columns(columns)
        if any(column.name == sort and column.sortable for column in self.all_columns):
            self.query_now = Query(sort, descending)
            self._page = Page(self.query_now, [])

    def use_columns(self, names: Sequence[str]) -> None:
        """Show the columns of these names, in this order; without any that is known, those that show by themselves."""
        by_name = {column.name: column for column in self.all_columns}
        chosen = [by_name[name] for name in dict.fromkeys(names) if name in by_name]
        self.columns = chosen or [column for column in self.all_columns if column.shown]
        self.refresh()

    def refresh_rows(self) -> None:
        """Read the rows again, after those that were asked for before; the cursor stays on its record.

        Paints nothing when nothing has changed.
        """
        if self.is_reading:
            self._is_stale = True
        else:
            self._ask(self._reading(self._page.query, self.current, counted=True))

    def sort_by(self, name: str, *, descending: bool = False) -> None:
        """Sort by the column of that name."""
        self.query_now = self._page.query._replace(filter=self.query_now.filter, sort=name, descending=descending)
        self._ask(self._reading(self.query_now, self.current))

    def reverse_sort(self) -> None:
        """Sort by the same column the other way."""
        self.sort_by(self.query_now.sort, descending=not self.query_now.descending)

    def find(self, words: str, *, backwards: bool = False) -> None:
        """Go to the next row that matches `words`, or to the one before; goes round at the end. Nothing is hidden."""
        self.mark(words)
        self._ask(self._finding(words, self._page.query, self.current, backwards))

    def mark(self, words: str) -> None:
        """Let `words` stand out in the cells, besides those of the filter."""
        if words != self.sought:
            self.sought = words
            self.refresh()

    def go_to_percent(self, percent: int) -> None:
        """Go to the row that has `percent` of the rows before it."""
        self._move_to(percent * (self._counted() - 1) // 100)

    def select_all(self) -> None:
        """Select every row that the filter lets through."""
        self._anchor = None
        self._ask(self._selecting(self._page.query))

    def mark_range(self) -> bool:
        """Begin a range at the cursor, or end it there: all its rows are selected. Returns whether it has begun."""
        if self._anchor is None:
            self._anchor = self._cursor
        else:
            self.end_range()
        self._tell_view()
        self.refresh()
        return self._anchor is not None

    def end_range(self) -> None:
        """Select the rows of a range that has begun."""
        if self._anchor is None:
            return
        first, last = sorted((self._anchor, self._cursor))
        self._anchor = None
        self.selection.add(self._source.ids(self._page.query, first, last - first + 1))

    def clear_selection(self) -> bool:
        """Select nothing, and give a range up. Returns whether there was anything to give up."""
        had = bool(self.selection) or self._anchor is not None
        self._anchor = None
        self.selection.clear()
        if had:
            self._tell_view()
            self.refresh()
        return had

    def shown_columns(self) -> list[Column[R]]:
        """The columns that have room now."""
        return [column for column, _width in self._layout().columns]

    def action_move(self, by: int) -> None:
        self._move_to(self._cursor + by)

    def action_page(self, pages: int) -> None:
        self._move_to(self._cursor + pages * self._visible_rows, scroll=pages * self._visible_rows)

    def action_first(self) -> None:
        self._move_to(0)

    def action_last(self) -> None:
        self._move_to(self._counted() - 1)

    def action_select(self) -> None:
        if self.current is not None:
            self.post_message(self.Selected(self.current))

    def action_tick(self) -> None:
        if self._anchor is not None:
            self.mark_range()
        elif self.current is not None:
            self.selection.toggle(self.current.id)
            self._tell_view()
            self._repaint(self._cursor)
            self._move_to(self._cursor + 1)

    def action_extend(self, by: int) -> None:
        if self._anchor is None:
            self.mark_range()
        self._move_to(self._cursor + by)

    def on_resize(self) -> None:
        self._set_height()
        self._scroll_to_cursor()
        self._tell_view()

    def on_click(self, event: events.Click) -> None:
        row = event.y - 1 + self._top
        if event.y >= 1 and self._row(row) is not None:
            self._move_to(row)
            if event.chain > 1:
                self.action_select()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._tell_view()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y == 0:
            return Strip([Segment(self._header(width), HEADER)])
        position = self._top + y - 1
        row = self._row(position)
        if row is None:
            why = self.unmatched_text if self.query_now.filter else self.empty_text
            text = why if y == 2 and self.total == 0 else ""
            return Strip([Segment(fit(f"  {text}", width), PLAIN)])
        at_cursor = position == self._cursor
        style = CURSOR if at_cursor else DIMMED if self._dimmed(row) else PLAIN
        signs = ("›" if at_cursor else " ") + ("*" if self._is_selected(position, row) else " ")
        layout = self._layout()
        words = f"{self._page.query.filter} {self.sought}".strip()
        segments = [Segment(signs, style)]
        for place, (column, cell_width) in enumerate(layout.columns):
            if place:
                segments.append(Segment(" " * layout.gap, style))
            cell = fit(column.text(row), cell_width, column.cut, column.align)
            own = style + of_sign(cell) if column.signed and not at_cursor else style
            segments += _marked(cell, self.spans(cell, words) if words else (), own)
        return Strip(Segment.simplify(segments)).adjust_cell_length(width, style)

    @property
    def _top(self) -> int:
        return self.scroll_offset.y

    @property
    def _visible_rows(self) -> int:
        return max(1, self.size.height - 1)

    def _is_selected(self, position: int, row: R) -> bool:
        if self._anchor is not None and min(self._anchor, self._cursor) <= position <= max(self._anchor, self._cursor):
            return True
        return row.id in self.selection

    def _header(self, width: int) -> str:
        query, layout = self._page.query, self._layout()
        sign = "▼" if query.descending else "▲"
        titles = (heading(c, w, sign if c.name == query.sort else "") for c, w in layout.columns)
        return fit(f"  {(' ' * layout.gap).join(titles)}", width)

    def _layout(self) -> Layout[R]:
        wanted = (self.size.width, self.columns, self._page.query.sort)
        if self._laid_out[0] != wanted:
            layout = lay_out(self.columns, self.size.width - GUTTER, keep=self._page.query.sort)
            self._laid_out = (wanted, layout)
        return self._laid_out[1]

    def _row(self, position: int) -> R | None:
        if position < 0 or (self.total is not None and position >= self.total):
            return None
        if not self._page.start <= position < self._page.end:
            self._page = page_with(self._source, self._page, position)
        return self._page.row(position)

    def _reading(self, query: Query, kept: R | None, *, counted: bool = False, jump: bool = False) -> Iterator[Answer]:
        """Read, in a thread, the rows of `query` around the record that is `kept`; show them before they are counted.

        With `counted` they are shown together with their number. As long as only the order changes, it is known.
        With `jump` the cursor goes to the record, wherever it was moved meanwhile.
        """
        cursor, before = self._cursor, self._page
        same_rows = not counted and query.filter == before.query.filter
        total = before.total if same_rows else self._source.count(query) if counted else None
        position = self._source.position(query, kept.id) if kept is not None else None
        if kept is not None and position is None:
            total = self._source.count(query) if total is None else total
            position = min(cursor, max(0, total - 1))
        page = page_around(self._source, query, position, total) if position else first_page(self._source, query)
        if page.total is None:
            page = page._replace(total=total)
        yield partial(self._show, page, kept.id if kept is not None else None, jump=jump)
        if page.total is None and query.filter:
            sleep(COUNT_PAUSE)
        if page.total is None and query == self.query_now:
            total = self._source.count(query)
            yield lambda: self._count(query, total)

    def _finding(self, words: str, query: Query, current: R | None, backwards: bool) -> Iterator[Answer]:
        matching = query._replace(filter=f"{words} {query.filter}".strip())
        read = self._source.before if backwards else self._source.after
        found = read(matching, current, 1)
        wrapped = not found
        if wrapped:
            found = read(matching, None, 1)
        if found:
            yield from self._reading(query, found[0], jump=True)
        yield lambda: self._tell(self.Found(words, bool(found), wrapped))

    def _selecting(self, query: Query) -> Iterator[Answer]:
        selection = Selection()
        selection.add(self.selection)
        selection.add(self._source.ids(query))
        yield lambda: self._select(selection)

    def _select(self, selection: Selection) -> None:
        self.selection = selection
        self.refresh()
        self._tell_view()

    def _ask(self, answers: Iterator[Answer]) -> None:
        """Work `answers` out in a thread, and do each here; a later question makes those that are left void.

        With the first one the question counts as answered: what comes after it is how many rows there are.
        """
        self._source.cancel()
        self._asked += 1
        asked = self._asked

        def do(answer: Answer) -> None:
            if asked == self._asked and self.is_attached:
                answer()
                self._answered = asked

        def read() -> None:
            try:
                for answer in answers:
                    self.app.call_from_thread(do, answer)
                    if asked != self._asked:
                        return
            except Exception as error:  # noqa: BLE001  # handed to the screen, which knows what can go wrong
                self.app.call_from_thread(do, partial(self._tell, self.ReadFailed(error)))
            self.app.call_from_thread(do, self._read_again)

        self.run_worker(read, thread=True, exclusive=True, group="page")

    def _read_on(self, asked: int) -> None:
        """Read what follows the first screenful, which is painted by now; more than a page is counted in a thread."""
        if asked != self._asked:
            return
        if self.total is None:
            self._page = page_with(self._source, self._page, self._page.end)
            self._set_height()
            self._tell_view()
        if self.total is None:
            self._ask(self._reading(self.query_now, self.current))
        else:
            self._answered = asked
            self._read_again()

    def _read_again(self) -> None:
        """Read what was to be read again while something else was."""
        if self._is_stale:
            self._is_stale = False
            self.refresh_rows()

    def _show(self, page: Page[R], kept: int | None = None, *, jump: bool = False) -> None:
        """Show `page`, the cursor on its record, else on the one that is `kept`, and at the height where it was."""
        if page == self._page and not jump:
            return
        before, top, current = self._in_view(), self._top, self._page.row(self._cursor)
        if page.total != self._page.total:
            self._anchor = None
        other_rows = page.query.filter != self._page.query.filter
        self._page = page
        place = page.place(current.id) if current is not None and not jump else None
        if place is None:
            place = page.place(kept)
        if place is None:
            place = 0 if other_rows else self._cursor
        height = self._cursor - top
        self._cursor = max(0, min(place, page.known - 1))
        self._set_height()
        if jump and not 0 <= self._cursor - top < self._visible_rows:
            self._bring_to_top(max(0, self._cursor - self._visible_rows // 2))
        elif top and 0 <= height < self._visible_rows:
            self._bring_to_top(self._cursor - height)
        self._scroll_to_cursor()
        if self._in_view() != before:
            self.refresh()
        self._tell_view()

    def _in_view(self) -> tuple[object, ...]:
        """What of the rows can be seen."""
        page, top = self._page, self._top
        rows = [page.row(position) for position in range(top, top + self._visible_rows)]
        return page.query, rows, self._cursor, top, page.total == 0

    def _count(self, query: Query, total: int) -> None:
        if self._page.query == query:
            self._page = self._page._replace(total=total)
            self._set_height()
            self._tell_view()

    def _counted(self) -> int:
        if self.total is None:
            self._count(self._page.query, self._source.count(self._page.query))
        return self._page.known

    def _set_height(self) -> None:
        self.virtual_size = Size(self.size.width, self._page.known + 1)

    def _move_to(self, position: int, scroll: int = 0) -> None:
        if position >= self._page.known and self.total is None:
            self._page = page_with(self._source, self._page, position)
            self._set_height()
        before, self._cursor = self._cursor, max(0, min(position, self._page.known - 1))
        if self._cursor == before:
            return
        if scroll:
            self._bring_to_top(self._top + scroll)
        self._scroll_to_cursor()
        if self._anchor is None:
            self._repaint(before)
            self._repaint(self._cursor)
        else:
            self._tell_view()
            self.refresh()

    def _repaint(self, position: int) -> None:
        self.refresh(Region(0, position - self._top + 1, self.size.width, 1))

    def _scroll_to_cursor(self) -> None:
        self._bring_to_top(max(min(self._top, self._cursor), self._cursor - self._visible_rows + 1))

    def _bring_to_top(self, top: int) -> None:
        if top != self._top:
            self.scroll_to(y=top, animate=False, immediate=True)

    def _tell(self, message: Message) -> None:
        self.post_message(message)

    def _tell_view(self) -> None:
        last = min(self._top + self._visible_rows, self._page.known)
        selected = len(self.selection) + (abs(self._anchor - self._cursor) + 1 if self._anchor is not None else 0)
        self.post_message(self.ViewChanged(self._top + 1 if last else 0, last, self.total, selected))


def _marked(cell: str, spans: Sequence[tuple[int, int]], style: Style) -> Iterator[Segment]:
    """A cell in which the spans of characters stand out; what is drawn as one character stays together."""
    if not spans:
        yield Segment(cell, style)
        return
    done = 0
    letters = [] if cell.isascii() else split_graphemes(cell)[0]
    for start, end in spans:
        start = max(done, max((first for first, _last, _width in letters if first <= start), default=start))
        end = next((last for _first, last, _width in letters if last >= end), end)
        if done < start:
            yield Segment(cell[done:start], style)
        if start < end:
            yield Segment(cell[start:end], style + MATCH)
        done = max(done, end)
    if done < len(cell):
        yield Segment(cell[done:], style)
