"""What rows of the tables say of tokens, stops and versions; a conversation says the same in its lines."""

from console.language import _
from console.wording import change_word, date, date_time, status
from store.history import Version
from store.terms import Status
from store.token_rows import TokenRow
from store.walk import Stop


def token_state(row: TokenRow) -> str:
    """Whether a token counts."""
    return _("– revoked {date}").format(date=date(row.revoked_at)) if row.revoked_at else _("✓ enrolled")


def take_along(stop: Stop) -> str:
    """The keys that bring a lock the list."""
    return ", ".join(stop.keys) or _("none")


def why_visit(stop: Stop) -> str:
    """Why a lock is to be visited by hand."""
    if not stop.keys:
        return _("no key reaches it")
    return _("nobody goes there") if stop.unreachable else _("not promised in time")


def version_change(version: Version) -> str:
    """What a version of a list added or removed."""
    return f"{version.key} {change_word(version.action)}"


def ordered(version: Version) -> str:
    """When a version of a list was ordered."""
    return date_time(version.ordered_at) if version.ordered_at else status(Status.UNDER_PLANNING)
