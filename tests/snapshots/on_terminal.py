"""The console of the scenes as a program of its own: `python -m tests.snapshots.on_terminal ENCODING COLOR`."""

import sys
from typing import cast

from console import language
from console.app import run
from console.configuration import Settings, places
from console.terminal import Color, Encoding
from console.terminal_kind import TerminalKind
from store.database import open_store
from tests.console.conftest import NOW, SITE

if __name__ == "__main__":
    encoding, color = cast("Encoding", sys.argv[1]), cast("Color", sys.argv[2])
    language.use("en")
    store = open_store(places().store, "kari", clock=lambda: NOW)
    sys.exit(run(store, Settings(site=SITE), TerminalKind(encoding, color, dark=True, mouse=False, places_cursor=True)))
