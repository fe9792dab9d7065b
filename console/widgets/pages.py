"""Pages of a source of rows: a table holds one page, at a million rows as at ten."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

CHUNK = 100
LONG = 500
WINDOW = 300


class HasId(Protocol):
    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=HasId)


class Query(NamedTuple):
    """Which rows, in which order; `sort` is a column's name."""

    sort: str
    descending: bool = False
    filter: str = ""


class Source(Protocol[R]):
    """Where the rows come from; called from several threads.

    `after` and `before` also take a row that the query's filter leaves out. `ids` come in rising order, of `limit`
    rows from the 0-based `position` on, or of all when `limit` is None; `these` gives a few rows by their ids, in the
    query's order. `cancel` ends the reads that are under way
    in other threads: they raise.
    """

    def count(self, query: Query) -> int: ...
    def after(self, query: Query, row: R | None, limit: int) -> list[R]: ...
    def before(self, query: Query, row: R | None, limit: int) -> list[R]: ...
    def at(self, query: Query, position: int, limit: int) -> list[R]: ...
    def position(self, query: Query, record_id: int) -> int | None: ...
    def these(self, query: Query, ids: Sequence[int]) -> list[R]: ...
    def ids(self, query: Query, position: int = 0, limit: int | None = None) -> Iterable[int]: ...
    def cancel(self) -> None: ...


class Page(NamedTuple, Generic[R]):
    """Rows that follow each other, from the 0-based `start` on; `total` rows are there in all (None: not counted)."""

    query: Query
    rows: list[R]
    start: int = 0
    total: int | None = None

    @property
    def end(self) -> int:
        """The position after the last row."""
        return self.start + len(self.rows)

    @property
    def known(self) -> int:
        """How many rows there are, as far as that is known."""
        return self.end if self.total is None else self.total

    def row(self, position: int) -> R | None:
        """The row at a position of the whole table, or None when this page does not hold it."""
        return self.rows[position - self.start] if self.start <= position < self.end else None

    def place(self, record_id: int | None) -> int | None:
        """The position of a record, or None when this page does not hold it."""
        return next((place for place, row in enumerate(self.rows, self.start) if row.id == record_id), None)


def first_page(source: Source[R], query: Query, limit: int = CHUNK) -> Page[R]:
    """The first `limit` rows; when they are all there are, they are counted with that."""
    rows = source.after(query, None, limit)
    return Page(query, rows, total=len(rows) if len(rows) < limit else None)


def page_around(source: Source[R], query: Query, position: int, total: int | None) -> Page[R]:
    """The rows around `position`."""
    if total is not None and position >= total - CHUNK:
        rows = source.before(query, None, min(CHUNK, total))
        return Page(query, rows, total - len(rows), total)
    start = max(0, position - CHUNK // 2)
    return Page(query, source.at(query, start, CHUNK), start, total)


def page_with(source: Source[R], page: Page[R], position: int) -> Page[R]:
    """A page that holds `position`: from the edge of `page` by keyset, farther away by position."""
    query = page.query
    if page.rows and page.end <= position < page.end + CHUNK:
        fetched = source.after(query, page.rows[-1], CHUNK)
        rows = page.rows + fetched
        dropped = max(0, len(rows) - WINDOW)
        total = page.end + len(fetched) if page.total is None and len(fetched) < CHUNK else page.total
        return Page(query, rows[dropped:], page.start + dropped, total)
    if page.rows and page.start - CHUNK <= position < page.start:
        fetched = source.before(query, page.rows[0], min(CHUNK, page.start))
        return page._replace(rows=(fetched + page.rows)[:WINDOW], start=page.start - len(fetched))
    return page_around(source, query, position, page.total)


def every_page(source: Source[R], query: Query) -> Iterator[list[R]]:
    """All the rows that `query` asks for, some hundreds at a time."""
    page = source.after(query, None, LONG)
    while page:
        yield page
        page = source.after(query, page[-1], LONG)
