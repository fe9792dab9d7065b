"""Pages of rows for every table: sorted, filtered, and fetched by keyset, a million rows as fast as ten."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from peewee import SQL, ModelSelect, NodeList, Tuple, fn

from store.database import Store
from store.models import database, utc_text
from store.reading import Reads
from store.text_index import TRIGRAM, TextIndex

if TYPE_CHECKING:
    from store.filters import Term


class Query(Protocol):
    """Which rows are asked for, and in which order; `sort` names one of the listing's columns."""

    @property
    def sort(self) -> str: ...
    @property
    def descending(self) -> bool: ...
    @property
    def filter(self) -> str: ...


class Row(Protocol):
    """`sort_value` is what the query in force sorts this row by."""

    @property
    def id(self) -> int: ...
    @property
    def sort_value(self) -> object: ...


class Everything(NamedTuple):
    """The query for all rows by one column."""

    sort: str
    descending: bool = False
    filter: str = ""


class Asked(NamedTuple):
    """What a filter asks for: rows that hold all `words` (folded) and meet all `conditions`."""

    words: tuple[str, ...] = ()
    conditions: tuple[Any, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.conditions)


R = TypeVar("R", bound=Row)

Place = tuple[object, int]  # what a row sorts by, and its id

PAGE = 500
NEVER = "9999"  # sorts after every moment
STRETCH = 20_000  # rows to look through for a page before the index is asked: some 20 ms


class Listing(Generic[R]):
    """A table to browse. `row` makes a row from the selected columns, the id first and the sort value last.

    `joined` joins what only the columns need. `search` is the text that words are found in, `terms` makes the
    named words of its filter. A table of any size has an `index` of that text; `whole`: its rows are all that are
    in there.
    """

    def __init__(
        self,
        store: Store,
        rows: ModelSelect[Any],
        columns: tuple[Any, ...],
        sorts: Mapping[str, Any],
        search: Any,
        row: Callable[..., R],
        *,
        joined: Callable[[ModelSelect[Any]], ModelSelect[Any]] = lambda rows: rows,
        terms: Callable[[], Mapping[str, Term]] = dict,
        index: TextIndex | None = None,
        whole: bool = False,
    ) -> None:
        self._make_terms = terms
        self._store = store
        self._rows = rows
        self._joined = joined
        self._columns = columns
        self._id = columns[0]
        self._sorts = sorts
        self._search = search
        self._row = row
        self._index = index
        self._whole = whole
        self._reads = Reads()

    def cancel(self) -> None:
        """End what other threads are reading of this listing: they get a ReadCancelled."""
        self._reads.cancel()

    def count(self, query: Query) -> int:
        """How many rows there are. Raises FilterInvalid, as all that read."""
        with self._reading():
            asked = self._asked(query)
            if self._index and self._whole and asked.words and not asked.conditions:
                return self._index.count(asked.words)
            return _number(self._found(self._rows, asked))

    def after(self, query: Query, row: R | None, limit: int) -> list[R]:
        """The next `limit` rows after `row`, or the first ones."""
        return self._page(query, row, limit, query.descending)

    def before(self, query: Query, row: R | None, limit: int) -> list[R]:
        """The `limit` rows just before `row`, or the last ones, in the table's order."""
        return self._page(query, row, limit, not query.descending)[::-1]

    def at(self, query: Query, position: int, limit: int) -> list[R]:
        """`limit` rows from the 0-based `position` on."""
        with self._reading():
            rows = self._found(self._rows, self._asked(query))
            return self._read([rows], query, query.descending, limit, position)

    def position(self, query: Query, record_id: int) -> int | None:
        """How many rows stand before the record, or None when it is not among the rows."""
        sort = self._sorts[query.sort]
        with self._reading():
            rows = self._found(self._rows, self._asked(query))
            found = rows.select(sort).where(self._id == record_id).tuples().first()
            if found is None:
                return None
            here = _stored(found[0])
            earlier = sort > here if query.descending else sort < here
            beside = self._id > record_id if query.descending else self._id < record_id
            return _number(rows.where(earlier)) + _number(rows.where((sort == here) & beside))

    def these(self, query: Query, ids: Sequence[int]) -> list[R]:
        """Those of the rows that have these ids; a few thousand at most."""
        with self._reading():
            rows = self._found(self._rows, self._asked(query)).where(self._id.in_(list(ids)))
            return self._read([rows], query, query.descending, -1)

    def ids(self, query: Query, position: int = 0, limit: int | None = None) -> array[int]:
        """The ids of `limit` rows from the 0-based `position` on, or of all, in rising order; eight bytes each."""
        with self._reading():
            rows = self._found(self._rows, self._asked(query)).select(self._id)
            if limit is None:
                return array("q", (record_id for (record_id,) in database.execute(rows.order_by(self._id))))
            some = rows.order_by(*self._order(query, query.descending)).limit(limit).offset(position)
            return array("q", sorted(record_id for (record_id,) in database.execute(some)))

    @cached_property
    def terms(self) -> Mapping[str, Term]:
        """The named words of its filter, in English."""
        return self._make_terms()

    def _asked(self, query: Query) -> Asked:
        if not query.filter:
            return Asked()
        from store.filters import read  # only now: a table is first shown without a filter

        return read(query.filter, self.terms)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._store.connected(), self._reads.one():
            yield

    def _page(self, query: Query, row: R | None, limit: int, descending: bool) -> list[R]:
        here = None if row is None else (_stored(row.sort_value), row.id)
        with self._reading():
            asked = self._asked(query)
            if self._index and asked and limit > 0 and not _has_few(self._index, asked):
                end = self._stretch(query, here, descending)
                parts = [self._walked(rows, asked) for rows in self._between(query, here, end, descending)]
                near = self._read(parts, query, descending, limit)
                if end is None or len(near) == limit:
                    return near
            parts = [self._found(rows, asked) for rows in self._between(query, here, None, descending)]
            return self._read(parts, query, descending, limit)

    def _stretch(self, query: Query, here: Place | None, descending: bool) -> Place | None:
        """The place of the row that is STRETCH rows after `here`, if there are so many."""
        left = STRETCH
        for rows in self._between(query, here, None, descending):
            ahead = rows.select(self._sorts[query.sort], self._id).order_by(*self._order(query, descending))
            end: Place | None = ahead.limit(1).offset(left).tuples().first()
            if end is not None:
                return end
            left = max(0, left - _number(rows))
        return None

    def _between(self, query: Query, here: Place | None, end: Place | None, descending: bool) -> list[ModelSelect[Any]]:
        """The rows after `here` and before `end`, in parts that an index leads to, one after the other.

        SQLite compares a row value that holds the id by its first column only: it would walk all that sort alike.
        """
        sort, rows = self._sorts[query.sort], self._rows
        if here and end and here[0] == end[0]:
            beside = _beyond(self._id, here[1], descending) & _beyond(self._id, end[1], not descending)
            return [rows.where((sort == here[0]) & beside)]
        if here and self._index is None:
            return [rows.where(_beyond(Tuple(sort, self._id), here, descending))]
        between = rows if here is None else rows.where(_beyond(sort, here[0], descending))
        between = between if end is None else between.where(_beyond(sort, end[0], not descending))
        first = [rows.where((sort == here[0]) & _beyond(self._id, here[1], descending))] if here else []
        last = [rows.where((sort == end[0]) & _beyond(self._id, end[1], not descending))] if end else []
        return [*first, between, *last]

    def _walked(self, rows: ModelSelect[Any], asked: Asked) -> ModelSelect[Any]:
        """Those of `rows` that are asked for, each looked at as it comes."""
        for condition in (*self._holding(asked.words), *asked.conditions):
            rows = rows.where(NodeList((SQL("+"), NodeList((condition,), parens=True)), glue=""))
        return rows

    def _found(self, rows: ModelSelect[Any], asked: Asked) -> ModelSelect[Any]:
        """Those of `rows` that are asked for, by the indexes."""
        words = self._holding(asked.words)
        if self._index and asked.words:
            expression = self._index.expression(asked.words)
            words = [self._id.in_(self._index.rows(expression))] if expression else words
        for condition in (*words, *asked.conditions):
            rows = rows.where(condition)
        return rows

    def _holding(self, words: Sequence[str]) -> list[Any]:
        return [fn.INSTR(self._search, word) > 0 for word in words]

    def _order(self, query: Query, descending: bool) -> list[Any]:
        columns = (self._sorts[query.sort], self._id)
        return [column.desc() if descending else column.asc() for column in columns]

    def _read(
        self, parts: Sequence[ModelSelect[Any]], query: Query, descending: bool, limit: int, skip: int = 0
    ) -> list[R]:
        """The rows in the table's order: first which ones, then all their columns, for no more than are shown."""
        sort_values: dict[int, object] = {}
        for rows in parts:
            left = limit if limit < 0 else limit - len(sort_values)
            chosen = rows.select(self._id, self._sorts[query.sort]).order_by(*_first_two(descending))
            sort_values |= dict(chosen.limit(left).offset(skip).tuples()) if left else {}
        found: dict[int, Any] = {}
        for ids in _batched(sort_values):
            columns = self._joined(self._rows).select(*self._columns).where(self._id.in_(_as_rows(ids)))
            found |= {values[0]: values for values in columns.tuples()}
        return [self._row(*found[i], value) for i, value in sort_values.items() if i in found]


def _batched(ids: Iterable[int]) -> Iterator[list[int]]:
    """`ids` in lists of PAGE at most."""
    rest = iter(ids)
    while page := list(islice(rest, PAGE)):
        yield page


def _as_rows(ids: list[int]) -> SQL:
    """A subquery of these ids: one value instead of hundreds, which take a while to write down."""
    return SQL("(SELECT value FROM json_each(?))", [f"[{','.join(map(str, ids))}]"])


def _has_few(index: TextIndex, asked: Asked) -> bool:
    """Whether the index finds so few rows that sorting them is sooner done than walking through the table."""
    expression = index.expression([word for word in asked.words if len(word) >= TRIGRAM])
    return bool(expression) and index.has_few(str(expression))


def _first_two(descending: bool) -> list[Any]:
    """The order by the id and the sort value that were selected: SQLite works an expression out again otherwise."""
    return [SQL("2 DESC"), SQL("1 DESC")] if descending else [SQL("2"), SQL("1")]


def _beyond(column: Any, value: object, descending: bool) -> Any:
    return column < value if descending else column > value


def _number(rows: ModelSelect[Any]) -> int:
    counted: int = rows.select(fn.COUNT(SQL("*"))).scalar()
    return counted


def _stored(value: object) -> object:
    """A sort value as it stands in the database."""
    return utc_text(value) if isinstance(value, datetime) else value
