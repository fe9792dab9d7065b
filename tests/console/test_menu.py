"""The menu: every place and every verb opens by Enter, and by its number."""

import pytest

from console.sections import SECTIONS
from tests.console.conftest import Console
from tests.console.driving import press, screen_text

VERBS = ("Add to blocklist", "Order blocklist", "Import visits", "Token: log in or out")
TITLES = {"Token: log in or out": "1 PIN"}


@pytest.mark.parametrize(("place", "name"), list(enumerate((*SECTIONS.values(), *VERBS))))
async def test_enter_opens_what_the_menu_names(console: Console, place: int, name: str) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "m", *("down",) * place, "enter")
        assert TITLES.get(name, name) in screen_text(app).splitlines()[0]


@pytest.mark.parametrize(("number", "name"), list(enumerate(SECTIONS.values(), 1)))
async def test_a_number_opens_a_place(console: Console, number: int, name: str) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "m", str(number))
        assert name in screen_text(app).splitlines()[0]
