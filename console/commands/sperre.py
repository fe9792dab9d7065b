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
from console.language import _
from console.opening import open_console


@click.group(
    cls=Sperre,
    invoke_without_command=True,
    help=_("Operator console for the blocklists of a digital locking system. Without a command it opens the console."),
)
@click.version_option(version("sperre"), message="%(prog)s %(version)s")
@click.pass_context
def sperre(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        sys.exit(open_console())


for command in (
    *(blocklist, keys, locks, people, zones, journal, token),
    *(exposure, walk_list, sightings, visits, status, outbox, check_list, import_files, demo),
):
    sperre.add_command(command)
