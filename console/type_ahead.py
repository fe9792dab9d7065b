"""Keys typed ahead: each is handed on when the one before has been dealt with, so that it meets what it was meant for.

Textual hands a key to the widget that has the focus at that moment, while the key before may be just about to move the
focus or to open a screen: typed fast, or held up on a slow line, `/fob` would order a list by its `o`.
"""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.events import Event
from textual.message_pump import MessagePump

PATIENCE_SECONDS = 0.5


class TypeAhead:
    """The keys of one app."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._held: deque[Event] = deque()
        self._next: Event | None = None
        self._dealing: asyncio.Task[None] | None = None

    def holds(self, event: Event) -> bool:
        """Whether `event`, which the app has just got, must wait; it comes again when it is its turn."""
        if self._dealing is not None and event is not self._next:
            self._held.append(event)
            return True
        self._next = None
        self._dealing = asyncio.create_task(self._deal_with_it())
        return False

    async def _deal_with_it(self) -> None:
        """Wait until all on the way of the present key have done with it; who works for long is not waited for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                before = self._way()
                await _passed([self._app, *before])
                await _passed(self._way())  # what opened or got the focus by it, and what was said by the way
                await _passed(self._way())
        if self._held:
            self._next = self._held.popleft()
            self._app.post_message(self._next)
        else:
            self._dealing = None

    def _way(self) -> list[MessagePump]:
        """Where a key goes: from what has the focus up to the app."""
        return list((self._app.focused or self._app.screen).ancestors_with_self)


async def _passed(pumps: list[MessagePump]) -> None:
    """Come back when each of `pumps`, one after the other, has dealt with what it has been sent."""
    for pump in pumps:
        done = asyncio.Event()
        if pump.call_later(done.set):
            await done.wait()
