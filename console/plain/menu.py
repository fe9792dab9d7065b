"""The conversation from its first line to its last: what is wrong, the places, and the verbs."""

import gc
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from io import TextIOWrapper
from typing import TYPE_CHECKING

from console import site_state
from console.configuration import Settings
from console.language import _
from console.plain.add import add
from console.plain.conversation import Back, Conversation, chosen_place, explained, no_such_number
from console.plain.order import order
from console.plain.records import said, section
from console.plain.remove import remove
from console.plain.visits import visits
from console.sections import SECTIONS
from console.token_words import token_status
from store.database import Store

if TYPE_CHECKING:
    from types import FrameType

    from console.terminal_kind import TerminalKind

SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def converse(store: Store, settings: Settings, kind: "TerminalKind") -> int:
    """Ask and answer on this terminal, or in a pipe, until the operator leaves; returns the exit code."""
    encoding = kind.encoding
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="latin-1" if encoding == "latin-1" else "utf-8", errors="replace")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding=encoding, errors="replace")
    for number in SIGNALS:
        signal.signal(number, _ended_by)  # so that a terminal which hides a PIN shows again what is typed
    talk = Conversation(sys.stdin, sys.stdout, shutil.get_terminal_size().columns, encoding)
    talk.say(" · ".join(filter(None, ("Sperre", settings.site, store.operator))))
    gc.freeze()  # what was loaded stays
    gc.enable()
    try:
        _menu(talk, store)
    except EOFError:
        talk.say(_("Nothing more is typed: the console closes."))
    except KeyboardInterrupt:
        talk.say()
    _leave(talk)
    return 0


def _ended_by(number: int, _frame: "FrameType | None") -> None:
    sys.exit(128 + number)


def _menu(talk: Conversation, store: Store) -> None:
    """One place or verb after the other, until the operator leaves. Raises EOFError."""
    ways = _ways(talk, store)
    warned: list[str] | None = None
    while True:
        warnings = _warnings(store)
        if warnings != warned:
            for warning in warnings:
                talk.say(warning)
        if warned is None:
            talk.number([words for _way, words in ways])
        warned = warnings
        try:
            answer = talk.ask(_("Menu: number, empty line shows the choices, 0 quit, ? help:"), _help())
        except Back:
            return
        if not answer:
            warned = None
        elif (place := chosen_place(answer, len(ways))) is not None:
            _do(talk, ways[place][0])
        else:
            talk.say(no_such_number(answer, len(ways)))


def _do(talk: Conversation, way: Callable[[], object]) -> None:
    try:
        said(talk, way)
    except KeyboardInterrupt:
        talk.say()
        talk.say(_("Interrupted. What was finished before that is in the journal; nothing else was changed."))


def _ways(talk: Conversation, store: Store) -> list[tuple[Callable[[], object], str]]:
    return [
        *((partial(section, talk, store, name), _(words)) for name, words in SECTIONS.items()),
        (partial(add, talk, store), explained(_("Add to blocklist"), _("needs no Token"))),
        (partial(order, talk, store), explained(_("Order blocklist"), _("issues the plans"))),
        (partial(remove, talk, store), explained(_("Remove from blocklist"), _("needs the Token"))),
        (partial(visits, talk, store), explained(_("Import visits"), _("what the locks have learned"))),
        (partial(_tokens, talk, store), explained(_("Token"), _("what is set up, enrolled and present"))),
    ]


def _tokens(talk: Conversation, store: Store) -> None:
    talk.say()
    for sentence in token_status(store):
        talk.say(sentence)


def _warnings(store: Store) -> list[str]:
    """What is wrong on the site, the worst first."""
    state, now = site_state.read(store), store.clock()
    urgent = (
        site_state.plans_warning(state.plans, now),
        site_state.unsent_warning(state),
        site_state.sighting_warning(store),
    )
    found = (site_state.rolled_back(state), *(f"! {text}" for text in urgent if text), site_state.not_sent(state))
    return [text for text in found if text]


def _help() -> str:
    return _(
        "Type the number of a choice, then Enter. At every question 0 goes back and ? explains; nothing is changed"
        " before you choose Finish. Ctrl+C goes back, too, and Ctrl+D closes the console."
    )


def _leave(talk: Conversation) -> None:
    """Say what was done."""
    if not talk.done:
        talk.say(_("Nothing was changed."))
        return
    talk.say(_("This was done:"))
    talk.number(talk.done)
