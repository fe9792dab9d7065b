"""Open the console on this operator's site; where there is no terminal, the blocklist is listed instead."""

import os
import sys
from dataclasses import replace

from console.configuration import open_site, settings


def open_console(**chosen: str) -> int:
    """Show the console until the operator leaves; returns the exit code. Raises SperreError.

    `chosen` are settings that this run has instead of the site's.
    """
    store = open_site()
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        from console.commands.blocklist import write_blocklist

        write_blocklist(store)
        return 0
    from console.app import run
    from console.terminal_kind import terminal_kind

    in_force = replace(settings(), **chosen)  # type: ignore[arg-type]  # the settings that can be chosen are texts
    return run(store, in_force, terminal_kind(in_force, os.environ))
