"""The page of a wizard that asks for the token and its PIN."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, cast

from textual.widget import Widget

from console.language import _
from console.screens.wizard import Page, Wizard
from console.token_words import tries
from console.widgets.field import Field
from console.widgets.paragraphs import Paragraphs
from console.wording import explain
from pkcs11_token.chain_errors import SecondTokenRequired
from pkcs11_token.errors import N_, NotEnrolledToken, PinLastTry, SperreError

if TYPE_CHECKING:
    from console.app import SperreApp
    from pkcs11_token.session import FoundToken

LONGEST_PIN = 64
LOOK_SECONDS = 2.0


class TokenPage(Page):
    """Which token is there, and a hidden field for its PIN; the PIN goes from here to the login and nowhere else."""

    forward = N_("Finish")

    def __init__(
        self, step: int, sentences: list[str], forward: str = N_("Finish"), besides: Collection[str] = ()
    ) -> None:
        """`besides` are the fingerprints of tokens that have signed already."""
        super().__init__()
        self.step = step
        self.sentences = sentences
        self.forward = forward
        self.besides = besides
        self.confirmed = False
        self.found: FoundToken | None = None

    def compose(self) -> Iterable[Widget]:
        yield Paragraphs(self.sentences)
        yield Paragraphs(id="token", bold=True)
        yield Field(_("PIN"), secret=True, limit=LONGEST_PIN)
        yield Paragraphs([""])
        yield Paragraphs(id="tries")

    def entered(self) -> None:
        self.query_one(Field).display = self.asks_for_pin
        if self.console.token.logged_in:
            self.query_one("#token", Paragraphs).show(
                [_("You are logged in with the token {name}.").format(name=self.console.token.name())]
            )
            if self.console.token.asks_each_time and self.console.token.asks_on_reader:
                self.query_one("#tries", Paragraphs).show([_("Press Enter here, then enter the PIN on the reader.")])
        else:
            self.query_one("#token", Paragraphs).show([_("Looking for the token …")])
            self.run_worker(self.look())

    def state_changed(self) -> None:
        """A login that ended meanwhile is asked for anew."""
        field = self.query_one(Field)
        if field.display != self.asks_for_pin:
            self.entered()
            self.screen.set_focus(field if field.display else None)

    @property
    def console(self) -> "SperreApp":
        return cast("SperreApp", self.app)

    @property
    def asks_for_pin(self) -> bool:
        """Whether the PIN is typed here: to log in, or for a key that wants it at every signature."""
        token = self.console.token
        return not token.logged_in or (token.asks_each_time and not token.asks_on_reader)

    async def look(self) -> None:
        """Say which token is there and how many tries are left; while there is none, look again."""
        self.found = None
        try:
            found = await self.console.token.find(self.besides)
        except SperreError as error:
            signed_already = isinstance(error, NotEnrolledToken) and self.besides
            why = explain(SecondTokenRequired() if signed_already else error)
            self.query_one("#token", Paragraphs).show([f"! {why}"])
            self.set_timer(LOOK_SECONDS, self.look_again)
            return
        self.found = found[0]
        names = ", ".join(token.label for token in found)
        self.query_one("#token", Paragraphs).show([_("Token: {names}").format(names=names)])
        self.query_one("#tries", Paragraphs).show(self._tries(self.found))

    def look_again(self) -> None:
        if self.display and not self.console.token.logged_in:
            self.run_worker(self.look())

    def _tries(self, found: "FoundToken") -> list[str]:
        if warning := tries(found):
            return [warning]
        return [_("Press Enter here, then enter the PIN on the reader.")] if found.pin_pad else []

    def why_not(self) -> str:
        pin_pad = self.found is not None and self.found.pin_pad
        if self.asks_for_pin and not pin_pad and self.query_one(Field).is_empty:
            return _("Enter the PIN of the token first.")
        return ""

    def take_pin(self) -> str | None:
        """The PIN that was typed, which is forgotten with that; None when it is typed on the reader."""
        field = self.query_one(Field)
        return None if field.is_empty else field.take()

    async def log_in(self) -> None:
        """Log in with what was typed, unless somebody is logged in. Raises TokenError."""
        if self.console.token.logged_in:
            return
        pin = self.take_pin()
        try:
            login = self.console.token.log_in(pin, last_try_confirmed=self.confirmed, besides=self.besides)
            await cast("Wizard", self.screen).waiting_for_token(login)
        except PinLastTry:
            self.confirmed = True
            raise
        finally:
            del pin
            self.console.show_state()
            self.entered()
