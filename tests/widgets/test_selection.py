"""What is selected is a set of ids, at eight bytes each."""

from hypothesis import given
from hypothesis import strategies as st

from console.widgets.selection import Selection

IDS = st.integers(1, 30)


@given(steps=st.lists(st.one_of(IDS, st.lists(IDS, unique=True).map(sorted)), max_size=20))
def test_a_selection_holds_what_was_added_and_toggled(steps: list[int | list[int]]) -> None:
    selection, expected = Selection(), set[int]()
    for step in steps:
        if isinstance(step, int):
            selection.toggle(step)
            expected ^= {step}
        else:
            selection.add(step)
            expected |= set(step)
    assert list(selection) == sorted(expected)
    assert len(selection) == len(expected)
    assert all((id in selection) == (id in expected) for id in range(32))


def test_a_million_selected_rows_take_eight_megabytes() -> None:
    selection = Selection()
    selection.add(range(1_000_000))
    assert selection._ids.buffer_info()[1] * selection._ids.itemsize == 8_000_000
    selection.clear()
    assert not selection
