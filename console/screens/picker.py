"""A page of a wizard to pick a record from: what is typed searches, the arrows move in the table."""

from collections.abc import Iterable
from typing import Any, ClassVar

from textual import on
from textual.widget import Widget

from console.language import _
from console.screens.wizard import Page
from console.widgets.field import Field
from console.widgets.paragraphs import Paragraphs
from console.widgets.record_table import RecordTable


class PickerPage(Page):
    """One search line over one table."""

    BINDINGS = [
        ("up", "table('move', -1)", ""),
        ("down", "table('move', 1)", ""),
        ("pageup,ctrl+b", "table('page', -1)", ""),
        ("pagedown,ctrl+f", "table('page', 1)", ""),
    ]
    question: ClassVar[str] = ""
    advice: ClassVar[str] = ""

    def table(self) -> RecordTable[Any]:
        """The table to pick from."""
        raise NotImplementedError

    def compose(self) -> Iterable[Widget]:
        yield Paragraphs([_(self.question)], bold=True)
        yield Field(_("Search"))
        table = self.table()
        table.can_focus = False
        yield table
        yield Paragraphs([_(self.advice)] if self.advice else [], id="advice")

    @property
    def row(self) -> Any:
        """The row that is picked: the one under the cursor."""
        return self.query_one(RecordTable).current

    @on(Field.Changed)
    def filter_rows(self, event: Field.Changed) -> None:
        self.query_one(RecordTable).filter_text = event.value

    def action_table(self, action: str, by: int) -> None:
        getattr(self.query_one(RecordTable), f"action_{action}")(by)
