"""What is measured side by side: the console and its peers, each with what to press for the same step."""

import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import sites

HERE = Path(__file__).parent
VISIDATA = sites.KEPT.parent / "visidata" / "bin" / "vd"
CONSOLE = (sys.executable, "-I", "-c", "from console.cli import main; main()")
DOWN, PAGE_DOWN = "\x1b[B", "\x1b[6~"


@dataclass(frozen=True)
class Program:
    """A command and how it is worked; `first_row` and `table_row` are regular expressions over the screen.

    `open_table` is the key that opens the table of all rows, when it is not what the program starts with. What is
    pressed to look for a letter begins with `search`, and ends with `end_search` where typing alone finds nothing.
    """

    name: str
    command: tuple[str | Path, ...]
    first_row: str
    variables: dict[str, str] = field(default_factory=dict)
    open_table: str = ""
    table_row: str = ""
    search: str = "/"
    end_search: str = "\r"
    jumps_to_end_with: str = "G"


def console(keys: int, home: Path | None = None) -> Program:
    """The console on a site with so many keys; it starts on the blocklist."""
    return Program(
        f"console, {keys:,} keys",
        CONSOLE,
        r"^› .*(Ordered|Under planning)",
        {"SPERRE_HOME": str(home or sites.site(keys))},
        open_table="2",
        table_row=r"^› N-0",
        end_search="",
    )


def bare_app() -> Program:
    """A Textual app with one Static."""
    return Program("bare Textual app", (sys.executable, "-I", HERE / "bare_app.py"), "^The first row")


def data_table(keys: int) -> Program:
    """Textual's DataTable with the rows of a site's keys.csv."""
    command = (sys.executable, "-I", HERE / "data_table_app.py", _csv(keys))
    return Program("DataTable", command, "N-0000000", search="", jumps_to_end_with="\x1b[1;5F")


def visidata(keys: int) -> Program:
    """VisiData on a site's keys.csv."""
    command = (VISIDATA, "--config=/dev/null", "--disp-splash=", _csv(keys))
    return Program("visidata", command, "N-0000000", {"HOME": str(_empty_home())})


def tig(commits: int) -> Program:
    """tig on a repository with so many commits."""
    command = ("tig", "-C", sites.history(commits))
    return Program("tig", command, "Change 0000000", {"HOME": str(_empty_home())})


def _csv(keys: int) -> Path:
    return sites.site(keys) / "csv" / "keys.csv"


def _empty_home() -> Path:
    """A home without anybody's settings."""
    home = sites.KEPT / "home"
    home.mkdir(parents=True, exist_ok=True)
    return home


def copy_of(keys: int) -> Path:
    """A site that may be changed: a fresh copy of the one with so many keys, without its CSV files."""
    copy = sites.KEPT / "scratch"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(sites.site(keys), copy, ignore=shutil.ignore_patterns("csv"))
    return copy
