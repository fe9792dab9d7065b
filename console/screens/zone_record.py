"""A zone: the state of its blocklist, its locks, and the versions of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from console import row_words
from console.facts import zone_facts, zone_headline
from console.language import _
from console.screens.locks import lock_columns
from console.screens.record import RecordScreen
from console.widgets.record_table import Column, RecordTable
from console.widgets.row_list import RowList
from console.wording import date_time
from pkcs11_token.errors import N_
from store.browse.locks import lock_table
from store.history import Version, difference, versions
from store.models import Zone


@dataclass(frozen=True)
class VersionRow:
    """A version of the list under its number."""

    id: int
    version: Version


class ZoneRecord(RecordScreen):
    """One zone with its locks, and the versions of its list, of which any two can be compared."""

    tabs = (N_("Basic information"), N_("Locks"), N_("History"))
    BINDINGS = [("o", "app.order", N_("Order blocklist")), ("d", "compare", N_("Compare two versions"))]
    hints = (
        ("Tab", N_("Next tab")),
        ("o", N_("Order")),
        ("d", N_("Compare")),
        ("?", N_("Help")),
        ("Esc", N_("Back")),
    )
    marked: int | None = None

    @property
    def zone(self) -> Zone:
        return Zone.get_by_id(self.record_id)

    def name_of_record(self) -> str:
        return str(self.zone.name)

    def headline(self) -> str:
        return zone_headline(self.zone)

    def facts(self) -> Sequence[tuple[str, str]]:
        return zone_facts(self.console.store, self.zone)

    def table(self, tab: int) -> RecordTable[Any]:
        if tab == 2:
            return self._history()
        source = lock_table(self.console.store, self.console.language, of_zone=self.record_id)
        return RecordTable(
            source, lock_columns(), sort="name", empty_text=_("There is no lock in this zone."), id="locks"
        )

    def _history(self) -> RecordTable[VersionRow]:
        rows = [VersionRow(version.number, version) for version in versions(self.console.store, self.zone.name)]
        return RecordTable(
            RowList(
                rows,
                {
                    "version": lambda row: row.id,
                    "at": lambda row: row.version.at,
                    "operator": lambda row: row.version.operator,
                    "what": _what,
                    "ordered": lambda row: (row.version.ordered_at is None, row.version.ordered_at or row.version.at),
                },
            ),
            [
                Column("version", _("Version"), lambda row: f"v{row.id}", 9, min_width=9, align="right"),
                Column("at", _("When"), lambda row: date_time(row.version.at), 16, min_width=16),
                Column("operator", _("Who"), lambda row: row.version.operator, 8, min_width=5, priority=2),
                Column("what", _("What"), _what, 20, min_width=14, flex=True),
                Column("ordered", _("Ordered"), _ordered, 19, min_width=17, signed=True),
            ],
            sort="version",
            descending=True,
            empty_text=_("Nothing was ever on this list."),
            id="versions",
        )

    def action_compare(self) -> None:
        """Mark a version, or tell how the marked one and this one differ."""
        table = self.query("#tab-2 RecordTable")
        row = table.first(RecordTable).current if table and self.present == 2 else None
        if row is None:
            self.say(_("Choose a version on the tab History first."))
        elif self.marked is None:
            self.marked = row.id
            self.say(_("Version {version} is marked: press d on another one.").format(version=row.id), urgent=False)
        else:
            older, newer = sorted((self.marked, row.id))
            self.marked = None
            found = difference(self.console.store, self.zone.name, older, newer)
            self.say(
                _("From version {older} to {newer}: added {added}; removed {removed}.").format(
                    older=older,
                    newer=newer,
                    added=", ".join(found.added) or _("none"),
                    removed=", ".join(found.removed) or _("none"),
                ),
                urgent=False,
            )


def _what(row: VersionRow) -> str:
    return row_words.version_change(row.version)


def _ordered(row: VersionRow) -> str:
    return row_words.ordered(row.version)
