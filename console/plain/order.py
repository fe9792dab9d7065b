"""Order blocklist, as questions: which lists, what will be issued, and Finish."""

from console import outcomes, sentences
from console.language import _
from console.plain.conversation import Back, Conversation, explained, in_turn
from console.plain.finish import close, confirm, issue
from console.wording import duration
from store import blocklist
from store.blocklist import pending
from store.database import Store
from store.errors import NothingToOrder


def order(talk: Conversation, store: Store) -> None:
    """Issue what is under planning. Raises NothingToOrder, Back and EOFError."""
    talk.say()
    talk.say(_("Order blocklist"))
    if not pending():
        raise NothingToOrder
    zones: list[str] = []

    def which() -> None:
        plans, now = pending(), store.clock()
        if not plans:
            raise Back  # another operator has ordered them
        one = [
            ([plan.zone], explained(plan.zone, _("under planning for {age}").format(age=duration(now - plan.since))))
            for plan in plans
        ]
        every = ([plan.zone for plan in plans], _("All blocklists under planning"))
        zones[:] = talk.choose(
            _("Which blocklists are to be ordered?"),
            [every, *one] if len(one) > 1 else one,
            _("A list is ordered as a whole: everything that is under planning in it is issued."),
            [zones] if zones else (),
        )

    def finish() -> None:
        if not pending(zones):
            raise Back
        confirm(talk, outcomes.order(pending(zones)))
        changes = blocklist.order(store, zones)
        issue(talk, store)
        close(talk, [sentences.state_after(changes)])

    in_turn(talk, which, finish)
