"""What a cell of an imported file may hold, and how it is stored. A cell that is wrong raises ValueError."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from store import import_errors as expected
from store.models import utc_text
from store.terms import KeyState, KeyType, Result

TEXT_LIMIT = 200
KEY_SERIAL_LIMIT = 39
YEARS = range(1900, 3000)  # no sum or local time can leave what a datetime holds
UNIT_SECONDS = {"d": 86400, "h": 3600, "t": 3600, "m": 60, "s": 1}
INTERVAL_LIMIT = 100 * 366 * UNIT_SECONDS["d"]
TYPES = {
    "phone key": KeyType.PHONE_KEY,
    "telefonnøkkel": KeyType.PHONE_KEY,
    "key fob": KeyType.KEY_FOB,
    "nøkkelbrikke": KeyType.KEY_FOB,
    "brikke": KeyType.KEY_FOB,
}
STATES = {
    "in planning": KeyState.IN_PLANNING,
    "i planlegging": KeyState.IN_PLANNING,
    "under planlegging": KeyState.IN_PLANNING,
    "ordered": KeyState.ORDERED,
    "bestilt": KeyState.ORDERED,
    "sent": KeyState.SENT,
    "sendt": KeyState.SENT,
    "programmed": KeyState.PROGRAMMED,
    "programmert": KeyState.PROGRAMMED,
    "returned": KeyState.RETURNED,
    "returnert": KeyState.RETURNED,
}
RESULTS = {
    "opened": Result.OPENED,
    "åpnet": Result.OPENED,
    "refused": Result.REFUSED,
    "avvist": Result.REFUSED,
    "learned": Result.LEARNED,
    "lærte": Result.LEARNED,
    "oppdatert": Result.LEARNED,
}
ANSWERS = {"1": 1, "yes": 1, "ja": 1, "0": 0, "no": 0, "nei": 0}

W = TypeVar("W")
Stored = str | int | None
Parse = Callable[[str], Stored]


def text(cell: str) -> str:
    if not 1 <= len(cell) <= TEXT_LIMIT:
        raise ValueError
    return cell


def optional_text(cell: str) -> str:
    if len(cell) > TEXT_LIMIT:
        raise ValueError
    return cell


def reference(cell: str) -> str | None:
    """The name of something in another file; empty is none."""
    return cell or None


def serial(cell: str) -> str:
    if not re.fullmatch(r"[0-9A-Fa-f]{1,64}", cell):
        raise ValueError
    return cell.upper()


def key_serial(cell: str) -> str | None:
    """A key's serial; empty: it was never made. On issued lists it stands as a number (RFC 5280: under 160 bits)."""
    if not cell:
        return None
    if len(cell) > KEY_SERIAL_LIMIT or not int(serial(cell), 16):
        raise ValueError
    return cell.upper()


def yes_or_no(cell: str) -> int:
    return _word(ANSWERS, cell)


def key_type(cell: str) -> str:
    return str(_word(TYPES, cell))


def key_state(cell: str) -> str:
    return str(_word(STATES, cell))


def moment(cell: str) -> str | None:
    """ISO 8601, or day.month.year with an hour; without an offset it is local time. Years are those of YEARS."""
    if not cell:
        return None
    norwegian = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s+(?:kl\.?\s*)?(\d{1,2}):(\d{2}))?", cell)
    if norwegian:
        day, month, year, hour, minute = (int(part or 0) for part in norwegian.groups())
        at = datetime(year, month, day, hour, minute)
    else:
        at = datetime.fromisoformat(cell)
    if at.year not in YEARS:
        raise ValueError
    return utc_text(at)


def required_moment(cell: str) -> str:
    """As `moment`, but not empty."""
    at = moment(cell)
    if at is None:
        raise ValueError
    return at


def result(cell: str) -> str:
    return str(_word(RESULTS, cell))


def version(cell: str) -> int | None:
    """The version of a list; empty: it is not told."""
    if not cell:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", cell):
        raise ValueError
    return int(cell)


def interval(cell: str) -> int | None:
    """Seconds, or numbers with the units d, h (in Norwegian t), m and s; 0, like empty, is none."""
    if not re.fullmatch(r"\d*|(\d+\s*[dhtms]\s*)+", cell.lower()):
        raise ValueError
    parts = re.findall(r"(\d+)\s*([dhtms]?)", cell.lower())
    seconds = sum(int(number) * UNIT_SECONDS[unit or "s"] for number, unit in parts)
    if seconds > INTERVAL_LIMIT:
        raise ValueError
    return seconds or None


EXPECTED: dict[Parse, str] = {
    text: expected.TEXT,
    optional_text: expected.SHORT_TEXT,
    serial: expected.HEXADECIMAL,
    key_serial: expected.KEY_SERIAL,
    yes_or_no: expected.YES_OR_NO,
    key_type: expected.KEY_TYPE,
    key_state: expected.KEY_STATE,
    moment: expected.TIME,
    interval: expected.INTERVAL,
    required_moment: expected.TIME,
    result: expected.RESULT,
    version: expected.VERSION,
}


def _word(words: dict[str, W], cell: str) -> W:
    try:
        return words[cell.lower()]
    except KeyError:
        raise ValueError from None
