"""The slow line is computed, not waited for."""

import pytest

from tests.bench.line import Direction, Line, slow_line


def test_bytes_arrive_one_after_the_other_and_late() -> None:
    line = slow_line(bits_per_second=9_600, round_trip=0.6)
    assert line.down.arrival(10.0, 960) == pytest.approx(10.0 + 1.0 + 0.3)


def test_what_is_sent_meanwhile_waits_for_what_was_sent_before() -> None:
    direction = Direction(bits_per_second=9_600, delay=0.3)
    direction.arrival(10.0, 960)
    assert direction.arrival(10.5, 480) == pytest.approx(11.0 + 0.5 + 0.3)
    assert direction.arrival(20.0, 96) == pytest.approx(20.0 + 0.1 + 0.3)


def test_both_directions_share_nothing() -> None:
    line = slow_line(bits_per_second=9_600, round_trip=0.6)
    line.down.arrival(10.0, 9_600)
    assert line.up.arrival(10.0, 1) == pytest.approx(10.0 + 1 / 960 + 0.3)


def test_without_a_slow_line_everything_arrives_at_once() -> None:
    line = Line()
    assert (line.down.arrival(10.0, 1_000_000), line.up.arrival(10.0, 1)) == (10.0, 10.0)
