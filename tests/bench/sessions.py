"""Sessions with a program in the meter: each gives its figures by name, one number for each time that it was done."""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from tests.bench.line import slow_line
from tests.bench.meter import Meter
from tests.bench.programs import DOWN, PAGE_DOWN, Program

Figures = dict[str, list[float]]
TIMES = 5
BLOCKED_KEY, BLOCKED_NAME = "N-0000777", "Fob 777"
TYPED_FAST = 150
BITS_PER_SECOND, ROUND_TRIP = 9_600, 0.6


class Session:
    """A meter with the figures that are taken from it: of each step the bytes, and the milliseconds to the last."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.figures: Figures = defaultdict(list)

    def step(self, name: str, keys: str, shows: str = "") -> None:
        """Press `keys` and wait until `shows` (a regular expression) is shown and all is quiet."""
        before = self.meter.received
        pressed = self.meter.press(keys)
        if shows:
            self.meter.until(shows)
        last = self.meter.quiet()
        self.figures[f"{name} bytes"].append(self.meter.received - before)
        self.figures[f"{name} ms"].append((last - pressed) * 1000 if self.meter.received > before else 0.0)


def start(program: Program) -> Figures:
    """From the command until the first row is on the screen."""
    with Meter(program.command, program.variables) as meter:
        shown = meter.until(program.first_row)
        meter.quiet(silence=0.5)
        return {
            "start ms": [(shown - meter.began) * 1000],
            "start bytes": [meter.received],
            "start MiB": [meter.memory()],
        }


def browse(program: Program) -> Figures:
    """Through the table of all rows, key by key."""
    with Meter(program.command, program.variables) as meter:
        session = Session(meter)
        meter.until(program.first_row)
        meter.quiet(silence=0.5)
        if program.open_table:
            session.step("table", program.open_table, program.table_row)
        for _ in range(TIMES):
            session.step("down", DOWN)
        meter.press(DOWN * 30)
        meter.quiet()
        for _ in range(TIMES):
            session.step("scroll", DOWN)
        for _ in range(TIMES):
            session.step("page", PAGE_DOWN)
        if program.search:
            _search(session, program)
        session.step("end", program.jumps_to_end_with)
        session.figures["peak MiB"].append(meter.memory("VmHWM"))
        return session.figures


def _search(session: Session, program: Program) -> None:
    if program.end_search:
        for letter in "123":
            session.step("letter", program.search + letter + program.end_search)
        return
    session.meter.press(program.search)
    session.meter.quiet()
    for letter in "fob 12":
        session.step("letter", letter)
    session.meter.press("\x1b")
    session.meter.quiet()


def sort(program: Program) -> Figures:
    """Sort the console's key table the other way, again and again, and by each of its columns.

    The store's file is read once before, as it would be on a machine in use: what a disk takes to read an index for
    the first time says nothing of the console. At the end the table is sorted as it was.
    """
    _read_once(Path(program.variables["SPERRE_HOME"], "store.sqlite"))
    with Meter(program.command, program.variables) as meter:
        session = Session(meter)
        meter.until(program.first_row)
        session.meter.press(program.open_table)
        meter.until(program.table_row)
        meter.quiet(silence=0.5)
        for _ in range(TIMES):
            session.step("sort", "S")
        for column in "23451":
            session.meter.press("s")
            session.meter.quiet()
            session.step("sort", column)
        session.step("sort", "S")
        session.figures["peak MiB"].append(meter.memory("VmHWM"))
        return session.figures


def wizard(program: Program) -> Figures:
    """Open the wizard *Add to blocklist*, take its steps as far as the check, go back, and open it again."""
    with Meter(program.command, program.variables) as meter:
        session = Session(meter)
        meter.until(program.first_row)
        meter.quiet(silence=0.5)
        session.step("wizard first", "a", r"What is to be blocked\?")
        session.step("step", "\r", r"Which key is to be blocked\?")
        meter.press(BLOCKED_KEY)
        meter.until(f"^› .*{BLOCKED_NAME}")
        meter.quiet()
        session.step("step", "\r", "How do you want to proceed")
        meter.press("1")
        meter.quiet()
        session.step("step", "\r", "When you choose Finish")
        for shown in ("How do you want", "Which key", "What is to be blocked"):
            meter.press("\x1b")
            meter.until(shown)
            meter.quiet()
        session.step("back", "\x1b", program.first_row)
        for _ in range(TIMES):
            session.step("wizard again", "a", r"What is to be blocked\?")
            session.step("back", "\x1b", program.first_row)
        session.figures["peak MiB"].append(meter.memory("VmHWM"))
        return session.figures


def type_fast(program: Program) -> Figures:
    """Type without waiting; every key that was lost counts."""
    with Meter(program.command, program.variables) as meter:
        meter.until(program.first_row)
        meter.press(program.open_table)
        meter.until(program.table_row)
        meter.quiet()
        start = _row_at_cursor(meter)
        meter.press(DOWN * TYPED_FAST)
        meter.quiet()
        lost = TYPED_FAST - abs(_row_at_cursor(meter) - start)
        typed = "fob 1 berg anne 04 N-0 fob 12 xyz"
        meter.press("/" + typed)
        meter.quiet()
        lost += len(typed) - _longest_beginning(typed, meter.screen.text())
    with Meter(program.command, program.variables) as meter:
        meter.until(program.first_row)
        meter.press("a\r" + BLOCKED_KEY)
        meter.quiet(silence=0.5)
        lost += len(BLOCKED_KEY) - _longest_beginning(BLOCKED_KEY, meter.screen.text())
    return {"keys lost": [lost]}


def _read_once(file: Path) -> None:
    with file.open("rb") as opened:
        while opened.read(1 << 20):
            pass


def _row_at_cursor(meter: Meter) -> int:
    """The number in the name of the key at the cursor; keys are numbered from 0 in the table's order."""
    row = next(line for line in meter.screen.text().splitlines() if line.startswith("›"))
    found = re.search(r"(?:Fob|Phone key) (\d+)", row)
    assert found is not None, row
    return int(found[1])


def _longest_beginning(typed: str, text: str) -> int:
    return next(length for length in range(len(typed), -1, -1) if f" {typed[:length]}" in text)


def idle(programs: Sequence[Program], seconds: float) -> dict[str, Figures]:
    """What each program writes while nobody touches it, all of them at the same time; by the program's name."""
    meters = [Meter(program.command, program.variables) for program in programs]
    try:
        for program, meter in zip(programs, meters, strict=True):
            meter.until(program.first_row)
        for meter in meters:
            meter.quiet(silence=1.0)
        before = [meter.received for meter in meters]
        meters[0].listen(seconds)
        for meter in meters:
            meter.listen(0.1)
        written = [meter.received - count for meter, count in zip(meters, before, strict=True)]
    finally:
        for meter in meters:
            meter.__exit__()
    return {program.name: {"idle bytes": [count]} for program, count in zip(programs, written, strict=True)}


def add_over_slow_line(program: Program) -> Figures:
    """The whole add over a slow line, from the command to *Close*; each key is pressed when its page is shown."""
    line = slow_line(BITS_PER_SECOND, ROUND_TRIP)
    with Meter(program.command, program.variables, line) as meter:
        meter.until(program.first_row)
        for keys, shows in (
            ("a", r"What is to be blocked\?"),
            ("\r", r"Which key is to be blocked\?"),
            (BLOCKED_KEY, f"^› .*{BLOCKED_NAME}"),
            ("\r", "How do you want to proceed"),
            ("2", r"› \(•\) Order blocklist"),
            ("\r", "When you choose Finish"),
            ("\r", r"^ *Done\."),
            ("\r", program.first_row),
        ):
            meter.press(keys)
            meter.until(shows)
        meter.quiet()
        return {"slow add s": [meter.last - meter.began], "slow add bytes": [meter.received]}
