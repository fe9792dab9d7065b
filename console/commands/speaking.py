"""Commands and groups of `sperre`: each takes --lang, wherever it stands."""

from typing import Any

import click

from console.commands.endings import ended_in_words
from console.language import LANGUAGES, _

# cli.chosen_language reads it before this is imported; here it is declared, checked and shown in the help
_LANGUAGE = click.Option(
    ["--lang"], type=click.Choice(LANGUAGES), expose_value=False, help=_("Language of all texts (else the locale's).")
)


class SpeakingCommand(click.Command):
    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), _LANGUAGE]


class SpeakingGroup(click.Group):
    command_class = SpeakingCommand
    group_class = type

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), _LANGUAGE]


class Sperre(SpeakingGroup):
    """The outermost group: every refusal and failure below it ends in words."""

    group_class = SpeakingGroup

    def invoke(self, ctx: click.Context) -> Any:
        with ended_in_words():
            return super().invoke(ctx)
