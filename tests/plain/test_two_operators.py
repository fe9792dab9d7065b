"""Another operator is faster: what was asked for is refused in words, nothing is changed, and it is asked anew."""

from pathlib import Path

from store import blocklist
from store.database import Store
from store.models import JournalRecord
from store.terms import Reason
from tests.fixed_token import PIN
from tests.plain.dialogue import Dialogue
from tests.plain.flows import PICK_214, TO_PIN


def test_a_key_that_was_blocked_meanwhile_is_refused_at_finish(home: Path, store: Store) -> None:
    with Dialogue(SPERRE_LANGUAGE="en") as dialogue:
        for answer in (*PICK_214, "2", "", ""):
            assert dialogue.until_asked()
            dialogue.answer(answer)
        assert dialogue.until_asked()
        blocklist.add(store._replace(operator="ola"), ["N-214"], order=False, reason=Reason.STOLEN)
        records = JournalRecord.select().count()
        dialogue.answer("1")
        assert dialogue.until_asked()
        assert "! N-214 is on the blocklist already: since 2026-11-24 07:50, by ola (stolen)." in dialogue.said
        assert dialogue.said.count("When you choose Finish:") == 2
        assert dialogue.ended() == 0
    assert JournalRecord.select().count() == records
    assert dialogue.said.endswith("Nothing was changed.\n")


def test_what_was_done_while_the_pin_was_typed_is_told_and_the_removal_decided_anew(home: Path, store: Store) -> None:
    with Dialogue(SPERRE_LANGUAGE="en") as dialogue:
        for answer in TO_PIN:
            assert dialogue.until_asked()
            dialogue.answer(answer)
        assert dialogue.until_asked()
        blocklist.add(store._replace(operator="ola"), ["N-12"], order=False, reason=Reason.STOLEN)
        dialogue.answer(PIN)
        assert dialogue.until_asked()
        assert "! Meanwhile this was done: N-12 added to Blokk A v4: stolen (ola," in dialogue.said
        assert "adds Phone key 12 (N-12) of Astrid Hagen and Fob 41" in dialogue.said.replace("\n  ", " ")
        dialogue.answer("1")
        assert dialogue.until_asked()
        dialogue.answer(PIN)
        assert dialogue.until("Done.")
        assert dialogue.ended() == 0


def test_a_plan_that_another_orders_meanwhile_is_nothing_to_order_any_more(home: Path, store: Store) -> None:
    with Dialogue(SPERRE_LANGUAGE="en") as dialogue:
        for answer in ("11", "1"):
            assert dialogue.until_asked()
            dialogue.answer(answer)
        assert dialogue.until_asked()
        blocklist.order(store._replace(operator="ola"))
        dialogue.answer("1")
        assert dialogue.until_asked()
        assert "! Every blocklist is ordered already: there is nothing to order." in dialogue.said
        assert dialogue.said.endswith("? help: ")
        assert "Menu: number" in dialogue.said[dialogue.seen :]
        assert dialogue.ended() == 0
    assert dialogue.said.endswith("Nothing was changed.\n")
