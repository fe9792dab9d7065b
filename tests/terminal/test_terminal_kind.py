"""What the program finds out about its terminal, and what the operator says instead."""

import json
import subprocess
import sys

import pytest

from console.configuration import SettingNotOffered, Settings, settings
from console.terminal_kind import TerminalKind
from tests.commands.conftest import home

__all__ = ["home"]

ASK = """
import json, os, sys
from console.configuration import Settings
from console.terminal_kind import terminal_kind
print(json.dumps(terminal_kind(Settings(**json.loads(sys.argv[1])), os.environ)._asdict()))
"""


def found(variables: dict[str, str], **chosen: str) -> TerminalKind:
    """What a new process finds out: Python settles its locale, and curses its terminal, once in a process."""
    told = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(chosen)], env=variables, capture_output=True, text=True, check=True
    )
    return TerminalKind(**json.loads(told.stdout))


@pytest.mark.parametrize(
    ("term", "color", "places_cursor"),
    [
        ("vt100", "none", True),
        ("linux", "16", True),
        ("screen", "16", True),
        ("xterm-256color", "256", True),
        ("an-unheard-of-one", "16", True),
        ("dumb", "none", False),
        ("", "none", False),
        ("emacs", "none", False),
    ],
)
def test_the_terminal_says_its_colours_and_whether_it_places_the_cursor(
    term: str, color: str, places_cursor: bool
) -> None:
    kind = found({"TERM": term, "LC_ALL": "C.UTF-8"})
    assert kind == TerminalKind("utf-8", color, True, False, places_cursor)


@pytest.mark.parametrize(
    ("variables", "color"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "true"),
        ({"TERM": "screen", "COLORTERM": "truecolor"}, "16"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256"),
    ],
)
def test_no_color_wins_and_colorterm_counts_where_there_are_many_colours(variables: dict[str, str], color: str) -> None:
    assert found(variables).color == color


@pytest.mark.parametrize(
    ("variables", "chosen", "dark"),
    [
        ({}, {}, True),
        ({"COLORFGBG": "15;0"}, {}, True),
        ({"COLORFGBG": "0;15"}, {}, False),
        ({"COLORFGBG": "0;default;15"}, {}, False),
        ({"COLORFGBG": "0;15"}, {"theme": "dark"}, True),
        ({}, {"theme": "light"}, False),
    ],
)
def test_the_background_is_dark_unless_the_terminal_or_the_operator_says_otherwise(
    variables: dict[str, str], chosen: dict[str, str], dark: bool
) -> None:
    assert found({"TERM": "xterm-256color", **variables}, **chosen).dark is dark


@pytest.mark.parametrize(
    ("variables", "encoding"),
    [
        ({"LC_ALL": "nb_NO.UTF-8"}, "utf-8"),
        ({"LC_ALL": "nb_NO.ISO-8859-1"}, "latin-1"),
        ({"LANG": "nb_NO.ISO-8859-15@euro"}, "latin-1"),
        ({"LANG": "nb_NO"}, "latin-1"),
        ({"LANG": "C"}, "ascii"),
        ({"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"}, "ascii"),
        ({"LANG": "ru_RU.KOI8-R"}, "ascii"),
        ({"LANG": "en_US.no-such-set"}, "ascii"),
        ({"LC_CTYPE": "C.UTF-8"}, "utf-8"),
        ({}, "utf-8"),
        ({"TERM": "vt100"}, "ascii"),
    ],
)
def test_the_locale_says_the_character_set(variables: dict[str, str], encoding: str) -> None:
    assert found({"TERM": "xterm-256color", **variables}).encoding == encoding


def test_what_is_set_wins_over_what_is_found() -> None:
    old = {"TERM": "vt100", "LANG": "C", "NO_COLOR": "1"}
    assert found(old, color="256", ascii="no", mouse="on") == TerminalKind("utf-8", "256", True, True, True)
    assert found({"TERM": "xterm-256color", "LANG": "nb_NO.ISO-8859-1"}, ascii="no").encoding == "latin-1"
    assert found({"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}, ascii="yes").encoding == "ascii"


def test_a_setting_that_is_not_offered_is_refused_with_what_is(monkeypatch: pytest.MonkeyPatch, home: object) -> None:
    monkeypatch.setenv("SPERRE_COLOR", "True")
    assert settings() == Settings(color="true")
    monkeypatch.setenv("SPERRE_MOUSE", "maybe")
    with pytest.raises(SettingNotOffered) as refused:
        settings()
    assert refused.value.values == {
        "name": "mouse",
        "value": "maybe",
        "offered": "on, off",
        "where": "SPERRE_MOUSE",
    }
