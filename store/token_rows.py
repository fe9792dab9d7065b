"""The site's tokens as a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from store.collation import search_text, search_words, sort_key
from store.database import Store
from store.listing import Query
from store.models import utc_text
from store.trust import trust


@dataclass(frozen=True)
class TokenRow:
    """An enrolled or revoked token, as the journal's chain says; the id is the number of its enrolment's record."""

    id: int
    label: str
    user: str
    fingerprint: str
    enrolled_at: datetime
    enrolled_by: str
    revoked_at: datetime | None
    sort_value: object = None


SORTS: Mapping[str, Callable[[TokenRow], Any]] = {
    "label": lambda row: sort_key(row.label, "en"),
    "user": lambda row: row.user,
    "fingerprint": lambda row: row.fingerprint,
    "enrolled": lambda row: row.id,
    "by": lambda row: row.enrolled_by,
    "state": lambda row: "" if row.revoked_at is None else utc_text(row.revoked_at),
}


class Tokens:
    """The site's tokens as a listing; there are few, and no table holds them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def cancel(self) -> None:
        """Nothing to end: they are read in no time."""

    def count(self, query: Query) -> int:
        """How many there are."""
        return len(self._rows(query))

    def after(self, query: Query, row: TokenRow | None, limit: int) -> list[TokenRow]:
        """The next ones after `row`, or the first ones."""
        rows = self._rows(query)
        start = 0 if row is None else _place(rows, row) + 1
        return rows[start : start + limit]

    def before(self, query: Query, row: TokenRow | None, limit: int) -> list[TokenRow]:
        """Those just before `row`, or the last ones."""
        rows = self._rows(query)
        end = len(rows) if row is None else _place(rows, row)
        return rows[max(0, end - limit) : end]

    def at(self, query: Query, position: int, limit: int) -> list[TokenRow]:
        """Those from the 0-based `position` on."""
        return self._rows(query)[position : position + limit]

    def position(self, query: Query, record_id: int) -> int | None:
        """How many stand before the token."""
        return next((i for i, row in enumerate(self._rows(query)) if row.id == record_id), None)

    def these(self, query: Query, ids: Sequence[int]) -> list[TokenRow]:
        """Those with these ids."""
        return [row for row in self._rows(query) if row.id in ids]

    def ids(self, query: Query, position: int = 0, limit: int | None = None) -> list[int]:
        """The ids of `limit` tokens from the 0-based `position` on, or of all, in rising order."""
        return sorted(row.id for row in self._rows(query)[position : None if limit is None else position + limit])

    def _rows(self, query: Query) -> list[TokenRow]:
        with self._store.connected():
            tokens = trust(self._store).tokens.values()
        rows = [
            TokenRow(t.record, t.label, t.user, t.fingerprint, t.enrolled_at, t.enrolled_by, t.revoked_at)
            for t in tokens
            if all(word in search_text(t.label, t.user, t.fingerprint) for word in search_words(query.filter))
        ]
        return sorted(rows, key=lambda row: (SORTS[query.sort](row), row.id), reverse=query.descending)


def _place(rows: Sequence[TokenRow], row: TokenRow) -> int:
    return next(place for place, other in enumerate(rows) if other.id == row.id)
