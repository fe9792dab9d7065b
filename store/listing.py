"""Pages of rows for every table: sorted, filtered, and fetched by keyset, a million rows as fast as ten."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from peewee import ModelSelect, Tuple, fn

from store.collation import search_words
from store.database import Store
from store.models import database, utc_text
from store.reading import Reads


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


@dataclass(frozen=True)
class Everything:
    """The query for all rows by one column."""

    sort: str
    descending: bool = False
    filter: str = ""


R = TypeVar("R", bound=Row)


class Listing(Generic[R]):
    """A table to browse. `row` makes a row from the selected columns, the id first and the sort value last."""

    def __init__(
        self,
        store: Store,
        rows: ModelSelect[Any],
        columns: tuple[Any, ...],
        sorts: Mapping[str, Any],
        search: Any,
        row: Callable[..., R],
    ) -> None:
        self._store = store
        self._rows = rows
        self._columns = columns
        self._id = columns[0]
        self._sorts = sorts
        self._search = search
        self._row = row
        self._reads = Reads()

    def cancel(self) -> None:
        """End what other threads are reading of this listing: they get a ReadCancelled."""
        self._reads.cancel()

    def count(self, query: Query) -> int:
        """How many rows there are."""
        with self._store.connected(), self._reads.one():
            return int(self._filtered(query).select(self._id).order_by().count())

    def after(self, query: Query, row: R | None, limit: int) -> list[R]:
        """The next `limit` rows after `row`, or the first ones."""
        return self._page(query, row, limit, query.descending)

    def before(self, query: Query, row: R | None, limit: int) -> list[R]:
        """The `limit` rows just before `row`, or the last ones, in the table's order."""
        return self._page(query, row, limit, not query.descending)[::-1]

    def at(self, query: Query, position: int, limit: int) -> list[R]:
        """`limit` rows from the 0-based `position` on."""
        with self._store.connected(), self._reads.one():
            return self._read(self._sorted(query, query.descending).limit(limit).offset(position))

    def position(self, query: Query, record_id: int) -> int | None:
        """How many rows stand before the record, or None when it is not among the rows."""
        sort = self._sorts[query.sort]
        with self._store.connected(), self._reads.one():
            rows = self._filtered(query)
            found = rows.select(sort).where(self._id == record_id).tuples().first()
            if found is None:
                return None
            here = (_stored(found[0]), record_id)
            place = Tuple(sort, self._id)
            earlier = place > here if query.descending else place < here
            return int(rows.select(self._id).where(earlier).order_by().count())

    def these(self, query: Query, ids: Sequence[int]) -> list[R]:
        """Those of the rows that have these ids; a few thousand at most."""
        with self._store.connected(), self._reads.one():
            return self._read(self._sorted(query, query.descending).where(self._id.in_(list(ids))))

    def ids(self, query: Query, position: int = 0, limit: int | None = None) -> array[int]:
        """The ids of `limit` rows from the 0-based `position` on, or of all, in rising order; eight bytes each."""
        if limit is None:
            rows = self._filtered(query).select(self._id).order_by(self._id)
        else:
            rows = self._sorted(query, query.descending).select(self._id).limit(limit).offset(position)
        with self._store.connected(), self._reads.one():
            found = array("q", (record_id for (record_id,) in database.execute(rows)))
        return found if limit is None else array("q", sorted(found))

    def _page(self, query: Query, row: R | None, limit: int, descending: bool) -> list[R]:
        with self._store.connected(), self._reads.one():
            page = self._sorted(query, descending)
            if row is not None:
                place, here = Tuple(self._sorts[query.sort], self._id), (_stored(row.sort_value), row.id)
                page = page.where(place < here if descending else place > here)
            return self._read(page.limit(limit))

    def _filtered(self, query: Query) -> ModelSelect[Any]:
        rows = self._rows.clone()
        for word in search_words(query.filter):
            rows = rows.where(fn.INSTR(self._search, word) > 0)
        return rows

    def _sorted(self, query: Query, descending: bool) -> ModelSelect[Any]:
        sort = self._sorts[query.sort]
        direction = "desc" if descending else "asc"
        return (
            self._filtered(query)
            .select(*self._columns, sort)
            .order_by(getattr(sort, direction)(), getattr(self._id, direction)())
        )

    def _read(self, rows: ModelSelect[Any]) -> list[R]:
        return [self._row(*values) for values in rows.tuples()]


def _stored(value: object) -> object:
    """A sort value as it stands in the database."""
    return utc_text(value) if isinstance(value, datetime) else value
