"""The filter language: `status:planning zone:"Blokk A" before:2026-11-01`, in English and Norwegian, and free words."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple

from peewee import fn

from pkcs11_token.errors import N_
from store import cells
from store.collation import fold_word, spellings, split_words
from store.errors import FilterDateWrong, FilterValueWrong, Words
from store.listing import Asked
from store.models import Person, Zone, utc_text
from store.terms import Action, KeyType, Reason, Status
from store.text_index import PEOPLE

NAMES = {
    N_("status"): "status",
    N_("zone"): "sone",
    N_("type"): "type",
    N_("state"): "tilstand",
    N_("person"): "person",
    N_("place"): "sted",
    N_("reason"): "årsak",
    N_("by"): "av",
    N_("before"): "før",
    N_("after"): "etter",
    N_("opens"): "åpner",
    N_("seen"): "sett",
    N_("blocked"): "blokkert",
    N_("networked"): "nett",
    N_("updated"): "oppdatert",
    N_("action"): "handling",
    N_("result"): "resultat",
}
STATUSES = {
    N_("planning"): Status.UNDER_PLANNING,
    "under planning": Status.UNDER_PLANNING,
    "planlegging": Status.UNDER_PLANNING,
    "under planlegging": Status.UNDER_PLANNING,
    N_("ordered"): Status.ORDERED,
    "bestilt": Status.ORDERED,
    N_("removal"): Status.REMOVAL_UNDER_PLANNING,
    "fjerning": Status.REMOVAL_UNDER_PLANNING,
    N_("removed"): Status.REMOVED,
    "fjernet": Status.REMOVED,
}
LISTS = {word: status for word, status in STATUSES.items() if status in (Status.UNDER_PLANNING, Status.ORDERED)}
REASONS = {str(reason): reason for reason in Reason} | {
    "mistet": Reason.LOST,
    "stjålet": Reason.STOLEN,
    "ikke levert tilbake": Reason.NOT_RETURNED,
    "ødelagt": Reason.DAMAGED,
    "kompromittert": Reason.COMPROMISED,
    "annet": Reason.OTHER,
}
ACTIONS = {str(action): action for action in Action} | {
    "legge til": Action.ADD,
    "bestille": Action.ORDER,
    "fjerne": Action.REMOVE,
    "innrullere": Action.ENROLL,
    "trekke tilbake": Action.REVOKE,
    "lese inn": Action.IMPORT,
    "besøk": Action.VISIT,
}
ANSWERS = {N_("yes"): True, "ja": True, N_("no"): False, "nei": False}
TYPES = {**cells.TYPES, "phone": KeyType.PHONE_KEY, "fob": KeyType.KEY_FOB}

SHOWN_ZONES = 8

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_NORWEGIAN = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})", re.ASCII)


class Term(NamedTuple):
    """A named word of a table's filter. `meaning` makes a condition of the name and the value as they were typed.

    `values` are the words that may follow, or what is to follow, in English and marked for the catalogues.
    """

    meaning: Callable[[str, str], Any]
    values: tuple[str, ...]


def read(typed: str, terms: Mapping[str, Term]) -> Asked:
    """What `typed` asks of a table that knows `terms`, by their English names; any other word is text to search.

    A name without a value yet asks for nothing. Raises FilterInvalid.
    """
    words, conditions = [], []
    for word in split_words(typed):
        term = terms.get(_english(word.name))
        if term is None:
            words.append(fold_word(f"{word.name}:{word.value}" if word.name else word.value))
        elif word.value.strip():
            conditions.append(term.meaning(word.name, word.value.strip()))
    return Asked(tuple(word for word in words if word), tuple(conditions))


def choice(words: Mapping[str, Any], condition: Callable[[Any], Any]) -> Term:
    """One of `words`, or the beginning of one that leaves no doubt; `condition` gets what the word stands for."""
    shown = tuple(next(w for w in words if words[w] == value) for value in dict.fromkeys(words.values()))

    def meaning(name: str, typed: str) -> Any:
        begun = fold_word(typed)
        forms = [(form, value) for word, value in words.items() for form in spellings(word)]
        meant = {value for form, value in forms if form == begun} or {v for form, v in forms if form.startswith(begun)}
        if len(meant) != 1:
            raise FilterValueWrong(word=name, value=typed, values=Words(map(N_, shown)))
        return condition(meant.pop())

    return Term(meaning, tuple(map(N_, shown)))


def zone(condition: Callable[[list[str]], Any]) -> Term:
    """The zone of that name, otherwise all whose names have it in them; `condition` gets their names."""

    def meaning(name: str, typed: str) -> Any:
        zones: list[str] = [row.name for row in Zone.select(Zone.name).order_by(Zone.name)]
        sought = fold_word(typed)
        named = [zone for zone in zones if sought in spellings(zone)]
        named = named or [zone for zone in zones if any(sought in form for form in spellings(zone))]
        if not named:
            more = ["…"] if len(zones) > SHOWN_ZONES else []
            raise FilterValueWrong(word=name, value=typed, values=Words([*zones[:SHOWN_ZONES], *more]))
        return condition(named)

    return Term(meaning, (N_("its name, or a part of it"),))


def person(condition: Callable[[Any], Any]) -> Term:
    """People who have all the words in their names; `condition` gets a query of their ids."""

    def meaning(_name: str, typed: str) -> Any:
        words = fold_word(typed).split()
        expression = PEOPLE.expression(words)
        if expression is not None:
            return condition(PEOPLE.rows(expression))
        people = Person.select(Person.id)
        for word in words:
            people = people.where(fn.INSTR(Person.search, word) > 0)
        return condition(people)

    return Term(meaning, (N_("parts of the name"),))


def text(column: Any) -> Term:
    """A part of what stands in `column`."""
    return Term(lambda _name, typed: fn.INSTR(fn.search_text(column), fold_word(typed)) > 0, (N_("a part of it"),))


def days(column: Any) -> dict[str, Term]:
    """Before a day, and from a day on: `column` is a moment in UTC, the days are the local zone's."""
    return {
        "before": Term(lambda name, typed: column < _beginning(name, typed), (N_("a day: 2026-11-20 or 20.11.2026"),)),
        "after": Term(lambda name, typed: column >= _beginning(name, typed), (N_("the same, from that day on"),)),
    }


def _beginning(name: str, typed: str) -> str:
    """The moment in which a day begins here."""
    written = _ISO.fullmatch(typed) or _NORWEGIAN.fullmatch(typed)
    try:
        day = date(**{part: int(number) for part, number in written.groupdict().items()}) if written else None
    except ValueError:
        day = None
    if day is None or day.year not in cells.YEARS:
        raise FilterDateWrong(word=name, value=typed)
    return utc_text(datetime.combine(day, time()).astimezone())


def _forms(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {form: english for english, norwegian in names for name in (english, norwegian) for form in spellings(name)}


_ENGLISH = _forms(NAMES.items())


def _english(name: str) -> str:
    """The English name of a term that was typed in English or Norwegian; empty for any other word."""
    return _ENGLISH.get(fold_word(name), "")
