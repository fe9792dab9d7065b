"""What was measured, as tables in Markdown, as JSON, and as the figures in docs/performance.md."""

import json
import os
import platform
import re
import sqlite3
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from tests.bench.goals import BARE, DATA_TABLE, GOALS, STORE_GOALS, TIG, VISIDATA, Measured
from tests.bench.programs import VISIDATA as VISIDATA_COMMAND
from tests.bench.sites import KEPT

DOCUMENT = Path(__file__).parents[2] / "docs" / "performance.md"
RESULTS = KEPT.parent / "bench.json"
BEGIN, END = "<!-- measured: `make bench WRITE=1` writes what follows -->", "<!-- end of what was measured -->"


def missed(measured: Measured) -> list[str]:
    """The goals that are not met, in the words of the tables."""
    first = [f"{goal.title} ({goal.unit or 'count'})" for goal in GOALS if not goal.is_met(measured)]
    store = [
        goal.title
        for goal in STORE_GOALS
        if goal.limit is not None and goal.figure in measured.store and median(measured.store[goal.figure]) > goal.limit
    ]
    return first + store


def tables(measured: Measured) -> str:
    """Both tables, in Markdown: the medians of what was measured beside the goals."""
    peers = (BARE, DATA_TABLE, VISIDATA, TIG)
    header = ["", "goal", *measured.consoles, *peers, ""]
    rows = [
        [
            f"{goal.title}, {goal.unit}".removesuffix(", "),
            goal.goal,
            *(_number(measured.median(program, goal.figure)) for program in (*measured.consoles, *peers)),
            "ok" if goal.is_met(measured) else "MISSED",
        ]
        for goal in GOALS
    ]
    store = [
        [
            f"{goal.title}, {goal.unit}",
            "" if goal.limit is None else f"< {_number(goal.limit)}",
            _number(median(measured.store[goal.figure])),
            "" if goal.limit is None else "ok" if median(measured.store[goal.figure]) < goal.limit else "MISSED",
        ]
        for goal in STORE_GOALS
        if goal.figure in measured.store
    ]
    ratios = "; ".join(
        f"{console}: {measured.ratio(console, BARE, 'start ms'):.2f} × its time to the first row,"
        f" {measured.ratio(console, BARE, 'start MiB'):.2f} × its memory"
        for console in measured.consoles
    )
    return "\n".join(
        [_markdown(header, rows), f"\nAgainst the bare app of the same round (median): {ratios}."]
        + (["", _markdown(["store", "goal", "measured", ""], store)] if store else [])
    )


def write_json(measured: Measured) -> None:
    """Every single figure, to build/bench.json."""
    RESULTS.write_text(
        json.dumps(
            {
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "machine": machine(),
                "programs": measured.figures,
                "store": measured.store,
                "missed": missed(measured),
            },
            indent=1,
        )
        + "\n"
    )


def write_document(measured: Measured) -> None:
    """Put the tables into docs/performance.md, with the machine, the versions and the date."""
    found = f"{BEGIN}\n\n{datetime.now(UTC):%d.%m.%Y}, {machine()}.\n\n{tables(measured)}\n\n{END}"
    text = DOCUMENT.read_text("utf-8")
    DOCUMENT.write_text(
        re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: found, text, flags=re.DOTALL), "utf-8"
    )


def machine() -> str:
    """The machine and the versions, in one line."""
    processor = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return ", ".join(
        (
            processor[1] if processor else platform.machine(),
            f"{os.cpu_count()} processors",
            f"{memory:.0f} GiB",
            f"load {os.getloadavg()[2]:.1f}",
            f"Python {platform.python_version()}",
            f"Textual {version('textual')}",
            f"SQLite {sqlite3.sqlite_version}",
            _first_line(VISIDATA_COMMAND, "--version"),
            _first_line("tig", "--version"),
        )
    )


def _first_line(*command: str | Path) -> str:
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return said.splitlines()[0].removeprefix("saul.pw/").replace(" version", "")


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"


def _markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose columns from the third on are aligned to the right."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    rule = ["-" * (width - 1) + ("-" if place < 2 else ":") for place, width in enumerate(widths)]
    return "\n".join(_line(cells, widths) for cells in (header, rule, *rows))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    aligned = [
        cell.ljust(width) if place < 2 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(aligned)} |"
