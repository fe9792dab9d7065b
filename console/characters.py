"""Write text in a character set that lacks some of its characters: what looks like them takes their place."""

import codecs
from typing import TYPE_CHECKING, TextIO, cast

if TYPE_CHECKING:
    from console.terminal import Encoding

NAME = "sperre.readable"
# In a line of text there is room for the usual way to write them; on a screen, one cell is all there is.
SPELLED = {"…": "...", "æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "→": "->", "←": "<-"}


def write_readable(stream: TextIO, encoding: str | None = None) -> None:
    """Let `stream` write in `encoding`, by default its own, and never fail at a character that is not in it."""
    codecs.register_error(NAME, _stand_ins)
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding=encoding, errors=NAME)


def _stand_ins(error: UnicodeError) -> tuple[str, int]:
    """What a codec writes for the characters that it does not have."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_stand_in(character, error.encoding) for character in lacking), error.end


def _stand_in(character: str, encoding: str) -> str:
    from rich.cells import cell_len

    from console.terminal import readable

    return SPELLED.get(character) or readable(character, cell_len(character), cast("Encoding", encoding))
