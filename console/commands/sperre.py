"""The command `sperre`: all groups; without one it opens the console."""

import sys
from importlib.metadata import version

import click

from console.commands.blocklist import blocklist
from console.commands.check_list import check_list
from console.commands.demo import demo
from console.commands.exposure import exposure
from console.commands.importing import import_files
from console.commands.journal import journal
from console.commands.keys import keys
from console.commands.locks import locks
from console.commands.outbox import outbox
from console.commands.people import people
from console.commands.sightings import sightings
from console.commands.speaking import Sperre
from console.commands.status import status
from console.commands.token import token
from console.commands.visits import visits
from console.commands.walk_list import walk_list
from console.commands.zones import zones
from console.configuration import OFFERED
from console.language import _
from console.opening import open_console


@click.group(
    cls=Sperre,
    invoke_without_command=True,
    help=_("Operator console for the blocklists of a digital locking system. Without a command it opens the console."),
)
@click.option("--color", type=click.Choice(OFFERED["color"]), help=_("How many colours the console uses."))
@click.option(
    "--ascii/--no-ascii",
    default=None,
    help=_("Whether the console writes ASCII alone, signs and letters as what looks like them."),
)
@click.option("--mouse", type=click.Choice(OFFERED["mouse"]), help=_("Whether the console listens to the mouse."))
@click.option(
    "--plain/--no-plain",
    default=None,
    help=_("Whether the console asks line by line, for screen readers and line terminals; TERM decides otherwise."),
)
@click.version_option(version("sperre"), message="%(prog)s %(version)s")
@click.pass_context
def sperre(
    context: click.Context, color: str | None, ascii: bool | None, mouse: str | None, plain: bool | None
) -> None:
    word = {None: None, True: "yes", False: "no"}
    chosen = {"color": color, "ascii": word[ascii], "mouse": mouse, "plain": word[plain]}
    given = {name: value for name, value in chosen.items() if value is not None}
    if context.invoked_subcommand is None:
        sys.exit(open_console(**given))
    if given:
        raise click.UsageError(
            _("--color, --ascii, --mouse and --plain are about the console: a command has no use for them.")
        )


for command in (
    *(blocklist, keys, locks, people, zones, journal, token),
    *(exposure, walk_list, sightings, visits, status, outbox, check_list, import_files, demo),
):
    sperre.add_command(command)
