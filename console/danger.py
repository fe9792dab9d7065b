"""How the console says which doors a key still opens, and until when."""

from datetime import datetime

from console.language import _, ngettext
from console.sentences import doors
from console.wording import date_time, near, since, term
from store.answer import Answer, Door, Expectation
from store.exposure import KeyExposure, Seen
from store.walk import WalkList


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
    chance = round(10 * door.promise.probability) if door.promise else 0
    return _("visit by hand ({chance} in 10)").format(chance=chance) if chance else _("visit by hand")


def near_future(moment: datetime, now: datetime) -> str:
    """A time to come as one would say it: 18:00 today, tomorrow 18:00, otherwise the date."""
    days = (moment.astimezone().date() - now.astimezone().date()).days
    if days == 1:
        return _("tomorrow {time}").format(time=f"{moment.astimezone():%H:%M}")
    return near(moment, now)


def consequences(found: Answer, now: datetime, *, order: bool) -> list[str]:
    """What planning or ordering the block of a key means for its doors, and until when it opens them."""
    still = doors(found.exposure.still_opens)
    if not order:
        return [
            _("No lock learns it until it is ordered: the key still opens {doors}.").format(doors=still),
            _until(found),
        ]
    parts = []
    if at_once := found.count(Expectation.AT_ONCE):
        parts.append(ngettext("{count} door learns at once", "{count} doors learn at once", at_once))
    promised = [door for door in found.open_doors if door.expectation == Expectation.PROMISED and door.promise]
    if promised:
        latest = max(door.promise.by for door in promised if door.promise)
        parts.append(
            ngettext(
                "{count} by {at} (9 in 10)", "{count} by {at} (9 in 10)", len(promised), at=near_future(latest, now)
            )
        )
    if unknown := found.count(Expectation.UNKNOWN):
        parts.append(
            ngettext(
                "{count} when a key brings it (too little history to say when)",
                "{count} when keys bring it (too little history to say when)",
                unknown,
            )
        )
    if visits := found.count(Expectation.UNCERTAIN, Expectation.UNREACHABLE):
        parts.append(ngettext("{count} needs a visit", "{count} need a visit", visits))
    return [
        _("The key still opens {doors} until their locks learn it: {parts}.").format(
            doors=still, parts=", ".join(parts) or "–"
        ),
        _until(found),
    ]


def walk_lines(found: WalkList) -> list[str]:
    """The walk list as text for a printer at 80 columns: by place, each lock with a box to tick."""
    from console.widgets.text import fit

    lines = []
    if found.keys:
        lines += [_("Take along:"), *(_walk_key(key.label, key.name, key.person) for key in found.keys), ""]
    place = None
    for stop in found.stops:
        if stop.place != place:
            place = stop.place
            lines += [place or _("(no place)")]
        keys = ", ".join(stop.keys) or _("no key: use the programming device")
        name = fit(f"{stop.name} ({stop.serial})", 32, "middle")
        lines.append(f"  [ ] {name} {fit(f'{stop.zone} v{stop.version}', 20, 'middle')} {fit(keys, 21)}".rstrip())
    return lines


def _walk_key(label: str, name: str, person: str) -> str:
    return f"  {label}  {name}{f', {person}' if person else ''}"


def _until(found: Answer) -> str:
    end = found.exposure.dies_by
    if end is None:
        return _("It never stops by itself.")
    return _("It stops by itself on {at}.").format(at=date_time(end))
