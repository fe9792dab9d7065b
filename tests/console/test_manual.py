"""The manual's ten steps, by keyboard, in both languages and for both choices of step 6."""

import pytest

from store.browse.blocklist import BlocklistRow, blocklist_table
from store.database import Store
from store.listing import Everything
from store.terms import Status
from tests.console.conftest import Console
from tests.console.driving import press, screen_text

WORDS = {
    "en": {
        1: "Basic data › Browse blocklist",
        2: "Add to blocklist",
        3: "Add a key to the blocklist",
        "next": "Enter Next",
        "plan": "Leave in planning state",
        "order": "Order blocklist",
        8: "When you choose Finish:",
        9: "Enter Finish",
        10: "Enter Close",
        "planned": "○ Under planning",
        "ordered": "● Ordered",
    },
    "nb": {
        1: "Grunnleggende data › Bla gjennom blokkeringsliste",
        2: "Legg til på blokkeringsliste",
        3: "Legg en nøkkel til blokkeringslisten",
        "next": "Enter Neste",
        "plan": "La bli i planleggingsstadium",
        "order": "Bestill blokkeringsliste",
        8: "Når du velger Klar:",
        9: "Enter Klar",
        10: "Enter Lukk",
        "planned": "○ Under planlegging",
        "ordered": "● Bestilt",
    },
}


@pytest.mark.parametrize("spoken", ["en", "nb"])
@pytest.mark.parametrize(("choice", "status"), [("1", Status.UNDER_PLANNING), ("2", Status.ORDERED)])
async def test_the_manuals_ten_steps(console: Console, store: Store, spoken: str, choice: str, status: Status) -> None:
    app, words = console(spoken), WORDS[spoken]
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot)
        assert words[1] in screen_text(app)
        await press(pilot, "a")
        assert words[2] in screen_text(app)
        assert words[3] in screen_text(app)
        await press(pilot, "enter", "text:214")
        assert "› N-214" in screen_text(app)
        assert words["next"] in screen_text(app)
        await press(pilot, "enter")
        assert words["plan"] in screen_text(app)
        assert words["order"] in screen_text(app)
        assert "(•)" not in screen_text(app)
        await press(pilot, choice)
        assert words["next"] in screen_text(app)
        await press(pilot, "enter")
        assert words[8] in screen_text(app)
        assert words[9] in screen_text(app)
        assert not blocked(store, "N-214")
        await press(pilot, "enter")
        assert words[10] in screen_text(app)
        await press(pilot, "enter")
        assert words[1] in screen_text(app)
        line = next(line for line in screen_text(app).splitlines() if "N-214" in line)
        assert words["ordered" if status == Status.ORDERED else "planned"] in line
    (row,) = blocked(store, "N-214")
    assert row.status == status


def blocked(store: Store, label: str) -> list[BlocklistRow]:
    rows = blocklist_table(store).after(Everything("name"), None, -1)
    return [row for row in rows if row.label == label]
