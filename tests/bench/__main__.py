"""Measure the console beside its peers: python -m tests.bench [--quick] [--write]; exit code 1: a goal is missed."""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable
from time import perf_counter

from tests.bench import programs, sessions, store_speed
from tests.bench.goals import Measured
from tests.bench.programs import Program
from tests.bench.report import missed, tables, write_document, write_json
from tests.bench.sessions import Figures

SIZES = (1_000, 100_000, 1_000_000)
PEER_ROWS = 100_000


def measure(*, quick: bool) -> Measured:
    """All figures; `quick` leaves out the largest site and most of the rounds."""
    sizes = SIZES[:2] if quick else SIZES
    starts, rounds, idle_seconds = (5, 1, 10.0) if quick else (31, 2, 60.0)
    consoles = [programs.console(size) for size in sizes]
    peers = [programs.data_table(PEER_ROWS), programs.visidata(sizes[-1]), programs.tig(PEER_ROWS)]
    figures: dict[str, Figures] = defaultdict(lambda: defaultdict(list))

    def add(program: Program, session: Callable[[Program], Figures]) -> None:
        say(f"{session.__name__}: {program.name}")
        for name, numbers in session(program).items():
            figures[program.name][name] += numbers

    for program in (*consoles, programs.bare_app()):
        sessions.start(program)  # so that all files are at hand
    for _ in range(starts):
        for program in (*consoles, programs.bare_app()):
            add(program, sessions.start)
    for _ in range(rounds):
        for program in peers:
            add(program, sessions.start)
            add(program, sessions.browse)
        for program in consoles:
            for session in (sessions.browse, sessions.sort, sessions.wizard, sessions.type_fast):
                add(program, session)
        add(programs.console(sizes[0], programs.copy_of(sizes[0])), sessions.add_over_slow_line)
    say(f"idle: {idle_seconds:.0f} s")
    for name, found in sessions.idle([*consoles, programs.bare_app(), *peers], idle_seconds).items():
        figures[name].update(found)
    return Measured(figures, [program.name for program in consoles], measure_store(quick=quick))


def measure_store(*, quick: bool) -> Figures:
    """The figures of the store alone; `quick` leaves out the millions."""
    found: Figures = {}
    for work in (store_speed.exposures, store_speed.issuing):
        say(work.__name__)
        found.update(work())
    for count in (10_000,) if quick else (10_000, 1_000_000):
        say(f"visits and proof: {count:,}")
        found.update(store_speed.visits(count))
        found.update(store_speed.proof(count))
    return found


def say(what: str) -> None:
    """Tell on stderr what is done now, and since how many seconds the run goes on."""
    print(f"{perf_counter() - BEGAN:5.0f} s  {what}", file=sys.stderr, flush=True)


BEGAN = perf_counter()
if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two sizes, few rounds: a first look")
    parser.add_argument("--write", action="store_true", help="write the tables to docs/performance.md")
    arguments = parser.parse_args()
    measured = measure(quick=arguments.quick)
    write_json(measured)
    if arguments.write:
        write_document(measured)
    print(tables(measured))
    for what in missed(measured):
        print(f"MISSED: {what}")
    sys.exit(bool(missed(measured)))
