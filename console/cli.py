"""The entry point of the command `sperre`: harden the process, choose the language, then run what was asked."""

import os
import resource
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from itertools import pairwise

from console import language
from console.commands.endings import ended_in_words
from console.configuration import settings
from pkcs11_token.errors import SperreError


def main() -> None:
    """Run `sperre` with the arguments of this process; ends with SystemExit."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no ○ shows a question mark instead
    with ended_in_words():
        language.use(chosen_language(sys.argv[1:]))
        from console.commands.sperre import sperre  # only now: help texts are translated when it is imported

        sperre(prog_name="sperre")


def chosen_language(arguments: Sequence[str]) -> str:
    """What --lang says, otherwise SPERRE_LANGUAGE or the configuration, otherwise the locale ("en" or "nb")."""
    for argument, following in pairwise([*arguments, ""]):
        name, _, value = argument.partition("=")
        if name == "--lang" and (value or following) in language.LANGUAGES:
            return value or following
    try:
        configured = settings().language
    except SperreError:
        configured = ""  # help is given all the same; a command that needs the configuration says what is wrong
    return configured if configured in language.LANGUAGES else language.of_locale()
