"""The console of the snapshots in a real terminal: `fixed_console.py ORDERS ANSWERS`, two file descriptors.

Each line of orders is a language and a SPERRE_HOME; the console then runs there at the snapshots' fixed moment until it
is quit. RESTS is answered whenever it has come to rest after a key, QUIT when it has ended.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import cast

from textual.app import App
from textual.events import Event, Key, Paste
from textual.pilot import Pilot

from console import app, language
from console.app import SperreApp
from console.configuration import Settings, settings
from console.screens import journal
from console.terminal_kind import terminal_kind
from pkcs11_token.chain import Head
from store.database import open_store
from store.journal import head
from store.models import database
from tests.console.conftest import NOW, SITE
from tests.console.driving import is_working

RESTS, QUIT = b".", b"q"


class FixedConsole(SperreApp):
    """The console, telling when it rests."""

    answers: int

    async def on_event(self, event: Event) -> None:
        first = isinstance(event, Key | Paste) and not event.is_forwarded
        await super().on_event(event)
        if first:
            self.resting = asyncio.create_task(self.rest())

    def on_ready(self) -> None:
        self.resting = asyncio.create_task(self.rest())

    async def rest(self) -> None:
        pilot = Pilot(cast("App[object]", self))
        for _hop in ("to the widget", "up to the screen", "its messages"):
            await pilot.pause(0)
        while is_working(self):
            await pilot.pause(0.005)
        await pilot.pause(0)
        os.write(self.answers, RESTS)


def main(orders: str, answers: str) -> None:
    FixedConsole.answers = int(answers)
    app.SperreApp = FixedConsole  # type: ignore[misc]
    journal.head = lambda: Head(head().number, "9f3a02bc77d1e0a455c2")
    with open(int(orders)) as lines:  # noqa: PTH123
        for line in lines:
            spoken, home = line.split()
            os.environ["SPERRE_HOME"] = home
            language.use(spoken)
            store = open_store(Path(home) / "store.sqlite", "kari", clock=lambda: NOW)
            app.run(store, Settings(site=SITE), terminal_kind(settings(), os.environ))
            database.close()
            os.write(int(answers), QUIT)


if __name__ == "__main__":
    main(*sys.argv[1:])
