"""A person and the keys that he or she holds."""

from collections.abc import Sequence
from typing import Any

from console.facts import person_facts
from console.language import _
from console.screens.keys import key_columns
from console.screens.record import RecordScreen
from console.widgets.record_table import RecordTable
from pkcs11_token.errors import N_
from store.browse.keys import key_table
from store.models import Person


class PersonRecord(RecordScreen):
    """One person with his or her keys."""

    tabs = (N_("Basic information"), N_("Keys"))

    @property
    def person(self) -> Person:
        return Person.get_by_id(self.record_id)

    def name_of_record(self) -> str:
        return str(self.person.name)

    def headline(self) -> str:
        return str(self.person.name)

    def facts(self) -> Sequence[tuple[str, str]]:
        return person_facts(self.person)

    def table(self, tab: int) -> RecordTable[Any]:
        source = key_table(self.console.store, self.console.language, of_person=self.record_id)
        return RecordTable(
            source, key_columns(self.console.store), sort="label", empty_text=_("This person holds no key."), id="keys"
        )
