"""Which records of a table are selected."""

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby


class Selection:
    """The ids of the selected records, eight bytes each: a million take 8 MB."""

    def __init__(self) -> None:
        self._ids = array("q")

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[int]:
        return iter(self._ids)

    def __contains__(self, record_id: int) -> bool:
        return self._place(record_id)[1]

    def toggle(self, record_id: int) -> None:
        """Select a record that is not selected, and the other way round."""
        place, is_selected = self._place(record_id)
        if is_selected:
            del self._ids[place]
        else:
            insort(self._ids, record_id)

    def add(self, ids: Iterable[int]) -> None:
        """Select these records, too; `ids` come in rising order."""
        self._ids = array("q", (record_id for record_id, _same in groupby(merge(self._ids, ids))))

    def clear(self) -> None:
        """Select nothing."""
        self._ids = array("q")

    def _place(self, record_id: int) -> tuple[int, bool]:
        place = bisect_left(self._ids, record_id)
        return place, place < len(self._ids) and self._ids[place] == record_id
