"""How each flow ends: what Finish will do, Finish, what it did, and Close."""

from collections.abc import Sequence

from console.issuing import flush_outbox
from console.language import _
from console.plain.conversation import Back, Conversation
from console.wording import explain
from pkcs11_token.errors import SperreError
from store.database import Store


def confirm(talk: Conversation, description: Sequence[str]) -> None:
    """Say what will happen, and return when Finish was chosen. Raises Back and EOFError."""
    talk.say()
    talk.say(_("When you choose Finish:"))
    for sentence in description:
        talk.say(sentence, indent=2)
    talk.choose(
        "",
        [(True, _("Finish"))],
        _("1 does what is described. 0 or an empty line goes back; nothing is changed until you choose Finish."),
    )


def close(talk: Conversation, sentences: Sequence[str]) -> None:
    """Say what was done, now and when one leaves, until the operator closes it. Raises EOFError."""
    talk.done.append(" ".join(sentences))
    talk.say()
    talk.say(_("Done."))
    for sentence in sentences:
        talk.say(sentence, indent=2)
    try:
        talk.choose("", [(True, _("Close"))], _("It is done. Any answer goes on."))
    except Back:
        return


def issue(talk: Conversation, store: Store) -> None:
    """After an order: write its lists and hand them on. What fails is said; the order stands."""
    try:
        flush_outbox(store)
    except SperreError as error:
        talk.warn(explain(error))
