"""The goals: what is measured against what, and whether it is met."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.sessions import Figures

BARE, DATA_TABLE, VISIDATA, TIG = "bare Textual app", "DataTable", "visidata", "tig"
START_RATIO, MEMORY_RATIO, SPREAD = 1.25, 1.3, 0.1


@dataclass(frozen=True)
class Measured:
    """The figures of each program by its name; those of one round stand at the same place in each list."""

    figures: dict[str, Figures]
    consoles: Sequence[str]
    store: Figures

    def median(self, program: str, name: str) -> float | None:
        """The median of a figure, or None when it was not taken."""
        numbers = self.figures.get(program, {}).get(name)
        return median(numbers) if numbers else None

    def of_consoles(self, name: str) -> list[float]:
        """The medians of a figure on each size of site where it was taken, the smallest first."""
        return [value for console in self.consoles if (value := self.median(console, name)) is not None]

    def ratio(self, program: str, other: str, name: str) -> float:
        """How many times a figure of `other` it is: the median over the rounds, which alike shared the machine."""
        pairs = zip(self.figures[program][name], self.figures[other][name], strict=True)
        return median(one / two for one, two in pairs)


@dataclass(frozen=True)
class Goal:
    """A row of the table: `figure` names the measure, `goal` says what is wanted, `is_met` looks whether it is so."""

    title: str
    figure: str
    unit: str
    goal: str
    is_met: Callable[[Measured], bool]


def at_most(figure: str, limit: float, *fewer_than: str) -> Callable[[Measured], bool]:
    """On each site at most `limit`, and fewer than each of the peers."""

    def is_met(measured: Measured) -> bool:
        console = measured.of_consoles(figure)
        peers = [value for peer in fewer_than if (value := measured.median(peer, figure)) is not None]
        return bool(console) and max(console) <= limit and all(max(console) < peer for peer in peers)

    return is_met


def at_largest(figure: str, limit: float) -> Callable[[Measured], bool]:
    """On the largest site at most `limit`."""

    def is_met(measured: Measured) -> bool:
        console = measured.of_consoles(figure)
        return bool(console) and console[-1] <= limit

    return is_met


def starts_as_fast(measured: Measured) -> bool:
    """On each site at most START_RATIO times the bare app, and the largest like the smallest."""
    ratios = [measured.ratio(console, BARE, "start ms") for console in measured.consoles]
    spread = measured.ratio(measured.consoles[-1], measured.consoles[0], "start ms")
    return max(ratios) <= START_RATIO and abs(spread - 1) <= SPREAD


def takes_as_little_memory(measured: Measured) -> bool:
    """On each site at most MEMORY_RATIO times the bare app."""
    return all(measured.ratio(console, BARE, "start MiB") <= MEMORY_RATIO for console in measured.consoles)


PEERS = (TIG, VISIDATA)
GOALS = (
    Goal("start to first row", "start ms", "ms", "≤ 1.25 × bare app, same at any size ±10 %", starts_as_fast),
    Goal("memory", "start MiB", "MiB", "≤ 1.3 × bare app", takes_as_little_memory),
    Goal("first screen", "start bytes", "bytes", "≤ 4,000, < tig", at_most("start bytes", 4_000, TIG)),
    Goal("cursor down", "down bytes", "bytes", "≤ 250, < tig, visidata", at_most("down bytes", 250, *PEERS)),
    Goal("scroll by one", "scroll bytes", "bytes", "≤ 600, < tig, visidata", at_most("scroll bytes", 600, *PEERS)),
    Goal("page down", "page bytes", "bytes", "≤ 1,500, < tig, visidata", at_most("page bytes", 1_500, *PEERS)),
    Goal(
        "letter in filter", "letter bytes", "bytes", "≤ 1,500, < tig, visidata", at_most("letter bytes", 1_500, *PEERS)
    ),
    Goal("wizard opens", "wizard first bytes", "bytes", "≤ 3,500", at_most("wizard first bytes", 3_500)),
    Goal("wizard's step", "step bytes", "bytes", "≤ 1,000", at_most("step bytes", 1_000)),
    Goal("Esc to the table", "back bytes", "bytes", "≤ 2,000", at_most("back bytes", 2_000)),
    Goal("idle for 60 s", "idle bytes", "bytes", "≤ 100", at_most("idle bytes", 100)),
    Goal("cursor down", "down ms", "ms", "≤ 50 at the largest", at_largest("down ms", 50)),
    Goal("scroll by one", "scroll ms", "ms", "≤ 50 at the largest", at_largest("scroll ms", 50)),
    Goal("page down", "page ms", "ms", "≤ 50 at the largest", at_largest("page ms", 50)),
    Goal("sort", "sort ms", "ms", "≤ 100 at the largest", at_largest("sort ms", 100)),
    Goal("search, a letter", "letter ms", "ms", "≤ 100 at the largest", at_largest("letter ms", 100)),
    Goal("jump to the end", "end ms", "ms", "≤ 100 at the largest", at_largest("end ms", 100)),
    Goal("keys lost, typed fast", "keys lost", "", "0", at_most("keys lost", 0)),
    Goal("wizard opens first", "wizard first ms", "ms", "≤ 150", at_most("wizard first ms", 150)),
    Goal("wizard opens again", "wizard again ms", "ms", "≤ 100", at_most("wizard again ms", 100)),
    Goal("whole add, slow line", "slow add s", "s", "< 30", at_most("slow add s", 30)),
)


@dataclass(frozen=True)
class StoreGoal:
    """A row of the second table: the largest of `figure` is to be at most `limit`; None: only told."""

    title: str
    figure: str
    unit: str
    limit: float | None = None


STORE_GOALS = (
    StoreGoal("exposure of one key with 20,000 locks, 100,000 keys", "exposure of one ms", "ms", 100),
    StoreGoal("its doors, each with the list it holds", "its doors ms", "ms"),
    StoreGoal("its whole answer, with the forecasts", "its answer ms", "ms"),
    StoreGoal("exposure of all blocked keys, lists full", "exposure of all ms", "ms", 1_000),
    StoreGoal("a list of 500, signed and written", "issue ms", "ms", 100),
    StoreGoal("import of 10,000 visits", "10000 visits s", "s"),
    StoreGoal("its peak of memory", "10000 visits MiB", "MiB"),
    StoreGoal("import of 1,000,000 visits", "1000000 visits s", "s", 90),
    StoreGoal("its peak of memory", "1000000 visits MiB", "MiB"),
    StoreGoal("verify of 10,000 records", "10000 records s", "s"),
    StoreGoal("its peak of memory", "10000 records MiB", "MiB"),
    StoreGoal("verify of 1,000,000 records", "1000000 records s", "s"),
    StoreGoal("its peak of memory", "1000000 records MiB", "MiB"),
)
