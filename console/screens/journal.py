"""Basic data › Browse journal: who did what, newest first."""

from collections.abc import Sequence
from typing import Any

from console.journal_words import journal_summary
from console.language import _
from console.screens.browsing import BrowseScreen
from console.widgets.record_table import Column, Source
from console.wording import date_time
from pkcs11_token.errors import N_
from store.browse.journal import JournalRow, journal_table
from store.journal import head


def journal_columns() -> Sequence[Column[JournalRow]]:
    """The columns of every table of journal records."""
    return (
        Column("number", _("No."), lambda row: str(row.id), 6, align="right", value=lambda row: row.id),
        Column(
            *("at", _("When"), lambda row: date_time(row.at), 16),
            min_width=16,
            value=lambda row: row.at,
        ),
        Column("operator", _("Who"), lambda row: row.operator, 9, min_width=6),
        Column(
            "what",
            _("What"),
            lambda row: journal_summary(row.action, row.details),
            40,
            flex=True,
            widest=120,
        ),
    )


class JournalScreen(BrowseScreen):
    """The append-only record."""

    where = (N_("Basic data"), N_("Browse journal"))
    table_name = "journal"
    nothing = N_("Nothing has been done yet.")
    first_sort = "number"
    descending = True

    def source(self) -> Source[Any]:
        return journal_table(self.console.store)

    def columns(self) -> Sequence[Column[Any]]:
        return journal_columns()

    def summary(self) -> str:
        return _("Head: {head}").format(head=head().short)

    def open_record(self, row: JournalRow) -> None:
        from console.screens.journal_record import JournalRecordScreen

        self.app.push_screen(JournalRecordScreen(row, self.where))
