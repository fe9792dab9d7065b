"""Sightings: blocked keys that were seen at locks, opened or refused."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from peewee import JOIN, fn

from store.database import Store
from store.listing import Everything, Listing
from store.models import Key, KeyText, Lock, Person, Sighting, Zone

if TYPE_CHECKING:
    from store.filters import Term


class SightingRow(NamedTuple):
    """A blocked key at a lock: when (UTC), which key and whose, where, and whether it was let in (terms.Result)."""

    id: int
    at: datetime
    label: str
    name: str
    person: str
    lock: str
    lock_serial: str
    place: str
    result: str
    sort_value: object = None


def sighting_table(store: Store, *, of_key: int | None = None) -> Listing[SightingRow]:
    """All sightings, or those of one key (its database id)."""
    rows = Sighting.select().join(Lock).switch(Sighting).join(Key).join(Person, JOIN.LEFT_OUTER)
    if of_key is not None:
        rows = rows.where(Sighting.key == of_key)
    columns: tuple[Any, ...] = (
        Sighting.id,
        Sighting.at,
        Key.label,
        Key.name,
        fn.COALESCE(Person.name, ""),
        Lock.name,
        Lock.serial,
        Lock.place,
        Sighting.result,
    )

    def terms() -> dict[str, Term]:
        from store import cells, filters

        return {
            "result": filters.choice(cells.RESULTS, lambda result: Sighting.result == result),
            "person": filters.person(lambda people: Key.person.in_(people)),
            "zone": filters.zone(lambda names: Lock.zone.in_(Zone.select(Zone.id).where(Zone.name.in_(names)))),
            "place": filters.text(Lock.place),
            **filters.days(Sighting.at),
        }

    return Listing(
        store,
        rows,
        columns,
        {
            "at": Sighting.at,
            "key": Key.sort_label,
            "person": Key.person_en,
            "lock": Lock.name,
            "place": Lock.place,
            "result": Sighting.result,
        },
        KeyText.select(KeyText.text.concat(" ").concat(Lock.search)).where(KeyText.id == Key.id),
        SightingRow,
        terms=terms,
    )


def last_sighting(store: Store) -> SightingRow | None:
    """The newest sighting, if there is any."""
    with store.connected():
        if not Sighting.select(Sighting.id).limit(1).exists():
            return None
    return sighting_table(store).after(Everything("at", descending=True), None, 1)[0]
