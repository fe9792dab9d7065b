"""Drive the console by keys, and read what stands on its screen."""

from textual import _wait
from textual.app import App
from textual.pilot import Pilot
from textual.widget import Widget

from console.app import SperreApp
from console.screens.wizard import Wizard
from console.widgets.record_table import RecordTable

# Textual takes the process for idle after 20 ms without work, twice a key, which is most of what a test would take.
_wait.SLEEP_GRANULARITY = 0.002
_wait.SLEEP_IDLE = 0.0002

KEY_NAMES = {" ": "space", "/": "slash", "?": "question_mark", "-": "minus"}


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after the other, each when the screen has come to rest; `text:…` types letters."""
    await settle(pilot)
    for key in keys:
        letters = key.removeprefix("text:") if key.startswith("text:") else [key]
        for letter in letters:
            await pilot.press(KEY_NAMES.get(letter, letter))
        await settle(pilot)


async def settle(pilot: Pilot[None]) -> None:
    """Wait until every table has its rows and no wizard works any more."""
    await pilot.pause()
    while is_working(pilot.app):
        await pilot.pause(0.01)
    await pilot.pause()


async def resize(pilot: Pilot[None], width: int, height: int) -> None:
    """Give the terminal another size, and wait until the screen is laid out in it; a wizard may go on working."""
    await pilot.resize_terminal(width, height)
    while pilot.app._resize_event is not None:  # Textual waits a moment for the next size
        await pilot.pause(0.01)
    await pilot.pause()
    await pilot.pause()


def is_working(app: App[None]) -> bool:
    busy = isinstance(app.screen, Wizard) and app.screen.busy
    busy = busy or (isinstance(app, SperreApp) and app.typed_ahead.is_busy)
    return busy or any(widget.is_reading for widget in app.screen.query(RecordTable)) or _has_workers(app)


def _has_workers(app: App[None]) -> bool:
    return any(worker.is_running for worker in app.workers if isinstance(worker.node, Widget | App))


def screen_text(app: App[None]) -> str:
    """The screen as plain text, one line a row, without blanks at the ends."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips) + "\n"
