"""A Textual driver that sends the terminal only the cells that changed, in its character set and its colours."""

import io
import os
import re
import selectors
import signal
import unicodedata
from codecs import getincrementaldecoder
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from operator import attrgetter, ne
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from rich.cells import split_graphemes
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App

Encoding = Literal["utf-8", "latin-1", "ascii"]
Color = Literal["none", "16", "256", "true"]

# Their parsers know CSI with digits and "?" alone: of `CSI ? 2026 $ p`, `CSI > 1 u` or OSC they would print the rest.
OLD_TERMINALS = "vt1", "vt2", "vt3", "vt4", "vt5", "linux", "ansi", "dumb", "unknown", "cons", "pcansi", "sun", "wy"
OLD_MODES = {"7", "25", "1049", "2004"}  # wrap, cursor, other screen, paste: understood, or skipped in silence

TOKEN = re.compile(
    r"\x1b\[(?P<parameters>[0-?]*)(?P<final>[ -/]*[@-~])"
    r"|(?P<string>\x1b[P\]X^_][^\x07\x1b]*(?:\x07|\x1b\\))"
    r"|(?P<escape>\x1b[ -/]*[0-OQ-WYZ\\`-~])"
    r"|(?P<unfinished>\x1b(?:[ -/]*|\[[0-?]*[ -/]*|[P\]X^_][^\x07\x1b]*\x1b?)\Z)"
    r"|(?P<control>[\x00-\x1f\x7f-\x9f])"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
)
LINK = re.compile(r"\x1b]8;[^;]*;(?P<address>[^\x07\x1b]*)")
PASTED_LINES = re.compile(r"[^\x00-\x1f\x7f][\r\n]+[^\x00-\x1f\x7f]")
PASTE_GAP = 0.005  # seconds: on a line of 9,600 bit/s a pasted character follows after 0.001, a typed one after 0.03
PASTE_PAUSE = 0.1  # seconds: longest stop of a network in the middle of a paste
PASTE = "\x1b[200~", "\x1b[201~"
SYNCHRONISED = "\x1b[?2026h", "\x1b[?2026l"
LEAVE = "\x1b[?1049l"
CLEAR = "\x1b[r\x0f\x1b[m\x1b[H\x1b[J"  # no margins, the usual character set and style, an empty screen


def is_old(term: str) -> bool:
    """Whether a terminal of this TERM prints sequences that it does not know."""
    return not term or term.startswith(OLD_TERMINALS)


class Style(NamedTuple):
    """How a cell looks: the SGR attributes that are on, the SGR parameters of its colours ("": default), its link."""

    attributes: frozenset[int] = frozenset()
    foreground: str = ""
    background: str = ""
    link: str = ""


class Cell(NamedTuple):
    """What stands in one column: a character and what combines with it, or "" to the right of one that is two wide."""

    text: str
    style: Style


Row = list[Cell]
TEXT_OF = attrgetter("text")

PLAIN = Style()
BLANK = Cell(" ", PLAIN)
POINTER = "\x1b]22;"  # the mouse pointer's shape follows
UNDONE_BY = {22: {1, 2}, 23: {3}, 24: {4, 21}, 25: {5, 6}, 27: {7}, 28: {8}, 29: {9}, 54: {51, 52}, 55: {53}}
# What surely has one column each and combines with nothing: Latin, Greek and Cyrillic letters, general punctuation,
# lines, blocks and shapes. All else is measured.
NARROW = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x300), *range(0x370, 0x483))))
NARROW |= frozenset(map(chr, (*range(0x2010, 0x2028), *range(0x2030, 0x203C), *range(0x2500, 0x25FD))))
REVERSE = 7
MONOCHROME = {1, 2, 4, REVERSE}  # bold, dim, underline
SOME_GROUND = "40"  # where there are no colours
SEEN_ON_BLANKS = {4, 7, 9, 21, 51, 52, 53}
MANY_ROWS = 3  # from so many on a colour has a pass of its own
SCROLL_COST = 20  # bytes, about: margins, moves, margins again
COLOR_SYSTEMS = {"16": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT, "true": ColorSystem.TRUECOLOR}


@lru_cache(maxsize=4096)
def restyled(style: Style, parameters: str, color: Color) -> Style:
    """`style` after SGR with these parameters, with no more colours than `color` has."""
    attributes, foreground, background = set(style.attributes), style.foreground, style.background
    codes = iter([int(code or 0) for code in parameters.split(";")])
    for code in codes:
        ground = code // 10
        if code == 0:
            attributes, foreground, background = set(), "", ""
        elif code in UNDONE_BY:
            attributes -= UNDONE_BY[code]
        elif ground in (3, 9):
            foreground = _reduced(_color(code, codes), color, foreground=True)
        elif ground in (4, 10):
            background = _reduced(_color(code, codes), color, foreground=False)
        elif color != "none" or code in MONOCHROME:
            attributes.add(code)
    return Style(frozenset(attributes), foreground, background, style.link)


def _color(code: int, following: Iterator[int]) -> RichColor | None:
    """The colour that an SGR code and those that follow it name; None is the terminal's own."""
    ground, number = divmod(code, 10)
    if ground >= 9:
        return RichColor.from_ansi(8 + number % 8)
    if number < 8:
        return RichColor.from_ansi(number)
    match next(following, 0) if number == 8 else 0:
        case 5:
            return RichColor.from_ansi(next(following, 0) % 256)
        case 2:
            return RichColor.from_rgb(next(following, 0), next(following, 0), next(following, 0))
    return None


def _reduced(color: RichColor | None, depth: Color, *, foreground: bool) -> str:
    if color is None or (depth == "none" and foreground):
        return ""
    if depth == "none":
        return SOME_GROUND
    return ";".join(color.downgrade(COLOR_SYSTEMS[depth]).get_ansi_codes(foreground))


@lru_cache(maxsize=4096)
def in_monochrome(style: Style) -> Style:
    """`style` without colours: what has a background of its own is reverse instead, so that it goes on standing out."""
    attributes = style.attributes | {REVERSE} if style.background else style.attributes
    return Style(attributes, link=style.link)


@lru_cache(maxsize=4096)
def on_blank(style: Style) -> Style:
    """What can be seen of `style` on a blank: without underline, reverse and the like, its background alone."""
    return style if style.attributes & SEEN_ON_BLANKS else Style(background=style.background, link=style.link)


class Cells(dict[str, Cell]):
    """The cells of one style by their character, each made when it is first wanted."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style

    def __missing__(self, character: str) -> Cell:
        cell = self[character] = Cell(character, on_blank(self._style) if character == " " else self._style)
        return cell


cells_of = lru_cache(maxsize=64)(Cells)


@lru_cache(maxsize=4096)
def restyle(before: Style | None, after: Style) -> str:
    """The shortest way from one style to another; a vt100 cannot switch one attribute off, only all."""
    opened = before.link if before is not None else ""
    link = "" if opened == after.link else f"\x1b]8;;{after.link}\x1b\\"
    if before is not None and before._replace(link=after.link) == after:
        return link
    colors = [color for color in (after.foreground, after.background) if color]
    ways = [["", *map(str, sorted(after.attributes)), *colors]]
    if before is not None and before.attributes <= after.attributes:
        change = [str(attribute) for attribute in sorted(after.attributes - before.attributes)]
        if before.foreground != after.foreground:
            change.append(after.foreground or "39")
        if before.background != after.background:
            change.append(after.background or "49")
        ways.append(change)
    shortest = min((";".join(way) for way in ways), key=len)
    return f"\x1b[{shortest}m{link}"


LOOK_ALIKE = {
    "*": "●•∙◉",
    "o": "○◦◯øðº°",
    "+": "✓✔☑",
    "x": "✗✘×☒",
    ">": "›»▶▸►→",
    "<": "‹«◀◂◄←",
    "^": "▲▴↑",
    "v": "▼▾↓",
    "-": "–—−▔¬",
    "_": "▁",
    "|": "▏▎▍▌▋▊▐▕¦·",
    ".": "…",
    "'": "‘’‚´",
    '"': "“”„",
    "a": "æ",
    "A": "Æ",
    "O": "Ø",
    "d": "đ",
    "D": "ÐĐ",
    "l": "ł",
    "L": "Ł",
    "t": "þ",
    "T": "Þ",
    "s": "ß",
    "S": "§",
}
SIGNS = {sign: ascii_sign for ascii_sign, signs in LOOK_ALIKE.items() for sign in signs}
BOX_LINES = {"HORIZONTAL": "-", "VERTICAL": "|"}


@lru_cache(maxsize=4096)
def readable(character: str, cells: int, encoding: Encoding) -> str:
    """What stands for `character` in `encoding`, in as many cells: itself, what looks like it, or question marks."""
    composed = unicodedata.normalize("NFC", character)
    letter = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    for candidate in (composed, SIGNS.get(composed, ""), letter, _of_lines(composed)):
        with suppress(UnicodeEncodeError):
            candidate.encode(encoding)
            if len(candidate) == cells and candidate.isprintable():
                return candidate
    return "?" * cells


def _of_lines(character: str) -> str:
    name = unicodedata.name(character, "") if len(character) == 1 else ""
    if name.startswith("BOX DRAWINGS"):
        return BOX_LINES.get(name.rpartition(" ")[2] if " AND " not in name else "", "+")
    return "#" if "BLOCK" in name or "SHADE" in name else ""


class Pen:
    """What is written towards the terminal: text, and where that leaves its cursor and its style."""

    def __init__(self, style: Style | None, row: int, column: int | None) -> None:
        """Start where the cursor is known to be; a column of None is unknown."""
        self.style = style
        self.row = row
        self.column = column
        self.written = ""

    def move(self, row: int, column: int, cells: Row) -> None:
        """Put the cursor at (row, column) in the fewest bytes; `cells` are what that row shows already."""
        self.written += self._way(row, column, cells)
        self.row, self.column = row, column

    def _way(self, row: int, column: int, cells: Row) -> str:
        if row == self.row and self.column is not None and column >= self.column:
            ahead = _horizontally(column - self.column)
            over = self._over(cells[self.column : column]) if column - self.column <= len(ahead) else ""
            return over or ahead  # to go anywhere else first is longer
        ways = [f"\x1b[{row + 1 if row else ''}{f';{column + 1}' if column else ''}H"]
        if self.row >= 0:
            vertical = _vertically(row - self.row)
            if self.column is not None:
                ways.append(vertical + _horizontally(column - self.column))
            over = self._over(cells[:column]) if column < 5 else ""
            ways.append("\r" + vertical + (over or _horizontally(column)))
        return min(ways, key=len)

    def _over(self, cells: Row) -> str:
        """What moves the cursor by writing what is there already, when that needs no change of style."""
        if all(cell.text.isascii() and cell.text and self.suits(cell) for cell in cells):
            return "".join(cell.text for cell in cells)
        return ""

    def suits(self, cell: Cell) -> bool:
        """Whether `cell` can be written without a change of style."""
        if cell.style is self.style:
            return True
        if self.style is None:
            return False
        return cell.style == self.style or (cell.text == " " and cell.style == on_blank(self.style))

    def put(self, row: int, column: int, cells: Row) -> None:
        """Write the cell at (row, column), one of the `cells` that the row is to show."""
        cell, after = cells[column], column + 1
        if not cell.text:
            return
        if not self.suits(cell):
            change, moved = restyle(self.style, cell.style), self._way(row, column, cells)
            self.style = cell.style
            self.written += min(moved + change, change + self._way(row, column, cells), key=len) if moved else change
            self.row, self.column = row, column
        elif column != self.column or row != self.row:
            self.move(row, column, cells)
        self.written += cell.text
        if after < len(cells) and not cells[after].text:
            after += 1
        # In the last column some terminals wait to wrap, and some disagree on how wide combined characters are.
        self.column = after if after < len(cells) and len(cell.text) == 1 else None

    def erase(self) -> None:
        """Make the rest of the row blank."""
        if not self.suits(BLANK):
            self.written += restyle(self.style, PLAIN)
            self.style = PLAIN
        self.written += "\x1b[K"


def _vertically(rows: int) -> str:
    # A line feed would do, but the tty makes CR LF of it; a vt100 takes VT for one, and the tty leaves it alone.
    if rows >= 0:
        return min("\v" * rows, f"\x1b[{rows}B", key=len)
    return min("\x1bM" * -rows, f"\x1b[{-rows}A", key=len)


def _horizontally(columns: int) -> str:
    if columns < 0:
        return min("\b" * -columns, f"\x1b[{-columns}D", key=len)
    return f"\x1b[{columns if columns > 1 else ''}C" if columns else ""


def _is_narrow(row: Row) -> bool:
    """Whether each character of the row has one column."""
    return all(map(TEXT_OF, row))


class Picture:
    """What the terminal shows and what it is wanted to show; turns any stream for it into the difference."""

    def __init__(
        self, width: int, height: int, encoding: Encoding = "utf-8", color: Color = "true", term: str = "xterm"
    ) -> None:
        """A picture of `width` x `height` cells for a terminal with this character set, these colours and this TERM."""
        self._encoding: Encoding = encoding
        self._color: Color = color
        self.old = is_old(term)
        self._wanted: list[Row] = []
        self._row = self._column = 0
        self._style = PLAIN
        self._unfinished = ""
        self._painted = self._synchronised = False
        self._pointer = f"{POINTER}default\a"
        self.resize(width, height)

    def resize(self, width: int, height: int) -> None:
        """Go on with another size, keeping what fits; what is shown is forgotten."""
        rows = [row[:width] + [BLANK] * (width - len(row)) for row in self._wanted[:height]]
        self._wanted = rows + [[BLANK] * width for _ in range(height - len(rows))]
        self.width, self.height = width, height
        self._row, self._column = min(self._row, height - 1), min(self._column, width)
        self.forget()

    def forget(self) -> None:
        """Take what the terminal shows as unknown, so that the next difference is everything."""
        self._shown: list[Row] = []
        self._pen = Pen(None, -1, None)

    def send(self, stream: str) -> str:
        """What to write on the terminal so that it shows what it would have shown after `stream`."""
        stream, self._unfinished = self._unfinished + stream, ""
        sent: list[str] = []
        for token in TOKEN.finditer(stream):
            kind, found = token.lastgroup, token.group()
            if kind == "text":
                self._write(found)
            elif kind == "control":
                self._control(found, sent)
            elif kind == "unfinished":
                self._unfinished = found
            elif kind == "final":
                self._sequence(token["parameters"], token["final"], found, sent)
            elif (link := LINK.match(found)) is not None:
                self._style = self._style._replace(link="" if self.old else link["address"])
            elif found == self._pointer:
                continue  # Textual says it again for each screen
            elif kind == "escape" or not self.old:
                self._pass(found, sent)
        return "".join(sent) + self.difference()

    def _sequence(self, parameters: str, final: str, found: str, sent: list[str]) -> None:
        numeric = not parameters.strip("0123456789;")
        if final == "m" and numeric:
            self._style = restyled(self._style, parameters, self._color)
        elif final in ("H", "f") and numeric:
            row, column = [*parameters.split(";"), ""][:2]
            self._row = min(max(int(row or 1), 1), self.height) - 1
            self._column = min(max(int(column or 1), 1), self.width) - 1
            self._painted = True
        elif found in SYNCHRONISED:
            self._synchronised = True
        elif self._understood(parameters, final):
            self._pass(found, sent)

    def _understood(self, parameters: str, final: str) -> bool:
        if not self.old:
            return True
        if parameters.startswith("?"):
            return final in ("h", "l") and parameters[1:] in OLD_MODES
        return not parameters.strip("0123456789;") and len(final) == 1 and final != "u"

    def _pass(self, found: str, sent: list[str]) -> None:
        if self._painted:
            sent.append(self.difference())
        if found.startswith(POINTER):
            self._pointer = found
        if found == LEAVE:  # a terminal without another screen to leave would keep this one
            sent.append(CLEAR)
        sent.append(found)

    def _control(self, found: str, sent: list[str]) -> None:
        if found == "\r":
            self._column = 0
        elif found == "\b":
            self._column = max(min(self._column, self.width - 1) - 1, 0)
        elif found == "\n":  # the tty sends CR LF for it
            self._column = 0
            if self._row + 1 < self.height:
                self._row += 1
            else:
                self._wanted = [*self._wanted[1:], [BLANK] * self.width]
        elif found == "\a":
            self._pass(found, sent)
        self._painted = True

    def _write(self, text: str) -> None:
        """Put `text` where the cursor is; what would go past the last column is cut off."""
        row, start = self._wanted[self._row], self._column
        self._painted = True
        cells = self._cells(text, row, start)[: self.width - start]
        if not cells:
            return
        end = start + len(cells)
        if row[start].text == "":
            row[start - 1] = Cell(" ", row[start - 1].style)
        if end < self.width and row[end].text == "":
            row[end] = Cell(" ", row[end].style)
        if end == self.width and cells[-1].text and split_graphemes(cells[-1].text)[1] > 1:
            cells[-1] = Cell(" ", cells[-1].style)
        row[start:end] = cells
        self._column = end

    def _cells(self, text: str, row: Row, start: int) -> Row:
        """The cells of `text`; what combines with the character left of `start` is put there."""
        style = in_monochrome(self._style) if self._color == "none" else self._style
        known = cells_of(style)
        if text.isascii() or (self._encoding == "utf-8" and NARROW.issuperset(text)):
            return [known[character] for character in text]
        cells: Row = []
        for begin, end, width in split_graphemes(text)[0]:
            character = text[begin:end]
            if self._encoding != "utf-8":
                cells += [Cell(part, style) for part in readable(character, width, self._encoding)]
            elif width == 1:
                cells.append(known[character])
            elif width:
                cells += [Cell(character, style), *[Cell("", style)] * (width - 1)]
            elif start:
                left = start - 1 if row[start - 1].text else start - 2
                row[left] = Cell(row[left].text + character, row[left].style)
        return cells

    def difference(self) -> str:
        """What to write on the terminal so that it shows what is wanted; from then on that is shown."""
        self._painted = False
        pen = self._pen
        if self._shown:
            self._scroll(pen)
        else:
            self._shown = [[BLANK] * self.width for _ in range(self.height)]
            pen = Pen(PLAIN, 0, 0)
            pen.written = CLEAR
        written = pen.written
        for goal in self._passes():
            for number, (shown, wanted) in enumerate(zip(self._shown, goal, strict=True)):
                if shown != wanted:
                    pen = self._repaired(pen, number, shown, wanted)
                    written += pen.written
                    self._shown[number] = wanted.copy()
        self._pen = pen = Pen(pen.style, pen.row, pen.column)
        pen.move(self._row, min(self._column, self.width - 1), self._wanted[self._row])
        if pen.style is not None and pen.style.link:
            pen.written += restyle(pen.style, PLAIN)
            pen.style = PLAIN
        written += pen.written
        pen.written = ""
        return written.join(SYNCHRONISED) if self._synchronised and written else written

    def _passes(self) -> Iterator[list[Row]]:
        """What is to be shown after each pass over the screen: a colour that many rows share is put on by itself.

        To go there once more takes fewer bytes than to change to the colour and back in each row.
        """
        rows: Counter[Style] = Counter()
        for shown, wanted in zip(self._shown, self._wanted, strict=True):
            if shown != wanted and _is_narrow(shown) and _is_narrow(wanted):
                rows.update({cell.style for before, cell in zip(shown, wanted, strict=True) if cell != before})
        late = [style for style, count in rows.items() if count >= MANY_ROWS and style.foreground]
        while late:
            yield [
                [before if cell.style in late else cell for before, cell in zip(shown, wanted, strict=True)]
                if _is_narrow(shown) and _is_narrow(wanted)
                else wanted
                for shown, wanted in zip(self._shown, self._wanted, strict=True)
            ]
            late.pop()
        yield self._wanted

    def _repaired(self, pen: Pen, number: int, shown: Row, wanted: Row) -> Pen:
        """The shortest repair of a row: cell by cell, its blank end erased, or all from the first difference on."""
        first = next(column for column, cell in enumerate(wanted) if cell != shown[column])
        tail = self.width
        while tail > first and wanted[tail - 1] == BLANK:
            tail -= 1
        places = {self.width}
        if shown.count(BLANK) < self.width:
            places |= {first, tail if shown[tail:] != wanted[tail:] else self.width}
        ways = [self._painted_over(pen, number, shown, wanted, erased_from) for erased_from in places]
        return min(ways, key=lambda way: len(way.written))

    def _painted_over(self, start: Pen, number: int, shown: Row, wanted: Row, erased_from: int) -> Pen:
        pen = Pen(start.style, start.row, start.column)
        for column in range(erased_from):
            if shown[column] != wanted[column]:
                pen.put(number, column, wanted)
        if erased_from < self.width:
            pen.move(number, erased_from, wanted)
            pen.erase()
        for column in range(erased_from, self.width):
            if wanted[column] != BLANK:
                pen.put(number, column, wanted)
        return pen

    def _scroll(self, pen: Pen) -> None:
        """Let the terminal move rows that are wanted a few lines from where they are shown, where that saves bytes."""
        gain, top, bottom, lines = max(self._scrolls(), default=(0, 0, 0, 0))
        if gain <= SCROLL_COST:
            return
        if not pen.suits(BLANK):  # some terminals fill the new lines with the background
            pen.written += restyle(pen.style, PLAIN)
            pen.style = PLAIN
        part = (top, bottom) != (0, self.height - 1)
        if part:
            pen.written += f"\x1b[{top + 1};{bottom + 1}r"
            pen.row, pen.column = -1, None
        pen.move(bottom if lines > 0 else top, 0, [])
        pen.written += "\v" * lines + "\x1bM" * -lines
        if part:
            pen.written += "\x1b[r"
            pen.row, pen.column = -1, None
        kept = self._shown[top + max(lines, 0) : bottom + 1 + min(lines, 0)]
        new: list[Row] = [[BLANK] * self.width for _ in range(abs(lines))]
        self._shown[top : bottom + 1] = kept + new if lines > 0 else new + kept

    def _scrolls(self) -> Iterator[tuple[int, int, int, int]]:
        """Every scroll that puts rows right: how many cells it saves, first row, last row, lines upwards."""
        shown, wanted, height = self._shown, self._wanted, self.height
        wrong = [sum(map(ne, *rows)) for rows in zip(shown, wanted, strict=True)]
        if sum(map(bool, wrong)) < 3:
            return
        for lines in (*range(1 - height, 0), *range(1, height)):
            run = None
            for row in range(max(-lines, 0), min(height - lines, height) + 1):
                if row < min(height - lines, height) and wanted[row] == shown[row + lines]:
                    run = row if run is None else run
                elif run is not None:
                    top, bottom = min(run, run + lines), max(row - 1, row - 1 + lines)
                    exposed = range(row, bottom + 1) if lines > 0 else range(top, run)
                    lost = sum(self.width - wanted[line].count(BLANK) - wrong[line] for line in exposed)
                    yield sum(wrong[run:row]) - lost - abs(lines), top, bottom, lines
                    run = None


class Line(io.TextIOWrapper):
    """The line to the terminal: text goes out in one encoding, and when the line has dropped it goes nowhere."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            return super().write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            super().flush()


class DifferenceDriver(LinuxDriver):
    """Textual's driver for Linux and macOS, sending only what changed; subclass it with `driver_class`."""

    encoding: Encoding = "utf-8"
    color: Color = "true"

    def __init__(
        self, app: "App[Any]", *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._file = Line(
            io.BufferedWriter(io.FileIO(2, "w", closefd=False)), self.encoding, errors="replace", newline=""
        )
        term = os.environ.get("TERM", "")
        self._picture = Picture(*self._get_terminal_size(), self.encoding, self.color, term)
        self._received: list[str] = []
        self._due = self._showing = False

    @property
    def can_copy(self) -> bool:
        """Whether the terminal takes what is copied (OSC 52); what an old one would print of it is withheld."""
        return not is_old(os.environ.get("TERM", ""))

    def write(self, data: str) -> None:
        """Take what Textual wants on the terminal; it is sent when Textual has nothing more to say for now."""
        self._received.append(data)
        if not self._due:
            self._due = True
            self._loop.call_soon_threadsafe(self._send)

    def repaint(self) -> None:
        """Paint everything anew, for when something else wrote on the terminal. Call it in the app's thread."""
        if self._showing:
            self._picture.forget()
            self.write("")

    def _send(self) -> None:
        """Send the difference between what the terminal shows and what was written since."""
        self._due = False
        received, self._received = self._received, []
        size = self._get_terminal_size()
        if size != (self._picture.width, self._picture.height):
            self._picture.resize(*size)
        sent = self._picture.send("".join(received))
        if sent and self._writer_thread is not None and self._writer_thread.is_alive():
            super().write(sent)

    def start_application_mode(self) -> None:
        self._picture.forget()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's has no annotations
        self._showing = True
        textuals_handler = signal.getsignal(signal.SIGWINCH)

        def on_resize(number: int, frame: FrameType | None) -> None:
            self._loop.call_soon_threadsafe(self.repaint)  # even where the size is soon what it was
            if callable(textuals_handler):
                textuals_handler(number, frame)

        signal.signal(signal.SIGWINCH, on_resize)
        for number in (signal.SIGHUP, signal.SIGTERM):
            if signal.getsignal(number) is signal.SIG_DFL:
                self._loop.add_signal_handler(number, self._app.exit, None, 128 + number)

    def stop_application_mode(self) -> None:
        self._send()
        self._showing = False
        super().stop_application_mode()
        self._send()

    def run_input_thread(self) -> None:
        """Read keys in the terminal's encoding, where Textual's reads UTF-8 alone and ends at a byte that is not.

        An old terminal does not say what is pasted: what comes faster than a person types, with line ends between
        other characters, is taken for that.
        """
        encoding = "latin-1" if self.encoding == "latin-1" else "utf-8"
        decoder = getincrementaldecoder(encoding)("replace")
        parser = XTermParser(self._debug)
        paste_ends = 0.0
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(0.1):
                    keys = self._piece(selector)
                    if not keys:
                        self._app.call_later(self._app.exit, None, 128 + signal.SIGHUP)
                        return
                    characters = decoder.decode(keys)
                    pasted = monotonic() < paste_ends or PASTED_LINES.search(characters)
                    if self._picture.old and pasted and "\x1b" not in characters:
                        characters, paste_ends = characters.join(PASTE), monotonic() + PASTE_PAUSE
                    if characters:  # an empty string would end the parser
                        for message in parser.feed(characters):
                            self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)

    def _piece(self, selector: selectors.SelectSelector) -> bytes:
        """What there is to read, from an old terminal with all that follows at once; nothing when the line dropped."""
        keys = self._read()
        while self._picture.old and keys and selector.select(PASTE_GAP):
            if not (more := self._read()):
                break
            keys += more
        return keys

    def _read(self) -> bytes:
        with suppress(OSError):
            return os.read(self.fileno, 4096)
        return b""

    def _sigtstp_application(self, *_: Any) -> None:
        if self._auto_restart:  # not in the middle of a paint
            self._loop.call_soon_threadsafe(super()._sigtstp_application)
        else:
            super()._sigtstp_application()

    def _sigcont_application(self, *_: Any) -> None:
        if self._auto_restart:
            self._loop.call_soon_threadsafe(self._go_on)

    def _go_on(self) -> None:
        """Take the terminal again after a stop, also one without warning (SIGSTOP)."""
        if self._showing:
            self.suspend_application_mode()
        self.resume_application_mode()


def driver_class(encoding: Encoding = "utf-8", color: Color = "true") -> type[DifferenceDriver]:
    """The driver for `App(driver_class=...)` with this character set and as many colours ("none": attributes only)."""
    return type("ConfiguredDriver", (DifferenceDriver,), {"encoding": encoding, "color": color})
