"""Choices keep their places and their explanations, however long and wide their titles are."""

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from console.widgets.choice_list import Choice, ChoiceList
from tests.console.driving import screen_text

EXPLANATION = "under planning for 5 hours"


class ChoiceApp(App[None]):
    def __init__(self, title: str) -> None:
        super().__init__()
        self.title_of_one = title

    def compose(self) -> ComposeResult:
        yield ChoiceList([Choice(1, "Blokk A", EXPLANATION), Choice(2, self.title_of_one, EXPLANATION)], marks=False)


@pytest.mark.parametrize("title", ["W" * 300, "東京" * 40, "two\nlines"], ids=["long", "wide", "lines"])
@pytest.mark.parametrize("width", [60, 80])
async def test_a_long_title_is_cut_and_its_explanation_stays_beside_it(title: str, width: int) -> None:
    app = ChoiceApp(title)
    async with app.run_test(size=(width, 16)) as pilot:
        await pilot.pause()
        lines = screen_text(app).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert sum("under" in line for line in lines) == 2
    assert "  2  " in "\n".join(lines[:5])


async def test_explanations_stand_below_each_other_also_beside_wide_letters() -> None:
    app = ChoiceApp("東京 é")
    async with app.run_test(size=(80, 16)) as pilot:
        await pilot.pause()
        lines = [line for line in screen_text(app).splitlines() if EXPLANATION in line]
    assert len({cell_len(line.partition(EXPLANATION)[0]) for line in lines}) == 1
