"""What a vt100 shows is the snapshots' text twin: whole flows in a real pseudo-terminal, in both languages."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from console.terminal import Encoding
from tests.console.conftest import home, prepared_home
from tests.snapshots.scenes import SCENES, Scene
from tests.terminal.console_terminal import console_terminal, copied

__all__ = ["home", "prepared_home"]

Keys = tuple[str, ...]
NEWER = {"table-copied", "help-more"}

# Scenes that need nothing but the keys of a vt100, nor a clipboard; what the others show differs in words alone.
BY_KEYS = {s.keys: name for name, s in SCENES.items() if s == Scene(s.keys) and name not in NEWER}
FLOWS = [keys for keys in BY_KEYS if not any(other[: len(keys)] == keys for other in BY_KEYS if len(other) > len(keys))]


def driven(flows: Sequence[Keys], spoken: str, encoding: Encoding, term: str, prepared_home: Path, into: Path) -> bytes:
    """Drive flows, see each scene of theirs come, and return all that was sent."""
    with console_terminal(term=term, encoding=encoding) as terminal:
        for number, flow in enumerate(flows):
            terminal.open(spoken, copied(prepared_home, into / str(number)))
            for pressed in range(len(flow) + 1):
                terminal.press(*flow[pressed - 1 : pressed])
                if scene := BY_KEYS.get(flow[:pressed]):
                    terminal.until_it_shows_the_twin_of(f"{scene}-{spoken}")
            terminal.quit()
        return terminal.received


def assert_a_vt100_knows(sent: bytes) -> None:
    """Sequences that a vt100 knows, or skips in silence; of styles only its own four, so nothing blinks."""
    known = rb"\x1b\[[0-9;]*[ABCDHJKmr]|\x1b\[\?(7|25|1049|2004)[hl]|\x1bM|[\x20-\x7e\x80-\xff\r\n\b\v\x0f]"
    assert re.sub(known, b"", sent) == b""
    styles = {code for codes in re.findall(rb"\x1b\[([0-9;]*)m", sent) for code in codes.split(b";")}
    assert styles <= {b"", b"1", b"2", b"4", b"7"}


@pytest.mark.parametrize("part", [0, 1])
def test_a_vt100_shows_the_twins(part: int, home: Path, prepared_home: Path, tmp_path: Path) -> None:
    assert_a_vt100_knows(driven(FLOWS[part::2], "en", "utf-8", "vt100", prepared_home, tmp_path))


@pytest.mark.parametrize("part", [0, 1])
def test_in_ascii_every_byte_is_ascii(part: int, home: Path, prepared_home: Path, tmp_path: Path) -> None:
    sent = driven(FLOWS[part::2], "nb", "ascii", "vt100", prepared_home, tmp_path)
    assert_a_vt100_knows(sent)
    assert max(sent) < 128


def test_latin_1_keeps_its_letters(home: Path, prepared_home: Path, tmp_path: Path) -> None:
    sent = driven(FLOWS[::7], "nb", "latin-1", "vt220", prepared_home, tmp_path)
    assert_a_vt100_knows(sent)
    assert {"æ", "ø", "å", "Å"} <= set(sent.decode("latin-1"))


def test_with_colors_the_screens_are_the_same_and_nothing_blinks(
    home: Path, prepared_home: Path, tmp_path: Path
) -> None:
    sent = driven(FLOWS[3::7], "en", "utf-8", "xterm-256color", prepared_home, tmp_path)
    assert b"38;5;203" in sent
    assert not re.search(rb"\x1b\[([0-9;]*;)?[56](;[0-9;]*)?m", re.sub(rb"[34]8;5;\d+", b"", sent))
    assert not re.search(rb"\x1b\[\?12h|\x1b\[\d* q", sent)
