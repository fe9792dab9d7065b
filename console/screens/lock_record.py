"""A lock: where it is, what it has learned, which keys open it, and which bring it the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from console.facts import lock_facts, lock_headline
from console.language import _, number
from console.screens.keys import key_columns
from console.screens.record import RecordScreen
from console.widgets.record_table import Column, RecordTable
from console.widgets.row_list import RowList
from console.wording import date_time
from pkcs11_token.errors import N_
from store.browse.keys import key_table
from store.collation import sort_key
from store.exposure import Carrier, carriers_to
from store.models import Lock, utc_text


@dataclass(frozen=True)
class CarrierRow:
    """A carrier with its place, the most frequent first."""

    id: int
    carrier: Carrier


class LockRecord(RecordScreen):
    """One lock with the keys that open it."""

    tabs = (N_("Basic information"), N_("Keys"), N_("Carriers"))

    @property
    def shown(self) -> Lock:
        return Lock.get_by_id(self.record_id)

    def name_of_record(self) -> str:
        return str(self.shown.name)

    def headline(self) -> str:
        return lock_headline(self.shown)

    def facts(self) -> Sequence[tuple[str, str]]:
        return lock_facts(self.shown)

    def table(self, tab: int) -> RecordTable[Any]:
        if tab == 2:
            return self._carriers()
        source = key_table(self.console.store, self.console.language, of_lock=self.record_id)
        return RecordTable(
            source, key_columns(self.console.store), sort="label", empty_text=_("No key opens this lock."), id="keys"
        )

    def _carriers(self) -> RecordTable[CarrierRow]:
        found = carriers_to(self.console.store, self.record_id)
        rows = [CarrierRow(place, carrier) for place, carrier in enumerate(found)]
        language = self.console.language
        return RecordTable(
            RowList(
                rows,
                {
                    "label": lambda row: sort_key(row.carrier.label, language),
                    "name": lambda row: sort_key(row.carrier.name, language),
                    "person": lambda row: sort_key(row.carrier.person, language),
                    "visits": lambda row: -row.id,
                    "last": lambda row: utc_text(row.carrier.last_visit) if row.carrier.last_visit else "",
                },
            ),
            [
                Column("label", _("Label"), lambda row: row.carrier.label, 8, min_width=6),
                Column("name", _("Key"), lambda row: row.carrier.name, 16, flex=True),
                Column("person", _("Holder"), lambda row: row.carrier.person, 16, flex=True),
                Column("visits", _("Visits"), lambda row: number(row.carrier.visits), 8, align="right"),
                Column("last", _("Last visit"), _last_visit, 16, min_width=16),
            ],
            sort="visits",
            descending=True,
            empty_text=_("No key that is not blocked carries the list of this zone to this lock."),
            id="carriers",
        )


def _last_visit(row: CarrierRow) -> str:
    return date_time(row.carrier.last_visit) if row.carrier.last_visit else _("never")
