"""A source of pages over rows that are all in memory."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic

from console.widgets.pages import Query, R


class RowList(Generic[R]):
    """Rows for a RecordTable; `sorts` gives what each column is sorted by, `text` what a filter is looked for in."""

    def __init__(
        self, rows: Sequence[R], sorts: Mapping[str, Callable[[R], Any]], text: Callable[[R], str] = lambda _: ""
    ) -> None:
        self._rows = list(rows)
        self._sorts = sorts
        self._text = text

    def count(self, query: Query) -> int:
        """How many rows there are."""
        return len(self._matching(query))

    def after(self, query: Query, row: R | None, limit: int) -> list[R]:
        """The next ones after `row`, or the first ones."""
        rows = self._sorted(query)
        start = 0 if row is None else self._place(rows, row.id) + 1
        return self._matching(query, rows[start:])[:limit]

    def before(self, query: Query, row: R | None, limit: int) -> list[R]:
        """Those just before `row`, or the last ones."""
        rows = self._sorted(query)
        end = len(rows) if row is None else self._place(rows, row.id)
        matching = self._matching(query, rows[:end])
        return matching[max(0, len(matching) - limit) :]

    def at(self, query: Query, position: int, limit: int) -> list[R]:
        """`limit` rows from the 0-based `position` on."""
        return self._matching(query)[position : position + limit]

    def position(self, query: Query, record_id: int) -> int | None:
        """How many rows stand before the record, or None when it is not among the rows."""
        return next((place for place, row in enumerate(self._matching(query)) if row.id == record_id), None)

    def these(self, query: Query, ids: Sequence[int]) -> list[R]:
        """Those of the rows that have these ids."""
        wanted = set(ids)
        return [row for row in self._matching(query) if row.id in wanted]

    def ids(self, query: Query, position: int = 0, limit: int | None = None) -> Iterable[int]:
        """The ids of `limit` rows from the 0-based `position` on, or of all, in rising order."""
        end = None if limit is None else position + limit
        return sorted(row.id for row in self._matching(query)[position:end])

    def cancel(self) -> None:
        """No read takes long enough to be cancelled."""

    def _sorted(self, query: Query) -> list[R]:
        return sorted(self._rows, key=self._sorts[query.sort], reverse=query.descending)

    def _matching(self, query: Query, rows: Sequence[R] | None = None) -> list[R]:
        words = query.filter.casefold().split()
        rows = self._sorted(query) if rows is None else rows
        return [row for row in rows if all(word in self._text(row).casefold() for word in words)]

    @staticmethod
    def _place(rows: Sequence[R], record_id: int) -> int:
        return next(place for place, row in enumerate(rows) if row.id == record_id)
