"""The difference shows on a terminal, cell for cell, what the whole stream would have shown."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from console.terminal import Picture
from tests.terminal.emulator import Emulator

WIDTH, HEIGHT = 20, 8
PIECES = st.sampled_from(
    [
        "a",
        "b",
        "Z",
        "9",
        " ",
        "    ",
        "        ",
        "ab ab",
        "æ",
        "Ø",
        "─",
        "●",
        "日",
        "本語",
        "한",
        "😀",
        "e\u0301",
        "x\u0323\u0302",
        "日\u0301",
    ]
)
STYLES = st.sampled_from(
    ["", "0", "1", "7", "1;31", "0;4;44", "38;5;200", "48;2;10;20;30", "39;49", "22;24", "27", "9", "3;92", "0;107"]
)


def cup(row: int, column: int) -> str:
    return f"\x1b[{row + 1};{column + 1}H"


@st.composite
def paints(draw: DrawFn) -> str:
    """One line of what Textual sends: a cursor position, then styled text that ends within the row."""
    row, column = draw(st.integers(0, HEIGHT - 1)), draw(st.integers(0, WIDTH - 1))
    stream = cup(row, column)
    for piece, style in draw(st.lists(st.tuples(PIECES, STYLES), max_size=6)):
        columns = sum(2 if ord(c) > 0x3000 or c == "한" else 0 if 0x300 <= ord(c) < 0x370 else 1 for c in piece)
        if column + columns > WIDTH:
            break
        stream += f"\x1b[{style}m{piece}"
        column += columns
    end: str = draw(st.sampled_from(["", "\x1b[0m", "\x1b[0m\r\n", "\r\n", "\r"]))
    return stream + end


@st.composite
def rules(draw: DrawFn) -> str:
    """A full screen of lines that differ, scrolled to some place: what a list does."""
    start, top, bottom = draw(st.integers(0, 9)), draw(st.integers(0, 2)), draw(st.integers(4, HEIGHT))
    lines = [f"{cup(row, 0)}\x1b[0mline {start + row:>3} \x1b[1mxyz\x1b[0m      \r\n" for row in range(top, bottom)]
    return "".join(lines)


STEPS = st.lists(st.one_of(paints(), paints(), paints(), rules()), min_size=1, max_size=4).map("".join)
REPAINTS = st.sampled_from([False] * 7 + [True])


@given(st.lists(st.tuples(STEPS, REPAINTS), min_size=1, max_size=8), st.integers(0, 60))
@settings(max_examples=400, deadline=None, derandomize=True)
def test_every_cell_and_its_style_is_what_the_plain_stream_shows(steps: list[tuple[str, bool]], cut: int) -> None:
    plain, terminal = Emulator(WIDTH, HEIGHT), Emulator(WIDTH, HEIGHT)
    picture = Picture(WIDTH, HEIGHT)
    for screen in (plain, terminal):
        screen.feed("\x1b[?7l")
    for step, forgotten in steps:
        if forgotten:
            picture.forget()
        plain.feed(step)
        terminal.feed(picture.send(step[:cut]))  # a sequence may come in two pieces
        terminal.feed(picture.send(step[cut:]))
        assert terminal.cells() == plain.cells()
        assert terminal.at() == plain.at()
