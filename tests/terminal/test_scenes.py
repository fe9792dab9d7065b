"""What a vt100 shows is the snapshots' text twin: whole flows in a real pseudo-terminal, in both languages."""

import re
import shutil
from pathlib import Path

import pytest

from console.terminal import Encoding
from tests.console.conftest import home, prepared_home
from tests.fixed_token import move_token
from tests.snapshots.scenes import SCENES, Scene
from tests.terminal.console_terminal import console_terminal

__all__ = ["home", "prepared_home"]

# Scenes that need nothing but keys; what the others show differs in words alone.
BY_KEYS = {scene.keys: name for name, scene in SCENES.items() if scene == Scene(scene.keys)}
FLOWS = [keys for keys in BY_KEYS if not any(other[: len(keys)] == keys for other in BY_KEYS if len(other) > len(keys))]
KNOWN = rb"\x1b\[[0-9;]*[ABCDHJKmr]|\x1b\[\?(7|25|1049|2004)[hl]|\x1bM|[\x20-\x7e\x80-\xff\r\n\b\v\x0f]"
MONOCHROME = {b"", b"1", b"2", b"4", b"7"}


@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize(("spoken", "encoding"), [("en", "utf-8"), ("nb", "ascii")])
def test_a_vt100_shows_the_twins(
    spoken: str, encoding: Encoding, part: int, home: Path, prepared_home: Path, tmp_path: Path
) -> None:
    with console_terminal(encoding=encoding) as terminal:
        for number, flow in enumerate(FLOWS[part::2]):
            of_its_own = tmp_path / str(number)
            shutil.copytree(prepared_home, of_its_own)
            move_token(of_its_own / "softhsm")
            terminal.open(spoken, of_its_own)
            for pressed in range(len(flow) + 1):
                terminal.press(*flow[pressed - 1 : pressed])
                if scene := BY_KEYS.get(flow[:pressed]):
                    terminal.until_it_shows_the_twin_of(f"{scene}-{spoken}")
            terminal.quit()
        sent = terminal.received
    assert re.sub(KNOWN, b"", sent) == b""
    assert {code for codes in re.findall(rb"\x1b\[([0-9;]*)m", sent) for code in codes.split(b";")} <= MONOCHROME
    assert max(sent) < 128 or encoding != "ascii"
