"""An independent terminal (pyte) to see what a stream of bytes would show."""

import unicodedata

import pyte
from pyte.screens import Char
from wcwidth import wcwidth


class Emulator(pyte.Screen):
    """pyte, with what it leaves out of wide and combining characters put right as xterm does it.

    pyte leaves the other half of a wide character standing when one half is overwritten, and puts what combines with a
    wide character on its empty right half.
    """

    def __init__(self, width: int = 80, height: int = 24) -> None:
        super().__init__(width, height)
        self.stream = pyte.Stream(self)

    def feed(self, text: str) -> None:
        self.stream.feed(text)

    def draw(self, data: str) -> None:
        for character in data:
            line = self.buffer[self.cursor.y]
            if wcwidth(character) == 0 and self.cursor.x > 1 and line[self.cursor.x - 1].data == "":
                base = line[self.cursor.x - 2]
                line[self.cursor.x - 2] = base._replace(data=unicodedata.normalize("NFC", base.data + character))
                continue
            if self.cursor.x < self.columns:
                self._halve(line, self.cursor.x, self.cursor.x + wcwidth(character))
            super().draw(character)

    def _halve(self, line: dict[int, Char], start: int, end: int) -> None:
        if end <= start:
            return
        if line[start].data == "" and start:
            line[start - 1] = line[start - 1]._replace(data=" ")
        if end < self.columns and line[end].data == "":
            line[end] = line[end]._replace(data=" ")

    def cells(self) -> list[list[Char]]:
        """Every cell with its style, as far as it can be seen."""
        return [[seen(self.buffer[y][x]) for x in range(self.columns)] for y in range(self.lines)]

    def text(self) -> str:
        return "\n".join(
            "".join(self.buffer[y][x].data for x in range(self.columns)).rstrip() for y in range(self.lines)
        )

    def columns_of(self, word: str) -> list[int]:
        """In which columns of the screen `word` begins."""
        rows = [[self.buffer[y][x].data for x in range(self.columns)] for y in range(self.lines)]
        return [x for row in rows for x in range(self.columns) if "".join(row[x:]).startswith(word) and row[x]]

    def at(self) -> tuple[int, int]:
        """Where the cursor is; past the last column counts as the last, as on a terminal that does not wrap."""
        return self.cursor.y, min(self.cursor.x, self.columns - 1)


def seen(cell: Char) -> Char:
    """`cell` without what cannot be seen: of a blank neither bold nor colour, only what is behind or through it."""
    if cell.data != " " or cell.underscore or cell.strikethrough or cell.reverse:
        return cell
    return cell._replace(fg="default", bold=False, italics=False, blink=False)
