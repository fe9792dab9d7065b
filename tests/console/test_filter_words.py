"""The words of a filter are listed by `?` in the operator's language, and each of them is understood."""

from pathlib import Path

import pytest

from console import language
from store import filters
from store.browse.blocklist import blocklist_table
from store.browse.journal import journal_table
from store.browse.keys import key_table
from store.browse.locks import lock_table
from store.browse.people import person_table
from store.browse.sightings import sighting_table
from store.browse.zones import zone_table
from store.database import Store, open_store
from tests.store.conftest import Clock


@pytest.fixture
def tables(tmp_path: Path) -> list[dict[str, filters.Term]]:
    store: Store = open_store(tmp_path / "store.sqlite", "kari", clock=Clock(), create=True)
    made = [blocklist_table(store), key_table(store), lock_table(store), person_table(store)]
    return [dict(table.terms) for table in (*made, zone_table(store), journal_table(store), sighting_table(store))]


@pytest.mark.parametrize("chosen", language.LANGUAGES)
def test_each_word_that_is_listed_is_understood(tables: list[dict[str, filters.Term]], chosen: str) -> None:
    language.use(chosen)
    try:
        for terms in tables:
            for name, term in terms.items():
                for value in term.values if len(term.values) > 1 else ():
                    typed = f'{language._(name)}:"{language._(value)}"'
                    asked = filters.read(typed, terms)
                    assert (asked.words, len(asked.conditions)) == ((), 1), typed
    finally:
        language.use("en")
