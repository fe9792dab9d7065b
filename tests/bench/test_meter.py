"""The meter counts what a program writes, sees what it shows, types, and answers as a terminal does."""

import sys

import pytest

from tests.bench.line import slow_line
from tests.bench.meter import Meter, NotShown

PROGRAM = r"""
import os, sys, tty
tty.setraw(0)
os.write(1, b"\x1b[2J\x1b[3;5Hfirst row")
while True:
    key = os.read(0, 100)
    if key == b"q":
        break
    if key == b"?":
        os.write(1, b"\x1b[?2026$p\x1b[?9999$p\x1b[6n")
        answer = b""
        while not answer.endswith(b"R"):
            answer += os.read(0, 100)
        os.write(1, b"\x1b[5;1H" + answer.replace(b"\x1b", b"^"))
    else:
        os.write(1, b"\x1b[4;1H" + key.upper())
"""
COMMAND = (sys.executable, "-I", "-c", PROGRAM)


def test_it_counts_bytes_and_sees_rows() -> None:
    with Meter(COMMAND) as meter:
        shown = meter.until("^    first row$")
        assert meter.received == len("\x1b[2J\x1b[3;5Hfirst row")
        assert shown > meter.began
        assert 0 < meter.memory() <= meter.memory("VmHWM")
        pressed = meter.press("abc")
        meter.until("^ABC$")
        assert meter.quiet() > pressed
        assert meter.received == len("\x1b[2J\x1b[3;5Hfirst row\x1b[4;1HABC")


def test_it_answers_what_a_program_asks_of_its_terminal() -> None:
    with Meter(COMMAND) as meter:
        meter.until("first row")
        meter.press("?")
        meter.until(r"\^\[\?2026;2\$y\^\[\?9999;0\$y\^\[3;14R")


def test_cursor_keys_are_sent_in_the_mode_that_the_program_has_set() -> None:
    program = PROGRAM.replace("first row", "first row\\x1b[?1h").replace("key.upper()", "repr(key).encode()")
    with Meter((sys.executable, "-I", "-c", program)) as meter:
        meter.until("first row")
        meter.press("\x1b[B")
        meter.until(r"x1bOB")


def test_over_a_slow_line_the_bytes_arrive_when_the_line_has_carried_them() -> None:
    line = slow_line(bits_per_second=96_000, round_trip=0.02)
    with Meter(COMMAND, line=line) as meter:
        shown = meter.until("first row")
        assert shown - meter.began >= 0.01 + meter.received * 10 / 96_000
        meter.press("abc")
        meter.until("^ABC$")


def test_a_program_that_ends_is_told_of_with_what_it_shows() -> None:
    with Meter(COMMAND) as meter:
        meter.until("first row")
        meter.press("q")
        with pytest.raises(NotShown, match="first row"):
            meter.until("second row")
