"""How terms, times and errors are written for an operator."""

from datetime import datetime, timedelta
from enum import StrEnum

from console.language import _, current, ngettext
from pkcs11_token.errors import Marked, SperreError
from store.errors import AlreadyBlocked, AlreadyReturned, NeverMade, NewerRecords, Refused, Words
from store.terms import Status

STATUS_SIGNS = {
    Status.UNDER_PLANNING: "○",
    Status.ORDERED: "●",
    Status.REMOVAL_UNDER_PLANNING: "–",
    Status.REMOVED: "✓",
}


def term(word: StrEnum | str) -> str:
    """A word of the domain in the operator's language, as it stands within a sentence."""
    return _(str(word))


def title(word: StrEnum | str) -> str:
    """The same with a capital, as it stands alone."""
    text = term(word)
    return text[:1].upper() + text[1:]


def status(value: Status) -> str:
    """A status with its sign and its word."""
    return f"{STATUS_SIGNS[value]} {title(value)}"


def short_status(value: Status) -> str:
    """The same where there is little room: a removal is planned, not under planning."""
    if value == Status.REMOVAL_UNDER_PLANNING:
        return " ".join([STATUS_SIGNS[value], _("Removal planned")])
    return status(value)


def opens_now(still: int, of: int) -> str:
    """How many of its doors a key still opens, where there is little room: 3 of 12."""
    return _("{still} of {of}").format(still=still, of=of)


def change_word(action: str) -> str:
    """What a version of a list did with a key: added or removed it."""
    return _("added") if action == "add" else _("removed")


def date(moment: datetime) -> str:
    """The local date: 2026-11-24 in English, 24.11.2026 in Norwegian."""
    return moment.astimezone().strftime("%d.%m.%Y" if current() == "nb" else "%Y-%m-%d")


def date_time(moment: datetime) -> str:
    """The local date and minute."""
    return f"{date(moment)} {moment.astimezone():%H:%M}"


def near(moment: datetime, now: datetime) -> str:
    """A time as one would say it at `now`: 08:12 today, `yesterday`, otherwise the date."""
    days = (now.astimezone().date() - moment.astimezone().date()).days
    if days == 0:
        return f"{moment.astimezone():%H:%M}"
    return _("yesterday") if days == 1 else date(moment)


def since(moment: datetime, now: datetime) -> str:
    """The same within a sentence: 08:12, yesterday 16:40, or date and minute."""
    days = (now.astimezone().date() - moment.astimezone().date()).days
    if days == 1:
        return " ".join([_("yesterday"), f"{moment.astimezone():%H:%M}"])
    return f"{moment.astimezone():%H:%M}" if days == 0 else date_time(moment)


def short_duration(span: timedelta) -> str:
    """How long, where there is little room: 20 min, 3 h, 2 d."""
    minutes = max(1, int(span.total_seconds() // 60))
    if minutes < 60:
        return _("{count} min").format(count=minutes)
    if minutes < 48 * 60:
        return _("{count} h").format(count=minutes // 60)
    return _("{count} d").format(count=minutes // (24 * 60))


def duration(span: timedelta) -> str:
    """How long, in its largest unit and at least a minute: 20 minutes, 3 hours, 2 days."""
    minutes = max(1, int(span.total_seconds() // 60))
    if minutes < 60:
        return ngettext("{count} minute", "{count} minutes", minutes)
    if minutes < 48 * 60:
        return ngettext("{count} hour", "{count} hours", minutes // 60)
    return ngettext("{count} day", "{count} days", minutes // (24 * 60))


def explain(error: SperreError) -> str:
    """An error's message in the operator's language, one line, with local times."""
    return _(error.template).format(**{name: _value(value) for name, value in error.values.items()})


def nothing_to_block(refusal: Refused) -> str:
    """Why a key is not to be blocked, short enough for a table's cell."""
    match refusal:
        case NeverMade():
            return _("never made: nothing to block")
        case AlreadyReturned():
            return _("returned: nothing to block")
        case AlreadyBlocked():
            return _("blocked since {date}").format(date=_value(refusal.values["since"]))
    return _("opens no lock")


def joined(names: list[str]) -> str:
    """Names as a sentence lists them: A, B and C."""
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])


def newer_records(newer: NewerRecords) -> str:
    """What was done meanwhile: N-17 added to Blokk A v18: lost (ola, 2026-11-24 08:12); and 2 changes more."""
    from console.journal_words import journal_summary

    told = [
        f"{journal_summary(record.action, record.details)} ({record.operator}, {date_time(record.at)})"
        for record in newer.first
    ]
    if newer.more:
        told.append(ngettext("and {count} change more", "and {count} changes more", newer.more))
    return "; ".join(told)


def _value(value: object) -> str:
    if isinstance(value, NewerRecords):
        return newer_records(value)
    if isinstance(value, SperreError):
        return explain(value)
    if isinstance(value, Words):
        return ", ".join(map(_value, value))
    if isinstance(value, datetime):
        return date_time(value)
    if isinstance(value, StrEnum | Marked):
        return term(value)
    return str(value)
