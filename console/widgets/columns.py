"""The columns of a table, and how they share the width that there is."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, Literal, NamedTuple, TypeVar

from rich.cells import cell_len

from console.widgets.text import fit

R = TypeVar("R")
Value = str | int | bool | datetime | Sequence[str] | None

WIDEST = 40
WIDEST_GAP = 3


class Column(NamedTuple, Generic[R]):
    """A column; `text` writes a row's cell, `value` gives what a program reads of it where that differs.

    Where it is narrow, columns of a higher `priority` vanish first; a `flex` one takes spare width until it is as wide
    as `widest`. One that is not `shown` is there to be chosen. The
    cells of a `signed` one begin with a sign, and have its colour.
    """

    name: str
    title: str
    text: Callable[[R], str]
    width: int
    min_width: int = 4
    align: Literal["left", "right"] = "left"
    cut: Literal["end", "middle"] = "end"
    priority: int = 1
    sortable: bool = True
    flex: bool = False
    signed: bool = False
    widest: int = WIDEST
    shown: bool = True
    value: Callable[[R], Value] | None = None


class Layout(NamedTuple, Generic[R]):
    """Which columns are shown, how wide each is, and how many blanks stand between two."""

    columns: tuple[tuple[Column[R], int], ...] = ()
    gap: int = 1


def lay_out(columns: Sequence[Column[R]], width: int, keep: str = "") -> Layout[R]:
    """Let columns fit `width` cells: they shrink before any vanishes.

    The one that is named `keep`, which the table is sorted by, never vanishes, and has room for its title with a sign.

    Spare width goes to a second blank between them, then to the flexible ones until they are wide enough, to a third
    blank, and then nowhere.
    """
    shown = [_with_room_for_a_sign(column) if column.name == keep else column for column in columns]
    while len(shown) > 1 and sum(c.min_width for c in shown) + len(shown) - 1 > width:
        shown.remove(max(shown, key=lambda c: (c.name != keep, c.priority, shown.index(c))))
    widths = {c.name: c.width for c in shown}
    gaps = max(1, len(shown) - 1)
    spare = width - (len(shown) - 1) - sum(widths.values())
    gap = 2 if spare >= gaps else 1
    spare -= gaps * (gap - 1)
    while spare > 0 and (growing := [c for c in shown if c.flex and widths[c.name] < c.widest]):
        for column in growing[:spare]:
            widths[column.name] += 1
            spare -= 1
    gap += min(WIDEST_GAP - gap, max(0, spare) // gaps)
    while spare < 0:
        widest = max(shown, key=lambda c: (widths[c.name] > c.min_width, c.flex, widths[c.name]))
        if widths[widest.name] <= 1:
            break
        widths[widest.name] -= 1
        spare += 1
    return Layout(tuple((c, widths[c.name]) for c in shown), gap)


def _with_room_for_a_sign(column: Column[R]) -> Column[R]:
    needed = cell_len(column.title) + 1
    return column._replace(width=max(column.width, needed), min_width=max(column.min_width, needed))


def heading(column: Column[R], width: int, sign: str) -> str:
    """The title in `width` cells, with the sign of its order, which is never cut off; apart where there is room."""
    if not sign:
        return fit(column.title, width, "end", column.align)
    title = fit(column.title, width - 1).rstrip()
    apart = " " if cell_len(title) + 2 <= width else ""
    return fit(f"{title}{apart}{sign}", width, "end", column.align)
