"""A key: whether it is blocked, what it opens, and what was done with it."""

from collections.abc import Iterable, Sequence
from typing import Any

from textual.widget import Widget

from console import danger
from console.facts import blocked_key, key_facts, key_headline
from console.language import _
from console.screens.doors import Doors
from console.screens.journal import journal_columns
from console.screens.record import RecordScreen
from console.widgets.paragraphs import Paragraph
from console.widgets.record_table import RecordTable
from pkcs11_token.errors import N_
from store.browse.journal import journal_table
from store.exposure import exposure
from store.models import Key


class KeyRecord(RecordScreen):
    """One key with its tabs *Basic information*, *Locks affected* and *History*."""

    tabs = (N_("Basic information"), N_("Locks affected"), N_("History"))
    BINDINGS = [
        ("a", "add", N_("Add to blocklist")),
        ("o", "app.order", N_("Order blocklist")),
        ("r", "remove", N_("Remove from blocklist")),
        ("s", "situation", N_("Sought-after or effective")),
        ("b", "sort", N_("Sort by a column")),
        ("t", "app.token", N_("Token: log in or out")),
    ]
    hints = (
        ("Tab", N_("Next tab")),
        ("a", N_("Add")),
        ("o", N_("Order")),
        ("r", N_("Remove")),
        ("?", N_("Help")),
        ("Esc", N_("Back")),
    )

    @property
    def key(self) -> Key:
        return Key.get_by_id(self.record_id)

    def name_of_record(self) -> str:
        return str(self.key.label)

    def headline(self) -> str:
        return key_headline(self.console.store, self.key)

    @property
    def is_blocked(self) -> bool:
        """Whether a list holds the key, or did until its removal is ordered."""
        return blocked_key(self.record_id) is not None

    def answer(self) -> Sequence[Paragraph]:
        if not self.is_blocked:
            return ()
        store = self.console.store
        found = exposure(store, self.record_id)
        return [(danger.headline(found, store.clock()), "wrong" if found.still_opens else "good")]

    def first_tab(self) -> int:
        return 1 if self.is_blocked else 0

    def facts(self) -> Sequence[tuple[str, str]]:
        return key_facts(self.console.store, self.key)

    def page(self, tab: int) -> Iterable[Widget]:
        if tab == 1:
            yield Doors(self.console.store, self.record_id, self.as_remembered)
        else:
            yield from super().page(tab)

    def table(self, tab: int) -> RecordTable[Any]:
        return RecordTable(
            journal_table(self.console.store, of_key=self.record_id),
            journal_columns(),
            sort="number",
            descending=True,
            empty_text=_("Nothing has been done with this key yet."),
            id="journal",
        )

    def records_changed(self) -> None:
        super().records_changed()
        for doors in self.query(Doors):
            doors.reread()

    def action_situation(self) -> None:
        for doors in self.query(Doors):
            doors.switch()

    def action_add(self) -> None:
        self.console.add_keys([self.key.label])

    def action_remove(self) -> None:
        self.console.remove_keys([self.key.label])
