"""The doors of a key: which it still opens, and when each lock is expected to learn."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from textual.containers import Vertical
from textual.widget import Widget

from console import danger
from console.background import in_background
from console.language import _
from console.widgets.bars import BottomLine
from console.widgets.record_table import Column, RecordTable
from console.widgets.row_list import RowList
from store.answer import Answer, Door, answer
from store.database import Store
from store.exposure import carriers_to

CARRIERS_SHOWN = 3


@dataclass(frozen=True)
class DoorRow:
    """A door under the database id of its lock."""

    door: Door

    @property
    def id(self) -> int:
        return self.door.lock.id


class Doors(Vertical):
    """The doors by place, as they are now or as they will be; the forecast is made in the background."""

    DEFAULT_CSS = "Doors { height: 1fr; }"

    def __init__(
        self, store: Store, key_id: int, as_remembered: Callable[[RecordTable[DoorRow]], RecordTable[DoorRow]]
    ) -> None:
        super().__init__()
        self.as_remembered = as_remembered
        self.store, self.key_id = store, key_id
        self.sought = False
        self._carriers: dict[int, str] = {}

    def compose(self) -> Iterable[Widget]:
        yield BottomLine(id="situation")
        yield self.as_remembered(
            RecordTable(
                self._rows(None), self._columns(), sort="place", empty_text=_("The key opens no lock."), id="doors"
            )
        )

    async def on_mount(self) -> None:
        self._say_which()
        self.reread()

    def reread(self) -> None:
        """Work the answer out again."""
        self.run_worker(self._read(), exclusive=True)

    def switch(self) -> None:
        """Show the other situation: effective (how it is now) or sought-after (once all changes have come)."""
        self.sought = not self.sought
        self._say_which()
        self.query_one(RecordTable).refresh()

    async def _read(self) -> None:
        found = await in_background(lambda: answer(self.store, self.key_id))
        self._carriers.clear()
        self.query_one(RecordTable).use_source(self._rows(found))

    def _say_which(self) -> None:
        line = self.query_one("#situation", BottomLine)
        if self.sought:
            line.state = _("Sought-after situation: once all changes have reached the locks.")
            line.hints = (("s", _("Effective")),)
        else:
            line.state = _("Effective situation: as it is now.")
            line.hints = (("s", _("Sought-after")),)

    def _columns(self) -> Sequence[Column[DoorRow]]:
        return (
            Column("name", _("Door"), lambda row: row.door.lock.name, 16, min_width=10, flex=True, cut="middle"),
            Column("place", _("Place"), lambda row: row.door.lock.place, 12, min_width=9, flex=True, cut="middle"),
            Column("knows", _("Knows it"), self._knows, 11, min_width=11, signed=True),
            Column("expected", _("Expected"), self._expected, 27, min_width=18),
            Column(
                "carriers", _("Carriers"), self._carriers_of, 12, min_width=10, priority=2, sortable=False, flex=True
            ),
        )

    def _knows(self, row: DoorRow) -> str:
        if self.sought:
            return _("✗ opens") if row.door.opens_later else _("✓ refuses")
        return f"{'✓' if row.door.lock.refuses else '✗'} v{row.door.lock.version}"

    def _expected(self, row: DoorRow) -> str:
        return "" if self.sought else danger.expected(row.door, self.store.clock())

    def _carriers_of(self, row: DoorRow) -> str:
        if row.id not in self._carriers:
            found = [carrier.label for carrier in carriers_to(self.store, row.id, CARRIERS_SHOWN) if carrier.visits]
            self._carriers[row.id] = ", ".join(found) or _("none")
        return self._carriers[row.id]

    def _rows(self, found: Answer | None) -> RowList[DoorRow]:
        rows = [DoorRow(door) for door in found.doors] if found else []
        order = {row.id: place for place, row in enumerate(rows)}
        return RowList(
            rows,
            {
                "place": lambda row: (not row.door.lock.is_open, order[row.id]),
                "name": lambda row: (row.door.lock.name, order[row.id]),
                "knows": lambda row: (not row.door.lock.is_open, row.door.lock.version, order[row.id]),
                "expected": lambda row: (self._expected(row), order[row.id]),
            },
        )
