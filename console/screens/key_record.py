"""A key: whether it is blocked, what it opens, and what was done with it."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from textual.widget import Widget

from console import danger
from console.language import _
from console.screens.doors import Doors
from console.screens.journal import journal_columns
from console.screens.record import RecordScreen
from console.sentences import doors_in_zones, removal_proof
from console.widgets.record_table import RecordTable
from console.wording import date_time, duration, since, status, term, title
from pkcs11_token.errors import N_
from store import browse
from store.exposure import exposure
from store.models import BlockedKey, Key
from store.terms import Status


class KeyRecord(RecordScreen):
    """One key with its tabs *Basic information*, *Locks affected* and *History*."""

    tabs = (N_("Basic information"), N_("Locks affected"), N_("History"))
    BINDINGS = [
        ("a", "add", N_("Add to blocklist")),
        ("o", "app.order", N_("Order blocklist")),
        ("r", "remove", N_("Remove from blocklist")),
        ("s", "situation", N_("Sought-after or effective situation")),
        ("t", "app.token", N_("Token: log in or out")),
    ]
    hints = (
        ("← →", N_("Tabs")),
        ("a", N_("Add")),
        ("o", N_("Order")),
        ("r", N_("Remove")),
        ("?", N_("Keys")),
        ("Esc", N_("Back")),
    )

    @property
    def key(self) -> Key:
        return Key.get_by_id(self.record_id)

    @property
    def blocked(self) -> BlockedKey | None:
        """The key on the blocklist, or as it was there last."""
        return BlockedKey.get_or_none(BlockedKey.id == self.record_id)

    def name_of_record(self) -> str:
        return str(self.key.label)

    def headline(self) -> str:
        key, blocked = self.key, self.blocked
        holder = f"{key.name}, {key.person.name}" if key.person else key.name
        if blocked is None or blocked.status == Status.REMOVED:
            return _("{key}: not on the blocklist").format(key=holder)
        return _("{key}: blocked {since} by {by}, {reason}").format(
            key=holder,
            since=since(blocked.added_at, self.console.store.clock()),
            by=blocked.added_by,
            reason=term(blocked.reason),
        )

    @property
    def is_blocked(self) -> bool:
        """Whether a list holds the key, or did until its removal is ordered."""
        blocked = self.blocked
        return blocked is not None and blocked.status != Status.REMOVED

    def answer(self) -> Sequence[str]:
        if not self.is_blocked:
            return ()
        store = self.console.store
        return [danger.headline(exposure(store, self.record_id), store.clock())]

    def first_tab(self) -> int:
        return 1 if self.is_blocked else 0

    def facts(self) -> Sequence[tuple[str, str]]:
        key, blocked = self.key, self.blocked
        row = browse.key_row(self.console.store, self.record_id)
        never = _("never")
        return [
            *(self._blocklist_facts(blocked) if blocked is not None else ()),
            (_("Label"), key.label),
            (_("Serial"), key.serial or _("none: never made")),
            (_("Type"), title(key.type)),
            (_("State"), title(key.state)),
            (_("Main zone"), row.main_zone),
            (_("Opens"), doors_in_zones(row.locks, row.zones)),
            (_("Access rights"), ", ".join(browse.access_rights(key.id))),
            (_("Valid until"), date_time(key.valid_until) if key.valid_until else _("no end")),
            (
                _("Offline expiry interval"),
                duration(timedelta(seconds=key.expiry_interval)) if key.expiry_interval else _("none"),
            ),
            (_("Last contact"), date_time(key.last_contact) if key.last_contact else never),
        ]

    def _blocklist_facts(self, blocked: BlockedKey) -> Sequence[tuple[str, str]]:
        facts = [
            (_("Status"), status(Status(blocked.status))),
            (_("Added"), f"{date_time(blocked.added_at)}, {blocked.added_by}, {term(blocked.reason)}"),
        ]
        if blocked.note:
            facts.append((_("Note"), blocked.note))
        if blocked.removed_at is not None:
            facts.append((_("Removed"), removal_proof(self.console.store, blocked)))
        return facts

    def page(self, tab: int) -> Iterable[Widget]:
        if tab == 1:
            yield Doors(self.console.store, self.record_id)
        else:
            yield self.table(tab)

    def table(self, tab: int) -> RecordTable[Any]:
        return RecordTable(
            browse.journal(self.console.store, of_key=self.record_id),
            journal_columns(),
            sort="number",
            descending=True,
            empty_text=_("Nothing has been done with this key yet."),
        )

    def records_changed(self) -> None:
        super().records_changed()
        for doors in self.query(Doors):
            doors.reread()

    def action_situation(self) -> None:
        for doors in self.query(Doors):
            doors.switch()

    def action_add(self) -> None:
        self.console.action_add_key(self.key.label)

    def action_remove(self) -> None:
        self.console.action_remove(self.key.label)
