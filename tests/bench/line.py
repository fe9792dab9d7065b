"""A slow line between a program and its terminal, computed: when what is sent now arrives at the other end."""

from dataclasses import dataclass, field
from math import inf

BITS_PER_BYTE = 10  # with start and stop bit, as a serial line sends it


@dataclass
class Direction:
    """One direction: `bits_per_second` one byte after the other, each `delay` seconds on its way."""

    bits_per_second: float = inf
    delay: float = 0.0
    _free_at: float = field(default=0.0, init=False)

    def arrival(self, sent_at: float, count: int) -> float:
        """When the last of `count` bytes arrives, after all that was sent before; both moments in seconds."""
        self._free_at = max(self._free_at, sent_at) + count * BITS_PER_BYTE / self.bits_per_second
        return self._free_at + self.delay


@dataclass
class Line:
    """What goes to the terminal, and what comes from its keyboard."""

    down: Direction = field(default_factory=Direction)
    up: Direction = field(default_factory=Direction)


def slow_line(bits_per_second: float, round_trip: float) -> Line:
    """The same speed both ways, and half the round trip (seconds) each way."""
    return Line(Direction(bits_per_second, round_trip / 2), Direction(bits_per_second, round_trip / 2))
