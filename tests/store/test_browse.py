"""Pages of rows agree with the whole table, in every order, with every filter; nothing is shown twice or lost."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import blocklist
from store.browse.blocklist import blocklist_table
from store.browse.journal import journal_table
from store.browse.keys import key_table
from store.browse.locks import lock_table
from store.browse.people import person_table
from store.browse.sightings import sighting_table
from store.browse.zones import zone_table
from store.collation import search_text, search_words, sort_key
from store.database import Store
from store.listing import Everything, Listing
from store.models import Key, Person
from store.terms import Reason

LISTINGS = {
    "blocklist": (
        lambda store: blocklist_table(store, "nb"),
        "name type label person added opens seen status serial zones by reason note stops",
    ),
    "keys": (
        lambda store: key_table(store, "nb"),
        "label name person type state blocked serial main_zone locks valid_until last_contact",
    ),
    "locks": (
        lambda store: lock_table(store, "en"),
        "name place zone serial networked version up_to_date last_visit",
    ),
    "people": (lambda store: person_table(store, "nb"), "name person_id keys blocked"),
    "zones": (zone_table, "name locks version ordered size places dead status"),
    "journal": (journal_table, "number at operator what"),
    "sightings": (sighting_table, "at key person lock place result"),
}
CASES = [(name, sort) for name, (_, sorts) in LISTINGS.items() for sort in sorts.split()]


@pytest.fixture
def busy_site(site: Store) -> Store:
    for label in ("N-1", "N-2", "N-3", "N-8"):
        blocklist.add(site, [label], order=label == "N-3", reason=Reason.LOST)
    Key.update(name="Fob").where(Key.label.in_(["N-1", "N-4", "N-8"])).execute()
    Key.update(sort_nb="fob", sort_en="fob").where(Key.name == "Fob").execute()
    return site


@pytest.mark.parametrize(("name", "sort"), CASES)
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("words", ["", "o", "1"])
def test_pages_agree_with_the_whole_table(busy_site: Store, name: str, sort: str, descending: bool, words: str) -> None:
    listing: Listing[Any] = LISTINGS[name][0](busy_site)
    query = Everything(sort, descending, words)
    rows = listing.at(query, 0, -1)
    values = [row.sort_value for row in rows]
    assert values == sorted(values, reverse=descending)
    assert listing.count(query) == len(rows)
    for size in (1, 3):
        assert paged(listing, query, size, forward=True) == rows
        assert paged(listing, query, size, forward=False) == rows
    for position, row in enumerate(rows):
        assert listing.position(query, row.id) == position
        assert listing.at(query, position, 1) == [row]
    assert listing.position(query, 999_999) is None


def paged(listing: Listing[Any], query: Everything, size: int, *, forward: bool) -> list[Any]:
    rows: list[Any] = []
    while True:
        if forward:
            page = listing.after(query, rows[-1] if rows else None, size)
            rows = rows + page
        else:
            page = listing.before(query, rows[0] if rows else None, size)
            rows = page + rows
        assert len(rows) < 100
        if not page:
            return rows


def test_a_key_shows_why_it_is_not_to_be_blocked(busy_site: Store) -> None:
    refusals = {row.label: type(row.refusal).__name__ for row in key_table(busy_site).at(Everything("label"), 0, -1)}
    assert refusals == {
        "N-1": "AlreadyBlocked",
        "N-2": "AlreadyBlocked",
        "N-3": "AlreadyBlocked",
        "N-4": "NoneType",
        "N-5": "NeverMade",
        "N-6": "AlreadyReturned",
        "N-7": "OpensNoLock",
        "N-8": "AlreadyBlocked",
    }


def test_keys_of_a_lock_and_of_a_person(busy_site: Store) -> None:
    opening = key_table(busy_site, of_lock=1).at(Everything("label"), 0, -1)
    assert [row.label for row in opening] == ["N-1", "N-2", "N-5", "N-6"]
    held = key_table(busy_site, of_person=Person.get(Person.person_id == "P1").id).at(Everything("label"), 0, -1)
    assert [(row.label, row.locks, row.zones) for row in held] == [("N-3", 4, 1), ("N-4", 4, 1)]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("nb", ["Aron", "Berg", "Zoë", "Ærlig", "Ødegård", "Åse"]),
        ("en", ["Ærlig", "Aron", "Åse", "Berg", "Ødegård", "Zoë"]),
    ],
)
def test_names_sort_by_language(language: str, names: list[str]) -> None:
    unsorted = names[::-1]
    assert sorted(unsorted, key=lambda name: sort_key(name, language)) == names


def test_numbers_in_names_sort_as_numbers() -> None:
    assert sorted(["Fob 10", "Fob 9", "fob 100"], key=lambda name: sort_key(name, "nb")) == [
        "Fob 9",
        "Fob 10",
        "fob 100",
    ]


@pytest.mark.parametrize("typed", ["ødegård", "ODEGARD", "oedegaard", "ase ode", "ØDEG åse"])
def test_a_name_is_found_however_it_is_typed(typed: str) -> None:
    found_by = search_text("Åse Ødegård")
    assert all(word in found_by for word in search_words(typed))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(typed=st.text(max_size=12))
def test_any_filter_is_text_and_never_a_pattern(busy_site: Store, typed: str) -> None:
    query = Everything("label", filter=typed)
    listing = key_table(busy_site)
    assert len(listing.at(query, 0, -1)) == listing.count(query)
