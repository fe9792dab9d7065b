"""A table over a source of pages: it holds a window of rows, at a million rows as at ten."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, Literal, Protocol, TypeVar

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
from console.widgets.text import fit

CHUNK = 100
WINDOW = 300
TYPING_PAUSE = 0.08
GAP = 1

HEADER = Style(bold=True, underline=True)
CURSOR = Style(reverse=True)
DIMMED = Style(dim=True)
PLAIN = Style()


class HasId(Protocol):
    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=HasId)


@dataclass(frozen=True)
class Column(Generic[R]):
    """A column; `text` writes a row's cell. Where it is narrow, columns of a higher `priority` vanish first.

    The cells of a `signed` one begin with a sign, and have its colour.
    """

    name: str
    title: str
    text: Callable[[R], str]
    width: int
    min_width: int = 4
    align: Literal["left", "right"] = "left"
    cut: Literal["end", "middle"] = "end"
    priority: int = 1
    sortable: bool = True
    flex: bool = False
    signed: bool = False


@dataclass(frozen=True)
class Query:
    """Which rows, in which order; `sort` is a column's name."""

    sort: str
    descending: bool = False
    filter: str = ""


class Source(Protocol[R]):
    """Where the rows come from; called from several threads."""

    def count(self, query: Query) -> int: ...
    def after(self, query: Query, row: R | None, limit: int) -> list[R]: ...
    def before(self, query: Query, row: R | None, limit: int) -> list[R]: ...
    def at(self, query: Query, position: int, limit: int) -> list[R]: ...
    def position(self, query: Query, record_id: int) -> int | None: ...


@dataclass(frozen=True)
class Page(Generic[R]):
    """Rows that follow each other, from the 0-based `start` on, and how many there are in all."""

    rows: list[R]
    start: int
    total: int | None


class RecordTable(ScrollView, Generic[R], can_focus=True):
    """A table with a cursor, a header, and one line a row; knows nothing of what the rows are about.

    The cursor stays on its record when the rows are read again, sorted or filtered. Posts `Selected` on Enter,
    `Highlighted` when the cursor comes to another record, and `ViewChanged` when other rows are in view.
    """

    BINDINGS = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup,K", "page(-1)", show=False),
        Binding("pagedown,J", "page(1)", show=False),
        Binding("home,g", "first", show=False),
        Binding("end,G", "last", show=False),
        Binding("enter", "select", show=False),
    ]
    DEFAULT_CSS = """
    RecordTable { height: 1fr; scrollbar-size: 0 0; overflow-x: hidden; }
    """

    @dataclass
    class Selected(Message):
        """Enter was pressed on `row`."""

        row: Any

    @dataclass
    class Highlighted(Message):
        """The cursor came to `row`, or to none."""

        row: Any

    @dataclass
    class ViewChanged(Message):
        """Rows `first` to `last` (1-based; 0, 0: none) of `total` (None: not counted yet) are in view."""

        first: int
        last: int
        total: int | None

    def __init__(
        self,
        source: Source[R],
        columns: Sequence[Column[R]],
        *,
        sort: str,
        descending: bool = False,
        empty_text: str = "",
        dimmed: Callable[[R], bool] = lambda _: False,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.columns = list(columns)
        self.query_now = Query(sort, descending)
        self.empty_text = empty_text
        self._source = source
        self._dimmed = dimmed
        self._page: Page[R] = Page([], 0, None)
        self._cursor = 0
        self._highlighted: int | None = None
        self._pause: Timer | None = None
        self._asked = 0
        self._answered = 0
        self._laid_out: tuple[int, list[tuple[Column[R], int]]] = (-1, [])

    def on_mount(self) -> None:
        self._show(self._first_page(self.query_now))
        if self.total is None:
            self._ask(self.query_now, keep=None)

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
        self.query_now = replace(self.query_now, filter=text)
        if self._pause:
            self._pause.stop()
        self._asked += 1
        self._pause = self.set_timer(TYPING_PAUSE, partial(self._ask, self.query_now, keep=None))

    def use_source(self, source: Source[R]) -> None:
        """Show the rows of another source."""
        self._source = source
        self._show(self._read(self.query_now, None))

    def refresh_rows(self) -> None:
        """Read the rows again; the cursor stays on its record. Paints nothing when nothing has changed."""
        current = self.current
        self._show(self._read(self.query_now, current.id if current else None))

    def sort_by(self, name: str, *, descending: bool = False) -> None:
        """Sort by the column of that name."""
        current = self.current
        self.query_now = replace(self.query_now, sort=name, descending=descending)
        self.refresh()
        self._ask(self.query_now, keep=current.id if current else None)

    def cycle_sort(self) -> None:
        """Sort by the next column that can be sorted by."""
        names = [column.name for column in self.columns if column.sortable]
        self.sort_by(names[(names.index(self.query_now.sort) + 1) % len(names)])

    def reverse_sort(self) -> None:
        """Sort by the same column the other way."""
        self.sort_by(self.query_now.sort, descending=not self.query_now.descending)

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
            text = self.empty_text if y == 2 and self.total == 0 else ""
            return Strip([Segment(fit(f"  {text}", width), PLAIN)])
        at_cursor = position == self._cursor
        style = CURSOR if at_cursor else DIMMED if self._dimmed(row) else PLAIN
        segments = [Segment("›" if at_cursor else " ", style)]
        for column, cell_width in self._layout_columns(width):
            cell = fit(column.text(row), cell_width, column.cut, column.align)
            signed = column.signed and not at_cursor
            segments += [Segment(" ", style), Segment(cell, style + of_sign(cell) if signed else style)]
        return Strip(Segment.simplify(segments)).adjust_cell_length(width, style)

    @property
    def _top(self) -> int:
        return self.scroll_offset.y

    @property
    def _visible_rows(self) -> int:
        return max(1, self.size.height - 1)

    def _header(self, width: int) -> str:
        sign = "▼" if self.query_now.descending else "▲"
        titles = (
            fit(f"{c.title}{sign}" if c.name == self.query_now.sort else c.title, w, "end", c.align)
            for c, w in self._layout_columns(width)
        )
        return fit(f"  {' '.join(titles)}", width)

    def _layout_columns(self, width: int) -> list[tuple[Column[R], int]]:
        """The columns that are shown in `width` cells, each with its own width."""
        if self._laid_out[0] != width:
            self._laid_out = (width, lay_out(self.columns, width - 2))
        return self._laid_out[1]

    def _row(self, position: int) -> R | None:
        if position < 0 or (self.total is not None and position >= self.total):
            return None
        index = position - self._page.start
        if not 0 <= index < len(self._page.rows):
            self._reach(position)
            index = position - self._page.start
        return self._page.rows[index] if 0 <= index < len(self._page.rows) else None

    def _reach(self, position: int) -> None:
        """Fetch the rows around `position`: from the window's edge by keyset, farther away by position."""
        page, query = self._page, self.query_now
        end = page.start + len(page.rows)
        if page.rows and end <= position < end + CHUNK:
            fetched = self._source.after(query, page.rows[-1], CHUNK)
            rows = page.rows + fetched
            dropped = max(0, len(rows) - WINDOW)
            self._page = Page(rows[dropped:], page.start + dropped, page.total)
            return
        if page.rows and page.start - CHUNK <= position < page.start:
            fetched = self._source.before(query, page.rows[0], min(CHUNK, page.start))
            self._page = Page((fetched + page.rows)[:WINDOW], page.start - len(fetched), page.total)
            return
        self._page = self._page_around(query, position, page.total)

    def _page_around(self, query: Query, position: int, total: int | None) -> Page[R]:
        if total is not None and position >= total - CHUNK:
            rows = self._source.before(query, None, min(CHUNK, total))
            return Page(rows, total - len(rows), total)
        start = max(0, position - CHUNK // 2)
        return Page(self._source.at(query, start, CHUNK), start, total)

    def _first_page(self, query: Query) -> Page[R]:
        rows = self._source.after(query, None, CHUNK)
        return Page(rows, 0, len(rows) if len(rows) < CHUNK else None)

    def _read(self, query: Query, keep: int | None) -> Page[R]:
        """The page around the record `keep`, or the first one, with the total."""
        position = self._source.position(query, keep) if keep is not None else None
        total = self._source.count(query)
        if keep is not None and position is None:
            position = min(self._cursor, max(0, total - 1))
        return self._page_around(query, position, total) if position else replace(self._first_page(query), total=total)

    def _ask(self, query: Query, keep: int | None) -> None:
        """Read a page in a thread; a later question makes this one's answer void."""
        self._asked += 1
        asked = self._asked

        def read() -> None:
            page = self._read(query, keep)
            self.app.call_from_thread(answer, page)

        def answer(page: Page[R]) -> None:
            if asked == self._asked and self.is_attached:
                self._answered = asked
                self._show(page, keep)

        self.run_worker(read, thread=True, exclusive=True, group="page")

    def _show(self, page: Page[R], keep: int | None = None) -> None:
        """Show `page`, the cursor on the record where it was."""
        current = self.current if self._page.rows else None
        kept = keep if keep is not None else current.id if current else None
        if page == self._page:
            return
        self._page = page
        self._set_height()
        index = next((i for i, row in enumerate(page.rows) if row.id == kept), None)
        if index is not None:
            self._cursor = page.start + index
        self._cursor = max(0, min(self._cursor, self._known() - 1))
        self._scroll_to_cursor()
        self.refresh()
        self._tell_view()
        self._tell_cursor()

    def _known(self) -> int:
        return self.total if self.total is not None else self._page.start + len(self._page.rows)

    def _counted(self) -> int:
        if self.total is None:
            self._page = replace(self._page, total=self._source.count(self.query_now))
            self._set_height()
        return self._known()

    def _set_height(self) -> None:
        self.virtual_size = Size(self.size.width, self._known() + 1)

    def _move_to(self, position: int, scroll: int = 0) -> None:
        if position >= self._known() and self.total is None:
            self._reach(position)
            self._set_height()
        before, self._cursor = self._cursor, max(0, min(position, self._known() - 1))
        if self._cursor == before:
            return
        if scroll:
            self.scroll_to(y=self._top + scroll, animate=False, immediate=True)
        self._scroll_to_cursor()
        self._repaint(before)
        self._repaint(self._cursor)
        self._tell_cursor()

    def _repaint(self, position: int) -> None:
        self.refresh(Region(0, position - self._top + 1, self.size.width, 1))

    def _scroll_to_cursor(self) -> None:
        top = max(min(self._top, self._cursor), self._cursor - self._visible_rows + 1)
        if top != self._top:
            self.scroll_to(y=top, animate=False, immediate=True)

    def _tell_view(self) -> None:
        last = min(self._top + self._visible_rows, self._known())
        self.post_message(self.ViewChanged(self._top + 1 if last else 0, last, self.total))

    def _tell_cursor(self) -> None:
        current = self.current
        now = current.id if current else None
        if now != self._highlighted:
            self._highlighted = now
            self.post_message(self.Highlighted(current))


def lay_out(columns: Sequence[Column[R]], width: int) -> list[tuple[Column[R], int]]:
    """Widths for the columns that fit `width` cells: flexible ones take the spare; all shrink before any vanishes."""
    shown = list(columns)
    while len(shown) > 1 and sum(c.min_width for c in shown) + GAP * (len(shown) - 1) > width:
        least = max(shown, key=lambda c: (c.priority, columns.index(c)))
        shown.remove(least)
    widths = {c.name: c.width for c in shown}
    spare = width - GAP * (len(shown) - 1) - sum(widths.values())
    flexible = [c for c in shown if c.flex] or shown[:1]
    while spare > 0 and flexible:
        for c in flexible[:spare]:
            widths[c.name] += 1
            spare -= 1
    while spare < 0:
        widest = max(shown, key=lambda c: (widths[c.name] > c.min_width, c.flex, widths[c.name]))
        if widths[widest.name] <= 1:
            break
        widths[widest.name] -= 1
        spare += 1
    return [(c, widths[c.name]) for c in shown]
