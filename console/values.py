"""A value of a record: as programs read it, as people read it, and as a spreadsheet may hold it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from console.language import _
from console.wording import date_time
from store.models import utc_text

Value = str | int | float | bool | datetime | Sequence[str] | dict[str, Any] | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# At the start, and where a spreadsheet that reads the file its own way begins another cell: Norwegian ones part by ;
_FORMULA = re.compile(r"\A(?=[=+\-@\t\r])|(?<=[;\t\r\n])(?=[=+\-@])")


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


def json_array(records: Iterable[Mapping[str, Value]]) -> Iterator[str]:
    """Records of exact values as the text of an array (RFC 8259), one a line."""
    between = "[\n"
    for record in records:
        yield between + json.dumps(record, ensure_ascii=False)
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def unexecutable(cell: str) -> str:
    """A cell of a CSV file that no spreadsheet takes for a formula, whichever separator it goes by."""
    return _FORMULA.sub("'", cell)
