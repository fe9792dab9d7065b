"""`sperre blocklist list`, `add`, `order` and `remove`."""

from collections.abc import Sequence
from pathlib import Path

import click

from console import sentences
from console.commands.options import (
    chosen_reason,
    chosen_way,
    list_options,
    reason_words,
    way_options,
)
from console.commands.outbox import issue
from console.commands.signing import signed
from console.commands.speaking import SpeakingGroup
from console.commands.table import Column, sort_language, write
from console.configuration import open_site
from console.language import _
from console.widgets.pages import Query
from console.wording import date_time, opens_now, status, term
from pkcs11_token.statement import short_fingerprint
from store import blocklist as rules
from store.blocklist import ListChange
from store.browse.blocklist import BlocklistRow, blocklist_table
from store.database import Store
from store.keys import blockable_keys_of, find_keys
from store.terms import Reason, RemovalReason


@click.group(cls=SpeakingGroup, help=_("Block keys, order the blocklists, and take keys off again."))
def blocklist() -> None:
    pass


@blocklist.command("list", help=_("List the blocked keys."))
@click.option("--all", "removed", is_flag=True, help=_("Also the keys whose removal is ordered."))
@list_options
def list_blocklist(removed: bool, output: str, search: str) -> None:
    write_blocklist(open_site(), output, search, removed=removed)


def write_blocklist(store: Store, output: str = "text", search: str = "", *, removed: bool = False) -> None:
    """The blocklist on stdout, newest first; with `removed` also the keys whose removal is ordered."""
    listing = blocklist_table(store, sort_language(output), removed=removed)
    write(output, listing, Query("added", descending=True, filter=search), _columns())


@blocklist.command(
    help=_(
        "Add keys to the blocklist of every zone where they open a lock. KEY is a label or a serial;"
        " all keys are added or none. No token is needed."
    )
)
@click.argument("keys", metavar=_("[KEY]..."), nargs=-1)
@click.option(
    "--person", metavar=_("PERSON"), help=_("All keys of this person (id or whole name) that can be blocked.")
)
@way_options
@click.option(
    "--reason",
    metavar=_("REASON"),
    default=Reason.LOST,
    help=_("One of: {reasons}. By default {default}.").format(reasons=reason_words(Reason), default=term(Reason.LOST)),
)
def add(keys: Sequence[str], person: str | None, plan: bool, order: bool, reason: str, note: str) -> None:
    if not keys and not person:
        raise click.UsageError(_("Name at least one key, or a person with --person."))
    now = chosen_way(plan=plan, order=order)
    why = chosen_reason(reason, Reason)
    store = open_site()
    if person:
        keys = [*keys, *(key.label for key in blockable_keys_of(person))]
    changes = rules.add(store, keys, order=now, reason=why, note=note)
    _tell(_("Added to the blocklist: {keys} (reason: {reason}).").format(keys=_names(keys), reason=term(why)))
    _tell_state(store, changes)


@blocklist.command(help=_("Issue everything that is pending in the blocklists, so that it spreads to the locks."))
@click.option(
    "--zone", "zones", metavar=_("ZONE"), multiple=True, help=_("Only this zone; may be given several times.")
)
def order(zones: Sequence[str]) -> None:
    store = open_site()
    issued = [sentences.pending_changes(pending) for pending in rules.pending(zones)]
    changes = rules.order(store, zones)
    for line in issued:
        _tell(line)
    _tell_state(store, changes)


@blocklist.command(
    help=_(
        "Take keys off the blocklist again, proved by a logged-in token. KEY is a label or a serial;"
        " all keys are removed or none."
    )
)
@click.argument("keys", metavar=_("KEY..."), nargs=-1, required=True)
@way_options
@click.option(
    "--reason",
    metavar=_("REASON"),
    required=True,
    help=_("One of: {reasons}.").format(reasons=reason_words(RemovalReason)),
)
@click.option(
    "--pin-file",
    "pin_files",
    metavar=_("FILE"),
    type=click.Path(path_type=Path),
    multiple=True,
    help=_(
        "File with the token's PIN, which nobody else may read; otherwise it is asked for."
        " Given twice where the site asks for two tokens."
    ),
)
def remove(keys: Sequence[str], plan: bool, order: bool, reason: str, note: str, pin_files: Sequence[Path]) -> None:
    now = chosen_way(plan=plan, order=order)
    why = chosen_reason(reason, RemovalReason)
    store = open_site()
    removal = rules.prepare_removal(store, keys, order=now, reason=why, note=note)
    signatures = signed(store, removal, pin_files)
    changes = rules.remove(store, removal, [signature.statement for signature in signatures])
    _tell(_("Removed from the blocklist: {keys} (reason: {reason}).").format(keys=_names(keys), reason=term(why)))
    for signature in signatures:
        _tell(_("Signed by token {fingerprint}.").format(fingerprint=short_fingerprint(signature.fingerprint)))
    _tell_state(store, changes)


def _names(keys: Sequence[str]) -> str:
    return sentences.key_names(find_keys(keys))


def _tell_state(store: Store, changes: Sequence[ListChange]) -> None:
    _tell(sentences.state_after(changes))
    if changes[0].ordered:
        issue(store)
    else:
        _tell(_("Order it with: {command}").format(command="sperre blocklist order"))


def _tell(line: str) -> None:
    from console.widgets.text import inert

    click.echo(inert(line))


def _columns() -> Sequence[Column[BlocklistRow]]:
    return (
        Column("key_label", lambda row: row.label, _("Label")),
        Column("key_serial", lambda row: row.serial),
        Column("key_name", lambda row: row.name, _("Name")),
        Column("type", lambda row: row.type),
        Column("person", lambda row: row.person, _("Person")),
        Column("added_at", lambda row: row.added_at, _("Added")),
        Column("added_by", lambda row: row.added_by),
        Column("reason", lambda row: row.reason),
        Column("note", lambda row: row.note),
        Column("", lambda row: opens_now(row.still_opens, row.of), _("Opens now"), number=True),
        Column("", lambda row: date_time(row.seen_at) if row.seen_at else "", _("Seen")),
        Column("status", lambda row: row.status, _("Status"), lambda row: status(row.status)),
        Column("zones", lambda row: row.zones, _("Zones")),
    )
