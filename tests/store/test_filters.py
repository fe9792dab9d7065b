"""The filter language: what its words mean, in English and Norwegian, and what is said of words that are not clear."""

from collections.abc import Iterable
from contextlib import suppress
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
from store.collation import search_words
from store.database import Store
from store.errors import FilterDateWrong, FilterInvalid, FilterValueWrong
from store.listing import Everything, Listing
from store.models import Key, Lock
from store.terms import Reason
from tests.store.conftest import Clock


@pytest.fixture
def blocked(site: Store, clock: Clock) -> Store:
    """N-1 is ordered on A, B and C; N-2 under planning on A since the next day; N-4 ordered on B."""
    blocklist.add(site, ["N-1"], order=True, reason=Reason.STOLEN)
    blocklist.add(site, ["N-4"], order=True, reason=Reason.NOT_RETURNED)
    clock.advance(days=1)
    blocklist.add(site, ["N-2"], order=False, reason=Reason.LOST)
    return site


def labels(listing: Listing[Any], typed: str) -> list[str]:
    found = [row.label for row in listing.after(Everything("label", filter=typed), None, 99)]
    assert listing.count(Everything("label", filter=typed)) == len(found)
    return found


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("status:planning", "N-2"),
        ("STATUS:Plan", "N-2"),
        ("status:planlegging", "N-2"),
        ('status:"under planning"', "N-2"),
        ("status:ordered", "N-1 N-4"),
        ("status:best", "N-1 N-4"),
        ("zone:C", "N-1"),
        ("sone:a", "N-1 N-2"),
        ("type:fob", "N-1 N-4"),
        ("type:nøkkel", "N-1 N-4"),
        ("type:noekkelbrikke", "N-1 N-4"),
        ("type:phone", "N-2"),
        ("reason:stjålet", "N-1"),
        ("årsak:stj", "N-1"),
        ("aarsak:ikke", "N-4"),
        ('reason:"not ret"', "N-4"),
        ("by:kari", "N-1 N-2 N-4"),
        ("av:ola", ""),
        ("before:2026-11-25", "N-1 N-4"),
        ("før:25.11.2026", "N-1 N-4"),
        ("for:25.11.2026", "N-1 N-4"),
        ("foer:2026-11-25", "N-1 N-4"),
        ("after:2026-11-25", "N-2"),
        ("etter:24.11.2026 before:2026-11-25", "N-1 N-4"),
        ("person:sæther", "N-1 N-2"),
        ("person:saether", "N-1 N-2"),
        ('person:"sæther kåre"', "N-1 N-2"),
        ("person:ø", "N-4"),
        ("seen:no", "N-1 N-2 N-4"),
        ("sett:ja", ""),
        ("opens:yes", "N-1 N-2 N-4"),
        ("zone:A status:ordered", "N-1"),
        ("zone:A phone", "N-2"),
        ("saether status:plan", "N-2"),
        ("status: zone:", "N-1 N-2 N-4"),
        ("status:planning status:ordered", ""),
    ],
)
def test_words_of_the_blocklist(blocked: Store, oslo: None, typed: str, expected: str) -> None:
    assert labels(blocklist_table(blocked), typed) == expected.split()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("state:returned", "N-6"),
        ("tilstand:retur", "N-6"),
        ("state:planning", None),
        ('tilstand:"i pl"', "N-5"),
        ("type:phone zone:B", "N-3"),
        ("person:zoe", "N-5 N-6 N-7"),
        ("blocked:yes", "N-1 N-2 N-4"),
        ("blokkert:nei type:fob", "N-7 N-8"),
        ("blocked:y fob", "N-1 N-4"),
    ],
)
def test_words_of_the_keys(blocked: Store, typed: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(FilterValueWrong):
            labels(key_table(blocked), typed)
    else:
        assert labels(key_table(blocked), typed) == expected.split()


def names(listing: Listing[Any], typed: str, sort: str = "name") -> list[str]:
    return [row.name for row in listing.after(Everything(sort, filter=typed), None, 99)]


def test_words_of_the_locks(blocked: Store) -> None:
    Lock.update(place="Øvre gang").where(Lock.name == "Dør 3").execute()
    locks = lock_table(blocked)
    assert names(locks, "zone:C") == ["Dør 2", "Dør 5", "Dør 8", "Dør 11"]
    assert names(locks, "networked:yes") == names(locks, "nett:ja") == ["Dør 0"]
    assert names(locks, "sted:oevre") == names(locks, "place:øvre") == ["Dør 3"]
    assert names(locks, "updated:yes") == names(locks, "oppdatert:j") == ["Dør 0"]
    assert len(names(locks, "updated:no")) == 11


def test_words_of_people_zones_journal_and_sightings(blocked: Store, oslo: None) -> None:
    assert names(person_table(blocked), "blocked:yes") == ["Åse Ødegård", "Kåre Sæther"]
    assert names(zone_table(blocked), "status:plan") == ["A"]
    assert names(zone_table(blocked), "status:bestilt") == ["B", "C"]
    journal = journal_table(blocked)
    assert {row.action for row in journal.at(Everything("number", filter="action:ord"), 0, 99)} == {"order"}
    assert {row.action for row in journal.at(Everything("number", filter="handling:legg"), 0, 99)} == {"add"}
    assert len(journal.at(Everything("number", filter="after:2026-11-25 by:kari"), 0, 99)) == 1
    for typed in ("result:opened", "resultat:avvist", "zone:A", "place:opp", "person:kåre", "before:2026-11-25"):
        assert sighting_table(blocked).count(Everything("at", filter=typed)) == 0


def test_days_are_those_of_the_local_zone(blocked: Store, clock: Clock, oslo: None) -> None:
    """23:00 UTC on the 25th is the midnight in which the 26th begins in Norway."""
    clock.advance(hours=16, minutes=10)
    blocklist.add(blocked, ["N-3"], order=True, reason=Reason.LOST)
    assert labels(blocklist_table(blocked), "after:2026-11-26") == ["N-3"]
    assert labels(blocklist_table(blocked), "after:2026-11-25 before:2026-11-26") == ["N-2"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("status:x", "status:x is not clear. There are: planning, ordered, removal, removed."),
        ("status:re", "status:re is not clear. There are: planning, ordered, removal, removed."),
        ("zone:Z", "zone:Z is not clear. There are: A, B, C."),
        ("seen:maybe", "seen:maybe is not clear. There are: yes, no."),
        ("before:2026-13-01", "before:2026-13-01 is not a date. Write 2026-11-20 or 20.11.2026."),
        ("før:i går", "før:i is not a date. Write 2026-11-20 or 20.11.2026."),
        ("before:0001-01-01", "before:0001-01-01 is not a date. Write 2026-11-20 or 20.11.2026."),
        ("before:31.2.2026", "before:31.2.2026 is not a date. Write 2026-11-20 or 20.11.2026."),
        ("before:2026-11", "before:2026-11 is not a date. Write 2026-11-20 or 20.11.2026."),
    ],
)
def test_what_is_not_clear_is_said_with_what_there_is(blocked: Store, typed: str, message: str) -> None:
    for read in (blocklist_table(blocked).count, lambda query: blocklist_table(blocked).after(query, None, 9)):
        with pytest.raises(FilterInvalid) as refused:
            read(Everything("label", filter=typed))
        assert str(refused.value) == message


@pytest.mark.parametrize("typed", ["colour:red", "phone:key", ":", "a:b:c", "12:30", "networked:yes"])
def test_a_word_that_the_table_does_not_know_is_text_to_search(blocked: Store, typed: str) -> None:
    assert labels(blocklist_table(blocked), typed) == []
    Key.update(search=f"n-1 {search_words(typed)[0]}").where(Key.label == "N-1").execute()
    assert labels(blocklist_table(blocked), typed) == ["N-1"]


WORDS = [
    "status:",
    "zone:",
    "before:",
    "år",
    "sak:",
    '"',
    "planning",
    " ",
    "2026-11-01",
    "1.1.2026",
    "A",
    "seen:",
    "ja",
]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(pieces=st.lists(st.sampled_from(WORDS) | st.text(st.characters(codec=None), max_size=5), max_size=6))
def test_whatever_is_typed_is_understood_or_refused_in_one_line(blocked: Store, pieces: Iterable[str]) -> None:
    typed = "".join(pieces)
    for listing, sort in listings(blocked):
        query = Everything(sort, filter=typed)
        with suppress(FilterValueWrong, FilterDateWrong):
            assert listing.count(query) == len(listing.after(query, None, 99))


def listings(store: Store) -> list[tuple[Listing[Any], str]]:
    return [
        (blocklist_table(store), "label"),
        (key_table(store), "label"),
        (lock_table(store), "name"),
        (journal_table(store), "number"),
        (zone_table(store), "name"),
        (person_table(store), "name"),
        (sighting_table(store), "at"),
    ]
