"""The entry point of the command `sperre`: harden the process, choose the language, then run what was asked."""

import gc
import os
import resource
import sys
import threading
from collections.abc import Sequence
from io import TextIOWrapper
from itertools import pairwise

from console import language
from pkcs11_token.errors import SperreError

CALL_SECONDS = 0.2  # so long one that is about to come back may take
COMPLETION = "_SPERRE_COMPLETE"  # by this variable a shell asks for its completions


def main() -> None:
    """Run `sperre` with the arguments of this process; ends with SystemExit."""
    gc.disable()  # modules are no garbage: to look for some while they load took a tenth of the start
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no ○ shows a question mark instead
    try:
        _run()
    except SystemExit as ending:
        _leave_hung_calls(ending)
        raise


def _run() -> None:
    from console.commands.endings import ended_in_words
    from console.opening import open_console

    with ended_in_words():
        language.use(chosen_language(sys.argv[1:]))
        if not (sys.argv[1:] or COMPLETION in os.environ):
            sys.exit(open_console())  # without the commands, so that its first row is there sooner
        from console.commands.sperre import sperre  # only now: help texts are translated when it is imported

        gc.enable()
        sperre(prog_name="sperre")


def _leave_hung_calls(ending: SystemExit) -> None:
    """End at once where a token's module has not come back yet: it may crash when it does so in a process that ends."""
    calls = [thread for thread in threading.enumerate() if thread.daemon]
    for call in calls:
        call.join(CALL_SECONDS)
    if isinstance(ending.code, int) and any(call.is_alive() for call in calls):
        sys.stdout.flush()
        os._exit(ending.code)


def chosen_language(arguments: Sequence[str]) -> str:
    """What --lang says, otherwise SPERRE_LANGUAGE or the configuration, otherwise the locale ("en" or "nb")."""
    for argument, following in pairwise([*arguments, ""]):
        name, _, value = argument.partition("=")
        if name == "--lang" and (value or following) in language.LANGUAGES:
            return value or following
    from console.configuration import settings

    try:
        configured = settings().language
    except SperreError:
        configured = ""  # help is given all the same; a command that needs the configuration says what is wrong
    return configured if configured in language.LANGUAGES else language.of_locale()
