"""Every colour is legible, and none says what a sign or a word does not say too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.style import Style

from console import theme
from console.app import SperreApp
from console.theme import DARK, DARK_16, LIGHT, LIGHT_16, Palette, Role
from tests.console.conftest import Console
from tests.console.driving import press
from tests.snapshots.scenes import SCENES, TO_PIN

Rgb = tuple[int, int, int]

BLACK, WHITE = (0, 0, 0), (255, 255, 255)
ENOUGH = 4.5  # WCAG 2.2, 1.4.3, level AA
CUBE = (0, 95, 135, 175, 215, 255)
VGA = [
    *((0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170)),
    *((85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85)),
    *((85, 85, 255), (255, 85, 255), (85, 255, 255), (255, 255, 255)),
]
XTERM = [
    *((0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229)),
    *((127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0)),
    *((92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255)),
]


def luminance(color: Rgb) -> float:
    """The relative luminance of WCAG."""
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def of_cube(number: int) -> Rgb:
    red, rest = divmod(number - 16, 36)
    return CUBE[red], CUBE[rest // 6], CUBE[rest % 6]


@pytest.fixture(autouse=True)
def usual_colors() -> Iterator[None]:
    yield
    theme.use("256")


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast((119, 119, 119), WHITE) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("palette", "background"),
    [(DARK, BLACK), (DARK, (40, 40, 40)), (LIGHT, WHITE), (LIGHT, (238, 232, 213))],
)
def test_contrast_is_at_least_four_and_a_half(palette: Palette, background: Rgb) -> None:
    for role, number in palette.items():
        assert contrast(of_cube(number), background) >= ENOUGH, role


@pytest.mark.parametrize("sixteen", [VGA, XTERM], ids=["VGA", "xterm"])
@pytest.mark.parametrize(("palette", "background"), [(DARK_16, BLACK), (LIGHT_16, WHITE)])
def test_sixteen_colors_are_those_that_are_legible_in_the_usual_palettes(
    palette: Palette, background: Rgb, sixteen: list[Rgb]
) -> None:
    for role, number in palette.items():
        assert contrast(sixteen[number], background) >= ENOUGH, role


def test_without_colors_what_is_wrong_is_still_bold() -> None:
    theme.use("none")
    assert theme.style("wrong") == Style(bold=True)
    assert theme.style("planned") == theme.of_sign("○ Under planning") == Style()


@pytest.mark.parametrize("dark", [True, False])
def test_only_the_foreground_has_a_color(dark: bool) -> None:
    """The background stays the terminal's own."""
    theme.use("true", dark=dark)
    roles: tuple[Role, ...] = ("wrong", "planned", "ordered", "removal", "good")
    assert all(theme.style(role).color and theme.style(role).bgcolor is None for role in roles)


def colored(app: SperreApp) -> list[str]:
    """The texts that stand in a colour, row by row."""
    return [
        segment.text.strip()
        for strip in app.screen._compositor.render_strips()
        for segment in strip
        if segment.style and segment.style.color and not segment.style.color.is_default and segment.text.strip()
    ]


@pytest.mark.parametrize("spoken", ["en", "nb"])
@pytest.mark.parametrize("scene", ["blocklist", "locks", "zones", "keys", "tokens", "remove-3-token"])
async def test_what_has_a_color_begins_with_a_sign(console: Console, home: Path, scene: str, spoken: str) -> None:
    app = console(spoken)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *SCENES[scene].keys)
        texts = [text for text in colored(app) if not text.startswith(("was seen", "ble sett"))]  # goes on from above
        assert texts
        assert all(text[0] in theme.OF_SIGN for text in texts)


async def test_a_refusal_and_the_answer_of_a_key_are_in_the_color_of_what_is_wrong(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "down", "enter")
        assert colored(app)[0].startswith("STILL OPENS 6 OF 7 DOORS")
        await press(pilot, "escape", *TO_PIN, "text:000000", "enter")
        assert colored(app)[0] == "! It was not done."


async def test_a_name_that_begins_with_a_sign_gets_no_color(console: Console) -> None:
    from store.models import Person

    app = console()
    Person.update(name="✗ Åse").execute()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "4")
        assert not [text for text in colored(app) if "Åse" in text]
