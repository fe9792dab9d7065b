"""A value of a record: as programs read it, as people read it, and as a spreadsheet may hold it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from console.language import _
from console.wording import date_time
from store.models import utc_text

Value = str | int | float | bool | datetime | Sequence[str] | dict[str, Any] | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def exact(value: Value) -> str | int | float | bool | list[str] | dict[str, Any] | None:
    """A value as programs read it."""
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, str | int | float | dict) or value is None:
        return value
    return list(value)


def readable(value: Value) -> str:
    """A value as people read it."""
    match value:
        case datetime():
            return date_time(value)
        case bool():
            return _("yes") if value else _("no")
        case list() | tuple():
            return ", ".join(value)
    return "" if value is None else str(value)


def unexecutable(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
