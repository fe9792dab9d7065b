"""What kind of terminal this is: its characters, its colours, the mouse, and whether the cursor can be placed on it."""

import codecs
import locale
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, cast

from console.configuration import Settings

if TYPE_CHECKING:
    from console.terminal import Color, Encoding

LINES_ONLY = {"", "dumb", "emacs", "unknown", "network", "dialup"}  # names that terminfo often does not hold
LATIN = ("iso8859-1", "iso8859-15", "cp1252")
LIGHT_GROUNDS = ("7", "15")
MANY_COLORS = 256
# As terminfo has them: to load curses and to ask takes 2 ms of the start.
USUAL = {"xterm-256color": 256, "screen-256color": 256, "tmux-256color": 256, "xterm": 8, "screen": 8, "linux": 8}


class TerminalKind(NamedTuple):
    """`dark` is what lies behind the text; `places_cursor` is False for a terminal that only writes line after line."""

    encoding: "Encoding"
    color: "Color"
    dark: bool
    mouse: bool
    places_cursor: bool


def terminal_kind(settings: Settings, environment: Mapping[str, str]) -> TerminalKind:
    """The terminal that the variables and its terminfo entry describe, as far as `settings` do not say otherwise."""
    term = environment.get("TERM", "")
    places_cursor, colors = _abilities(term)
    color = _color(term, colors, environment) if settings.color == "auto" else cast("Color", settings.color)
    encoding = _encoding(environment, monochrome=not colors)
    if settings.ascii == "yes":
        encoding = "ascii"
    elif settings.ascii == "no" and encoding == "ascii":
        encoding = "utf-8"
    dark = _dark(environment) if settings.theme == "auto" else settings.theme == "dark"
    return TerminalKind(encoding, color, dark, settings.mouse == "on", places_cursor)


def _abilities(term: str) -> tuple[bool, int]:
    """Whether the cursor can be placed, and how many colours there are (0: none), as terminfo says."""
    if term in LINES_ONLY:
        return False, 0
    if term in USUAL:
        return True, USUAL[term]
    import curses

    try:
        curses.setupterm(term, sys.__stdout__.fileno() if sys.__stdout__ else 1)
    except curses.error:
        return True, 0 if term.startswith("vt") else 16
    return curses.tigetstr("cup") is not None, max(curses.tigetnum("colors"), 0)


def _color(term: str, colors: int, environment: Mapping[str, str]) -> "Color":
    """NO_COLOR (no-color.org) wins; COLORTERM counts where terminfo has many colours, since it outlives `screen`."""
    if environment.get("NO_COLOR") or not colors:
        return "none"
    many = colors >= MANY_COLORS
    if term.endswith("-direct") or (many and environment.get("COLORTERM") in ("truecolor", "24bit")):
        return "true"
    return "256" if many else "16"


def _dark(environment: Mapping[str, str]) -> bool:
    """What lies behind the text: rxvt, Konsole and others say it in COLORFGBG (15;0); most are dark."""
    return environment.get("COLORFGBG", "").rpartition(";")[2] not in LIGHT_GROUNDS


def _encoding(environment: Mapping[str, str], *, monochrome: bool) -> "Encoding":
    """The character set that the locale names, whether or not the system has that locale."""
    name = environment.get("LC_ALL") or _ctype(environment) or environment.get("LANG")
    if not name:
        return "ascii" if monochrome else "utf-8"
    codeset = locale.normalize(name).partition(".")[2].partition("@")[0]
    try:
        known = codecs.lookup(codeset or "ascii").name
    except LookupError:
        return "ascii"
    return "utf-8" if known == "utf-8" else "latin-1" if known in LATIN else "ascii"


def _ctype(environment: Mapping[str, str]) -> str:
    """LC_CTYPE, unless Python has set it itself: in the C locale it does, and then reads and writes UTF-8."""
    coerced = sys.flags.utf8_mode and environment.get("PYTHONUTF8") != "1"
    return "" if coerced else environment.get("LC_CTYPE", "")
