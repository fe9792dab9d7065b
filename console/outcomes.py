"""What Finish will do, before it is chosen, and what it did: the wizards and the conversation tell it alike."""

from collections.abc import Sequence
from datetime import datetime

from console import danger, sentences
from console.language import _, ngettext
from console.wording import joined, term
from pkcs11_token.statement import fingerprint_of, short_fingerprint
from store.answer import Answer
from store.blocklist import ListChange, PendingList, pending
from store.database import Store
from store.keys import ZoneReach, live_entries
from store.models import Key
from store.visits import VisitsReport
from store.walk import Stop


def opens(keys: Sequence[Key], zones: Sequence[ZoneReach]) -> str:
    """What keys that are to be blocked open: Phone key 214 (N-214) opens 41 doors in 2 zones."""
    names, doors = sentences.key_names(keys), sentences.reach(zones)
    return ngettext("{key} opens {doors}.", "{key} open {doors}.", len(keys), key=names, doors=doors)


def addition(
    keys: Sequence[Key],
    zones: Sequence[ZoneReach],
    answers: Sequence[Answer],
    now: datetime,
    reason: str,
    *,
    order: bool,
) -> list[str]:
    """Step 8 of the manual: what goes on which lists, what that means for the doors, and what else is issued."""
    names = [zone.zone for zone in zones]
    what = _("{keys} goes on the blocklist of {zones} (reason: {reason}).")
    several = _("{keys} go on the blocklist of {zones} (reason: {reason}).")
    if order:
        issued, meaning = _issued(zones), danger.if_ordered(answers, now)
    else:
        issued = _("The blocklist stays under planning until you choose Order blocklist.")
        meaning = danger.if_planned(answers)
    return [
        (what if len(keys) == 1 else several).format(
            keys=sentences.key_names(keys), zones=joined(names), reason=term(reason)
        ),
        issued,
        f"{meaning} {danger.ends(answers)}",
        *(_issued_with_it(names) if order else ()),
    ]


def added(keys: Sequence[Key], changes: Sequence[ListChange]) -> list[str]:
    """That keys are on the blocklist, and the status that this left it in."""
    names = sentences.key_names(keys)
    return [
        ngettext("{key} is on the blocklist.", "{key} are on the blocklist.", len(keys), key=names),
        sentences.state_after(changes),
    ]


def order(plans: Sequence[PendingList]) -> list[str]:
    """What ordering these lists issues."""
    return [
        *(sentences.pending_changes(plan) for plan in plans),
        _("From then on they spread to the locks; what is removed opens again where they arrive."),
    ]


def reopens(keys: Sequence[Key], zones: Sequence[ZoneReach]) -> str:
    """How many doors open again when keys come off the blocklist."""
    return ngettext(
        "{count} door opens again for {keys} once the list is ordered.",
        "{count} doors open again for {keys} once the list is ordered.",
        sum(zone.locks for zone in zones),
        keys=sentences.key_names(keys),
    )


def removal(keys: Sequence[Key], reason: str, *, order: bool) -> list[str]:
    """What comes off which lists, and what else is issued with it."""
    zones = sorted({entry.zone.name for key in keys for entry in live_entries(key)})
    what = _("{keys} comes off the blocklist of {zones} (reason: {reason}).")
    several = _("{keys} come off the blocklist of {zones} (reason: {reason}).")
    return [
        (what if len(keys) == 1 else several).format(
            keys=sentences.key_names(keys), zones=joined(zones), reason=term(reason)
        ),
        _("The blocklist is ordered: each door opens again as soon as the new list reaches its lock.")
        if order
        else _("The blocklist stays under planning: the locks go on refusing until you choose Order blocklist."),
        _("The token signs this removal, and the journal keeps who, when and why."),
        *(_issued_with_it(zones) if order else ()),
    ]


def removed(store: Store, keys: Sequence[Key], changes: Sequence[ListChange], statements: Sequence[str]) -> list[str]:
    """That keys are off the blocklist, the status that this left it in, and who signed with which token."""
    names = sentences.key_names(keys)
    return [
        ngettext("{key} is off the blocklist.", "{key} are off the blocklist.", len(keys), key=names),
        sentences.state_after(changes),
        _("Signed by {name} with token {token}.").format(
            name=store.operator,
            token=joined([short_fingerprint(fingerprint_of(statement)) for statement in statements]),
        ),
    ]


def visit(stop: Stop) -> list[str]:
    """What it means to tick a lock off the walk list."""
    return [
        _("{lock}, {place}, was visited with key {key}, which brought it the newest ordered list.").format(
            lock=stop.name, place=stop.place, key=stop.keys[0]
        ),
        ngettext(
            "From then on it counts as refusing {count} blocked key that it still opens for.",
            "From then on it counts as refusing {count} blocked keys that it still opens for.",
            stop.blocked_keys,
        ),
        _("Do this only when the key was held to the lock, and the lock answered."),
        *([_not_known_to_hold(stop)] if stop.outdated else ()),
    ]


def _not_known_to_hold(stop: Stop) -> str:
    return _("{key} is not known to hold version {version}: it brings only what it has met itself.").format(
        key=stop.keys[0], version=stop.version
    )


def visited(stop: Stop, version: int) -> str:
    """That a lock was ticked off."""
    return _("{lock} holds version {version} now.").format(lock=stop.name, version=version)


def imported(report: VisitsReport) -> list[str]:
    """What a file of visits held."""
    added = ngettext("{count} visit added", "{count} visits added", report.added)
    known = ngettext("{count} was known", "{count} were known", report.known)
    seen = ngettext("{count} sighting of a blocked key.", "{count} sightings of blocked keys.", report.sightings)
    return [f"{added}, {known}.", *([seen] if report.sightings else [])]


def _issued(zones: Sequence[ZoneReach]) -> str:
    """To whom the newest versions go when they are ordered."""
    return _("The blocklist is ordered: it is sent to {phones} and {locks}.").format(
        phones=ngettext("{count} phone key", "{count} phone keys", sum(zone.carriers for zone in zones)),
        locks=ngettext("{count} networked lock", "{count} networked locks", sum(zone.networked for zone in zones)),
    )


def _issued_with_it(zones: Sequence[str]) -> list[str]:
    """What else an order of these lists issues, since the list is ordered as a whole (rule 3)."""
    return [
        _("With it goes what was under planning: {changes}").format(changes=sentences.pending_changes(plan))
        for plan in pending(zones)
    ]
