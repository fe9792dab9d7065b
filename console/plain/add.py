"""Add to blocklist, as questions: steps 2 to 10 of the manual."""

from collections.abc import Sequence

from console import danger, outcomes, sentences
from console.language import _
from console.plain import tables
from console.plain.conversation import Conversation, explained, in_turn
from console.plain.finish import close, confirm, issue
from console.plain.pages import Pages
from console.plain.questions import asked_note, asked_reason, asked_way
from store import blocklist
from store.answer import Answer, answer
from store.database import Store
from store.errors import NoBlockableKey
from store.keys import blockable, find_keys, keys_of_person, reach, why_not_blockable
from store.models import Key, Person
from store.terms import Reason


def add(talk: Conversation, store: Store, label: str | None = None, *, person: int | None = None) -> None:
    """Put keys on the blocklist; the key (its label) or the person (a database id) may be known already.

    Raises Refused when that key cannot be blocked, Back and EOFError.
    """
    flow = Addition(talk, store)
    talk.say()
    talk.say(_("Add to blocklist"))
    if label is not None:
        flow.take_key(find_keys([label])[0])
    elif person is not None:
        flow.take_keys_of(person)
    first = () if flow.keys else (flow.what, flow.which)
    in_turn(talk, *first, flow.way, flow.why, flow.remark, flow.finish)


class Addition:
    """What has been answered so far; it stays when one goes back."""

    def __init__(self, talk: Conversation, store: Store) -> None:
        self.talk = talk
        self.store = store
        self.of_person: bool | None = None
        self.keys_shown = Pages(talk, tables.keys(store))
        self.people_shown = Pages(talk, tables.people(store))
        self.keys: Sequence[Key] = ()
        self.answers: Sequence[Answer] = ()
        self.order: bool | None = None
        self.reason = Reason.LOST
        self.note = ""

    def what(self) -> None:
        """Step 3: one key, or all keys of a person."""
        self.of_person = self.talk.choose(
            _("What is to be blocked?"),
            [
                (False, explained(_("Add a key to the blocklist"), _("one key was lost"))),
                (True, explained(_("Add all keys of a person"), _("a bag with several keys was lost"))),
            ],
            _("Type 1 or 2. Nothing is changed until you choose Finish."),
            () if self.of_person is None else (self.of_person,),
        )

    def which(self) -> None:
        """Step 4: the key, or the person. Raises Refused when it cannot be blocked (rules 9 to 11)."""
        if self.of_person:
            self.talk.say(_("All keys of the person that can be blocked are added, or none."))
            self.take_keys_of(self.people_shown.pick(_("Whose keys are to be blocked?")).id)
            return
        self.talk.say(_("A phone key is normally returned and emptied; block it only where that cannot be completed."))
        row = self.keys_shown.pick(_("Which key is to be blocked?"))
        self.take_key(Key.get_by_id(row.id))

    def take_key(self, key: Key) -> None:
        refusal = why_not_blockable(key)
        if refusal:
            raise refusal
        self.keys = [key]

    def take_keys_of(self, person_id: int) -> None:
        found = blockable(keys_of_person(person_id))
        if not found:
            raise NoBlockableKey(person=Person.get_by_id(person_id).name)
        self.keys = found

    def way(self) -> None:
        """Step 6: planning or ordering, with what either means for the doors."""
        zones = reach(self.keys, self.store.list_limit)
        self.answers = [answer(self.store, key.id) for key in self.keys]
        self.talk.say()
        self.talk.say(outcomes.opens(self.keys, zones))
        self.talk.say(sentences.affected_locks(zones, self.store.list_limit))
        now = self.store.clock()
        if_planned, if_ordered = danger.if_planned(self.answers), danger.if_ordered(self.answers, now)
        self.order = asked_way(self.talk, if_planned, if_ordered, self.order)

    def why(self) -> None:
        self.reason = asked_reason(self.talk, list(Reason), self.reason)

    def remark(self) -> None:
        self.note = asked_note(self.talk, self.note)

    def finish(self) -> None:
        """Steps 8 to 10: a short description, Finish, and Close."""
        zones, order = reach(self.keys, self.store.list_limit), bool(self.order)
        confirm(
            self.talk,
            outcomes.addition(self.keys, zones, self.answers, self.store.clock(), self.reason, order=order),
        )
        labels = [key.label for key in self.keys]
        changes = blocklist.add(self.store, labels, order=order, reason=self.reason, note=self.note)
        if order:
            issue(self.talk, self.store)
        close(self.talk, outcomes.added(self.keys, changes))
