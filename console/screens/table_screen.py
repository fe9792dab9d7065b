"""What every screen with a table can do with it: search, find, sort, choose columns, select, copy and export."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import on
from textual.timer import Timer
from textual.widget import Widget

from console.background import in_background
from console.language import _, ngettext, number
from console.screens.console_screen import ConsoleScreen
from console.table_views import TableView, remember, table_view
from console.widgets.record_table import RecordTable
from console.widgets.text import inert
from pkcs11_token.errors import N_
from store.collation import match_spans

if TYPE_CHECKING:
    from console.widgets.field import Field
    from console.widgets.pick_line import PickLine

REMEMBER_SECONDS = 1.0
MOST_AT_ONCE = 500
ASKED_ONCE = "find", "percent", "sort", "copy"  # lines above the table that go with their answer; a search stays


class TableScreen(ConsoleScreen[None]):
    """A screen with a table; its lines to type in stand above the table, and are made when they are first wanted."""

    BINDINGS = [
        ("slash", "search", N_("Search")),
        ("f", "find", N_("Find, and hide nothing")),
        ("n", "again", N_("Next match")),
        ("N", "again(True)", N_("Match before")),
        ("s", "sort", N_("Sort by a column")),
        ("S", "reverse", N_("Sort the other way")),
        ("percent_sign", "percent", N_("Go to a percentage")),
        ("c", "columns", N_("Choose the columns")),
        ("asterisk,A", "select_all", N_("Select all that match")),
        ("V", "range", N_("Select a range")),
        ("y", "copy", N_("Copy a cell")),
        ("w", "export", N_("Write the rows to a file")),
        ("f5,ctrl+r,R", "reread", N_("Refresh")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._last_words = ""
        self._to_remember: dict[str, TableView] = {}
        self._remembering: Timer | None = None

    @property
    def table_shown(self) -> RecordTable[Any] | None:
        """The table that the keys act on, or None when there is none just now."""
        raise NotImplementedError

    def as_remembered(self, table: RecordTable[Any]) -> RecordTable[Any]:
        """The same table, shown as its operator left it."""
        table.spans = match_spans
        view = table_view(table.id or "")
        table.restore(view.columns, view.sort, descending=view.descending)
        return table

    def fall_silent(self) -> None:
        """Take the last message away; what the screen says by itself stands there again."""
        self.say("")

    async def action_search(self) -> None:
        await self._open_field("search", _("Search"))

    async def action_find(self) -> None:
        await self._open_field("find", _("Find"))

    async def action_percent(self) -> None:
        await self._open_field("percent", _("Percent"), limit=4)

    async def action_sort(self) -> None:
        table = self.table_shown
        if table is None:
            return
        names = [column.name for column in table.columns if column.sortable]
        titles = [column.title for column in table.columns if column.sortable]
        cursor = names.index(table.query_now.sort) if table.query_now.sort in names else 0
        if names:
            await self._open_choice("sort", _("Sort by"), titles, cursor)

    async def action_copy(self) -> None:
        table = self.table_shown
        if table is not None and table.current is not None:
            await self._open_choice("copy", _("Copy"), [column.title for column in table.shown_columns()])

    async def _open_field(self, name: str, label: str, limit: int = 200) -> None:
        from console.widgets.field import Field

        await self._open(Field(label, id=name, limit=limit))

    async def _open_choice(self, name: str, label: str, words: Sequence[str], cursor: int = 0) -> None:
        from console.widgets.pick_line import PickLine

        await self._open(PickLine(label, words, cursor=cursor, id=name))

    async def _open(self, line: Widget) -> None:
        """Show a line above the table, or the one that is there already, and let it take the keys."""
        table = self.table_shown
        if table is None:
            return
        self.fall_silent()
        there = self.query(f"#{line.id}")
        if there:
            line = there.first()
        elif isinstance(table.parent, Widget):
            await table.parent.mount(line, before=table)
        self.set_focus(line)

    def _close(self, line: Widget) -> None:
        """Take a line away; the table has the keys again."""
        self.set_focus(self.table_shown)
        line.remove()

    def on_field_changed(self, event: "Field.Changed") -> None:
        if event.field.id == "search" and self.table_shown is not None:
            self.table_shown.filter_text = event.value

    def on_field_submitted(self, event: "Field.Submitted") -> None:
        field = event.field
        match field.id:
            case "search":
                self.set_focus(self.table_shown)
            case "find":
                self._close(field)
                self._find_words(field.value.strip())
            case "percent":
                self._close(field)
                self._go_to_percent(field.value.strip().removesuffix("%").strip())

    def on_pick_line_picked(self, event: "PickLine.Picked") -> None:
        self._close(event.line)
        table = self.table_shown
        if table is not None and event.line.id == "sort":
            self._sort(table, [column.name for column in table.columns if column.sortable][event.index])
        elif table is not None and table.current is not None:
            self._copy(inert(table.shown_columns()[event.index].text(table.current)))

    def _find_words(self, words: str) -> None:
        if words.count('"') % 2:
            words += '"'  # it ends here, not in the filter behind it
        if words:
            self._find(words)

    def _go_to_percent(self, text: str) -> None:
        if not (text.isdecimal() and int(text) <= 100):
            self.say(_("A number from 0 to 100 was expected: 50 goes to the middle."))
        elif self.table_shown is not None:
            self.table_shown.go_to_percent(int(text))

    def _sort(self, table: RecordTable[Any], name: str) -> None:
        if name == table.query_now.sort:
            table.reverse_sort()
        else:
            table.sort_by(name)
        self._keep_view(table)

    def _copy(self, text: str) -> None:
        if not getattr(self.app._driver, "can_copy", True):
            self.say(_("This terminal cannot copy: {text}").format(text=text))
            return
        self.app.copy_to_clipboard(text)
        self.say(_("Copied: {text}").format(text=text), urgent=False)

    def action_reverse(self) -> None:
        table = self.table_shown
        if table is not None:
            table.reverse_sort()
            self._keep_view(table)

    def action_again(self, backwards: bool = False) -> None:
        words = self._last_words or (self.table_shown.filter_text if self.table_shown else "")
        if words:
            self._find(words, backwards=backwards)
        else:
            self.say(_("Nothing was searched for yet: press f."))

    def _find(self, words: str, *, backwards: bool = False) -> None:
        self._last_words = words
        self.fall_silent()
        if self.table_shown is not None:
            self.table_shown.find(words, backwards=backwards)

    @on(RecordTable.Found)
    def say_found(self, event: RecordTable.Found) -> None:
        if not event.matched:
            self.say(_("Nothing here matches {words}.").format(words=event.words))
        elif event.wrapped:
            self.say(_("The search went on at the other end."), urgent=False)

    def action_select_all(self) -> None:
        if self.table_shown is not None:
            self.table_shown.select_all()

    def action_range(self) -> None:
        if self.table_shown is not None and self.table_shown.mark_range():
            self.say(_("Go to the other end of the range and press V again."), urgent=False)
        else:
            self.fall_silent()

    def chosen_rows(self) -> list[Any]:
        """The rows that are selected, or else the one under the cursor; none when they are too many to act on."""
        table = self.table_shown
        if table is None:
            return []
        table.end_range()
        if not table.selection:
            return [] if table.current is None else [table.current]
        if len(table.selection) > MOST_AT_ONCE:
            text = _("{count} are selected: at most {limit} are changed at once.")
            self.say(text.format(count=number(len(table.selection)), limit=number(MOST_AT_ONCE)))
            return []
        return table.source.these(table.shown_query._replace(filter=""), list(table.selection))

    def done_with_selection(self, changed: bool | None) -> None:
        """What was selected has been acted on."""
        if changed and self.table_shown is not None:
            self.table_shown.clear_selection()

    def action_columns(self) -> None:
        from console.screens.columns import ColumnsScreen

        table = self.table_shown
        if table is not None:
            self.app.push_screen(ColumnsScreen(table), partial(self._use_columns, table))

    def _use_columns(self, table: RecordTable[Any], names: Sequence[str] | None) -> None:
        if names is not None:
            table.use_columns(names)
            self._keep_view(table)

    def action_export(self) -> None:
        from console.screens.export import ExportWizard

        table = self.table_shown
        if table is not None:
            table.end_range()
            self.app.push_screen(ExportWizard(table))

    def action_reread(self) -> None:
        self.records_changed()

    def action_back(self) -> None:
        table, search, line = self.table_shown, self.query("#search"), self.focused
        if line is not None and line.id in ASKED_ONCE:
            self._close(line)
        elif table is not None and table.has_focus and table.clear_selection():
            self.fall_silent()
        elif table is not None and search:
            self._last_words = table.filter_text
            table.filter_text = ""
            self._close(search.first())
        elif table is not None and table.sought:
            table.mark("")
            self.fall_silent()
        else:
            super().action_back()

    def _keep_view(self, table: RecordTable[Any]) -> None:
        """Remember how the table is shown, a moment later: the operator may go on choosing."""
        if table.id is None:
            return
        query, columns = table.query_now, tuple(column.name for column in table.columns)
        as_it_comes = columns == tuple(column.name for column in table.all_columns if column.shown)
        self._to_remember[table.id] = TableView(() if as_it_comes else columns, query.sort, query.descending)
        if self._remembering is not None:
            self._remembering.stop()
        self._remembering = self.set_timer(
            REMEMBER_SECONDS, lambda: self.run_worker(self._remember(), group="remember")
        )

    async def _remember(self) -> None:
        views, self._to_remember = self._to_remember, {}
        try:
            await in_background(partial(remember, views))
        except (OSError, ValueError) as error:
            self.say(_("How the table is shown could not be remembered: {why}.").format(why=error))

    def on_unmount(self) -> None:
        if self._to_remember:
            with suppress(OSError, ValueError):
                remember(self._to_remember)


def selected(count: int) -> str:
    """How many rows are selected, for the line below a table."""
    return ngettext("{count} selected", "{count} selected", count)
