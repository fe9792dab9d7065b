"""Questions that several flows ask: how to proceed with the affected locks, why, and a note."""

from collections.abc import Sequence
from typing import TypeVar

from console.language import _
from console.plain.conversation import Conversation, explained
from console.wording import explain, title
from store.blocklist import NOTE_LIMIT
from store.errors import NoteTooLong
from store.terms import Reason, RemovalReason

R = TypeVar("R", Reason, RemovalReason)


def asked_way(talk: Conversation, if_planned: str, if_ordered: str, chosen: bool | None) -> bool:
    """Whether the list is to be ordered; there is no default (step 6 of the manual)."""
    talk.say()
    return talk.choose(
        _("How do you want to proceed with the affected locks?"),
        [
            (False, explained(_("Leave in planning state"), if_planned)),
            (True, explained(_("Order blocklist"), if_ordered)),
        ],
        _(
            "Leave in planning state keeps the change here, and no lock learns of it until the blocklist is ordered."
            " Order blocklist issues it at once."
        ),
        () if chosen is None else (chosen,),
    )


def asked_reason(talk: Conversation, reasons: Sequence[R], chosen: R) -> R:
    """Why; the record keeps it."""
    talk.say()
    words = [(reason, title(reason)) for reason in reasons]
    return talk.choose(_("Reason"), words, _("The journal keeps the reason with who and when."), (chosen,))


def asked_note(talk: Conversation, kept: str) -> str:
    """A remark that is kept with it, `kept` unless something else is typed."""
    prompt = _("Note, empty line for none, 0 back, ? help:")
    if kept:
        prompt = _("Note, empty line keeps {note}, 0 back, ? help:").format(note=f"“{kept}”")
    while True:
        answer = talk.ask(
            prompt,
            _("A remark of at most {limit} characters that is kept with it. - alone means no note.").format(
                limit=NOTE_LIMIT
            ),
        )
        if len(answer) <= NOTE_LIMIT:
            return "" if answer == "-" else answer or kept
        talk.warn(explain(NoteTooLong(length=len(answer), limit=NOTE_LIMIT)))
