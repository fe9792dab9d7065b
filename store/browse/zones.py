"""The zones, and how things stand with the list of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from peewee import Value, fn

from store.database import Store
from store.listing import Everything, Listing
from store.models import BlocklistEntry, Key, Lifetime, Lock, Zone, utc_text
from store.terms import KeyState, Status

if TYPE_CHECKING:
    from store.filters import Term


class ZoneRow(NamedTuple):
    """A zone and its list: both versions, its status, how many keys it holds and how many more fit.

    `dead` of the keys have died by themselves (rule 12) or were returned: they could give their places back.
    """

    id: int
    name: str
    version: int
    ordered_version: int
    size: int
    dead: int
    locks: int
    list_limit: int
    sort_value: object = None

    @property
    def status(self) -> Status:
        return Status.UNDER_PLANNING if self.version > self.ordered_version else Status.ORDERED

    @property
    def places_left(self) -> int:
        return self.list_limit - self.size


def zone_table(store: Store) -> Listing[ZoneRow]:
    """The zones with the state of their lists."""
    size = BlocklistEntry.select(fn.COUNT(BlocklistEntry.id)).where(
        (BlocklistEntry.zone == Zone.id) & BlocklistEntry.version_out.is_null()
    )
    dead = size.join(Key).join(Lifetime, on=(Lifetime.key == Key.id)).where(_is_dead(store))
    locks = Lock.select(fn.COUNT(Lock.id)).where(Lock.zone == Zone.id)

    def terms() -> dict[str, Term]:
        from store import filters

        return {
            "status": filters.choice(
                filters.LISTS, lambda status: (Zone.version > Zone.ordered_version) == (status == Status.UNDER_PLANNING)
            )
        }

    return Listing(
        store,
        Zone.select(),
        (Zone.id, Zone.name, Zone.version, Zone.ordered_version, size, dead, locks, Value(store.list_limit)),
        {
            "name": Zone.name,
            "locks": fn.COALESCE(locks, 0),
            "version": Zone.version,
            "ordered": Zone.ordered_version,
            "size": fn.COALESCE(size, 0),
            "places": Value(store.list_limit) - fn.COALESCE(size, 0),
            "dead": fn.COALESCE(dead, 0),
            "status": Zone.version > Zone.ordered_version,
        },
        fn.search_text(Zone.name),
        ZoneRow,
        terms=terms,
    )


def all_zones(store: Store) -> list[ZoneRow]:
    """Every zone, by name; there are few."""
    return zone_table(store).after(Everything("name"), None, -1)


def dead_keys(store: Store, zone_id: int) -> list[str]:
    """Labels of the keys on a zone's list (its database id) that could give their places back: see ZoneRow.dead."""
    entries = BlocklistEntry.select(Key.label).join(Key).join(Lifetime, on=(Lifetime.key == Key.id))
    on_list = (BlocklistEntry.zone == zone_id) & BlocklistEntry.version_out.is_null()
    found: Any = entries.where(on_list & _is_dead(store)).order_by(Key.sort_label, Key.id)
    return [str(label) for (label,) in found.tuples()]


def _is_dead(store: Store) -> Any:
    return (Lifetime.dies_by <= utc_text(store.clock())) | (Key.state == KeyState.RETURNED)
