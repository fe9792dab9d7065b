"""Records: what one must know first, then the facts, then the tables and verbs that belong to them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from console import danger, facts, outcomes
from console.language import _
from console.plain import tables
from console.plain.add import add
from console.plain.conversation import Back, Conversation, explained
from console.plain.finish import close, confirm
from console.plain.order import order
from console.plain.pages import Pages, Table
from console.plain.remove import remove
from console.wording import explain
from pkcs11_token.errors import SperreError
from store.browse.journal import JournalRow, journal_row
from store.database import Store
from store.errors import NoKeyForWalk
from store.exposure import exposure
from store.keys import find_keys
from store.models import Key, Lock, LockList, Person, Sighting, Zone
from store.visits import tick_off
from store.walk import Stop

R = TypeVar("R")
Way = tuple[Callable[[], object], str]


def browse(talk: Conversation, table: Callable[[], Table[R]], open_record: Callable[[R], object], of: str = "") -> None:
    """Look through a table (`of` a record), read anew each time, and into its records, until the operator goes back."""
    pages = Pages(talk, _titled(of, table()))
    while True:
        try:
            row = pages.pick()
        except Back:
            return
        said(talk, partial(open_record, row))
        pages.table = _titled(of, table())


def _titled(of: str, table: Table[R]) -> Table[R]:
    return replace(table, title=f"{of}: {table.title}") if of else table


def said(talk: Conversation, work: Callable[[], object]) -> None:
    """Do `work` until the operator goes back from it; what is refused is said, and nothing is changed."""
    try:
        work()
    except Back:
        pass
    except SperreError as error:
        talk.warn(explain(error))


def _offer(talk: Conversation, tell: Callable[[], None], ways: Callable[[], Sequence[Way]]) -> None:
    """Tell of a record, then go where the operator wants from there, until he or she goes back."""
    told_at = -1
    while True:
        if told_at != len(talk.done):  # at first, and when something was changed
            tell()
            told_at = len(talk.done)
        try:
            way = talk.choose(
                _("What next?"),
                list(ways()),
                _("A number shows that table, or begins what it says. 0 or an empty line goes back."),
            )
        except Back:
            return
        said(talk, way)


def _tell(talk: Conversation, headline: str, answer: Sequence[str], about: facts.Facts) -> None:
    talk.say()
    talk.say(headline)
    for sentence in answer:
        talk.say(sentence)
    for label, value in about:
        talk.say(explained(label, value or _("none")), indent=2)


def key_record(talk: Conversation, store: Store, key_id: int) -> None:
    """A key: whether it is blocked, which doors it still opens, and what was done with it."""
    key = Key.get_by_id(key_id)

    def tell() -> None:
        blocked = facts.blocked_key(key_id) is not None
        answer = [danger.headline(exposure(store, key_id), store.clock())] if blocked else []
        _tell(talk, facts.key_headline(store, key), answer, facts.key_facts(store, key))

    def doors() -> None:
        browse(
            talk, lambda: tables.doors(store, key_id), lambda door: lock_record(talk, store, door.lock.id), key.label
        )

    def history() -> None:
        browse(talk, lambda: tables.journal(store, of_key=key_id), partial(journal_record, talk), key.label)

    def ways() -> list[Way]:
        change: Way = (partial(add, talk, store, key.label), _("Add this key to the blocklist"))
        if facts.blocked_key(key_id) is not None:
            change = (partial(remove, talk, store, key.label), _("Remove from blocklist"))
        return [
            (doors, _("Locks affected")),
            (history, _("History")),
            change,
            (partial(order, talk, store), _("Order blocklist")),
        ]

    _offer(talk, tell, ways)


def lock_record(talk: Conversation, store: Store, lock_id: int, stop: Stop | None = None) -> None:
    """A lock: where it is, what it has learned, which keys open it; a stop of the walk list can be ticked off."""
    lock = Lock.get_by_id(lock_id)

    def keys() -> None:
        browse(
            talk, lambda: tables.keys(store, of_lock=lock_id), lambda row: key_record(talk, store, row.id), lock.name
        )

    def carriers() -> None:
        browse(
            talk, lambda: tables.carriers(store, lock_id), lambda row: labelled_key(talk, store, row.label), lock.name
        )

    def ways() -> list[Way]:
        found: list[Way] = [(keys, _("Keys")), (carriers, _("Carriers"))]
        if stop is not None and LockList.get(LockList.lock == lock_id).version < stop.version:
            found.append((partial(_visited, talk, store, stop), _("Tick off a visit")))
        return found

    _offer(talk, lambda: _tell(talk, facts.lock_headline(lock), (), facts.lock_facts(lock)), ways)


def _visited(talk: Conversation, store: Store, stop: Stop) -> None:
    if not stop.keys:
        raise NoKeyForWalk(lock=stop.name)
    confirm(talk, outcomes.visit(stop))
    close(talk, [outcomes.visited(stop, tick_off(store, stop.serial, stop.keys[0]))])


def person_record(talk: Conversation, store: Store, person_id: int) -> None:
    """A person with his or her keys."""
    person = Person.get_by_id(person_id)

    def keys() -> None:
        browse(
            talk,
            lambda: tables.keys(store, of_person=person_id),
            lambda row: key_record(talk, store, row.id),
            person.name,
        )

    _offer(
        talk,
        lambda: _tell(talk, str(person.name), (), facts.person_facts(person)),
        lambda: [(keys, _("Keys")), (partial(add, talk, store, person=person_id), _("Add all keys of a person"))],
    )


def zone_record(talk: Conversation, store: Store, zone_id: int) -> None:
    """A zone: the state of its blocklist, its locks, and the versions of its list."""
    name = str(Zone.get_by_id(zone_id).name)

    def tell() -> None:
        zone = Zone.get_by_id(zone_id)
        _tell(talk, facts.zone_headline(zone), (), facts.zone_facts(store, zone))

    def locks() -> None:
        browse(talk, lambda: tables.locks(store, of_zone=zone_id), lambda row: lock_record(talk, store, row.id), name)

    def history() -> None:
        browse(talk, lambda: tables.history(store, name), lambda version: labelled_key(talk, store, version.key), name)

    def ways() -> list[Way]:
        return [(locks, _("Locks")), (history, _("History")), (partial(order, talk, store), _("Order blocklist"))]

    _offer(talk, tell, ways)


def labelled_key(talk: Conversation, store: Store, label: str) -> None:
    """The record of the key with this label."""
    (key,) = find_keys([label])
    key_record(talk, store, key.id)


def journal_record(talk: Conversation, row: JournalRow) -> None:
    """All that a record of the journal says."""
    _tell(talk, facts.journal_headline(row), (), facts.journal_facts(row))


def section(talk: Conversation, store: Store, name: str) -> None:
    """One of console.sections.SECTIONS, to look through."""
    open_record: dict[str, Callable[[Any], object]] = {
        "blocklist": lambda row: key_record(talk, store, row.id),
        "keys": lambda row: key_record(talk, store, row.id),
        "locks": lambda row: lock_record(talk, store, row.id),
        "people": lambda row: person_record(talk, store, row.id),
        "zones": lambda row: zone_record(talk, store, row.id),
        "journal": partial(journal_record, talk),
        "tokens": lambda row: journal_record(talk, journal_row(store, row.id)),
        "sightings": lambda row: key_record(talk, store, Sighting.get_by_id(row.id).key.id),
        "walk": lambda stop: lock_record(talk, store, Lock.get(Lock.serial == stop.serial).id, stop),
    }
    browse(talk, lambda: _TABLES[name](store), open_record[name])


_TABLES: dict[str, Callable[[Store], Table[Any]]] = {
    "blocklist": tables.blocklist,
    "keys": tables.keys,
    "locks": tables.locks,
    "people": tables.people,
    "zones": tables.zones,
    "journal": tables.journal,
    "tokens": tables.tokens,
    "sightings": tables.seen,
    "walk": tables.walk,
}
