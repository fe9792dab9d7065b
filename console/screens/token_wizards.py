"""The wizards *Enrol a token* and *Revoke a token*: an enrolled token signs either."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from textual.widget import Widget

from console.background import in_background
from console.configuration import change_settings
from console.language import _
from console.screens.token_page import LONGEST_PIN, TokenPage
from console.screens.wizard import CheckPage, Page, ResultPage, Wizard
from console.widgets.choice_list import Choice, ChoiceList
from console.widgets.field import Field
from console.widgets.paragraphs import Paragraphs
from console.wording import explain
from pkcs11_token.chain import Details
from pkcs11_token.errors import N_, SperreError
from pkcs11_token.statement import full_fingerprint, short_fingerprint
from store.errors import NoNewToken
from store.trust import commit_token_change, enrolled_token, prepare_enrolment, prepare_revocation, trust

if TYPE_CHECKING:
    from pkcs11_token.session import FoundToken


class SignedChange(Wizard):
    """A change of the tokens that count; the last page has an enrolled token sign it."""

    change: Details | None = None

    async def sign_and_commit(self, page: TokenPage) -> None:
        """Sign with the token that is logged in, or that `page` logs in to. Raises TokenError or StatementRefused."""
        token, change = self.console.token, cast("Details", self.change)
        if not token.logged_in:
            await page.log_in()
        statement = await self.waiting_for_token(token.sign(change, page.take_pin()))
        await self.commit(statement)

    async def commit(self, statement: str) -> None:
        """Commit the change with its statement."""
        store, change = self.console.store, cast("Details", self.change)
        await in_background(lambda: commit_token_change(store, change, [statement]))
        self.console.store_changed()


class NewTokenPage(Page):
    """Which of the tokens that are present and not enrolled, who holds it, and its PIN."""

    step = 1

    def __init__(self) -> None:
        super().__init__()
        self.found: list[FoundToken] = []

    def compose(self) -> Iterable[Widget]:
        yield Paragraphs([_("Which token is to be enrolled?")], bold=True)
        yield Paragraphs([_("Looking for the token …")], id="looking")
        yield ChoiceList[int]([])
        yield Paragraphs([""])
        yield Field(_("Holder"), id="user")
        yield Field(_("PIN"), secret=True, limit=LONGEST_PIN, id="pin")

    def entered(self) -> None:
        user = self.query_one("#user", Field)
        if user.is_empty:
            user.value = cast("EnrolWizard", self.screen).console.store.operator
        self.run_worker(self.look())

    async def look(self) -> None:
        """Show the tokens that can be enrolled."""
        wizard = cast("EnrolWizard", self.screen)
        try:
            self.found = await wizard.console.token.find_new()
            if not self.found:
                raise NoNewToken
        except SperreError as error:
            self.query_one("#looking", Paragraphs).show([f"! {explain(error)}"])
            return
        self.query_one("#looking", Paragraphs).show([])
        tokens = self.query_one(ChoiceList)
        tokens.offer(
            [Choice(i, token.label, f"{token.manufacturer}, {token.model}") for i, token in enumerate(self.found)]
        )
        tokens.chosen = 0

    @property
    def token(self) -> "FoundToken":
        """The token that was chosen: the first until another is."""
        return self.found[self.query_one(ChoiceList).chosen or 0]

    def why_not(self) -> str:
        if not self.found:
            return explain(NoNewToken())
        if self.query_one("#pin", Field).is_empty and not self.token.pin_pad:
            return _("Enter the PIN of the new token first.")
        return ""


class EnrolWizard(SignedChange):
    """Enrol a token: the first signs for itself and is the site's root."""

    name_of_wizard = N_("Enrol a token")
    steps = (N_("New token"), N_("Token"))

    def first_page(self) -> Page:
        return NewTokenPage()

    async def next_page(self, page: Page) -> Page | None:
        match page:
            case NewTokenPage():
                return await self.state_enrolment(page)
            case TokenPage():
                await self.sign_and_commit(page)
                return self.enrolled()
        return None

    async def state_enrolment(self, page: NewTokenPage) -> Page:
        """Log in to the new token, and state its enrolment; the first token signs it itself."""
        field = page.query_one("#pin", Field)
        pin = None if field.is_empty else field.take()
        session = await self.waiting_for_token(self.console.token.log_in_new(page.token, pin))
        with session:
            user = page.query_one("#user", Field).value or self.console.store.operator
            self.change = prepare_enrolment(self.console.store, session.public_key, session.label, user)
            if trust(self.console.store).valid:
                return TokenPage(2, [_("An enrolled token must sign this change.")])
            change = self.change
            statement = await self.waiting_for_token(in_background(lambda: session.sign(change)))
        await self.commit(statement)
        change_settings(token_root=session.fingerprint)
        return self.enrolled()

    def enrolled(self) -> ResultPage:
        change = cast("Details", self.change)
        fingerprint = full_fingerprint(change["token"]["fingerprint"])
        return ResultPage([_("The token is enrolled: {fingerprint}").format(fingerprint=fingerprint)])


class RevokeWizard(SignedChange):
    """Revoke a token."""

    name_of_wizard = N_("Revoke a token")
    steps = (N_("Check"), N_("Token"))

    def __init__(self, fingerprint: str) -> None:
        super().__init__()
        self.fingerprint = fingerprint

    def first_page(self) -> Page:
        revoked = enrolled_token(self.console.store, self.fingerprint)
        words = _("Token {fingerprint} of {user} proves nothing any more once this is signed.")
        return CheckPage(
            1, [words.format(fingerprint=short_fingerprint(revoked.fingerprint), user=revoked.user)], forward=N_("Next")
        )

    async def next_page(self, page: Page) -> Page | None:
        match page:
            case CheckPage():
                self.change = prepare_revocation(self.console.store, self.fingerprint)
                return TokenPage(2, [_("An enrolled token must sign this change.")])
            case TokenPage():
                await self.sign_and_commit(page)
                fingerprint = full_fingerprint(self.fingerprint)
                return ResultPage([_("The token is revoked: {fingerprint}").format(fingerprint=fingerprint)])
        return None
