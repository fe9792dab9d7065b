"""Open the console on this operator's site: on the screen, line by line, or, without a terminal, as a list."""

import os
import sys

from console.configuration import open_site, settings


def open_console(**chosen: str) -> int:
    """Show the console until the operator leaves; returns the exit code. Raises SperreError.

    `chosen` are settings that this run has instead of the site's. Where there is no terminal the blocklist is listed,
    unless a conversation is asked for.
    """
    store = open_site()
    in_force = settings()._replace(**chosen)  # type: ignore[arg-type]  # the settings that can be chosen are texts
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if not on_terminal and in_force.plain != "yes":
        from console.commands.blocklist import write_blocklist

        write_blocklist(store)
        return 0
    from console.terminal_kind import terminal_kind

    kind = terminal_kind(in_force, os.environ)
    if in_force.plain == "yes" or (in_force.plain == "auto" and not kind.places_cursor):
        from console.plain.menu import converse

        return converse(store, in_force, kind)
    from console.app import run

    return run(store, in_force, kind)
