"""The wizard *Order blocklist*: which lists, what will be issued, and Finish."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from console import outcomes, sentences
from console.background import in_background
from console.language import _
from console.screens.wizard import CheckPage, Page, ResultPage, Wizard
from console.widgets.choice_list import Choice, ChoiceList
from console.widgets.paragraphs import Paragraphs
from console.wording import duration
from pkcs11_token.errors import N_
from store import blocklist
from store.blocklist import ListChange, PendingList, pending
from store.errors import NothingToOrder


class ZonesPage(Page):
    """All lists under planning, or one of them."""

    step = 1

    def __init__(self, plans: Sequence[PendingList], ages: Sequence[str]) -> None:
        super().__init__()
        self.plans = plans
        self.ages = ages

    def compose(self) -> Iterable[Widget]:
        yield Paragraphs([_("Which blocklists are to be ordered?")], bold=True)
        one: list[Choice[tuple[str, ...]]] = [
            Choice((plan.zone,), plan.zone, _("under planning for {age}").format(age=age))
            for plan, age in zip(self.plans, self.ages, strict=True)
        ]
        every = Choice(tuple(plan.zone for plan in self.plans), _("All blocklists under planning"))
        yield ChoiceList([every, *one] if len(one) > 1 else one, marks=False)

    @property
    def zones(self) -> tuple[str, ...]:
        """The zones that were chosen."""
        return tuple(self.query_one(ChoiceList).chosen or ())


class OrderWizard(Wizard):
    """Order blocklist."""

    name_of_wizard = N_("Order blocklist")
    steps = (N_("Blocklists"), N_("Check"))

    def first_page(self) -> Page:
        plans = pending()
        if not plans:
            raise NothingToOrder
        now = self.console.store.clock()
        return ZonesPage(plans, [duration(now - plan.since) for plan in plans])

    async def next_page(self, page: Page) -> Page | None:
        match page:
            case ZonesPage():
                return CheckPage(2, self.description(page.zones))
            case CheckPage():
                return await self.finish()
        return None

    def description(self, zones: Sequence[str]) -> list[str]:
        return outcomes.order(pending(zones))

    async def finish(self) -> Page:
        zones = self.query_one(ZonesPage).zones

        def order() -> list[ListChange]:
            return blocklist.order(self.console.store, zones)

        changes = await in_background(order)
        self.console.store_changed()
        return ResultPage([sentences.state_after(changes)])
