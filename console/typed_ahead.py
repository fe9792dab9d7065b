"""Keys that are typed ahead: each waits until the one before was handled and the screen that it opened is there."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from textual.app import App
    from textual.events import Key, Paste
    from textual.message_pump import MessagePump

PATIENCE_SECONDS = 3.0
LOOK_SECONDS = 0.005


class Follower(Message):
    """Goes from widget to widget behind a key, and tells the app that the key has gone its way."""

    def __init__(self, arrived: asyncio.Event) -> None:
        super().__init__()
        self.arrived = arrived


class TypedAhead:
    """A queue in front of an app's own handling of keys and pasted text.

    Textual hands a key to whatever has the focus when it comes, which is the old screen while a new one opens: on a
    slow line, or for whoever types fast, the digits of a PIN would act as keys of a table. What never becomes ready
    holds a key up for PATIENCE_SECONDS and no longer.
    """

    def __init__(
        self,
        app: App[None],
        handle: Callable[[Key | Paste], Awaitable[None]],
        is_ready: Callable[[Key | Paste], bool],
    ) -> None:
        """`handle` passes an event on; `is_ready` tells whether what it is meant for can take it."""
        self._app = app
        self._handle = handle
        self._is_ready = is_ready
        self._waiting: deque[Key | Paste] = deque()
        self._feeding: asyncio.Task[None] | None = None
        self._arrived = asyncio.Event()

    @property
    def is_busy(self) -> bool:
        """Whether a key waits, or was not handled yet."""
        return self._feeding is not None and not self._feeding.done()

    def take(self, event: Key | Paste) -> None:
        """Pass `event` on when its turn has come."""
        self._waiting.append(event)
        if not self.is_busy:
            self._feeding = asyncio.create_task(self._feed())

    def came_back(self) -> None:
        """A key that no widget has kept has come to the app, and was handled there."""
        self._arrived.set()

    async def _feed(self) -> None:
        while self._waiting:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._until_ready(self._waiting[0]), PATIENCE_SECONDS)
            event = self._waiting.popleft()
            focused, self._arrived = self._focused(), asyncio.Event()
            await self._handle(event)
            await self._follow(focused)
            self._arrived = asyncio.Event()
            await self._follow(self._focused())  # behind the messages that acting on the key has sent

    async def _until_ready(self, event: Key | Paste) -> None:
        while not self._is_ready(event):
            await asyncio.sleep(LOOK_SECONDS)

    async def _follow(self, widget: MessagePump) -> None:
        """Wait until all that was sent to `widget` has gone its way up to the app."""
        if widget.post_message(Follower(self._arrived)):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), PATIENCE_SECONDS)

    def _focused(self) -> MessagePump:
        return self._app.focused or self._app.screen
