"""Remove from blocklist, as questions: what reopens, why, and the token that proves it."""

from datetime import timedelta

from console import outcomes
from console.configuration import settings
from console.language import _
from console.plain import tables
from console.plain.conversation import Back, Conversation, in_turn
from console.plain.finish import close, confirm, issue
from console.plain.login import log_in, sign_pin, waiting
from console.plain.pages import Pages
from console.plain.questions import asked_note, asked_reason, asked_way
from console.wording import explain
from pkcs11_token.chain_errors import SecondTokenRequired
from pkcs11_token.errors import SperreError
from store import blocklist
from store.blocklist import ListChange, prepare_removal
from store.database import Store
from store.errors import NoTokenEnrolled
from store.keys import find_keys, reach
from store.terms import RemovalReason
from store.trust import trust


def remove(talk: Conversation, store: Store, label: str | None = None) -> None:
    """Take a key off the blocklist; its label may be known already.

    Raises Refused or TokenRequired when that key cannot be taken off, Back and EOFError.
    """
    flow = Removal(talk, store)
    talk.say()
    talk.say(_("Remove from blocklist"))
    if label is not None:
        flow.take(label)
    first = () if label is not None else (flow.which,)
    in_turn(talk, *first, flow.way, flow.why, flow.remark, flow.check, flow.proof)


class Removal:
    """What has been answered so far; it stays when one goes back."""

    def __init__(self, talk: Conversation, store: Store) -> None:
        self.talk = talk
        self.store = store
        self.shown = Pages(talk, tables.blocklist(store))
        self.label = ""
        self.order: bool | None = None
        self.reason = RemovalReason.FOUND
        self.note = ""

    def which(self) -> None:
        self.take(self.shown.pick(_("Which key is to come off the blocklist?")).label)

    def take(self, label: str) -> None:
        """Raises what will be refused, before more is asked."""
        prepare_removal(self.store, [label], order=False, reason=RemovalReason.OTHER)
        enrolled = trust(self.store).valid
        if not enrolled:
            raise NoTokenEnrolled
        if len(enrolled) < self.store.tokens_required:
            raise SecondTokenRequired
        self.label = label

    def way(self) -> None:
        keys = find_keys([self.label])
        self.talk.say()
        self.talk.say(outcomes.reopens(keys, reach(keys, self.store.list_limit)))
        self.order = asked_way(
            self.talk,
            _in_one_line(_("the locks go on refusing the key\nuntil the blocklist is ordered")),
            _in_one_line(_("issued now: doors reopen as\nthe new list reaches them")),
            self.order,
        )

    def why(self) -> None:
        self.reason = asked_reason(self.talk, list(RemovalReason), self.reason)

    def remark(self) -> None:
        self.note = asked_note(self.talk, self.note)

    def check(self) -> None:
        """A short description of what Finish will do. Raises Refused when it can no longer be done."""
        prepare_removal(self.store, [self.label], order=False, reason=RemovalReason.OTHER)
        confirm(self.talk, outcomes.removal(find_keys([self.label]), self.reason, order=bool(self.order)))

    def proof(self) -> None:
        """The token signs it, and Close; what fails is described and asked for anew."""
        try:
            changes, statements = self.prove()
        except SperreError as error:
            self.talk.warn(explain(error))
            raise Back from None
        if self.order:
            issue(self.talk, self.store)
        close(self.talk, outcomes.removed(self.store, find_keys([self.label]), changes, statements))

    def prove(self) -> tuple[list[ListChange], list[str]]:
        """Have as many different tokens sign this very removal as the site asks for, and commit it.

        Raises SperreError, Back and EOFError: nothing is changed then.
        """
        from console.operator_token import OperatorToken

        token = OperatorToken(self.store, timedelta(minutes=settings().token_idle_minutes))
        removal = prepare_removal(self.store, [self.label], order=bool(self.order), reason=self.reason, note=self.note)
        statements: list[str] = []
        signed_by: set[str] = set()
        self.talk.say(_("Removing a key from the blocklist always requires a logged-in Token."))
        try:
            while len(statements) < self.store.tokens_required:
                if statements:
                    self.talk.say(_("This site asks for a second token: log in with a different one."))
                log_in(self.talk, token, signed_by)
                statements.append(waiting(self.talk, token.sign(removal, sign_pin(self.talk, token))))
                signed_by.add(token.session.fingerprint if token.session else "")
                token.log_out()
        finally:
            token.log_out()
        return blocklist.remove(self.store, removal, statements), statements


def _in_one_line(text: str) -> str:
    return text.replace("\n", " ")
