"""The wizard *Write to a file*: what a table shows, as CSV, XLSX or JSON."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

from textual.widget import Widget

from console import export
from console.background import in_background
from console.language import _, ngettext, number
from console.paths import named, typed_path
from console.screens.wizard import CheckPage, Page, ResultPage, Wizard
from console.widgets.choice_list import WordPicker
from console.widgets.field import Field
from console.widgets.paragraphs import Facts
from console.widgets.record_table import RecordTable
from console.wording import date
from pkcs11_token.errors import N_

TOLD_SECONDS = 0.5
LEAVING_SECONDS = 2.0


class FilePage(Page):
    """Which rows, in which format, and into which file."""

    step = 1
    forward = N_("Finish")

    def __init__(self, table: RecordTable[Any], name: str) -> None:
        super().__init__()
        self.table = table
        self.name_at_first = name

    def compose(self) -> Iterable[Widget]:
        total = "…" if self.table.total is None else number(self.table.total)
        rows = [(False, _("all that match ({count})").format(count=total))]
        if selected := len(self.table.selection):
            rows.insert(0, (True, _("the selected ones ({count})").format(count=number(selected))))
        yield Facts([(_("Columns"), ", ".join(column.title for column in self.table.columns))])
        yield WordPicker(_("Rows"), rows, id="rows")
        yield WordPicker(_("Format"), [(name, name.upper()) for name in export.FORMATS], id="format")
        yield Field(_("File"), id="file")
        yield Facts([(_("Written to"), "")], id="path")

    def on_mount(self) -> None:
        self.query_one(Field).value = self.name_at_first
        self.watch(self.query_one("#format"), "picked", self.show_path, init=False)

    def on_field_changed(self) -> None:
        self.show_path()

    def show_path(self) -> None:
        """Say where the file will be."""
        path = named(self.path) if self.query_one(Field).value.strip() else ""
        self.query_one("#path", Facts).tell([(_("Written to"), path)])

    @property
    def only_selected(self) -> bool:
        return bool(self.query_one("#rows", WordPicker).value)

    @property
    def file_format(self) -> str:
        return str(self.query_one("#format", WordPicker).value)

    @property
    def path(self) -> Path:
        """The whole path of the file that was named; without an ending it gets the one of its format."""
        path = typed_path(self.query_one(Field).value).absolute()
        if not path.name or path.suffix == f".{self.file_format}":
            return path
        return path.with_name(f"{path.name}.{self.file_format}")

    def why_not(self) -> str:
        if not self.query_one(Field).value.strip():
            return _("Type the path of the file.")
        try:
            is_folder, folder = self.path.is_dir(), self.path.parent
        except OSError as error:
            return str(error.strerror)
        if not folder.is_dir():
            return _("There is no folder {path}.").format(path=named(folder))
        if not os.access(folder, os.W_OK):
            return _("You may not write into the folder {path}.").format(path=named(folder))
        return _("{path} is no file.").format(path=named(self.path)) if is_folder else ""


class ExportWizard(Wizard):
    """Write what a table shows to a file; Esc stops it, and leaves nothing behind."""

    name_of_wizard = N_("Write to a file")
    steps = (N_("File"),)

    def __init__(self, table: RecordTable[Any]) -> None:
        super().__init__()
        self.table = table
        self.stop, self.ended = Event(), Event()
        self.told_at = 0.0

    def first_page(self) -> Page:
        day = self.console.store.clock().astimezone().date()
        return FilePage(self.table, f"{self.table.id or 'sperre'}-{day}")

    async def next_page(self, page: Page) -> Page | None:
        match page:
            case FilePage() if page.path.exists():
                written = date(datetime.fromtimestamp(page.path.stat().st_mtime, UTC))
                there = _("There is a file {path} already, of {date}.").format(path=named(page.path), date=written)
                return CheckPage(1, [there, _("Finish replaces it.")])
            case FilePage():
                return await self.write(page, overwrite=False)
            case CheckPage():
                return await self.write(self.query_one(FilePage), overwrite=True)
        return None

    async def write(self, page: FilePage, *, overwrite: bool) -> Page:
        """Write the file in the background, telling how far it is."""
        table, path = self.table, page.path
        pages = export.rows_of(table.source, table.shown_query, table.selection if page.only_selected else None)
        file_format, columns = page.file_format, list(table.columns)
        self.stop.clear()
        self.ended.clear()
        self.say(_("Writing … Esc stops it."), urgent=False)

        def work() -> int:
            try:
                return export.export(path, file_format, columns, pages, progress=self.progress, overwrite=overwrite)
            finally:
                self.ended.set()

        try:
            count = await in_background(work)
        finally:
            self.say("")
        return ResultPage(
            [
                ngettext(
                    "{count} row is written to {path}.",
                    "{count} rows are written to {path}.",
                    count,
                    path=named(path),
                )
            ]
        )

    def progress(self, count: int) -> None:
        """Tell now and then how many rows are written; called from the thread that writes. Raises Stopped."""
        if self.stop.is_set():
            raise export.Stopped
        if monotonic() - self.told_at > TOLD_SECONDS:
            self.told_at = monotonic()
            told = _("{count} rows are written … Esc stops it.").format(count=number(count))
            self.app.call_from_thread(self.say, told, urgent=False)

    def action_back(self) -> None:
        if self.busy:
            self.stop.set()
        else:
            super().action_back()

    def on_unmount(self) -> None:
        """The console is left: what is half written is removed first."""
        if self.busy:
            self.stop.set()
            self.ended.wait(LEAVING_SECONDS)
