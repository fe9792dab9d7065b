"""Commands and groups of `sperre`: in the operator's language, each with --lang wherever it stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from console.commands.endings import ended_in_words
from console.language import LANGUAGES, _

# cli.chosen_language reads it before this is imported; here it is declared, checked and shown in the help
_LANGUAGE = click.Option(
    ["--lang"], type=click.Choice(LANGUAGES), expose_value=False, help=_("Language of all texts (else the locale's).")
)


class SpeakingCommand(click.Command):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"options_metavar": _("[OPTIONS]"), **kwargs})

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), _LANGUAGE]


class SpeakingGroup(SpeakingCommand, click.Group):
    command_class = SpeakingCommand
    group_class: type[click.Group] | type[type] | None = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"subcommand_metavar": _("COMMAND [ARGS]..."), **kwargs})


class Sperre(SpeakingGroup):
    """The outermost group: every refusal and failure below it ends in words."""

    group_class = SpeakingGroup

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _echoed_inert():
            return super().make_context(*args, **kwargs)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if any("\ud800" <= character <= "\udfff" for argument in args for character in argument):
            raise click.UsageError(_("An argument is not text in the encoding of this terminal."), ctx)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        # click words usage errors itself
        with _echoed_inert(), ended_in_words(click.ClickException, click.exceptions.Exit):
            try:
                return super().invoke(ctx)
            except click.Abort:
                raise KeyboardInterrupt from None


@contextmanager
def _echoed_inert() -> Iterator[None]:
    """What was typed wrongly acts on no terminal when click repeats it."""
    try:
        yield
    except click.ClickException as error:
        from console.widgets.text import inert

        error.message = inert(error.message)  # type: ignore[misc]  # final for others; its class words the rest
        raise
