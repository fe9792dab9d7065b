"""The wizard *Add to blocklist*: steps 2 to 10 of the manual."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from console import danger, outcomes, sentences
from console.background import in_background
from console.language import _
from console.screens.picker import PickerPage
from console.screens.way_page import WayPage, ways
from console.screens.wizard import CheckPage, Page, ResultPage, Wizard
from console.widgets.choice_list import Choice, ChoiceList
from console.widgets.paragraphs import Paragraphs
from console.widgets.record_table import Column, RecordTable
from console.wording import explain, nothing_to_block
from pkcs11_token.errors import N_
from store import blocklist
from store.answer import Answer, answer
from store.browse.keys import KeyRow, key_table
from store.browse.people import PersonRow, person_table
from store.database import Store
from store.errors import NoBlockableKey, NoneBlockable, Refused
from store.keys import blockable, find_keys, keys_of_person, reach, why_not_blockable
from store.models import Key
from store.terms import Reason


class WhatPage(Page):
    """Step 3: one key, or all keys of a person."""

    def compose(self) -> Iterable[Widget]:
        yield Paragraphs([_("What is to be blocked?")], bold=True)
        yield ChoiceList(
            [
                Choice("key", _("Add a key to the blocklist"), _("one key was lost")),
                Choice("person", _("Add all keys of a person"), _("a bag with several keys was lost")),
            ],
            marks=False,
        )


class KeyPage(PickerPage):
    """Step 4: the key; those that are not to be blocked say why (rules 9 to 11)."""

    step = 1
    question = N_("Which key is to be blocked?")
    advice = N_("A phone key is normally returned and emptied; block it only where that cannot be completed.")

    def __init__(self, store: Store, language: str) -> None:
        super().__init__()
        self.store, self.language = store, language

    def table(self) -> RecordTable[KeyRow]:
        return RecordTable(
            key_table(self.store, self.language),
            [
                Column("label", _("Label"), lambda row: row.label, 10, min_width=6, cut="middle"),
                Column("name", _("Key"), lambda row: row.name, 15, min_width=10, flex=True, cut="middle"),
                Column("person", _("Holder"), lambda row: row.person, 15, min_width=8, flex=True, cut="middle"),
                Column("opens", _("Opens"), _opens, 34, min_width=22, sortable=False),
            ],
            sort="label",
            dimmed=lambda row: row.refusal is not None,
            empty_text=_("No key is found by these words."),
        )

    def why_not(self) -> str:
        if self.row is None:
            return _("No key is chosen: search for another word.")
        return explain(self.row.refusal) if self.row.refusal else ""


class PersonPage(PickerPage):
    """The person whose keys were all lost."""

    step = 1
    question = N_("Whose keys are to be blocked?")
    advice = N_("All keys of the person that can be blocked are added, or none.")

    def __init__(self, store: Store, language: str) -> None:
        super().__init__()
        self.store, self.language = store, language

    def table(self) -> RecordTable[PersonRow]:
        return RecordTable(
            person_table(self.store, self.language),
            [
                Column("name", _("Name"), lambda row: row.name, 30, min_width=12, flex=True, cut="middle"),
                Column("keys", _("Keys"), lambda row: str(row.keys), 6, align="right", sortable=False),
                Column("blocked", _("Blocked"), lambda row: str(row.blocked), 8, align="right", sortable=False),
            ],
            sort="name",
            dimmed=lambda row: row.keys == row.blocked,
            empty_text=_("Nobody is found by these words."),
        )

    def why_not(self) -> str:
        if self.row is None:
            return _("Nobody is chosen: search for another word.")
        if not blockable(keys_of_person(self.row.id)):
            return explain(NoBlockableKey(person=self.row.name))
        return ""


class LocksPage(WayPage[Reason]):
    """Step 6: planning or ordering, with the numbers that matter, and why."""

    step = 2

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.keys: list[Key] = []
        self.refusals: list[Refused] = []
        self.answers: Sequence[Answer] = ()

    def compose(self) -> Iterable[Widget]:
        yield Paragraphs(id="keys")
        yield from self.questions(_("only noted here"), _("issued now, and sent to phone keys"), list(Reason))
        yield Paragraphs([""])
        yield Paragraphs(id="places")

    def entered(self) -> None:
        zones = reach(self.keys, self.store.list_limit)
        self.query_one("#keys", Paragraphs).show([" ".join([outcomes.opens(self.keys, zones), *self.left_out])])
        self.query_one("#places", Paragraphs).show([sentences.affected_locks(zones, self.store.list_limit)])
        self.run_worker(self.work_out(), exclusive=True)

    async def work_out(self) -> None:
        """Find out what either way means for the doors, and say it beside the choices."""
        keys, store = self.keys, self.store
        self.answers = await in_background(lambda: [answer(store, key.id) for key in keys])
        self.query_one(ChoiceList).offer(
            ways(danger.if_planned(self.answers), danger.if_ordered(self.answers, store.clock()))
        )

    @property
    def left_out(self) -> Sequence[str]:
        """Which of the keys that were asked for cannot be blocked, and why."""
        return [sentences.left_out(self.refusals)] if self.refusals else []


class AddWizard(Wizard):
    """Add to blocklist; begins with the affected locks when the keys are known already (their labels)."""

    name_of_wizard = N_("Add to blocklist")
    steps = (N_("Key"), N_("Affected locks"), N_("Check"))

    def __init__(self, labels: Sequence[str] = ()) -> None:
        super().__init__()
        self.labels = labels

    def first_page(self) -> Page:
        if not self.labels:
            return WhatPage()
        page = self.locks_page(find_keys(self.labels))
        if page.keys:
            return page
        first = page.refusals[0]
        raise first if len(self.labels) == 1 else NoneBlockable(count=len(self.labels), first=first)

    async def next_page(self, page: Page) -> Page | None:
        store = self.console.store
        match page:
            case WhatPage():
                kind = KeyPage if page.query_one(ChoiceList).chosen == "key" else PersonPage
                return self.kept(kind) or kind(store, self.console.language)
            case KeyPage():
                return self.locks_page([Key.get_by_id(page.row.id)])
            case PersonPage():
                return self.locks_page(keys_of_person(page.row.id))
            case LocksPage():
                await page.work_out()
                return CheckPage(3, self.description())
            case CheckPage():
                return await self.finish()
        return None

    def locks_page(self, keys: list[Key]) -> LocksPage:
        page = self.kept(LocksPage) or LocksPage(self.console.store)
        refusals = {key.id: why_not_blockable(key) for key in keys}
        page.keys = [key for key in keys if refusals[key.id] is None]
        page.refusals = [refusal for refusal in refusals.values() if refusal is not None]
        return page

    def description(self) -> list[str]:
        locks, store = self.query_one(LocksPage), self.console.store
        zones = reach(locks.keys, store.list_limit)
        check = outcomes.addition(
            locks.keys, zones, locks.answers, store.clock(), locks.reason, order=bool(locks.order)
        )
        return [*check, *locks.left_out]

    async def finish(self) -> Page:
        locks = self.query_one(LocksPage)
        labels = [key.label for key in locks.keys]
        order, reason, note = bool(locks.order), locks.reason, locks.note

        def add() -> list[blocklist.ListChange]:
            return blocklist.add(self.console.store, labels, order=order, reason=reason, note=note)

        changes = await in_background(add)
        self.console.store_changed()
        return ResultPage(outcomes.added(locks.keys, changes))


def _opens(row: KeyRow) -> str:
    if row.refusal:
        return nothing_to_block(row.refusal)
    return sentences.doors_in_zones(row.locks, row.zones)
