"""The lines that frame a screen."""

import pytest
from rich.cells import cell_len

from console.widgets.bars import TitleLine


@pytest.mark.parametrize("site", ["W" * 300, "東京" * 40, "\x1b[2J" * 40], ids=["long", "wide", "escapes"])
def test_a_long_name_of_the_site_leaves_room_for_where_one_is(site: str) -> None:
    shown = "".join(segment.text for segment in TitleLine("Basic data › Browse blocklist", site).segments(80))
    assert shown.startswith("Basic data › Browse blocklist ")
    assert cell_len(shown) == 80
    assert "\x1b" not in shown


def test_a_name_in_wide_letters_ends_at_the_edge() -> None:
    shown = "".join(segment.text for segment in TitleLine("Basic data", "東京 borettslag").segments(80))
    assert shown.endswith(" 東京 borettslag")
    assert cell_len(shown) == 80
