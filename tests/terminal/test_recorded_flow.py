"""The recorded flow in docs/vt100.md is what a vt100 shows today; `--snapshot-update` records it anew."""

from pathlib import Path

import pytest

from tests.console.conftest import home, prepared_home
from tests.terminal.console_terminal import console_terminal

__all__ = ["home", "prepared_home"]

PAGE = Path(__file__).parents[2] / "docs" / "vt100.md"
TITLE = """\
# A lost key, blocked and ordered on a vt100

Recorded in a pseudo-terminal with `TERM=vt100` and `LC_ALL=C`: no colours, no lines to draw with, and ASCII alone.
Beside what is seen here the terminal shows bold, dim, underlined and reverse: the row of the cursor is reverse, the
head of a table underlined, and what is wrong bold.
"""
FLOW = (
    ("The console opens: two lists were never ordered.", ()),
    ("`a`: add to the blocklist.", ("a",)),
    ("Enter, then `214`: the key is found by a part of its label.", ("enter", "text:214")),
    ("Enter, then `2` for *Order blocklist*.", ("enter", "2")),
    ("Enter: what will happen.", ("enter",)),
    ("Enter: done.", ("enter",)),
    ("Enter: back in the list, with the new key in it.", ("enter",)),
    ("Up, then Enter: which doors the key still opens, and until when.", ("up", "enter")),
)


def test_the_recorded_flow_is_what_a_vt100_shows(home: Path, request: pytest.FixtureRequest) -> None:
    parts = [TITLE]
    with console_terminal(encoding="ascii") as terminal:
        terminal.open("en", home)
        for words, keys in FLOW:
            terminal.press(*keys)
            terminal.until_quiet()
            parts.append(f"{words}\n\n```text\n{terminal.emulator.text()}\n```\n")
    recorded = "\n".join(parts)
    if request.config.getoption("update_snapshots"):
        PAGE.write_text(recorded)
    assert recorded == PAGE.read_text()
