"""Whoever edits the store is found out: forgeries as a thief with the file would do them, triggers dropped first."""

import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pkcs11_token import chain_errors
from pkcs11_token.errors import SperreError
from pkcs11_token.statement import TYPE, canonical
from store import blocklist, errors, journal
from store.database import Store
from store.journal import head, record_hash
from store.models import BlocklistEntry, JournalRecord, Zone, database
from store.terms import Reason
from store.trust import prepare_enrolment, trust
from store.verify import verify
from tests.store.conftest import Clock
from tests.store.software_token import SoftwareToken, encoded

TRIGGERS = ("journal_is_never_updated", "journal_is_never_deleted", "blocklist_entry_is_never_deleted")


@pytest.fixture
def history(site: Store, token: SoftwareToken, clock: Clock) -> Store:
    """An honest history: two tokens, additions, orders, and two removals; its guards against accidents are off."""
    second = SoftwareToken()
    second.enrol(site, signer=token, user="ola")
    blocklist.add(site, ["N-1", "N-2"], order=True, reason=Reason.LOST, note="på bussen")
    clock.advance(days=1)
    blocklist.add(site, ["N-3"], order=False, reason=Reason.STOLEN)
    token.remove(site, ["N-1"], order=True)
    clock.advance(hours=3)
    second.remove(site, ["N-2"])
    blocklist.order(site)
    assert verify(site).removals == 2
    database.pragma("foreign_keys", 0)
    for trigger in TRIGGERS:
        database.execute_sql(f"DROP TRIGGER {trigger}")
    return site


def records(action: str | None = None) -> list[JournalRecord]:
    query = JournalRecord.select().order_by(JournalRecord.number)
    return list(query.where(JournalRecord.action == action) if action else query)


def rewritten(store: Store, number: int, **changes: object) -> None:
    """Change a record and give it and all after it the right hashes: what one can do without the token."""
    previous = JournalRecord.get_by_id(number - 1).hash if number > 1 else journal.BEGINNING
    for record in records()[number - 1 :]:
        if record.number == number:
            for name, value in changes.items():
                setattr(record, name, value)
        record.previous = previous
        details = json.loads(record.details)
        previous = record.hash = record_hash(
            record.number, record.at, record.operator, record.action, details, previous
        )
        record.save()


def found(store: Store, **options: Any) -> SperreError:
    with pytest.raises((chain_errors.JournalBroken, errors.TableBroken)) as finding:
        verify(store, **options)
    return finding.value


def test_an_honest_journal_is_whole(history: Store) -> None:
    assert verify(history).head == head()


def test_an_edited_record_is_found(history: Store) -> None:
    record = records("add")[0]
    JournalRecord.update(details=record.details.replace("bussen", "toget")).where(
        JournalRecord.number == record.number
    ).execute()
    assert found(history).values["number"] == record.number
    assert isinstance(found(history), chain_errors.RecordEdited)


@pytest.mark.parametrize("field", ["at", "operator", "action"])
def test_an_edited_field_is_found(history: Store, field: str) -> None:
    JournalRecord.update({field: "order" if field == "action" else "2026-01-01T00:00:00Z"}).where(
        JournalRecord.number == 4
    ).execute()
    assert found(history).values["number"] == 4


def test_a_deleted_record_is_found(history: Store) -> None:
    JournalRecord.delete().where(JournalRecord.number == 5).execute()
    assert isinstance(found(history), chain_errors.RecordMissing)


def test_a_deleted_record_whose_successors_were_renumbered_is_found(history: Store) -> None:
    JournalRecord.delete().where(JournalRecord.number == 5).execute()
    for record in records()[4:]:
        JournalRecord.update(number=record.number - 1).where(JournalRecord.number == record.number).execute()
    assert isinstance(found(history), chain_errors.RecordUnlinked)


def test_an_inserted_record_is_found(history: Store) -> None:
    last = records()[-1]
    JournalRecord.create(
        number=last.number + 1, at=last.at, operator="x", action="order", details="{}", previous="0", hash="0"
    )
    assert isinstance(found(history), chain_errors.RecordUnlinked)


def test_records_swapped_with_their_neighbours_are_found(history: Store) -> None:
    for old, new in ((4, 1004), (5, 4), (1004, 5)):
        JournalRecord.update(number=new).where(JournalRecord.number == old).execute()
    assert found(history).values["number"] == 4


def test_the_last_records_cut_off_are_found_with_the_head(history: Store) -> None:
    before = head()
    last = records()[-1]
    JournalRecord.delete().where(JournalRecord.number == last.number).execute()
    zone = Zone.get(Zone.ordered_version == Zone.version)
    assert zone
    assert isinstance(found(history, head=before), chain_errors.HeadMissing)


def test_a_journal_that_has_grown_still_contains_its_old_head(history: Store) -> None:
    before = head()
    blocklist.add(history, ["N-8"], order=True, reason=Reason.LOST)
    assert verify(history, head=before).head == head()


def test_a_head_with_another_hash_is_found(history: Store) -> None:
    assert isinstance(found(history, head=replace(head(), hash="0" * 64)), chain_errors.HeadMissing)


def test_a_chain_rewritten_with_right_hashes_but_without_the_token_is_found(history: Store) -> None:
    first = records("add")[0]
    rewritten(history, first.number, details=first.details.replace("bussen", "toget"))
    finding = found(history)
    assert finding.values["number"] == records("remove")[0].number


@pytest.mark.parametrize("field", ["reason", "note", "operator", "order"])
def test_a_removal_rewritten_with_right_hashes_is_found(history: Store, field: str) -> None:
    record = records("remove")[0]
    statement = json.loads(record.details)["statements"][0]
    protected, _, signature = statement.split(".")
    payload = jwt.decode(statement, options={"verify_signature": False})
    forged = f"{protected}.{encoded(canonical(payload | {field: 'other'}))}.{signature}"
    rewritten(history, record.number, details=canonical({"statements": [forged]}).decode())
    assert found(history).values["number"] == record.number


def signed_elsewhere(history: Store, **changes: object) -> SperreError:
    """A removal whose honest statement is put in another place: another key, zone, time or site."""
    record = records("remove")[1]
    payload = jwt.decode(json.loads(record.details)["statements"][0], options={"verify_signature": False})
    stranger = SoftwareToken()
    forged = stranger.sign(payload | changes, kid=json_kid(record))
    rewritten(history, record.number, details=canonical({"statements": [forged]}).decode())
    return found(history)


def json_kid(record: JournalRecord) -> str:
    return str(jwt.get_unverified_header(json.loads(record.details)["statements"][0])["kid"])


@pytest.mark.parametrize(
    "changes",
    [
        {"keys": [{"label": "N-3", "serial": "04A3"}]},
        {"zones": []},
        {"time": "2026-11-24T00:00:00Z"},
        {"site": "x"},
        {},
    ],
)
def test_a_statement_made_with_another_key_is_found(history: Store, changes: dict[str, object]) -> None:
    assert signed_elsewhere(history, **changes).values["number"] == records("remove")[1].number


def test_a_statement_copied_to_another_place_of_the_journal_is_found(history: Store, clock: Clock) -> None:
    first, second = records("remove")
    rewritten(history, second.number, details=first.details)
    assert found(history).values["number"] == second.number


def test_a_statement_copied_as_a_new_record_is_found(history: Store) -> None:
    blocklist.add(history, ["N-1"], order=True, reason=Reason.LOST)
    last, copied = records()[-1], records("remove")[0]
    JournalRecord.create(
        number=last.number + 1,
        at=copied.at,
        operator=copied.operator,
        action="remove",
        details=copied.details,
        previous=last.hash,
        hash=record_hash(last.number + 1, copied.at, copied.operator, "remove", json.loads(copied.details), last.hash),
    )
    assert found(history).values["number"] == last.number + 1


def test_alg_none_and_an_hmac_with_the_public_key_are_found(history: Store, token: SoftwareToken) -> None:
    record = records("remove")[0]
    payload = jwt.decode(json.loads(record.details)["statements"][0], options={"verify_signature": False})
    nothing = (
        f"{encoded(canonical({'alg': 'none', 'kid': token.fingerprint, 'typ': TYPE}))}.{encoded(canonical(payload))}."
    )
    fields = {"alg": "HS256", "kid": token.fingerprint, "typ": TYPE}
    message = f"{encoded(canonical(fields))}.{encoded(canonical(payload))}"
    shared = f"{message}.{encoded(hmac.digest(token.public_key, message.encode(), 'sha256'))}"
    for forged in (nothing, shared):
        rewritten(history, record.number, details=canonical({"statements": [forged]}).decode())
        assert found(history).values["number"] == record.number


def signed_anew(store: Store, number: int, token: SoftwareToken) -> None:
    """Have `token` sign the removal in that place, as if it always had."""
    record = JournalRecord.get_by_id(number)
    payload = jwt.decode(json.loads(record.details)["statements"][0], options={"verify_signature": False})
    rewritten(store, number, details=canonical({"statements": [token.sign(payload)]}).decode())


def test_a_token_that_is_enrolled_only_later_is_found(history: Store, token: SoftwareToken) -> None:
    late = SoftwareToken()
    late.enrol(history, signer=token)
    number = records("remove")[0].number
    signed_anew(history, number, late)
    assert found(history).values["number"] == number


def test_a_token_that_was_revoked_before_is_found(site: Store, token: SoftwareToken) -> None:
    other = SoftwareToken()
    other.enrol(site, signer=token)
    token.revoke(site, other)
    blocklist.add(site, ["N-2"], order=True, reason=Reason.LOST)
    token.remove(site, ["N-2"])
    for trigger in TRIGGERS:
        database.execute_sql(f"DROP TRIGGER {trigger}")
    number = records("remove")[0].number
    signed_anew(site, number, other)
    assert found(site).values["number"] == number


def test_an_enrolment_slipped_in_counts_for_nothing(history: Store) -> None:
    thief = SoftwareToken()
    payload = prepare_enrolment(history, thief.public_key, "soft", "thief")
    with history.writing():
        journal.append(history, "enroll", {"statements": [thief.sign(payload)]})
    with pytest.raises(chain_errors.JournalBroken):
        trust(history)
    assert found(history).values["number"] == head().number


def test_another_root_than_the_one_on_paper_is_found(history: Store, token: SoftwareToken) -> None:
    assert verify(history._replace(root=token.fingerprint))
    assert isinstance(found(history._replace(root="0" * 64)).values["what"], chain_errors.RootDiffers)


FORGED_ROWS: dict[str, Callable[[], object]] = {
    "a deleted entry": lambda: BlocklistEntry.delete().where(BlocklistEntry.version_out.is_null()).execute(),
    "another version_in": lambda: (
        BlocklistEntry.update(version_in=7, version_out=9).where(BlocklistEntry.id == 1).execute()
    ),
    "a removal without a record": lambda: (
        BlocklistEntry.update(version_out=90).where(BlocklistEntry.version_out.is_null()).execute()
    ),
    "a removal undone": lambda: BlocklistEntry.update(version_out=None).where(BlocklistEntry.id == 1).execute(),
    "another zone": lambda: BlocklistEntry.update(zone=3).where(BlocklistEntry.version_out.is_null()).execute(),
    "another key": lambda: BlocklistEntry.update(key=4).where(BlocklistEntry.version_out.is_null()).execute(),
    "another adder": lambda: BlocklistEntry.update(added_by="ola").where(BlocklistEntry.id == 1).execute(),
    "another note": lambda: BlocklistEntry.update(note="").where(BlocklistEntry.id == 1).execute(),
    "a zone's version": lambda: Zone.update(version=Zone.version + 1).where(Zone.name == "B").execute(),
    "a zone's ordered version": lambda: Zone.update(ordered_version=0).where(Zone.name == "B").execute(),
}


@pytest.mark.parametrize("forgery", FORGED_ROWS)
def test_a_row_that_the_journal_does_not_account_for_is_found(history: Store, forgery: str) -> None:
    FORGED_ROWS[forgery]()
    assert isinstance(found(history), errors.TableBroken)


@pytest.mark.parametrize("signed", [{"order": 1}, {"order": True, "note": None}])
def test_a_statement_that_only_equals_the_change_in_python_is_refused(
    site: Store, token: SoftwareToken, signed: dict[str, object]
) -> None:
    payload = {"action": "remove", "order": True}
    with pytest.raises(chain_errors.StatementDiffers):
        trust(site).check([token.sign(signed | {"action": "remove"})], payload)


def test_a_missing_entry_is_found(history: Store) -> None:
    """So is a missing zone, since all its entries are missing then."""
    BlocklistEntry.delete().where(BlocklistEntry.version_out.is_null()).execute()
    assert isinstance(found(history), errors.EntryMissing)


def test_a_zone_that_stands_at_another_version_is_found(history: Store) -> None:
    FORGED_ROWS["a zone's version"]()
    assert isinstance(found(history), errors.ZoneUnaccounted)


def test_an_extra_entry_is_found(history: Store) -> None:
    entry = BlocklistEntry.get(BlocklistEntry.version_out.is_null())
    entry.id, entry.key = None, 8
    entry.save(force_insert=True)
    assert isinstance(found(history), errors.EntryUnaccounted)


def test_an_entry_that_stands_twice_is_found(history: Store) -> None:
    entry = BlocklistEntry.get(BlocklistEntry.version_out.is_null(False))
    entry.id = None
    entry.save(force_insert=True)
    assert isinstance(found(history), errors.EntryTwice)


def test_the_database_itself_refuses_to_change_or_delete_records(site: Store) -> None:
    blocklist.add(site, ["N-2"], order=True, reason=Reason.LOST)
    for statement in ("UPDATE journal SET operator = 'x'", "DELETE FROM journal", "DELETE FROM blocklist_entry"):
        with pytest.raises(Exception, match=r"append-only|never deleted"):
            database.execute_sql(statement)
    assert verify(site).head.number == 3


LABELS = ("N-1", "N-2", "N-3", "N-4", "N-8")
OPERATIONS = st.lists(
    st.tuples(st.sampled_from(["add", "order", "remove", "enrol", "revoke"]), st.sampled_from(LABELS), st.booleans()),
    max_size=25,
)


def perform(store: Store, operations: list[tuple[str, str, bool]], clock: Clock) -> None:
    """Try each operation; what a rule refuses changes nothing."""
    tokens = [SoftwareToken("root")]
    tokens[0].enrol(store)
    for step, (verb, label, order) in enumerate(operations):
        clock.now += timedelta(minutes=step)
        try:
            match verb:
                case "add":
                    blocklist.add(store, [label], order=order, reason=Reason.LOST)
                case "order":
                    blocklist.order(store)
                case "remove":
                    tokens[0].remove(store, [label], order=order)
                case "enrol":
                    SoftwareToken(f"token {step}").enrol(store, signer=tokens[0])
                    tokens.append(SoftwareToken(f"token {step}"))
                case "revoke":
                    tokens[0].revoke(store, tokens.pop())
        except (errors.Refused, chain_errors.LastToken, IndexError):
            continue


class Undone(Exception):
    """Ends the transaction in which a history was tried."""


def try_history(store: Store, clock: Clock, operations: list[tuple[str, str, bool]], data: st.DataObject) -> None:
    with database.atomic("IMMEDIATE"):
        perform(store, operations, clock)
        verify(store)
        number = data.draw(st.integers(1, head().number))
        column = data.draw(st.sampled_from(["at", "operator", "action", "details", "previous", "hash"]))
        for trigger in TRIGGERS:
            database.execute_sql(f"DROP TRIGGER {trigger}")
        database.execute_sql(f"UPDATE journal SET {column} = {column} || 'x' WHERE number = ?", (number,))
        found(store)
        raise Undone


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations=OPERATIONS, data=st.data())
def test_any_history_is_whole_and_any_edit_of_it_is_found(
    site: Store, clock: Clock, operations: list[tuple[str, str, bool]], data: st.DataObject
) -> None:
    with pytest.raises(Undone):
        try_history(site, clock, operations, data)


def test_a_long_honest_history_is_whole(site: Store, token: SoftwareToken) -> None:
    for round_ in range(150):
        label = LABELS[round_ % len(LABELS)]
        blocklist.add(site, [label], order=round_ % 2 == 0, reason=Reason.LOST)
        token.remove(site, [label], order=round_ % 3 == 0)
    assert verify(site).removals == 150
