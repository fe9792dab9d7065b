"""The people who hold keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from peewee import fn

from store import text_index
from store.database import Store
from store.listing import Listing
from store.models import BlocklistEntry, Key, Person

if TYPE_CHECKING:
    from store.filters import Term


class PersonRow(NamedTuple):
    """A person, how many keys he or she holds, and how many of them are blocked."""

    id: int
    person_id: str
    name: str
    keys: int
    blocked: int
    sort_value: object = None


def person_table(store: Store, language: str = "en") -> Listing[PersonRow]:
    """Everybody who holds keys."""
    held = Key.select(fn.COUNT(Key.id)).where(Key.person == Person.id)
    blocked = (
        Key.select(fn.COUNT(Key.id.distinct()))
        .join(BlocklistEntry)
        .where((Key.person == Person.id) & BlocklistEntry.version_out.is_null())
    )

    def terms() -> dict[str, Term]:
        from store import filters

        return {
            "blocked": filters.choice(filters.ANSWERS, lambda yes: (blocked > 0) == yes),
        }

    return Listing(
        store,
        Person.select(),
        (Person.id, Person.person_id, Person.name, held, blocked),
        {
            "name": getattr(Person, f"sort_{language}"),
            "person_id": Person.person_id,
            "keys": fn.COALESCE(held, 0),
            "blocked": fn.COALESCE(blocked, 0),
        },
        Person.search,
        PersonRow,
        terms=terms,
        index=text_index.PEOPLE,
        whole=True,
    )
