"""The words of a filter are listed by `?` in the operator's language, and each of them is understood."""

from pathlib import Path

import pytest

from console import language
from store import browse, filters
from store.database import Store, open_store
from store.sightings import sightings
from tests.store.conftest import Clock


@pytest.fixture
def tables(tmp_path: Path) -> list[dict[str, filters.Term]]:
    store: Store = open_store(tmp_path / "store.sqlite", "kari", clock=Clock(), create=True)
    made = [browse.blocklist(store), browse.keys(store), browse.locks(store), browse.people(store)]
    return [dict(table.terms) for table in (*made, browse.zones(store), browse.journal(store), sightings(store))]


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
