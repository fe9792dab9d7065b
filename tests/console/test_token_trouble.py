"""A token in trouble: the console stays alive, says what is wrong, and nothing is changed."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from console.configuration import token_settings
from console.screens import token_page, wizard
from pkcs11_token.session import login
from store.database import Store
from store.models import BlocklistEntry, JournalRecord, Key
from store.trust import commit_token_change, prepare_enrolment
from tests.console.conftest import Clock, Console
from tests.console.driving import press, screen_text, settle
from tests.fixed_token import DEPUTY_LABEL, PIN
from tests.snapshots.scenes import LOG_IN, TO_PIN
from tests.token.trouble import Trouble


def removed() -> bool:
    entry = BlocklistEntry.get(BlocklistEntry.key == Key.get(Key.label == "N-17"))
    return entry.version_out is not None


@pytest.mark.parametrize("word", ["pulled", "session-closed", "wrong-signature"])
async def test_a_token_that_fails_between_dialog_and_commit_changes_nothing(
    console: Console, trouble: Trouble, word: str
) -> None:
    records = JournalRecord.select().count()
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *LOG_IN, "enter", *TO_PIN)
        trouble.is_now(word)
        await press(pilot, "enter")
        assert "It was not done" in screen_text(app)
        assert JournalRecord.select().count() == records
        assert not removed()
        trouble.is_now("")
        await press(pilot, "escape", *(() if app.token.logged_in else (f"text:{PIN}",)), "enter")
        assert "Done." in screen_text(app)
    assert removed()


async def test_a_pulled_token_is_noticed_without_a_key(console: Console, trouble: Trouble) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *LOG_IN, "enter")
        trouble.is_now("pulled")
        await app.look_around()
        await settle(pilot)
        assert "The token was pulled out" in screen_text(app)
        assert "no token" in screen_text(app)
        trouble.is_now("")
        await press(pilot, *LOG_IN, "enter")
        assert app.token.logged_in


async def test_a_login_that_ends_on_the_last_page_is_asked_for_there(console: Console, trouble: Trouble) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *LOG_IN, "enter", *TO_PIN)
        trouble.is_now("pulled")
        await app.look_around()
        await settle(pilot)
        assert "The token was pulled out" in screen_text(app)
        assert "You are logged in" not in screen_text(app)
        trouble.is_now("")
        await press(pilot, f"text:{PIN}", "enter")
        assert "Done." in screen_text(app)
    assert removed()


async def test_a_token_that_is_inserted_late_is_found_without_a_key(
    console: Console, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_page, "LOOK_SECONDS", 0.01)
    trouble.is_now("pulled")
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t")
        assert "Token: " not in screen_text(app)
        trouble.is_now("")
        while "Token: Vaktleder" not in screen_text(app):
            await pilot.pause(0.01)


async def test_a_revoked_token_is_told_so_and_removes_nothing(console: Console, revoked: None) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *TO_PIN)
        assert "was revoked at" in screen_text(app)
        await press(pilot, f"text:{PIN}", "enter")
        assert "It was not done" in screen_text(app)
        assert "was revoked at" in screen_text(app)
    assert not removed()


async def test_suspending_the_console_logs_out(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *LOG_IN, "enter")
        session = app.token.session
        assert session is not None
        app.app_suspend_signal.publish(app)
        await settle(pilot)
        assert not app.token.logged_in
        assert not session.is_present()


async def test_a_hung_look_at_the_token_does_not_prolong_the_login(console: Console, clock: Clock) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *LOG_IN, "enter")
        app.token._looking = True
        clock.now += timedelta(minutes=5)
        await app.look_around()
        assert not app.token.logged_in


async def test_the_reader_is_named_again_where_it_asks_for_the_pin_at_every_signature(
    console: Console, trouble: Trouble
) -> None:
    trouble.is_now("pin-pad", "always-authenticate")
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t", "enter", "enter", *TO_PIN)
        assert "You are logged in" in screen_text(app)
        assert "enter the PIN on the reader" in screen_text(app)
        await press(pilot, "enter")
        assert "Done." in screen_text(app)


async def test_the_last_try_must_be_confirmed_by_trying_again(console: Console, trouble: Trouble) -> None:
    trouble.is_now("final-try")
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *TO_PIN, f"text:{PIN}", "enter")
        assert "Only one try is left" in screen_text(app)
        await press(pilot, "escape", f"text:{PIN}", "enter")
        assert "Done." in screen_text(app)


async def test_a_key_that_asks_for_the_pin_at_every_signature_is_asked_for_again(
    console: Console, trouble: Trouble
) -> None:
    trouble.is_now("always-authenticate")
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *TO_PIN, f"text:{PIN}", "enter")
        assert "at every signature" in screen_text(app)
        assert not removed()
        await press(pilot, f"text:{PIN}", "enter")
        assert "Done." in screen_text(app)


async def test_the_pin_is_typed_on_a_reader_that_has_a_pin_pad(console: Console, trouble: Trouble) -> None:
    trouble.is_now("pin-pad")
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *TO_PIN)
        assert "enter the PIN on the reader" in screen_text(app)
        await press(pilot, "enter")
        assert "Done." in screen_text(app)


async def test_one_can_stop_waiting_for_a_token_that_hangs(
    console: Console, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wizard, "PATIENCE_SECONDS", 0.05)
    records = JournalRecord.select().count()
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *LOG_IN, "enter", *TO_PIN)
        trouble.is_now("hang-sign")
        await pilot.press("enter")
        while "does not answer yet" not in screen_text(app):
            await pilot.pause(0.01)
        await pilot.press("escape")
        await settle(pilot)
        assert "You stopped waiting" in screen_text(app)
        trouble.is_now("")
        await press(pilot, "escape", "escape", "escape")
        assert "Browse blocklist" in screen_text(app)
    assert JournalRecord.select().count() == records
    assert not removed()


async def test_with_both_tokens_inserted_the_second_signs_after_the_first(
    console: Console, store: Store, home: Path, deputy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with login(replace(token_settings(), token=DEPUTY_LABEL), PIN) as second:
        enrolment = prepare_enrolment(store, second.public_key, DEPUTY_LABEL, "ola")
    with login(token_settings(), PIN) as first:
        commit_token_change(store, enrolment, [first.sign(enrolment)])
    monkeypatch.setenv("SPERRE_TOKEN", "")
    app = console()
    app.store = app.token.store = store._replace(tokens_required=2)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *TO_PIN, f"text:{PIN}", "enter")
        assert "This site asks for a second token" in screen_text(app)
        await press(pilot, f"text:{PIN}", "enter")
        assert "Done." in screen_text(app)
        await press(pilot, "enter", "enter")
        assert "removal under planning since 07:50, by kari with token" in " ".join(screen_text(app).split())
    assert removed()


async def test_a_revoked_token_cannot_be_revoked_again(console: Console, revoked: None) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "7", "x")
        assert "was revoked at" in screen_text(app)
