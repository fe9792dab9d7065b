"""What is said of the site wherever one is: plans that nobody ordered, lists not sent, a blocked key that was seen."""

from datetime import datetime, timedelta
from typing import NamedTuple

from console.language import _, ngettext
from console.wording import short_duration, since, term
from store.browse.sightings import last_sighting
from store.database import Store
from store.heads import is_rolled_back
from store.outbox import Waiting, waiting
from store.status import Plans, plans

RECENT = timedelta(days=7)


class SiteState(NamedTuple):
    """What is not as it should be: plans, lists that wait to be sent, a journal that was put back."""

    plans: Plans
    waiting: list[Waiting]
    is_rolled_back: bool


ALL_WELL = SiteState(Plans((), None, False), [], False)  # as long as nothing was read


def read(store: Store) -> SiteState:
    """How things stand on the site."""
    return SiteState(plans(store), waiting(store), is_rolled_back(store.heads_file))


def rolled_back(state: SiteState) -> str:
    """A warning that stays for as long as a noted head of the journal is missing."""
    return _("! JOURNAL PUT BACK OR CUT") if state.is_rolled_back else ""


def plans_in_short(found: Plans, now: datetime) -> str:
    """How many plans wait, and for how long, where there is little room."""
    if found.since is None:
        return _("no plans")
    age = short_duration(now - found.since)
    if found.forgotten:
        return ngettext(
            "! {count} PLAN NEVER ORDERED ({age})",
            "! {count} PLANS NEVER ORDERED ({age})",
            len(found.lists),
            age=age,
        )
    return ngettext("{count} plan not ordered ({age})", "{count} plans not ordered ({age})", len(found.lists), age=age)


def not_sent(state: SiteState) -> str:
    """Lists that are ordered but not written, or not handed on."""
    if not state.waiting:
        return ""
    return ngettext("! {count} list not sent", "! {count} lists not sent", len(state.waiting))


def unsent_list(row: Waiting) -> str:
    """An ordered list that could not be written or handed on, and why."""
    why = _(row.failure).rstrip(".")
    return _("Version {version} of {zone} is ordered but not sent: {why}.").format(
        version=row.version, zone=row.zone, why=why
    )


def unsent_warning(state: SiteState) -> str:
    """Which ordered list could not be written or handed on, and why; empty when all were."""
    return next((unsent_list(row) for row in state.waiting if row.failure), "")


def plans_warning(found: Plans, now: datetime) -> str:
    """That no lock knows of a plan, loudly when it was forgotten; empty when everything is ordered."""
    if found.since is None:
        return ""
    if found.forgotten:
        return ngettext(
            "{count} LIST WAS NEVER ORDERED, since {since}: NO LOCK KNOWS OF IT.",
            "{count} LISTS WERE NEVER ORDERED, since {since}: NO LOCK KNOWS OF THEM.",
            len(found.lists),
            since=since(found.since, now),
        )
    return ngettext(
        "{count} list is under planning since {since}: no lock knows of it yet.",
        "{count} lists are under planning since {since}: no lock knows of them.",
        len(found.lists),
        since=since(found.since, now),
    )


def sighting_warning(store: Store) -> str:
    """Where a blocked key was seen last, when that was lately; otherwise empty."""
    last = last_sighting(store)
    now = store.clock()
    if last is None or now - last.at > RECENT:
        return ""
    return _("{key} was seen {at} at {lock}, {place}: {result}.").format(
        key=last.label,
        at=since(last.at, now),
        lock=last.lock,
        place=last.place,
        result=term(last.result),
    )
