"""What a terminal shows of a screen: its lines, and what in them is bold, dim, underlined, reverse or coloured."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rich.console import Console
from textual.app import App

from console.terminal import PLAIN, Color, Encoding, Picture, Style, on_blank

ANY_TERMINAL = Console(force_terminal=True, color_system="truecolor", legacy_windows=False, _environ={})


@dataclass(frozen=True)
class Run:
    """Characters of a line, from `first` up to but not with `end`, that stand out; `sgr` are the parameters of how."""

    line: int
    first: int
    end: int
    sgr: str

    def __str__(self) -> str:
        return f"{self.line}:{self.first}-{self.end} {self.sgr}"

    @classmethod
    def parsed(cls, text: str) -> "Run":
        """The run that `str` has written."""
        place, sgr = text.split(" ")
        line, _, part = place.partition(":")
        first, _, end = part.partition("-")
        return cls(int(line), int(first), int(end), sgr)


@dataclass(frozen=True)
class Shown:
    """A picture: the text, one line a row, without blanks at the ends, and what stands out in it."""

    text: str
    runs: tuple[Run, ...]


def shown(app: App[Any], encoding: Encoding = "utf-8", color: Color = "true") -> Shown:
    """The screen as our driver would have it on a terminal with this character set and these colours."""
    picture = Picture(app.size.width, app.size.height, encoding, color)
    painted = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    picture.send(painted.render_segments(ANY_TERMINAL))
    lines, runs = [], []
    for number, row in enumerate(picture._wanted):
        lines.append("".join(cell.text for cell in row).rstrip())
        at = 0
        for style, cells in groupby(row, lambda cell: on_blank(cell.style) if cell.text == " " else cell.style):
            length = sum(len(cell.text) for cell in cells)
            if style != PLAIN:
                runs.append(Run(number, at, at + length, sgr(style)))
            at += length
    return Shown("\n".join(lines) + "\n", tuple(_joined(runs)))


def sgr(style: Style) -> str:
    """The parameters of the sequence that switches `style` on."""
    colors = [color for color in (style.foreground, style.background) if color]
    return ";".join([*map(str, sorted(style.attributes)), *colors])


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Runs of one style as one."""
    joined: list[Run] = []
    for run in runs:
        if joined and (joined[-1].line, joined[-1].end, joined[-1].sgr) == (run.line, run.first, run.sgr):
            run = Run(run.line, joined.pop().first, run.end, run.sgr)
        joined.append(run)
    return joined
