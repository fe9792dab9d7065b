"""Names that try to act: on a terminal, on markup, on a spreadsheet, on the layout of a line."""

import re

from store.database import Store
from store.models import AccessRight, BlocklistEntry, Key, Lock, Person, Zone

ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
NAMES = (
    "[bold red]x[/] {0} %s",
    "\x1b]52;c;AAAA\x07\x9b31m\x1b[2J",
    "=cmd|'/c calc'!A0",
    "\u202eevil\u2066\u200f",
    "W" * 300,
    "two\nlines\r\nand\ttabs",
    "東京" * 40,
)


def make_hostile(store: Store, first: int = 0) -> None:
    """Give everything on the site that has a name one of NAMES, in turn; zones begin with the one after `first`."""
    with store.writing():
        for kind in (Key, Person, Lock, AccessRight):
            for row in kind.select():
                kind.update(name=_name(row.id)).where(kind.id == row.id).execute()
        for row in Zone.select():
            Zone.update(name=_name(row.id + first)).where(Zone.id == row.id).execute()
        for row in Lock.select():
            Lock.update(place=_name(row.id + 1)).where(Lock.id == row.id).execute()
        for row in BlocklistEntry.select():
            BlocklistEntry.update(note=_name(row.id)).where(BlocklistEntry.id == row.id).execute()


def _name(number: int) -> str:
    return f"{NAMES[number % len(NAMES)]} {number}"
