"""Search finds exactly the rows whose texts hold the words, whatever changed before, whichever way is faster."""

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import blocklist, database, listing, text_index
from store.browse.blocklist import blocklist_table
from store.browse.journal import journal_table
from store.browse.keys import KeyRow, key_table
from store.browse.locks import lock_table
from store.browse.people import person_table
from store.browse.sightings import sighting_table
from store.collation import search_text, search_words, sort_key
from store.database import Store, open_store
from store.importer import import_site
from store.listing import Everything, Listing
from store.models import BlocklistEntry, Key, Lock, Person, Visit, Zone
from store.models import database as connection
from store.terms import KeyState, KeyType, Reason

NAMES = [
    "Åse Ødegård",
    "Kåre Sæther",
    "Zoë Berg",
    "Bjørn Øst",
    "Bo Li",
    "Ole Oe",
    "Per  Aas",
    'A "B" C',
    "Wu李 明",
    "q",
]
KEY_NAMES = ["Fob", "Phone key", "Nøkkel Øst", "aaa", "B", ""]
WORDS = ["o", "oe", "ø", "aa", "ode", "ase", "n-1", "fob", "q", "zz", "1", "04", "李", "wu", '"', "PHONE key", '"e k"']


def found(**texts: str) -> dict[str, str]:
    name = texts["name"]
    return {"sort_en": sort_key(name, "en"), "sort_nb": sort_key(name, "nb"), "search": search_text(*texts.values())}


def add_people() -> list[Person]:
    ids = [f"P{number}" for number in range(len(NAMES))]
    return [
        Person.create(person_id=i, name=name, **found(name=name, person_id=i))
        for i, name in zip(ids, NAMES, strict=True)
    ]


def add_key(number: int, name: str, person: Person | None) -> Key:
    label, serial = f"N-{number}", f"04{number:X}"
    return Key.create(
        label=label,
        serial=serial,
        name=name,
        type=KeyType.KEY_FOB,
        state=KeyState.PROGRAMMED,
        person=person,
        sort_label=sort_key(label, "en"),
        **found(name=name, label=label, serial=serial),
    )


def rename(person: Person, name: str) -> None:
    Person.update(name=name, **found(name=name, person_id=person.person_id)).where(Person.id == person.id).execute()


def rename_key(key: Key, name: str) -> None:
    Key.update(name=name, **found(name=name, label=key.label, serial=key.serial)).where(Key.id == key.id).execute()


def reference(typed: str) -> list[str]:
    """The labels of the keys that `typed` should find, read from what people see."""
    texts = {
        key.label: (
            search_text(key.name, key.label, key.serial),
            search_text(key.person.name, key.person.person_id) if key.person else "",
        )
        for key in Key.select().order_by(Key.sort_label, Key.id)
    }
    return [label for label, own in texts.items() if all(word in " ".join(own) for word in search_words(typed))]


def labels(store: Store, typed: str, descending: bool = False) -> list[str]:
    return [row.label for row in key_table(store).after(Everything("label", descending, typed), None, 999)]


@pytest.fixture(params=["walking", "by the index", "as it is"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How rows are found: tables here are so small that one of the ways would never be tried."""
    if request.param == "walking":
        monkeypatch.setattr(text_index, "FEW", -1)
        monkeypatch.setattr(text_index, "SHORT_WORD", 0)
    elif request.param == "by the index":
        monkeypatch.setattr(text_index, "FEW", -1)
        monkeypatch.setattr(listing, "STRETCH", 2)
    return str(request.param)


@pytest.fixture
def people_with_keys(store: Store) -> Store:
    random = Random(6)
    with store.writing():
        people = add_people()
        for number in range(60):
            add_key(number, random.choice(KEY_NAMES), random.choice([*people, None]))
    return store


@pytest.mark.parametrize("typed", [*WORDS, "ase n-1", "ø fob", "o oe e", "Sæther 04", "n-5 n-5", "p3"])
def test_a_search_finds_what_the_texts_hold(people_with_keys: Store, way: str, typed: str) -> None:
    expected = reference(typed)
    assert labels(people_with_keys, typed) == expected
    assert labels(people_with_keys, typed, descending=True) == expected[::-1]
    keys, query = key_table(people_with_keys), Everything("label", filter=typed)
    assert keys.count(query) == len(expected)
    for position, row in enumerate(keys.after(query, None, 999)):
        assert keys.position(query, row.id) == position
        assert keys.at(query, position, 1) == [row]


@pytest.mark.parametrize("typed", ["o", "fob", "q", "aa n-"])
@pytest.mark.parametrize("sort", ["label", "name", "person", "type", "state"])
def test_pages_of_what_was_found_follow_each_other(people_with_keys: Store, way: str, sort: str, typed: str) -> None:
    keys = key_table(people_with_keys)
    for descending in (False, True):
        query = Everything(sort, descending, typed)
        rows = keys.after(query, None, 999)
        there: list[KeyRow] = []
        back: list[KeyRow] = []
        while page := keys.after(query, there[-1] if there else None, 3):
            there += page
        while page := keys.before(query, back[0] if back else None, 3):
            back = page + back
        assert there == back == rows
        assert sorted(row.label for row in rows) == sorted(reference(typed))


def test_the_next_match_after_a_row_need_not_have_the_row_among_them(people_with_keys: Store, way: str) -> None:
    keys, expected = key_table(people_with_keys), reference("aaa")
    for row in keys.after(Everything("label"), None, 999):
        later = [label for label in expected if sort_key(label, "en") > sort_key(row.label, "en")]
        match = keys.after(Everything("label", filter="aaa"), row, 1)
        assert [found.label for found in match] == later[:1]


CHANGE = st.sampled_from(["add", "rename", "rename key", "give", "delete", "nothing"])
CHANGES = st.lists(st.tuples(CHANGE, st.integers(0, 9), st.integers(0, 9)), max_size=12)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(changes=CHANGES)
def test_what_is_found_follows_every_change(store: Store, changes: list[tuple[str, int, int]]) -> None:
    with connection.atomic() as everything:
        people = add_people()
        for number in range(5):
            add_key(number, KEY_NAMES[number], people[number])
        for turn, (change, one, other) in enumerate(changes):
            keys = list(Key.select().order_by(Key.id))
            key = keys[one % len(keys)]
            match change:
                case "add":
                    add_key(100 + turn, KEY_NAMES[one % 6], people[other] if one else None)
                case "rename":
                    rename(people[one], NAMES[other])
                case "rename key":
                    rename_key(key, KEY_NAMES[other % 6])
                case "give":
                    Key.update(person=people[other] if other else None).where(Key.id == key.id).execute()
                case "delete" if len(keys) > 1:
                    key.delete_instance()
        for word in WORDS:
            assert labels(store, word) == reference(word), word
        for language in ("en", "nb"):
            rows = key_table(store, language).after(Everything("person"), None, 99)
            assert [row.sort_value for row in rows] == sorted(sort_key(row.person, language) for row in rows)
        connection.execute_sql("INSERT INTO key_search (key_search) VALUES ('integrity-check')")
        everything.rollback()


@pytest.mark.parametrize("typed", ["ødegård", "li bo"])
def test_a_person_leads_to_keys_blocked_keys_and_sightings(site: Store, typed: str) -> None:
    blocklist.add(site, ["N-3"], order=True, reason=Reason.LOST)
    key, lock = Key.get(Key.label == "N-3"), Lock.get()
    Visit.create(at=site.clock(), lock=lock, key=key, result="refused")
    person = Person.get(Person.person_id == "P1")
    rename(person, "Bo Li" if typed == "li bo" else "Åse Ødegård")
    query = Everything("label", filter=typed)
    assert labels(site, typed) == ["N-3", "N-4"]
    assert [row.label for row in blocklist_table(site).after(query, None, 9)] == ["N-3"]
    assert [row.label for row in sighting_table(site).after(Everything("at", filter=typed), None, 9)] == ["N-3"]
    assert [row.person_id for row in person_table(site).after(Everything("name", filter=typed), None, 9)] == ["P1"]


def test_a_key_that_is_given_away_is_found_by_its_new_person_at_once(site: Store) -> None:
    Key.update(person=Person.get(Person.person_id == "P2")).where(Key.label == "N-3").execute()
    assert labels(site, "ødegård") == ["N-4"]
    assert labels(site, "sæther") == ["N-1", "N-2", "N-3"]


def test_a_newer_import_is_found_and_the_older_names_no_more(site: Store, site_files: Path) -> None:
    people = (site_files / "people.csv").read_text()
    (site_files / "people.csv").write_text(people.replace("Åse Ødegård", "Åse Bråten"))
    keys = (site_files / "keys.csv").read_text()
    (site_files / "keys.csv").write_text(keys.replace("Fob 4;key fob;P1", "Brikke 4;key fob;P3"))
    locks = (site_files / "locks.csv").read_text()
    (site_files / "locks.csv").write_text(locks.replace("Dør 3;Oppgang 2", "Port 3;Søndre gård"))
    import_site(site, site_files)
    assert labels(site, "ødegård") == []
    assert labels(site, "braaten") == ["N-3"]
    assert labels(site, "brikke berg") == ["N-4"]
    found_locks = lock_table(site).after(Everything("name", filter="gaard soe"), None, 9)
    assert [row.name for row in found_locks] == ["Port 3"]


@pytest.mark.parametrize("typed", ["oppgang", "dør 1", "OPPGANG 2 b", "1003", "ør", "o", "1"])
def test_locks_are_found_by_name_serial_place_and_zone(site: Store, way: str, typed: str) -> None:
    texts = {row.name: search_text(row.name, row.serial, row.place, row.zone.name) for row in Lock.select()}
    expected = {name for name, text in texts.items() if all(word in text for word in search_words(typed))}
    assert {row.name for row in lock_table(site).after(Everything("name", filter=typed), None, 99)} == expected
    assert lock_table(site).count(Everything("zone", filter=typed)) == len(expected)


def test_a_store_of_before_the_index_finds_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site_files: Path
) -> None:
    """Rows as the release before wrote them: a key's own text held its person's name."""
    older = tmp_path / "migrations"
    older.mkdir()
    for migration in sorted(database.MIGRATIONS.glob("000[123]_*.py")):
        shutil.copy(migration, older)
    with monkeypatch.context() as before:
        before.setattr(database, "MIGRATIONS", older)
        store = open_store(tmp_path / "store.sqlite", "kari", create=True)
        connection.execute_sql("INSERT INTO zone (name) VALUES ('A')")
        connection.execute_sql(
            "INSERT INTO person (person_id, name, sort_en, sort_nb, search)"
            " VALUES ('P1', 'Åse', 'ase', '{cse', 'ase p1 aase p1')"
        )
        connection.execute_sql(
            "INSERT INTO lock (serial, name, zone_id, sort_en, sort_nb, search)"
            " VALUES ('1F', 'Dør', 1, 'dor', 'd{br', 'dor doer')"
        )
        for label, person, text in (("N-1", 1, "fob n-1 ase fob n-1 aase"), ("N-2", None, "fob n-2")):
            connection.execute_sql(
                "INSERT INTO key (label, name, type, state, person_id, sort_label, sort_en, sort_nb, search)"
                " VALUES (?, 'Fob', 'key fob', 'programmed', ?, ?, 'fob', 'fob', ?)",
                (label, person, label.lower(), text),
            )
        store.close()
    store = open_store(store.path, "kari")
    assert labels(store, "aase") == ["N-1"]
    assert labels(store, "fo") == ["N-1", "N-2"]
    assert [row.name for row in lock_table(store).after(Everything("name", filter="doer"), None, 9)] == ["Dør"]
    assert [row.label for row in key_table(store, "nb").after(Everything("person", descending=True), None, 9)] == [
        "N-1",
        "N-2",
    ]
    rename(Person.get(), "Bo")
    assert labels(store, "aase") == []
    assert labels(store, "bo n-1") == ["N-1"]


def plan(read: Callable[[], object]) -> list[str]:
    """How SQLite finds out which rows there are; their columns are read for those that are shown only."""
    raw = connection.connection()
    statements: list[str] = []
    raw.set_trace_callback(statements.append)
    try:
        read()
    finally:
        raw.set_trace_callback(None)
    which = [statement for statement in statements if statement.endswith("OFFSET 0")]
    return [row[3] for statement in which for row in connection.execute_sql(f"EXPLAIN QUERY PLAN {statement}")]


BIG: dict[str, tuple[Callable[[Store], Listing[Any]], list[str]]] = {
    "keys": (key_table, ["label", "name", "person", "type", "state"]),
    "keys in Norwegian": (lambda store: key_table(store, "nb"), ["name", "person"]),
    "people": (person_table, ["name", "person_id"]),
    "locks": (lock_table, ["name", "place", "serial", "networked"]),
    "journal": (journal_table, ["number"]),
}


@pytest.mark.parametrize(("name", "sort"), [(name, sort) for name, (_, sorts) in BIG.items() for sort in sorts])
@pytest.mark.parametrize("descending", [False, True])
def test_no_page_of_a_big_table_is_sorted_or_scanned_for(site: Store, name: str, sort: str, descending: bool) -> None:
    table, query = BIG[name][0](site), Everything(sort, descending)
    row = table.after(query, None, 1)[0]
    assert not [step for step in plan(lambda: table.after(query, None, 9)) if "TEMP B-TREE" in step]
    for beyond in (plan(lambda: table.after(query, row, 9)), plan(lambda: table.before(query, row, 9))):
        assert all(step.startswith("SEARCH") for step in beyond)
        assert "rowid" in beyond[0] or "autoindex" in beyond[0], "rows that sort alike are walked through"


def test_a_removal_that_waits_is_shown_until_it_is_ordered(site: Store) -> None:
    blocklist.add(site, ["N-1", "N-2"], order=True, reason=Reason.LOST)
    assert blocklist_table(site).count(Everything("name")) == 2
    Zone.update(version=9, ordered_version=4).execute()
    BlocklistEntry.update(version_out=5).where(BlocklistEntry.key == Key.get(Key.label == "N-2").id).execute()
    assert blocklist_table(site).count(Everything("name")) == 2
    Zone.update(ordered_version=9).execute()
    assert blocklist_table(site).count(Everything("name")) == 1
    assert blocklist_table(site, removed=True).count(Everything("name")) == 2
