"""Whoever types faster than the screens open loses no key, and no key acts on anything but what it was meant for."""

import pytest
from textual.app import App
from textual.events import Key, Paste
from textual.keys import _character_to_key

from console import typed_ahead
from console.screens.key_record import KeyRecord
from store.models import BlocklistEntry
from store.models import Key as StoredKey
from tests.console.conftest import Console
from tests.console.driving import screen_text, settle
from tests.fixed_token import PIN


def type_at_once(app: App[None], text: str) -> None:
    """All keys of `text` come before the first of them is handled; a line end is Enter, \\x1b is Esc."""
    driver = app._driver
    assert driver is not None
    for character in text:
        name = {"\n": "enter", "\x1b": "escape"}.get(character) or _character_to_key(character)
        driver.send_message(Key(name, character if character.isprintable() else None))


async def test_a_whole_login_typed_at_once(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        type_at_once(app, f"t{PIN}\n\n")
        await settle(pilot)
        assert app.token.logged_in
        assert "Browse blocklist" in screen_text(app)


async def test_a_key_blocked_and_ordered_in_one_breath(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        type_at_once(app, "a\n214\n2\n\n")
        await settle(pilot)
        assert "Status: Ordered" in screen_text(app)
        type_at_once(app, "\n")
        await settle(pilot)
    blocked = BlocklistEntry.select().join(StoredKey).where(StoredKey.label == "N-214")
    assert {entry.reason for entry in blocked} == {"lost"}


async def test_enter_opens_what_the_words_before_it_have_found(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        type_at_once(app, "/fob 90\n\n")
        await settle(pilot)
        assert isinstance(app.screen, KeyRecord)
        assert "Ragnhild Lie" in screen_text(app)


async def test_esc_after_esc_goes_all_the_way_back(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        type_at_once(app, "a\n214\n1\x1b\x1b\x1b\x1b")
        await settle(pilot)
        assert "Browse blocklist" in screen_text(app)
        assert len(app.screen_stack) == 1


async def test_what_is_pasted_where_no_field_is_acts_as_no_key_and_is_told(console: Console) -> None:
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.post_message(Paste("a\n214\n2\n"))
        await settle(pilot)
        assert "was not used: there is no field" in " ".join(screen_text(app).split())
        assert len(app.screen_stack) == 1


async def test_what_never_becomes_ready_holds_no_key_up_for_ever(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typed_ahead, "PATIENCE_SECONDS", 0.01)
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.screen.is_ready_for = lambda _event: False  # type: ignore[method-assign]
        type_at_once(app, "?")
        await settle(pilot)
        assert "PgUp" in screen_text(app)
