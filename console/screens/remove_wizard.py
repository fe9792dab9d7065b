"""The wizard *Remove from blocklist*: what reopens, why, and the token that proves it."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from console import outcomes
from console.background import in_background
from console.language import _
from console.screens.token_page import TokenPage
from console.screens.way_page import WayPage
from console.screens.wizard import CheckPage, Page, RefusalPage, ResultPage, Wizard
from console.widgets.paragraphs import Paragraphs
from console.wording import explain
from pkcs11_token.chain import Details
from pkcs11_token.errors import N_, SperreError
from pkcs11_token.statement import fingerprint_of
from store import blocklist
from store.blocklist import ListChange, prepare_removal
from store.errors import JournalMoved, NoTokenEnrolled
from store.keys import find_keys, reach
from store.terms import RemovalReason
from store.trust import trust


class ReasonPage(WayPage[RemovalReason]):
    """What reopens, why, and whether the list is ordered at once."""

    step = 1

    def __init__(self, headline: Sequence[str]) -> None:
        super().__init__()
        self.headline = headline

    def compose(self) -> Iterable[Widget]:
        yield Paragraphs(self.headline)
        yield from self.questions(
            _("the locks go on refusing the key\nuntil the blocklist is ordered"),
            _("issued now: doors reopen as\nthe new list reaches them"),
            list(RemovalReason),
        )


class ChangedPage(CheckPage):
    """What others did while the token signed, and what Finish would do now: the operator decides anew."""

    def __init__(self, moved: JournalMoved, description: Sequence[str]) -> None:
        super().__init__(2, description, forward=N_("Next"))
        self.moved = moved

    def compose(self) -> Iterable[Widget]:
        yield Paragraphs([_("! It was not done.")], bold=True)
        yield Paragraphs([explain(self.moved)], indent=2)
        yield from super().compose()


class RemoveWizard(Wizard):
    """Remove from blocklist; needs a logged-in Token (rule 1), which signs this very removal."""

    name_of_wizard = N_("Remove from blocklist")
    steps = (N_("Reason"), N_("Check"), N_("Token"))

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__()
        self.labels = list(labels)
        self.removal: Details | None = None
        self.statements: list[str] = []

    def first_page(self) -> Page:
        store = self.console.store
        keys = find_keys(self.labels)
        prepare_removal(store, self.labels, order=False, reason=RemovalReason.OTHER)
        if not trust(store).valid:
            raise NoTokenEnrolled
        return ReasonPage([outcomes.reopens(keys, reach(keys, store.list_limit))])

    async def next_page(self, page: Page) -> Page | None:
        match page:
            case ReasonPage():
                return CheckPage(2, self.description(), forward=N_("Next"))
            case CheckPage():
                self.removal, self.statements = None, []
                return TokenPage(3, [_("Removing a key from the blocklist always requires a logged-in Token.")])
            case TokenPage():
                return await self.sign(page)
        return None

    def description(self) -> list[str]:
        reason = self.query_one(ReasonPage)
        return outcomes.removal(find_keys(self.labels), reason.reason, order=bool(reason.order))

    async def sign(self, page: TokenPage) -> Page:
        """Have the token sign this very removal; with four eyes a second token signs the same."""
        token = self.console.token
        if not token.logged_in:
            await page.log_in()
            if token.asks_each_time:
                return TokenPage(3, [_("This token asks for its PIN at every signature: enter it once more to sign.")])
        store, chosen = self.console.store, self.query_one(ReasonPage)
        try:
            if self.removal is None:
                self.removal = prepare_removal(
                    store, self.labels, order=bool(chosen.order), reason=chosen.reason, note=chosen.note
                )
            self.statements.append(await self.waiting_for_token(token.sign(self.removal, page.take_pin())))
            if len(self.statements) < store.tokens_required:
                token.log_out()
                signed = [fingerprint_of(statement) for statement in self.statements]
                second = [_("This site asks for a second token: log in with a different one.")]
                return TokenPage(3, second, besides=signed)
            return await self.finish(self.removal, self.statements)
        except SperreError as error:
            self.removal, self.statements = None, []
            if not isinstance(error, JournalMoved):
                raise
            return self.decided_anew(error)

    def decided_anew(self, moved: JournalMoved) -> Page:
        """The check again, with what was done meanwhile; a refusal when the removal is no longer possible."""
        self.console.store_changed()
        try:
            prepare_removal(self.console.store, self.labels, order=False, reason=RemovalReason.OTHER)
        except SperreError as error:
            return RefusalPage(" ".join([explain(moved), explain(error)]))
        return ChangedPage(moved, self.description())

    async def finish(self, removal: Details, statements: Sequence[str]) -> Page:
        store = self.console.store

        def remove() -> list[ListChange]:
            return blocklist.remove(store, removal, statements)

        changes = await in_background(remove)
        self.console.store_changed()
        return ResultPage(outcomes.removed(store, find_keys(self.labels), changes, statements))
