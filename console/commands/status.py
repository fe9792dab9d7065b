"""`sperre status`: one line for cron and monitoring."""

import sys
from collections.abc import Sequence

import click

from console.commands.options import format_option
from console.commands.table import Column, write_rows
from console.configuration import open_site
from console.language import _, ngettext
from console.site_state import unsent_list
from console.widgets.text import inert
from console.wording import duration, joined
from store.database import Store
from store.heads import is_rolled_back
from store.outbox import Waiting, waiting
from store.status import Plans, plans

FOUND = 3
NAGIOS_WARNING, NAGIOS_CRITICAL = 1, 2


@click.command(
    help=_(
        "Tell in one line whether all is well: a plan that nobody ordered for too long, an ordered list that could not"
        " be sent, or a journal that was put back, ends with 3."
    )
)
@click.option("--nagios", is_flag=True, help=_("Words and exit codes as Nagios and its kin expect: 0, 1 or 2."))
@format_option
def status(nagios: bool, output: str) -> None:
    store = open_site()
    with store.connected():
        put_back = is_rolled_back(store.heads_file)
    found, unsent = plans(store), [row for row in waiting(store) if row.failure]
    line = _line(store, found, unsent, put_back=put_back)
    is_wrong = found.forgotten or bool(unsent) or put_back
    if nagios:
        level = NAGIOS_CRITICAL if is_wrong else NAGIOS_WARNING if found.lists else 0
        click.echo(inert(f"SPERRE {('OK', 'WARNING', 'CRITICAL')[level]} - {line}"))
        sys.exit(level)
    if output == "text":
        click.echo(inert(line))
    else:
        write_rows(output, [found], _columns(unsent, put_back=put_back))
    if is_wrong:
        sys.exit(FOUND)


def _line(store: Store, found: Plans, unsent: Sequence[Waiting], *, put_back: bool) -> str:
    if put_back:
        return _("The journal was put back or cut: sperre journal verify")
    if unsent and not found.forgotten:
        return " ".join((unsent_list(unsent[0]), _("Send it: sperre outbox flush")))
    if found.since is None:
        return _("All blocklists are ordered.")
    waiting = ngettext(
        "The blocklist of {zones} is under planning for {age}",
        "The blocklists of {zones} are under planning for {age}",
        len(found.lists),
        zones=joined([plan.zone for plan in found.lists]),
        age=duration(store.clock() - found.since),
    )
    if found.forgotten:
        return _("{waiting}: no lock knows of it. Order it: sperre blocklist order").format(waiting=waiting)
    return f"{waiting}."


def _columns(unsent: Sequence[Waiting], *, put_back: bool) -> list[Column[Plans]]:
    return [
        Column("plans", lambda row: [plan.zone for plan in row.lists]),
        Column("since", lambda row: row.since),
        Column("forgotten", lambda row: row.forgotten),
        Column("not_sent", lambda _row: [row.zone for row in unsent]),
        Column("journal_put_back", lambda _row: put_back),
    ]
