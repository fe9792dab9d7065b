"""A lock: where it is, and which keys open it."""

from collections.abc import Sequence
from typing import Any

from console.language import _
from console.screens.keys import key_columns
from console.screens.record import RecordScreen
from console.widgets.record_table import RecordTable
from pkcs11_token.errors import N_
from store import browse
from store.models import Lock


class LockRecord(RecordScreen):
    """One lock with the keys that open it."""

    tabs = (N_("Basic information"), N_("Keys"))

    @property
    def shown(self) -> Lock:
        return Lock.get_by_id(self.record_id)

    def name_of_record(self) -> str:
        return str(self.shown.name)

    def headline(self) -> str:
        return f"{self.shown.name}, {self.shown.place}" if self.shown.place else str(self.shown.name)

    def facts(self) -> Sequence[tuple[str, str]]:
        lock = self.shown
        return [
            (_("Serial"), lock.serial),
            (_("Place"), lock.place),
            (_("Zone"), lock.zone.name),
            (_("Networked"), _("✓ yes") if lock.networked else _("– no")),
        ]

    def table(self, tab: int) -> RecordTable[Any]:
        source = browse.keys(self.console.store, self.console.language, of_lock=self.record_id)
        return RecordTable(source, key_columns(), sort="label", empty_text=_("No key opens this lock."))
