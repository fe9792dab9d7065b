"""When the conversation opens, on which terminals, in which characters, and how it gives the terminal back."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from store.database import Store
from store.models import Person
from tests.fixed_token import DEPUTY_LABEL, PIN, TOKEN_LABEL
from tests.plain.dialogue import COMMAND, CTRL_D, Dialogue
from tests.plain.flows import PICK_214, TO_PIN

ADD_214 = (*PICK_214, "2", "", "", "1", "")
FIRST_LINE = "Sperre · "


def piped(
    *arguments: str, answers: tuple[str, ...] = (), command: tuple[str, ...] = COMMAND, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    environment: Mapping[str, str] = {
        **os.environ,
        "TEST_NOW": "2026-11-24T06:50:00+00:00",
        "LC_ALL": "C.UTF-8",
        "SPERRE_LANGUAGE": "en",
        **variables,
    }
    typed = "".join(f"{answer}\n" for answer in answers).encode(
        "latin-1" if "8859" in environment["LC_ALL"] else "utf-8"
    )
    return subprocess.run(
        [*command, *arguments], input=typed, capture_output=True, env=environment, timeout=60, check=False
    )


@pytest.mark.parametrize("term", ["dumb", "emacs", "", "network"])
def test_it_opens_by_itself_where_the_cursor_cannot_be_placed(home: Path, term: str) -> None:
    with Dialogue(TERM=term, SPERRE_LANGUAGE="en") as dialogue:
        assert dialogue.until_asked()
        assert dialogue.said.startswith(FIRST_LINE)
        assert dialogue.ended() == 0


@pytest.mark.parametrize(("arguments", "variables"), [(("--plain",), {}), ((), {"SPERRE_PLAIN": "yes"})])
def test_it_opens_on_any_terminal_when_asked_for(
    home: Path, arguments: tuple[str, ...], variables: dict[str, str]
) -> None:
    with Dialogue(*arguments, TERM="xterm-256color", SPERRE_LANGUAGE="en", **variables) as dialogue:
        assert dialogue.until_asked()
        assert dialogue.ended() == 0
        assert "\x1b" not in dialogue.said


@pytest.mark.parametrize(("arguments", "variables"), [(("--no-plain",), {}), ((), {"SPERRE_PLAIN": "no"})])
def test_the_screen_opens_on_a_line_terminal_when_asked_for(
    home: Path, arguments: tuple[str, ...], variables: dict[str, str]
) -> None:
    with Dialogue(*arguments, SPERRE_LANGUAGE="en", **variables) as dialogue:
        assert dialogue.until("Browse blocklist")
        assert "\x1b[" in dialogue.said
        os.write(dialogue.master, b"q")
        assert not dialogue.until("never said")
        assert dialogue.process.returncode == 0


def test_in_a_pipe_it_tells_at_the_end_of_input_what_was_done(home: Path) -> None:
    done = piped("--plain", answers=ADD_214[:-1])
    assert done.returncode == 0
    said = done.stdout.decode()
    assert said.startswith(FIRST_LINE)
    assert "help: /214\n" in said  # as a terminal echoes it
    assert "This was done:\n 1  Phone key 214 (N-214)" in said
    assert done.stderr == b""


def test_without_a_terminal_the_blocklist_is_listed_as_ever(home: Path) -> None:
    assert piped().stdout.decode().startswith("Label")


def test_it_is_no_option_of_a_command(home: Path) -> None:
    assert piped("--plain", "keys", "list").returncode == 2


def test_in_a_pipe_no_pin_is_asked_for(home: Path) -> None:
    done = piped("--plain", answers=(*TO_PIN, PIN))
    said = done.stdout.decode()
    assert "The PIN is typed hidden, on a terminal" in said
    assert "PIN of the token" not in said
    assert said.endswith("Nothing was changed.\n")


@pytest.mark.parametrize("variables", [{}, {"LC_ALL": "C"}, {"TERM": "dumb"}])
def test_textual_is_not_loaded(home: Path, variables: dict[str, str]) -> None:
    """Neither at the start nor in any flow: loading it takes most of the console's start."""
    told_at_exit = "import sys, atexit; atexit.register(lambda: print(*sys.modules, file=sys.stderr))"
    ask = f"{told_at_exit}; from console.cli import main; main()"
    answers = ("1", "1", "1", "0", "0", "0", *(str(place) for number in range(2, 10) for place in (number, 0)))
    done = piped(
        "--plain", answers=(*answers, *ADD_214, "14", *TO_PIN), command=(sys.executable, "-c", ask), **variables
    )
    assert done.returncode == 0
    loaded = done.stderr.decode().split()
    assert "console.plain.remove" in loaded
    assert [name for name in loaded if name.partition(".")[0] == "textual"] == []


@pytest.mark.parametrize("variables", [{"LC_ALL": "C"}, {"SPERRE_ASCII": "yes"}])
def test_on_ascii_everything_can_be_read_in_ascii(home: Path, variables: dict[str, str]) -> None:
    answers = ("1", "0", "2", "åse", "0", *ADD_214, "1", "fob 17", "1", "1")
    done = piped("--plain", answers=answers, SPERRE_LANGUAGE="nb", **variables)
    said = done.stdout.decode("ascii")
    assert "Aase Oedegaard" in said
    assert "* Bestilt" in said
    assert "o Under planlegging" in said
    assert "INGEN LAAS VET" in said
    assert "x aapner" in said
    assert max(len(line) for line in said.splitlines() if "hjelp: " not in line) < 80


def test_latin_1_keeps_its_letters_and_is_understood(home: Path) -> None:
    done = piped("--plain", answers=("2", "ødegård", "1"), LC_ALL="nb_NO.ISO-8859-1", SPERRE_LANGUAGE="nb")
    said = done.stdout.decode("latin-1")
    assert "Søk: ødegård" in said
    assert "Åse Ødegård" in said
    assert "* Bestilt" not in said
    assert "?" not in said.replace("? hjelp", "").replace("Hva nå?", "")


def test_control_characters_in_data_never_reach_the_terminal(home: Path, store: Store) -> None:
    evil = "Eve\x1b[2J\x07\x9b31m\u202e"
    Person.update(name=evil).where(Person.name == "Åse Ødegård").execute()
    with Dialogue(SPERRE_LANGUAGE="en") as dialogue:
        for answer in (*PICK_214, "1", "", "", "1", ""):
            assert dialogue.until_asked()
            dialogue.answer(answer)
        assert dialogue.ended() == 0
    assert "Eve" in dialogue.said
    assert not set("\x1b\x07\x9b\u202e") & set(dialogue.said)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_a_pin_is_typed_lets_the_terminal_echo_again(home: Path, number: signal.Signals) -> None:
    with Dialogue(SPERRE_LANGUAGE="en") as dialogue:
        for answer in TO_PIN:
            assert dialogue.until_asked()
            dialogue.answer(answer)
        assert dialogue.until("PIN of the token .*: $")
        assert not dialogue.echoes
        dialogue.process.send_signal(number)
        assert dialogue.process.wait(timeout=20) == 128 + number
        assert dialogue.echoes


def test_the_end_of_input_at_the_pin_leaves_with_words(home: Path) -> None:
    with Dialogue(SPERRE_LANGUAGE="en") as dialogue:
        for answer in (*TO_PIN, CTRL_D):
            assert dialogue.until_asked()
            dialogue.answer(answer)
        assert dialogue.ended() == 0
        assert dialogue.echoes
    assert dialogue.said.endswith("Nothing was changed.\n")


def test_bytes_that_are_no_characters_do_not_end_it(home: Path) -> None:
    with Dialogue(SPERRE_LANGUAGE="en") as dialogue:
        assert dialogue.until_asked()
        dialogue.seen = len(dialogue.said)
        os.write(dialogue.master, b"\xff\xfe\n")
        assert dialogue.until_asked()
        assert dialogue.ended() == 0
    assert "is not here" in dialogue.said


def test_two_tokens_sign_one_after_the_other(home: Path, two_tokens: None) -> None:
    """No transcript: which of them comes first is left to the reader."""
    with Dialogue(SPERRE_LANGUAGE="en", SPERRE_TOKEN="", SPERRE_TOKENS_REQUIRED="2") as dialogue:
        for answer in (*TO_PIN, PIN, PIN, ""):
            assert dialogue.until_asked()
            dialogue.answer(answer)
        assert dialogue.ended() == 0
    asked = re.findall("PIN of the token (\\w+)", dialogue.said)
    assert sorted(asked) == [DEPUTY_LABEL, TOKEN_LABEL]
    assert "This site asks for a second token" in dialogue.said
    assert re.search(r"Signed by kari with token (\S+) and (\S+)\.", dialogue.said)
