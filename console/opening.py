"""Open the console on this operator's site; where there is no terminal, the blocklist is listed instead."""

import sys

from console.configuration import open_site, settings


def open_console() -> int:
    """Show the console until the operator leaves; returns the exit code. Raises SperreError."""
    store = open_site()
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        from console.commands.blocklist import write_blocklist

        write_blocklist(store)
        return 0
    from console.app import run

    return run(store, settings())
