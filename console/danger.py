"""How the console says which doors a key still opens, and until when."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from console.language import _, ngettext
from console.widgets.text import fit
from console.wording import date_time, near, since, term
from store.answer import Answer, Door, Expectation
from store.exposure import KeyExposure, Seen
from store.walk import WalkKey, WalkList

PRINTED_WIDTH = 80


def still_opens(found: KeyExposure) -> str:
    """The number that matters: Still opens 3 of 12 doors."""
    return ngettext(
        "Still opens {still} of {count} door",
        "Still opens {still} of {count} doors",
        found.of,
        still=str(found.still_opens),
    )


def dies_by(moment: datetime | None, now: datetime) -> str:
    """When the key stops by itself (rule 12)."""
    if moment is None:
        return _("never stops by itself")
    if moment <= now:
        return _("stopped by itself {at}").format(at=since(moment, now))
    return _("stops by itself {at}").format(at=date_time(moment))


def last_seen(seen: Seen | None, now: datetime) -> str:
    """The last sighting: where, when, and let in or not."""
    if seen is None:
        return _("not seen since")
    return _("seen {at} at {lock}, {place}: {result}").format(
        at=since(seen.at, now), lock=seen.lock, place=seen.place, result=term(seen.result)
    )


def headline(found: KeyExposure, now: datetime) -> str:
    """The answer in one line: STILL OPENS 3 OF 12 DOORS, never stops by itself, not seen since."""
    return " · ".join((still_opens(found).upper(), dies_by(found.dies_by, now), last_seen(found.last_sighting, now)))


def expected(door: Door, now: datetime) -> str:
    """When a door's lock will know the newest list, in few words."""
    match door.expectation:
        case Expectation.REFUSES:
            return _("knows it")
        case Expectation.KEY_STOPPED:
            return _("the key has stopped")
        case _ if not door.ordered:
            return _("not until ordered")
        case Expectation.AT_ONCE:
            return _("at once")
        case Expectation.UNREACHABLE:
            return _("nobody goes there")
        case Expectation.UNKNOWN:
            return _("too little history")
        case Expectation.PROMISED if door.promise:
            return _("by {at} (9 in 10)").format(at=near_future(door.promise.by, now))
    chance = int(10 * door.promise.probability) if door.promise else 0
    return _("visit by hand ({chance} in 10)").format(chance=chance) if chance else _("visit by hand")


def near_future(moment: datetime, now: datetime) -> str:
    """A time to come as one would say it: 18:00 today, tomorrow 18:00, otherwise the date."""
    days = (moment.astimezone().date() - now.astimezone().date()).days
    if days == 1:
        return _("tomorrow {time}").format(time=f"{moment.astimezone():%H:%M}")
    return near(moment, now)


def if_planned(answers: Sequence[Answer]) -> str:
    """What it means for the doors to leave the block of these keys under planning."""
    count = len(_open_doors(answers))
    return ngettext(
        "No lock learns it until it is ordered: {count} door stays open.",
        "No lock learns it until it is ordered: {count} doors stay open.",
        count,
    )


def if_ordered(answers: Sequence[Answer], now: datetime) -> str:
    """What it means for the doors to order it: how many learn at once, how many soon, and how many need a visit."""
    found = _open_doors(answers)
    kinds = Counter(door.expectation for door in found)
    parts = []
    if at_once := kinds[Expectation.AT_ONCE]:
        parts.append(ngettext("{count} door learns at once", "{count} doors learn at once", at_once))
    promised = [door.promise.by for door in found if door.expectation == Expectation.PROMISED and door.promise]
    if promised:
        parts.append(
            ngettext(
                "{count} door by {at} (9 in 10)",
                "{count} doors by {at} (9 in 10)",
                len(promised),
                at=near_future(max(promised), now),
            )
        )
    if unknown := kinds[Expectation.UNKNOWN]:
        parts.append(ngettext("{count} door when a key brings it", "{count} doors when keys bring it", unknown))
    if visits := kinds[Expectation.UNCERTAIN] + kinds[Expectation.UNREACHABLE]:
        parts.append(ngettext("{count} door needs a visit", "{count} doors need a visit", visits))
    return f"{', '.join(parts)}." if parts else _("No door is open to it any more.")


def ends(answers: Sequence[Answer]) -> str:
    """Until when the keys open doors by themselves (rule 12)."""
    moments = [answer.exposure.dies_by for answer in answers]
    known = [moment for moment in moments if moment is not None]
    if len(known) < len(moments):
        return _("It never stops by itself.") if len(moments) == 1 else _("Not all of them stop by themselves.")
    last = date_time(max(known))
    if len(moments) == 1:
        return _("It stops by itself on {at}.").format(at=last)
    return _("They stop by themselves on {at}.").format(at=last)


def _open_doors(answers: Sequence[Answer]) -> list[Door]:
    """The doors that any of the keys still opens, each once."""
    return list({door.lock.id: door for answer in answers for door in answer.open_doors}.values())


def walk_lines(found: WalkList) -> list[str]:
    """The walk list as text for a printer at 80 columns: by place, each lock with a box to tick."""
    lines = []
    if found.keys:
        lines += [_("Take along:"), *(line for key in found.keys for line in _walk_key(key)), ""]
    place = None
    for stop in found.stops:
        if stop.place != place:
            place = stop.place
            lines += [place or _("(no place)")]
        keys = ", ".join(stop.keys) or _("programming device")
        name = fit(f"{stop.name} ({stop.serial})", 29, "middle")
        lines.append(f"  [ ] {name} {fit(f'{stop.zone} v{stop.version}', 20, 'middle')} {fit(keys, 21)}")
    return [fit(line, PRINTED_WIDTH).rstrip() for line in lines]


def _walk_key(key: WalkKey) -> list[str]:
    holder = f", {key.person}" if key.person else ""
    note = [_("hold it to a lock that is up to date first")] if key.outdated else []
    return [f"  {key.label}  {key.name}{holder}", *(f"      {line}" for line in note)]
