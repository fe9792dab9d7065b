"""A zone: the state of its blocklist, and its locks."""

from collections.abc import Sequence
from typing import Any

from console.language import _, number
from console.screens.locks import lock_columns
from console.screens.record import RecordScreen
from console.sentences import pending_changes
from console.widgets.record_table import RecordTable
from console.wording import status
from pkcs11_token.errors import N_
from store import browse
from store.blocklist import pending
from store.keys import list_size
from store.models import Lock, Zone
from store.terms import Status


class ZoneRecord(RecordScreen):
    """One zone with its locks."""

    tabs = (N_("Basic information"), N_("Locks"))
    BINDINGS = [("o", "app.order", N_("Order blocklist"))]

    @property
    def zone(self) -> Zone:
        return Zone.get_by_id(self.record_id)

    def name_of_record(self) -> str:
        return str(self.zone.name)

    def headline(self) -> str:
        plans = pending([self.zone.name])
        if plans:
            return _("Under planning: {changes}").format(changes=pending_changes(plans[0]))
        return _("The newest blocklist of {zone} is ordered.").format(zone=self.zone.name)

    def facts(self) -> Sequence[tuple[str, str]]:
        zone, limit = self.zone, self.console.store.list_limit
        size = list_size(zone)
        state = Status.UNDER_PLANNING if zone.version > zone.ordered_version else Status.ORDERED
        return [
            (_("Status"), status(state)),
            (_("Newest version"), number(zone.version)),
            (_("Ordered version"), number(zone.ordered_version)),
            (_("Blocked keys"), number(size)),
            (_("Places left"), _("{left} of {limit}").format(left=number(limit - size), limit=number(limit))),
            (_("Locks"), number(Lock.select().where(Lock.zone == zone).count())),
        ]

    def table(self, tab: int) -> RecordTable[Any]:
        source = browse.locks(self.console.store, self.console.language, of_zone=self.record_id)
        return RecordTable(source, lock_columns(), sort="name", empty_text=_("There is no lock in this zone."))
