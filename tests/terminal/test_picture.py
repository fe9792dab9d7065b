"""What the driver writes: how few bytes, in which characters and colours, and which sequences for which terminal."""

import subprocess
import sys
import unicodedata

import pytest
from textual._xterm_parser import XTermParser
from textual.events import Key

from console.terminal import CLEAR, Color, Encoding, Picture, driver_class, readable
from tests.terminal.emulator import Emulator

LINES = [f"N-{number:03} Fob {number} of Ragnhild Lie, Oppgang {number * 7 % 10}" for number in range(60)]


def page(first: int) -> str:
    """A list from line `first` on, with a title above and a rule below it, as Textual would paint it."""
    rows = ["Browse blocklist", *LINES[first : first + 20], "─" * 80, f"{first} of 60", "q Quit"]
    return (
        "".join(f"\x1b[{row};1H\x1b[39;49m{text:<80}\x1b[0m\n" for row, text in enumerate(rows, 1))[:-1] + "\x1b[1;1H"
    )


@pytest.fixture
def picture() -> Picture:
    picture = Picture(80, 24)
    picture.send(page(0))
    return picture


def test_what_is_shown_already_costs_nothing(picture: Picture) -> None:
    assert picture.send(page(0)) == ""


def test_blanks_at_the_end_of_rows_are_not_sent() -> None:
    assert len(Picture(80, 24).send(page(0))) < sum(map(len, LINES[:20])) + 250


def test_one_changed_letter_costs_a_move_and_a_letter(picture: Picture) -> None:
    assert picture.send(page(0).replace("Fob 7 of", "Fob X of")) == "\x1b[9;11HX\x1b[H"


def test_scrolling_by_a_line_sends_that_line_alone(picture: Picture) -> None:
    sent = picture.send(page(1))
    assert sent.startswith("\x1b[2;21r\x1b[21H\v\x1b[r\x1b[21HN-020 Fob 20")
    assert len(sent) < 80
    assert picture.send(page(0)).startswith("\x1b[2;21r\x1b[2H\x1bM\x1b[r\x1b[2HN-000 Fob 0")


@pytest.mark.parametrize(
    ("change", "sent"),
    [
        ("\x1b[2;1HX", "\vX"),  # one row down
        ("\x1b[1;3HX", "BrX"),  # over two letters that are there
        ("\x1b[2;80HX\x1b[3;1HY", "\v\x1b[79CX\r\vY"),  # after the last column no relative move but a carriage return
        ("\x1b[1;1H\x1b[1mB\x1b[0mX", "\x1b[1mB\x1b[mX"),  # one attribute cannot be switched off alone
    ],
)
def test_the_shortest_way_is_taken(picture: Picture, change: str, sent: str) -> None:
    assert picture.send(change + "\x1b[1;1H").startswith(sent)


def test_a_blank_end_is_erased(picture: Picture) -> None:
    assert picture.send(f"\x1b[2;1H{'N-0':<80}\x1b[2;1H") == "\v\x1b[3C\x1b[K\r"


def test_nothing_is_erased_while_the_background_is_coloured() -> None:
    """Whether an erased cell takes the background differs between terminals."""
    picture = Picture(20, 2)
    picture.send(f"\x1b[44m{'x' * 20}")
    assert "\x1b[K" not in picture.send(f"\x1b[1;1H\x1b[44m{' ' * 20}")
    assert "\x1b[m\x1b[K" in picture.send(f"\x1b[1;1H\x1b[44mab\x1b[0m{' ' * 18}")


def test_after_forgetting_all_is_painted_on_a_cleared_screen(picture: Picture) -> None:
    picture.forget()
    sent = picture.send("")
    assert sent.startswith(CLEAR)
    emulator = Emulator()
    emulator.feed("\x1b[44mrubbish" + sent)
    assert emulator.text().splitlines()[20] == LINES[19]


def test_a_new_size_keeps_what_fits(picture: Picture) -> None:
    picture.resize(40, 10)
    emulator = Emulator(40, 10)
    emulator.feed(picture.send(""))
    assert emulator.text().splitlines()[1] == LINES[0][:40]


def test_after_a_cluster_the_cursor_is_placed_anew() -> None:
    """Terminals disagree on the width of what is joined, and the columns to the right must stay where they are."""
    sent = Picture(20, 1).send("👩\u200d💻x")
    assert sent.startswith(f"{CLEAR}👩\u200d💻\x1b[;3Hx")


def test_other_sequences_pass_in_their_order(picture: Picture) -> None:
    copied = "\x1b]52;c;eA==\a"
    assert picture.send(f"\x1b[1;1HX\a\x1b[2;1HY{copied}") == f"X\a\v\bY{copied}"


def test_a_frame_is_sent_as_one_where_the_terminal_can() -> None:
    assert Picture(9, 1).send("\x1b[?2026hx\x1b[?2026l") == f"\x1b[?2026h{CLEAR}x\x1b[?2026l"


def test_a_link_is_opened_and_closed_around_its_text() -> None:
    sent = Picture(20, 1).send("\x1b]8;id=7;https://example.org\x1b\\Help\x1b]8;;\x1b\\ me")
    assert sent.endswith("\x1b]8;;https://example.org\x1b\\Help\x1b]8;;\x1b\\ me")


@pytest.mark.parametrize(
    "sequence", ["\x1b[>25u", "\x1b[<u", "\x1b[?2026$p", "\x1b[?2048$p", "\x1b]22;text\a", "\x1b[?1004h"]
)
def test_an_old_terminal_does_not_get_what_it_would_print(sequence: str) -> None:
    for term in ("vt100", "vt220", "linux", "ansi", "dumb", ""):
        assert sequence not in Picture(9, 1, term=term).send(sequence)
    for term in ("xterm-256color", "screen", "tmux-256color", "rxvt", "foot"):
        assert sequence in Picture(9, 1, term=term).send(sequence)


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "●○–✓✗›… ─│┌█ Åse Ødegård é Żółć 日本"),
        ("latin-1", "*o-+x>. -|+# Åse Ødegård é Zólc ????"),
        ("ascii", "*o-+x>. -|+# Ase Odegard e Zolc ????"),
    ],
)
def test_signs_and_letters_stay_readable_and_as_wide(encoding: Encoding, shown: str) -> None:
    sent = Picture(60, 1, encoding).send("●○–✓✗›… ─│┌█ Åse Ødegård é Żółć 日本")
    assert sent.removeprefix(CLEAR) == shown


def test_every_character_has_a_stand_in_of_its_width() -> None:
    for code in range(0xA0, 0x3000):
        character = chr(code)
        if not unicodedata.category(character).startswith(("C", "M", "Z")):
            assert len(readable(character, 1, "ascii").encode("ascii")) == 1


@pytest.mark.parametrize(
    ("color", "sent"),
    [
        ("none", "\x1b[1;7mx"),
        ("16", "\x1b[1;3;7;91;44mx"),
        ("256", "\x1b[1;3;7;38;5;203;44mx"),
        ("true", "\x1b[1;3;7;38;2;255;90;80;44mx"),
    ],
)
def test_no_more_colours_are_sent_than_there_are(color: Color, sent: str) -> None:
    picture = Picture(9, 1, color=color)
    picture.send("")
    assert picture.send("\x1b[1;3;7;38;2;255;90;80;44mx") == sent


def test_without_colours_a_background_is_reverse() -> None:
    picture = Picture(9, 1, color="none")
    picture.send("")
    assert picture.send("\x1b[38;5;203mw\x1b[48;5;236mx\x1b[49my") == "w\x1b[7mx\x1b[my"


def test_a_driver_class_carries_its_encoding_and_colours() -> None:
    chosen = driver_class(encoding="latin-1", color="16")
    assert (chosen.encoding, chosen.color) == ("latin-1", "16")


@pytest.mark.parametrize(
    ("sent", "key"), [("\x1bOA", "up"), ("\x1b[A", "up"), ("\x08", "backspace"), ("\x7f", "backspace")]
)
def test_textual_knows_the_keys_of_old_terminals(sent: str, key: str) -> None:
    assert [message.key for message in XTermParser().feed(sent) if isinstance(message, Key)] == [key]


def test_the_driver_imports_nothing_of_the_program() -> None:
    """It could be a package of its own."""
    ask = "import sys, console.terminal; print(*sorted(sys.modules))"
    imported = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout.split()
    ours = {name for name in imported if name.partition(".")[0] in ("console", "store", "pkcs11_token")}
    assert ours == {"console", "console.terminal"}
