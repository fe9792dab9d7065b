"""Log in to the token for one signature: its PIN is typed hidden, or on the reader, and kept nowhere."""

from collections.abc import Awaitable, Collection
from typing import TYPE_CHECKING, TypeVar

from console.language import _
from console.plain.conversation import Back, Conversation
from console.token_words import tries
from console.wording import explain
from pkcs11_token.chain_errors import SecondTokenRequired
from pkcs11_token.errors import N_, NotEnrolledToken, NoToken, PinLocked, SperreError, TokenError

if TYPE_CHECKING:
    from console.operator_token import OperatorToken
    from pkcs11_token.session import FoundToken

T = TypeVar("T")
PATIENCE_SECONDS = 3.0


class PinNeedsTerminal(TokenError):
    template = N_(
        "The PIN is typed hidden, on a terminal, and here is none. Nothing was changed. Remove with:"
        " sperre blocklist remove KEY --reason REASON --order --pin-file FILE"
    )


def log_in(talk: Conversation, token: "OperatorToken", besides: Collection[str] = ()) -> None:
    """Log in to an enrolled token that is none of `besides` (fingerprints); what goes wrong is said, and asked again.

    Raises PinNeedsTerminal, Back and EOFError.
    """
    while True:
        found = _looked_for(talk, token, besides)
        risked = found.final_try and _risks_last_try(talk)
        pin = _pin(talk, found.label, on_reader=found.pin_pad)
        try:
            return waiting(talk, token.log_in(pin, last_try_confirmed=risked, besides=besides))
        except SperreError as error:
            talk.warn(explain(error))
        finally:
            del pin


def sign_pin(talk: Conversation, token: "OperatorToken") -> str | None:
    """The PIN once more, for a key that asks for it at every signature. Raises Back and EOFError."""
    if not token.asks_each_time or token.session is None:
        return None
    talk.say(_("This token asks for its PIN at every signature: enter it once more to sign."))
    return _pin(talk, token.session.label, on_reader=token.asks_on_reader)


def waiting(talk: Conversation, call: Awaitable[T]) -> T:
    """The result of a call to the token; Ctrl+C stops waiting for it. Raises Back then, or what the call raises."""
    import asyncio

    async def patiently() -> T:
        work = asyncio.ensure_future(call)
        done, _pending = await asyncio.wait({work}, timeout=PATIENCE_SECONDS)
        if not done:
            talk.say(_("The token does not answer yet. Ctrl+C stops waiting for it; nothing is changed."))
            talk.shown.flush()
        return await work

    try:
        return asyncio.run(patiently())
    except KeyboardInterrupt:
        talk.say()
        talk.say(_("You stopped waiting for the token. Nothing was changed."))
        raise Back from None


def _looked_for(talk: Conversation, token: "OperatorToken", besides: Collection[str]) -> "FoundToken":
    while True:
        talk.say(_("Looking for the token …"))
        try:
            candidates = waiting(talk, token.find(besides))
            if not candidates:
                raise NoToken(token="")
            found = candidates[0]
            if found.locked:
                raise PinLocked(token=found.label)
        except SperreError as error:
            signed_already = isinstance(error, NotEnrolledToken) and besides
            talk.warn(explain(SecondTokenRequired() if signed_already else error))
            talk.ask(
                _("Enter looks for the token again, 0 back, ? help:"),
                _("Insert the token, then press Enter. 0 goes back; nothing is changed."),
            )
            continue
        talk.say(_("Token: {names}").format(names=", ".join(each.label for each in candidates)))
        if warning := tries(found):
            talk.say(warning)
        return found


def _risks_last_try(talk: Conversation) -> bool:
    return talk.choose(
        "",
        [(True, _("Try all the same?"))],
        _("A wrong PIN locks the token now. 0 or an empty line goes back; nothing is changed."),
    )


def _pin(talk: Conversation, label: str, *, on_reader: bool) -> str | None:
    """The PIN as it is typed; None when it is typed on the reader. Raises PinNeedsTerminal, Back and EOFError."""
    if on_reader:
        talk.ask(
            _("Press Enter here, then enter the PIN on the reader."),
            _("The PIN is typed on the reader. 0 goes back; nothing is changed."),
        )
        return None
    if not talk.can_hide:
        raise PinNeedsTerminal
    question = _("PIN of the token {token}").format(token=label)
    return talk.ask_hidden(_("{question} (not shown; empty line back):").format(question=question))
