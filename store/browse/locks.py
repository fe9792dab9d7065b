"""The locks, and how new the list is that each certainly holds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from peewee import Case, fn

from store import text_index
from store.database import Store
from store.listing import Listing
from store.models import Lock, RightKey, RightLock, Visit, Zone

if TYPE_CHECKING:
    from store.filters import Term


class LockRow(NamedTuple):
    """A lock and the `version` of its zone's list that it certainly holds; `last_visit` is of any key, UTC."""

    id: int
    serial: str
    name: str
    place: str
    zone: str
    networked: bool
    version: int
    ordered_version: int
    last_visit: datetime | None
    sort_value: object = None

    @property
    def up_to_date(self) -> bool:
        """Whether it holds the newest ordered version (rule 4)."""
        return self.version >= self.ordered_version


def lock_table(
    store: Store, language: str = "en", *, opened_by: int | None = None, of_zone: int | None = None
) -> Listing[LockRow]:
    """All locks, those that a key opens, or those of a zone (database ids)."""
    rows = Lock.select().join(Zone)
    if of_zone is not None:
        rows = rows.where(Lock.zone == of_zone)
    if opened_by is not None:
        opening = RightLock.select(RightLock.lock).join(RightKey, on=(RightKey.access_right == RightLock.access_right))
        rows = rows.where(Lock.id.in_(opening.where(RightKey.key == opened_by)))

    def row(*values: Any) -> LockRow:
        last_visit, sort_value = values[-2:]
        last: tuple[Any, ...] = (datetime.fromisoformat(last_visit) if last_visit else None, sort_value)
        return LockRow(*values[:-2], *last)

    version = Case(None, [(Lock.networked, Zone.ordered_version)], Lock.held_version)
    last_visit = fn.COALESCE(Visit.select(fn.MAX(Visit.at)).where(Visit.lock == Lock.id), "")

    def terms() -> dict[str, Term]:
        from store import filters

        return {
            "zone": filters.zone(lambda names: Lock.zone.in_(Zone.select(Zone.id).where(Zone.name.in_(names)))),
            "place": filters.text(Lock.place),
            "networked": filters.choice(filters.ANSWERS, lambda yes: Lock.networked == yes),
            "updated": filters.choice(filters.ANSWERS, lambda yes: (version >= Zone.ordered_version) == yes),
        }

    return Listing(
        store,
        rows,
        (
            *(Lock.id, Lock.serial, Lock.name, Lock.place, Zone.name, Lock.networked),
            *(version, Zone.ordered_version, last_visit),
        ),
        {
            "name": getattr(Lock, f"sort_{language}"),
            "place": Lock.place,
            "zone": Zone.name,
            "serial": Lock.serial,
            "networked": Lock.networked,
            "version": version,
            "up_to_date": version >= Zone.ordered_version,
            "last_visit": last_visit,
        },
        Lock.search,
        row,
        terms=terms,
        index=text_index.LOCKS,
        whole=opened_by is None and of_zone is None,
    )
