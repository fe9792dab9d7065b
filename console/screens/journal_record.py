"""A record of the journal, with all that it says."""

from collections.abc import Sequence

from console.facts import journal_facts, journal_headline
from console.language import _
from console.screens.record import RecordScreen
from store.browse.journal import JournalRow


class JournalRecordScreen(RecordScreen):
    """One record; there is nothing to turn to."""

    def __init__(self, row: JournalRow, where: Sequence[str]) -> None:
        super().__init__(row.id, where)
        self.row = row

    def name_of_record(self) -> str:
        return _("No. {number}").format(number=self.row.id)

    def headline(self) -> str:
        return journal_headline(self.row)

    def facts(self) -> Sequence[tuple[str, str]]:
        return journal_facts(self.row)
