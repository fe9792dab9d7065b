"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from console.commands.table import FORMATS
from console.language import _, in_every_language
from console.wording import term
from store.errors import UnknownReason
from store.terms import Reason, RemovalReason

Command = TypeVar("Command", bound=Callable[..., object])
ReasonOf = TypeVar("ReasonOf", Reason, RemovalReason)


def format_option(command: Command) -> Command:
    """--format, for whatever is a list."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(FORMATS),
        default="text",
        help=_("How the list is written; text by default."),
    )(command)


def list_options(command: Command) -> Command:
    """--format and --search, for every list."""
    search = click.option(
        "--search", metavar=_("TEXT"), default="", help=_("Only the rows that hold each of these words.")
    )
    return format_option(search(command))


def way_options(command: Command) -> Command:
    """--plan and --order, of which `chosen_way` takes exactly one, and --note."""
    plan = click.option("--plan", is_flag=True, help=_("Leave in planning state: no lock learns of it until ordered."))
    order = click.option("--order", is_flag=True, help=_("Order blocklist: it is issued and sent at once."))
    note = click.option("--note", metavar=_("TEXT"), default="", help=_("A remark that is kept with it."))
    return plan(order(note(command)))


def chosen_way(*, plan: bool, order: bool) -> bool:
    """True to order, False to leave under planning. Raises UsageError unless exactly one was chosen."""
    if plan == order:
        raise click.UsageError(
            _("Choose either --plan (leave in planning state) or --order (order blocklist); there is no default.")
        )
    return order


def chosen_reason(word: str, reasons: type[ReasonOf]) -> ReasonOf:
    """The reason that `word` names in any language. Raises UnknownReason."""
    for reason in reasons:
        if word.casefold() in in_every_language(reason):
            return reason
    raise UnknownReason(reason=word, reasons=reason_words(reasons))


def reason_words(reasons: type[Reason] | type[RemovalReason]) -> str:
    """The reasons in the operator's language, one after the other."""
    return ", ".join(term(reason) for reason in reasons)


def pin_file_option(command: Command) -> Command:
    return click.option(
        "--pin-file",
        metavar=_("FILE"),
        type=click.Path(path_type=Path),
        help=_("File with the token's PIN, which nobody else may read; otherwise it is asked for."),
    )(command)
