"""The frame of a wizard: one question a page, Enter goes on, Esc goes back and loses nothing."""

from collections.abc import Awaitable, Iterable, Sequence
from typing import ClassVar, TypeVar

from rich.segment import Segment
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.events import Key, Paste
from textual.widget import Widget
from textual.worker import Worker

from console.language import _
from console.screens.console_screen import ConsoleScreen
from console.widgets.bars import BOLD, DIM, Foot, Line, MessageLine, rule
from console.widgets.choice_list import ChoiceList
from console.widgets.field import Field
from console.widgets.paragraphs import Paragraphs
from console.widgets.record_table import RecordTable
from console.widgets.text import fit
from console.wording import explain
from pkcs11_token.errors import N_, SperreError

P = TypeVar("P", bound="Page")
T = TypeVar("T")
PATIENCE_SECONDS = 3.0


class RuleLine(Line):
    """A rule that separates."""

    def segments(self, width: int) -> list[Segment]:
        return rule(width)


class StepsLine(Line):
    """The wizard's name, and its steps with the present one in bold."""

    def __init__(self, name: str, steps: Iterable[str]) -> None:
        super().__init__()
        self.wizard_name = name
        self.steps = list(steps)
        self.step = 0

    def show(self, step: int) -> None:
        """Mark the step with this number, counted from 1; 0 marks none."""
        self.step = step
        self.refresh()

    def segments(self, width: int) -> list[Segment]:
        steps = [
            Segment(f"{number} {step}{'   ' if number < len(self.steps) else ''}", BOLD if number == self.step else DIM)
            for number, step in enumerate(self.steps, 1)
        ]
        left = width - sum(segment.cell_length for segment in steps)
        return [Segment(fit(self.wizard_name, left), BOLD), *steps]


class Page(Vertical):
    """One question. `step` is its number on the steps line, `forward` the word for Enter."""

    DEFAULT_CSS = "Page { height: 1fr; }"
    step: int = 0
    forward: str = N_("Next")
    backward: str = N_("Back")

    def entered(self) -> None:
        """The page is shown, for the first time or again."""

    def state_changed(self) -> None:
        """What the bottom line says has changed while the page was shown."""

    def why_not(self) -> str:
        """What is still missing before the wizard can go on; empty when nothing is."""
        return ""


class CheckPage(Page):
    """A short description of what will happen."""

    def __init__(self, step: int, description: Sequence[str], forward: str = N_("Finish")) -> None:
        super().__init__()
        self.step = step
        self.forward = forward
        self.description = description

    def compose(self) -> Iterable[Widget]:
        yield Paragraphs([_("When you choose Finish:")], bold=True)
        yield Paragraphs(self.description, indent=2)


class ResultPage(Page):
    """What was done, and Close."""

    forward = N_("Close")
    backward = ""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        super().__init__()
        self.paragraphs = paragraphs

    def compose(self) -> Iterable[Widget]:
        yield Paragraphs([(_("Done."), "good")], bold=True)
        yield Paragraphs(self.paragraphs, indent=2)


class RefusalPage(Page):
    """Why not; one can go back and choose differently."""

    forward = N_("Close")

    def __init__(self, *why: str) -> None:
        super().__init__()
        self.why = why

    def compose(self) -> Iterable[Widget]:
        yield Paragraphs([_("! It was not done.")], bold=True)
        yield Paragraphs(self.why, indent=2)


class Wizard(ConsoleScreen[bool]):
    """A wizard; dismissed with True when it has changed something. Pages stay as they are when one goes back."""

    AUTO_FOCUS = ""
    BINDINGS = [("escape", "back", N_("Back")), ("enter", "next", N_("Next"))]
    name_of_wizard: ClassVar[str] = ""
    steps: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        super().__init__()
        self.trail: list[Page] = []
        self.work: Worker[None] | None = None
        self.may_give_up = False

    def first_page(self) -> Page:
        """The page that the wizard opens with."""
        raise NotImplementedError

    async def next_page(self, page: Page) -> Page | None:
        """The page after `page`; None closes the wizard. May raise SperreError, whose words are shown."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield StepsLine(_(self.name_of_wizard), [_(step) for step in self.steps])
        yield RuleLine()
        yield Vertical(id="pages")
        yield MessageLine(id="message")
        yield Foot(self.console.state)

    async def on_mount(self) -> None:
        try:
            page = self.first_page()
        except SperreError as error:
            page = RefusalPage(explain(error))
        await self.enter(page)

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self.trail[-1]

    def show_state(self) -> None:
        super().show_state()
        if self.trail and not self.busy:
            self.page.state_changed()

    def kept(self, kind: type[P]) -> P | None:
        """The page of this kind that was shown before, with what was typed there."""
        try:
            return self.query_one(kind)
        except NoMatches:
            return None

    async def enter(self, page: Page) -> None:
        """Show `page` after the present one."""
        self.trail.append(page)
        if not page.is_attached:
            await self.query_one("#pages").mount(page)
        self._show()

    @property
    def busy(self) -> bool:
        """Whether the wizard works on its next page."""
        return self.work is not None and not self.work.is_finished

    def is_ready_for(self, event: Key | Paste) -> bool:
        if self.busy:
            return isinstance(event, Key) and event.key == "escape"
        return bool(self.trail) and super().is_ready_for(event)

    def action_next(self) -> None:
        if self.busy or not self.trail:
            return
        missing = self.page.why_not()
        if missing:
            self.say(missing)
            return
        self.say("")
        self.work = self.run_worker(self._go_on())

    async def waiting_for_token(self, call: Awaitable[T]) -> T:
        """The result of a call to the token; after a while the operator may give up waiting."""
        patience = self.set_timer(
            PATIENCE_SECONDS,
            lambda: self.say(_("The token does not answer yet. Esc stops waiting for it; nothing is changed.")),
        )
        self.may_give_up = True
        try:
            return await call
        finally:
            self.may_give_up = False
            patience.stop()

    async def _go_on(self) -> None:
        try:
            page = await self.next_page(self.page)
        except SperreError as error:
            page = RefusalPage(explain(error))
            self.console.show_state()
        if page is None:
            self.dismiss(not isinstance(self.page, RefusalPage))
        else:
            await self.enter(page)

    def action_back(self) -> None:
        if self.busy:
            if self.may_give_up and self.work is not None:
                self.work.cancel()
                self.say(_("You stopped waiting for the token. Nothing was changed."))
            return
        self.say("")
        if not self.trail:
            self.dismiss(False)
            return
        if not self.page.backward:
            self.dismiss(True)
            return
        left = self.trail.pop()
        if not self.trail:
            self.dismiss(False)
            return
        if isinstance(left, RefusalPage | CheckPage):
            left.remove()
        self._show()

    @on(Field.Submitted)
    @on(ChoiceList.Confirmed)
    @on(RecordTable.Selected)
    def go_on(self) -> None:
        self.action_next()

    def _show(self) -> None:
        for page in self.query(Page):
            page.display = page is self.page
        self.query_one(StepsLine).show(self.page.step)
        self.query_one(Foot).hints = tuple(self._hints())
        self.page.entered()
        first = next((w for w in self.page.query(Widget) if w.focusable), None)
        self.set_focus(first)

    def _hints(self) -> list[tuple[str, str]]:
        back = (
            [] if not self.page.backward else [("Esc", _(self.page.backward) if len(self.trail) > 1 else _("Cancel"))]
        )
        return [*back, ("Enter", _(self.page.forward))]
