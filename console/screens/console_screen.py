"""What every screen has: a title line on top; below, the state of the site and the keys that work here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import on
from textual.app import ComposeResult
from textual.events import Key, Paste
from textual.screen import Screen
from textual.widget import Widget

from console.language import _
from console.widgets.bars import Foot, Hints, MessageLine, TitleLine
from console.widgets.record_table import RecordTable
from console.wording import explain
from pkcs11_token.errors import N_, SperreError

if TYPE_CHECKING:
    from console.app import SperreApp

T = TypeVar("T")
SMALLEST = (60, 16)


class ConsoleScreen(Screen[T], inherit_css=False):
    """A screen between its title and its bottom lines; `where` are the words of the title, from the manual.

    `hints` are the keys on the bottom line, at most six; `?` has the rest.
    """

    BINDINGS = [("escape", "back", N_("Back")), ("question_mark", "help", N_("Help"))]
    where: ClassVar[tuple[str, ...]] = (N_("Basic data"),)
    hints: ClassVar[tuple[tuple[str, str], ...]] = ()

    @property
    def console(self) -> "SperreApp":
        """The app, which has the store and the operator's token."""
        return cast("SperreApp", self.app)

    def compose(self) -> ComposeResult:
        yield TitleLine(self.heading(), self.console.settings.site, id="title")
        yield MessageLine(id="message")
        yield from self.body()
        yield Foot(self.console.state, in_words(self.hints))

    def heading(self) -> str:
        """Where this screen is: Basic data › Browse blocklist."""
        return " › ".join(_(word) for word in self.where)

    def body(self) -> Iterable[Widget]:
        """The widgets between title and bottom."""
        return ()

    def filter_words(self) -> Mapping[str, Sequence[str]]:
        """The words that a filter of this screen knows, each with what may follow it, in English."""
        return {}

    def records_changed(self) -> None:
        """Read again what is shown: the store has changed, here or at another operator's."""

    def show_state(self) -> None:
        """Show the state of the site and the token as it is now."""
        self.query_one(Foot).state = self.console.state

    def say(self, *messages: str, urgent: bool = True) -> None:
        """Show messages under the title, until the next ones."""
        self.query_one("#message", MessageLine).show(*messages, urgent=urgent)

    @on(RecordTable.ReadFailed)
    def say_why_not_read(self, event: RecordTable.ReadFailed) -> None:
        if not isinstance(event.error, SperreError):
            raise event.error
        self.say(explain(event.error))

    def on_paste(self) -> None:
        """No field has taken it. Text never acts as keys, and what is not used is told."""
        self.say(_("What was pasted, or came too fast for typing, was not used: there is no field for it here."))

    def is_ready_for(self, event: Key | Paste) -> bool:
        """Whether one can act on a key: text goes into its field at once, all else waits for the rows it is about."""
        from console.widgets.field import Field  # not before a key is pressed

        if isinstance(self.focused, Field) and (isinstance(event, Paste) or event.is_printable):
            return True
        return not any(table.is_reading for table in self.query(RecordTable))

    def action_back(self) -> None:
        if len(self.app.screen_stack) > 1:
            self.dismiss()

    def action_help(self) -> None:
        from console.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(type(self), bool(self.query(RecordTable)), self.filter_words()))


def in_words(hints: Iterable[tuple[str, str]]) -> Hints:
    """Keys and what they do, in the operator's language."""
    return tuple((_(key), _(label)) for key, label in hints)
