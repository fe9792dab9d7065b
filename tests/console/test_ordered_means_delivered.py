"""What the console says of lists on their way: not sent, never ordered; and of a blocked key that was seen."""

from datetime import timedelta
from pathlib import Path

import pytest

from console.app import SperreApp
from console.configuration import Settings
from store import outbox
from store.database import Store
from store.models import Outbox, Zone
from tests.console.conftest import SITE, Clock, Console
from tests.console.driving import press, screen_text, settle
from tests.snapshots.scenes import IMPORT_VISITS, VISITS

ORDER = ("o", "enter", "enter", "enter")


def bottom_line(app: SperreApp) -> str:
    return screen_text(app).splitlines()[-2]


async def test_a_hook_that_fails_is_shown_and_tried_again(
    console: Console, store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPERRE_HOOK", "sh -c 'echo no line to the locks; exit 1'")
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *ORDER)
        assert "! 2 lists not sent" in bottom_line(app)
        await app.look_around()
        await settle(pilot)
        assert "Version 3 of Blokk A is ordered but not sent: no line to the locks." in screen_text(app)
        assert Zone.get(Zone.name == "Blokk A").ordered_version == 3, "the order stands"
        assert (home / "outbox" / "Blokk A-3.crl").exists()
        monkeypatch.setenv("SPERRE_HOOK", "true")
        await app.look_around()
        await settle(pilot)
        assert "not sent" in bottom_line(app), "it is not tried again at once"
        monkeypatch.setattr("console.app.RETRY_SECONDS", 0.0)
        await app.look_around()
        await settle(pilot)
        assert "not sent" not in screen_text(app)
    assert outbox.waiting(store) == []


async def test_what_a_crash_left_waiting_is_written_at_the_next_start(console: Console, home: Path) -> None:
    Outbox.create(zone=Zone.get(Zone.name == "Blokk A"), version=2)
    (home / "outbox" / "Blokk A-2.crl").unlink()
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "not sent" not in bottom_line(app)
    assert (home / "outbox" / "Blokk A-2.crl").read_bytes() == (home / "outbox" / "Blokk A.crl").read_bytes()


async def test_a_plan_becomes_loud_when_its_time_is_over(store: Store, clock: Clock) -> None:
    app = SperreApp(store._replace(plan_limit=timedelta(hours=6)), Settings(site=SITE))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "2 plans not ordered (5 h)" in bottom_line(app)
        clock.now += timedelta(hours=1)
        await app.look_around()
        await settle(pilot)
        assert "! 2 PLANS NEVER ORDERED (6 h)" in bottom_line(app)
        assert "NO LOCK KNOWS OF THEM" in screen_text(app), "the blocklist says so, too"


async def test_a_sighting_is_on_the_blocklist_as_soon_as_its_visits_are_imported(
    console: Console, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "visits.csv").write_text(VISITS)
    monkeypatch.chdir(home)
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *IMPORT_VISITS, "text:visits.csv", "enter", "enter")
        assert "N-17 was seen 06:10 at Avfallsrom, Oppgang 3: refused." in " ".join(screen_text(app).split())


async def test_both_ways_say_what_they_mean_for_the_doors_before_finish(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "a", "enter", "text:214", "enter")
        shown = " ".join(screen_text(app).split())
        assert "No lock learns it until it is ordered: 40 doors stay open." in shown
        assert "4 doors learn at once" in shown
        await press(pilot, "2", "enter")
        assert "It stops by itself on 2026-11-29" in screen_text(app)
