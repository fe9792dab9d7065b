"""A goal is met or missed by the medians, and one look at the table tells which."""

from tests.bench.goals import BARE, GOALS, TIG, Measured
from tests.bench.report import missed, tables
from tests.bench.sessions import Figures

SMALL, LARGE = "console, 1,000 keys", "console, 1,000,000 keys"


def measured(**of_console: Figures) -> Measured:
    bare: Figures = {"start ms": [100, 200, 300], "start MiB": [30, 30, 30]}
    good: Figures = {goal.figure: [1.0] for goal in GOALS} | {"start ms": [120, 240, 360], "start MiB": [38, 38, 38]}
    good["keys lost"] = [0]
    peer: Figures = {
        name: [2.0] for name in ("start bytes", "down bytes", "scroll bytes", "page bytes", "letter bytes")
    }
    consoles = {SMALL: good | of_console.get("small", {}), LARGE: good | of_console.get("large", {})}
    return Measured({**consoles, BARE: bare, TIG: peer}, list(consoles), {"issue ms": [90, 95, 99]})


def test_all_goals_can_be_met() -> None:
    assert missed(measured()) == []
    assert "MISSED" not in tables(measured())


def test_the_start_is_compared_with_the_bare_app_of_the_same_round() -> None:
    slow_machine: Figures = {"start ms": [120, 250, 999]}
    assert missed(measured(small=slow_machine, large=slow_machine)) == []
    assert missed(measured(small={"start ms": [130, 260, 390]}, large={"start ms": [130, 260, 390]})) == [
        "start to first row (ms)"
    ]


def test_the_start_must_be_the_same_at_any_size() -> None:
    assert missed(measured(small={"start ms": [100, 200, 300]})) == ["start to first row (ms)"]


def test_fewer_bytes_than_a_peer_sends() -> None:
    assert missed(measured(large={"down bytes": [2.0]})) == ["cursor down (bytes)"]


def test_a_figure_that_was_not_taken_is_no_success() -> None:
    assert missed(measured(small={"idle bytes": []}, large={"idle bytes": []})) == ["idle for 60 s (bytes)"]


def test_the_table_names_what_is_missed() -> None:
    late = measured(large={"end ms": [99, 101, 500]})
    (row,) = [line for line in tables(late).splitlines() if "jump to the end" in line]
    assert row.split("|")[-2].strip() == "MISSED"
    assert "101" in row


def test_a_goal_of_the_store_is_judged_by_its_median() -> None:
    slow = Measured(measured().figures, [SMALL, LARGE], {"issue ms": [90, 101, 150]})
    assert missed(slow) == ["a list of 500, signed and written"]
