"""Which language `sperre` speaks, and that click speaks it too."""

import re
from gettext import NullTranslations
from pathlib import Path

import pytest

from console import language
from console.cli import chosen_language
from console.configuration import change_settings
from tests.commands.command_line import Sperre, in_process


@pytest.mark.parametrize(
    ("arguments", "configured", "variable", "locale", "expected"),
    [
        ([], "", "", "C.UTF-8", "en"),
        ([], "", "", "nb_NO.UTF-8", "nb"),
        ([], "", "", "nn_NO.UTF-8", "nb"),
        ([], "", "", "sv_SE.UTF-8", "en"),
        ([], "nb", "", "en_GB.UTF-8", "nb"),
        ([], "nb", "en", "nb_NO.UTF-8", "en"),
        (["--lang", "nb"], "en", "en", "C", "nb"),
        (["keys", "list", "--lang=en"], "nb", "nb", "nb_NO", "en"),
        (["--lang"], "", "", "nb_NO", "nb"),
        (["--lang", "fr"], "", "", "nb_NO", "nb"),
    ],
)
def test_the_option_comes_before_the_setting_and_the_setting_before_the_locale(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    configured: str,
    variable: str,
    locale: str,
    expected: str,
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    if configured:
        change_settings(language=configured)
    if variable:
        monkeypatch.setenv("SPERRE_LANGUAGE", variable)
    assert chosen_language(arguments) == expected


def test_help_and_usage_errors_are_norwegian_too(home: Path) -> None:
    help_text = in_process("--lang", "nb", "blocklist", "add", "--help").stdout
    error = in_process("blocklist", "add", "--lang", "nb").stderr
    for english in ("Usage:", "Options:", "Show this message", "Error:", "Missing argument", "Try '"):
        assert english not in help_text + error


def test_refusals_are_norwegian_too(site: Path, sperre: Sperre) -> None:
    english = sperre("blocklist", "order").stderr
    language.use("nb")
    assert sperre("blocklist", "order").stderr != english


def test_an_option_in_norwegian_is_the_same_option(site: Path) -> None:
    assert in_process("--lang", "nb", "blocklist", "add", "N-1", "--plan").returncode == 0
    assert in_process("blocklist", "order", "--lang", "nb").returncode == 0


def test_words_of_ours_within_a_message_are_translated_with_it(
    home: Path, sperre: Sperre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "zones.csv").write_text("zone\n" + "Z" * 300 + "\n")
    monkeypatch.setattr(language, "_catalogue", InCapitals())
    result = sperre("import", tmp_path)
    assert "A TEXT OF 1 TO 200 CHARACTERS" in result.stderr


class InCapitals(NullTranslations):
    """A language in which everything but a field is in capitals."""

    def gettext(self, message: str) -> str:
        return re.sub(r"\{\w+\}|[^{]+", lambda part: part[0] if part[0][0] == "{" else part[0].upper(), message)
