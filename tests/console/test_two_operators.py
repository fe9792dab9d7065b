"""Another operator changes the site while the token signs: the console tells what, and asks anew."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from console.operator_token import OperatorToken
from pkcs11_token.chain import Details
from store import blocklist
from store.database import Store
from store.models import BlocklistEntry, Key
from store.terms import Reason, RemovalReason
from tests.console.conftest import Console
from tests.console.driving import press, screen_text
from tests.fixed_token import PIN
from tests.snapshots.scenes import TO_PIN

Sign = Callable[[Details], Awaitable[str]]
Meanwhile = Callable[[Callable[[Store, Sign], Awaitable[object]]], None]


@pytest.fixture
def meanwhile(store: Store, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Has Ola do something, once, right after the token's next signature."""
    real = OperatorToken.sign

    def once(action: Callable[[Store, Sign], Awaitable[object]]) -> None:
        async def sign(token: OperatorToken, removal: Details, pin: str | None = None) -> str:
            statement = await real(token, removal, pin)
            monkeypatch.setattr(OperatorToken, "sign", real)
            await action(store._replace(operator="ola"), token.sign)
            return statement

        monkeypatch.setattr(OperatorToken, "sign", sign)

    return once


def is_blocked(label: str) -> bool:
    entries = BlocklistEntry.select().join(Key).where(Key.label == label)
    return any(entry.version_out is None for entry in entries)


async def test_a_removal_that_was_overtaken_shows_what_was_done_and_is_decided_anew(
    console: Console, meanwhile: Meanwhile
) -> None:
    async def add(ola: Store, sign: Sign) -> None:
        await asyncio.to_thread(blocklist.add, ola, ["N-214"], order=True, reason=Reason.LOST)

    meanwhile(add)
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *TO_PIN, f"text:{PIN}", "enter")
        shown = " ".join(screen_text(app).split())
        assert "! It was not done. Meanwhile this was done: N-214 added to Blokk A v4" in shown
        assert "Kjeller og garasje v2 ordered (ola, 2026-11-24 07:50)" in shown
        assert "When you choose Finish: Fob 17 (N-17)" in shown
        assert is_blocked("N-17")
        await press(pilot, "enter", "enter")
        assert "Done." in screen_text(app)
    assert (is_blocked("N-17"), is_blocked("N-214")) == (False, True)


async def test_a_key_that_another_operator_has_taken_off_meanwhile_is_refused_in_words(
    console: Console, meanwhile: Meanwhile
) -> None:
    async def remove(ola: Store, sign: Sign) -> None:
        removal = blocklist.prepare_removal(ola, ["N-17"], order=False, reason=RemovalReason.REPAIRED)
        statement = await sign(removal)
        await asyncio.to_thread(blocklist.remove, ola, removal, [statement])

    meanwhile(remove)
    app = console()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *TO_PIN, f"text:{PIN}", "enter")
        shown = " ".join(screen_text(app).split())
        assert "N-17 removed from Blokk A v4: repaired (ola, 2026-11-24 07:50)" in shown
        assert "N-17 was taken off the blocklist at 2026-11-24 07:50 by ola" in shown
