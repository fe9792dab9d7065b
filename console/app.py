"""The Textual app: which screens there are, who works, and what every screen shows at the bottom."""

import asyncio
import gc
import os
import signal
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual.app import App
from textual.binding import Binding
from textual.driver import Driver
from textual.events import Event, Key, Paste, Resize
from textual.reactive import Reactive
from textual.screen import Screen
from textual.worker import WorkerFailed

from console import site_state, theme
from console.background import in_background
from console.configuration import Settings
from console.language import current
from console.operator_token import OperatorToken
from console.screens.blocklist import BlocklistScreen
from console.screens.console_screen import SMALLEST, ConsoleScreen
from console.typed_ahead import Follower, TypedAhead
from console.widgets.bars import DOT
from console.wording import explain
from pkcs11_token.errors import N_, SperreError
from store.database import Store

if TYPE_CHECKING:
    from console.terminal_kind import TerminalKind

WATCH_SECONDS = 1.0
RETRY_SECONDS = 60.0
SETTLE_SECONDS = 0.3


class SperreApp(App[None], inherit_css=False):
    """The console over one open store."""

    TITLE = "Sperre"
    BINDINGS = [
        Binding("ctrl+c", "quit", N_("Quit"), priority=True),  # also where a field of Textual's would copy
        ("ctrl+z,Z", "suspend_process", N_("Suspend")),
        ("ctrl+l,L", "repaint", N_("Paint the screen anew")),
        ("ctrl+p,p", "command_palette", N_("Every place and verb")),
    ]
    CSS = """
    SperreApp, ConsoleScreen, Screen { background: ansi_default; color: ansi_default; }
    .fill { height: 1fr; }
    """
    theme: Reactive[str] = Reactive("ansi-dark")  # set later, the styles would be worked out twice

    def __init__(self, store: Store, settings: Settings, driver: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver, ansi_color=True)
        self.animation_level = "none"
        self._disable_tooltips = self._disable_notifications = True  # nothing here floats: messages have their line
        self.store = store
        self.settings = settings
        self.language = current()
        self.token = OperatorToken(store, timedelta(minutes=settings.token_idle_minutes))
        self.state = ""
        self.situation = site_state.ALL_WELL
        self.failure: BaseException | None = None
        self.typed_ahead = TypedAhead(self, super().on_event, self._is_ready_for)
        self._too_small: Screen[None] | None = None
        self._seen = 0
        self._issuing = False
        self._issued_at = monotonic()

    def get_default_screen(self) -> Screen[None]:
        screen = BlocklistScreen()
        screen._push_result_callback(screen, None)  # as for a screen that is pushed: without, none can take its place
        return screen

    def on_mount(self) -> None:
        self._leave_cleanly()
        self.store_changed()
        self._seen = self.store.data_version()
        self.set_interval(WATCH_SECONDS, self.look_around)
        self.set_timer(SETTLE_SECONDS, self._settle)
        self.app_suspend_signal.subscribe(self, self._suspended)

    def _settle(self) -> None:
        """After the first paint: collect garbage again, though not among what was loaded, which stays."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()

    def on_resize(self, event: Resize) -> None:
        """Say that the terminal is too small for as long as it is."""
        small = event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
        is_told = self._too_small is not None and self.screen is self._too_small
        if small and not is_told:
            from console.screens.too_small import TooSmallScreen

            self._too_small = TooSmallScreen()
            self.push_screen(self._too_small)
        elif is_told and not small:
            self.pop_screen()

    def issue(self, *, again: bool = False) -> None:
        """Write and hand on what was ordered, in the background; what has failed once is only tried `again`."""
        if any(again or not row.failure for row in self.situation.waiting):
            self.run_worker(self._issue(), group="issue", exclusive=False)

    async def _issue(self) -> None:
        if self._issuing:
            return  # what was ordered meanwhile is noticed when that has ended, since it changes the store
        from console.issuing import flush_outbox

        self._issuing = True
        try:
            await in_background(lambda: flush_outbox(self.store))
        except SperreError as error:
            if isinstance(self.screen, ConsoleScreen):
                self.screen.say(explain(error))
        finally:
            self._issuing = False
            self._issued_at = monotonic()
            self.show_state()

    async def look_around(self) -> None:
        """Notice what another operator has changed, and that the token was pulled or its time is over."""
        version = self.store.data_version()
        if version != self._seen:
            self._seen = version
            self.store_changed()
        if monotonic() - self._issued_at > RETRY_SECONDS:
            self._issued_at = monotonic()
            self.issue(again=True)
        pulled = await self.token.watch()
        self.show_state()
        if pulled and isinstance(self.screen, ConsoleScreen):
            self.screen.say(explain(pulled))

    def store_changed(self) -> None:
        """Show what the store holds now, on every open screen, and issue what was ordered."""
        self.show_state()
        self.issue()
        for screen in self.screen_stack:
            if isinstance(screen, ConsoleScreen) and screen.is_mounted:
                screen.records_changed()

    def show_state(self) -> None:
        """Bring the state line up to date: operator, plans that nobody ordered, token, and the site."""
        found = self.situation = site_state.read(self.store)
        state = DOT.join(
            part
            for part in (
                site_state.rolled_back(found),
                self.store.operator,
                site_state.plans_in_short(found.plans, self.store.clock()),
                site_state.not_sent(found),
                self.token.state(),
                self.settings.site,
            )
            if part
        )
        if state != self.state:
            self.state = state
            for screen in self.screen_stack:
                if isinstance(screen, ConsoleScreen) and screen.is_mounted:
                    screen.show_state()

    async def on_event(self, event: Event) -> None:
        if not isinstance(event, Key | Paste):
            await super().on_event(event)
        elif not event.is_forwarded:
            self.token.used()
            self.typed_ahead.take(event)
        else:
            await super().on_event(event)
            self.typed_ahead.came_back()

    def _is_ready_for(self, event: Key | Paste) -> bool:
        screen = self.screen
        return screen.is_mounted and (not isinstance(screen, ConsoleScreen) or screen.is_ready_for(event))

    def on_follower(self, message: Follower) -> None:
        message.arrived.set()

    def on_unmount(self) -> None:
        self.token.log_out()

    def _suspended(self, _app: App[None]) -> None:
        self.token.log_out()

    def _handle_exception(self, error: Exception) -> None:
        """Leave the screen first; the command says in one line what happened, and where the details are."""
        self.failure = error.error if isinstance(error, WorkerFailed) else error
        self.exit(return_code=5)

    def _leave_cleanly(self) -> None:
        """Give the terminal back when the line drops or the process is told to end."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            loop.add_signal_handler(number, partial(self.exit, return_code=128 + number))

    def action_repaint(self) -> None:
        """Paint everything again, after something else wrote on the terminal."""
        repaint = getattr(self._driver, "repaint", self.refresh)
        repaint()

    def action_command_palette(self) -> None:
        from console.screens.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def action_browse(self, section: str) -> None:
        screen = browse_screen(section)
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.switch_screen(screen)

    def action_add(self) -> None:
        from console.screens.add_wizard import AddWizard

        self.push_screen(AddWizard())

    def add_keys(self, labels: Sequence[str], done: Callable[[bool | None], None] | None = None) -> None:
        """Open the wizard for these keys; `done` is told whether anything was changed."""
        from console.screens.add_wizard import AddWizard

        self.push_screen(AddWizard(labels), done)

    def action_order(self) -> None:
        from console.screens.order_wizard import OrderWizard

        self.push_screen(OrderWizard())

    def action_visits(self) -> None:
        from console.screens.visits_wizard import VisitsWizard

        self.push_screen(VisitsWizard())

    def remove_keys(self, labels: Sequence[str], done: Callable[[bool | None], None] | None = None) -> None:
        """Open the wizard for these keys, which are removed by one statement; `done` as in `add_keys`."""
        from console.screens.remove_wizard import RemoveWizard

        self.push_screen(RemoveWizard(labels), done)

    def action_menu(self) -> None:
        from console.screens.menu import MenuScreen

        self.push_screen(MenuScreen())

    def action_token(self) -> None:
        if self.token.logged_in:
            self.token.log_out()
            self.show_state()
            return
        from console.screens.token_login import TokenLogin

        self.push_screen(TokenLogin())


def browse_screen(section: str) -> ConsoleScreen[None]:
    """A new screen of one of SECTIONS; its module is imported when it is first wanted."""
    match section:
        case "keys":
            from console.screens.keys import KeysScreen

            return KeysScreen()
        case "locks":
            from console.screens.locks import LocksScreen

            return LocksScreen()
        case "people":
            from console.screens.people import PeopleScreen

            return PeopleScreen()
        case "zones":
            from console.screens.zones import ZonesScreen

            return ZonesScreen()
        case "journal":
            from console.screens.journal import JournalScreen

            return JournalScreen()
        case "tokens":
            from console.screens.tokens import TokensScreen

            return TokensScreen()
        case "sightings":
            from console.screens.sightings import SightingsScreen

            return SightingsScreen()
        case "walk":
            from console.screens.walk import WalkScreen

            return WalkScreen()
    return BlocklistScreen()


def run(store: Store, settings: Settings, terminal: "TerminalKind") -> int:
    """Show the console on this terminal until the operator leaves; returns the exit code."""
    from console.terminal import driver_class

    theme.use(terminal.color, dark=terminal.dark)
    os.environ.pop("NO_COLOR", None)  # the driver knows what it asks for, and what stands out by its background
    app = SperreApp(store, settings, driver_class(terminal.encoding, terminal.color))
    app.run(mouse=terminal.mouse)
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
