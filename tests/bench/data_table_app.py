"""Textual's DataTable with the rows of a CSV file: python data_table_app.py FILE."""

import csv
import sys

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class DataTableApp(App[None]):
    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        with open(sys.argv[1], encoding="utf-8", newline="") as file:  # noqa: PTH123  # the less it imports, the better
            rows = csv.reader(file)
            table.add_columns(*next(rows))
            table.add_rows(rows)


DataTableApp().run()
