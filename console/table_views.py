"""How each table is shown, as its operator chose: columns and order, remembered in config.toml."""

import tomllib
from typing import Any, NamedTuple

from console.configuration import TABLES, places, rewrite


class TableView(NamedTuple):
    """The names of the columns that are shown, in that order, and the one that is sorted by; empty: as it comes."""

    columns: tuple[str, ...] = ()
    sort: str = ""
    descending: bool = False


def table_view(table: str) -> TableView:
    """What is remembered of a table. What cannot be read counts as nothing: a table is shown in any case."""
    try:
        tables = tomllib.loads(places().config.read_text("utf-8")).get(TABLES, {})
        chosen = tables[table]
        columns = tuple(str(name) for name in chosen.get("columns", ()))
        return TableView(columns, str(chosen.get("sort", "")), chosen.get("descending") is True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return TableView()


def remember(views: dict[str, TableView]) -> None:
    """Keep how these tables are shown. Raises OSError or ValueError when config.toml cannot be written."""

    def change(document: dict[str, Any]) -> None:
        if not isinstance(document.get(TABLES, {}), dict):
            del document[TABLES]
        tables = document.setdefault(TABLES, {})
        for name, view in views.items():
            tables[name] = {"columns": list(view.columns), "sort": view.sort, "descending": view.descending}
            if not view.columns:
                del tables[name]["columns"]

    rewrite(change)
