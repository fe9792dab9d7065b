"""The numbered rules of the domain: each is kept, and where it is broken nothing is changed."""

from collections.abc import Callable
from typing import Any

import pytest

from pkcs11_token import chain_errors
from pkcs11_token.errors import StatementInvalid
from store import blocklist, errors
from store.blocklist import ListChange, pending, prepare_removal
from store.browse.blocklist import blocklist_table
from store.database import Store
from store.keys import find_keys, reach
from store.listing import Everything
from store.models import BlocklistEntry, Key, Lock, Zone
from store.terms import Reason, RemovalReason, Status
from tests.store.conftest import Clock
from tests.store.software_token import SoftwareToken

Tables = Callable[[], list[tuple[object, ...]]]


def add(store: Store, *labels: str, order: bool = False) -> list[ListChange]:
    return blocklist.add(store, labels, order=order, reason=Reason.LOST)


def statuses(store: Store, *, removed: bool = False) -> dict[str, Status]:
    rows = blocklist_table(store, removed=removed).after(Everything("label"), None, -1)
    return {row.label: row.status for row in rows}


def versions() -> dict[str, tuple[int, int]]:
    return {zone.name: (zone.version, zone.ordered_version) for zone in Zone.select()}


def refused(kind: type[Exception], tables: Tables, action: Callable[[], Any]) -> Exception:
    before = tables()
    with pytest.raises(kind) as refusal:
        action()
    assert tables() == before
    return refusal.value


def test_rule_1_adding_needs_no_token(site: Store) -> None:
    assert add(site, "N-2") == [ListChange("A", 0, 1, ordered=False)]


def test_rule_1_removing_without_a_statement_is_refused(site: Store, token: SoftwareToken, tables: Tables) -> None:
    add(site, "N-2")
    removal = prepare_removal(site, ["N-2"], order=False, reason=RemovalReason.FOUND)
    refused(chain_errors.TokenRequired, tables, lambda: blocklist.remove(site, removal, []))


def test_rule_1_removing_is_refused_where_no_token_is_enrolled(site: Store, tables: Tables) -> None:
    add(site, "N-2")
    refused(errors.NoTokenEnrolled, tables, lambda: SoftwareToken().remove(site, ["N-2"]))


def test_rule_1_a_token_that_is_not_enrolled_removes_nothing(site: Store, token: SoftwareToken, tables: Tables) -> None:
    add(site, "N-2")
    refused(StatementInvalid, tables, lambda: SoftwareToken().remove(site, ["N-2"]))


def test_rule_1_a_revoked_token_removes_nothing(site: Store, token: SoftwareToken, tables: Tables) -> None:
    other = SoftwareToken()
    other.enrol(site, signer=token)
    other.revoke(site, token)
    add(site, "N-2")
    refused(chain_errors.TokenRevoked, tables, lambda: token.remove(site, ["N-2"]))


def test_rule_1_a_statement_about_another_removal_removes_nothing(
    site: Store, token: SoftwareToken, tables: Tables
) -> None:
    add(site, "N-2", "N-3")
    mine = prepare_removal(site, ["N-2"], order=False, reason=RemovalReason.FOUND)
    signed = token.sign(prepare_removal(site, ["N-3"], order=False, reason=RemovalReason.FOUND))
    refused(chain_errors.StatementDiffers, tables, lambda: blocklist.remove(site, mine, [signed]))


@pytest.mark.parametrize(
    ("field", "value"),
    [("zones", []), ("keys", [{"label": "N-3", "serial": "04A3"}]), ("operator", "ola"), ("site", "another")],
)
def test_rule_1_a_removal_that_says_something_else_than_it_does_is_refused(
    site: Store, token: SoftwareToken, tables: Tables, field: str, value: object
) -> None:
    add(site, "N-2", "N-3")
    removal = prepare_removal(site, ["N-2"], order=False, reason=RemovalReason.FOUND) | {field: value}
    refused(chain_errors.StatementDiffers, tables, lambda: blocklist.remove(site, removal, [token.sign(removal)]))


def test_rule_1_a_removal_is_refused_when_the_journal_has_moved_meanwhile(
    site: Store, token: SoftwareToken, tables: Tables
) -> None:
    add(site, "N-2")
    removal = prepare_removal(site, ["N-2"], order=False, reason=RemovalReason.FOUND)
    add(site._replace(operator="ola"), "N-3")
    error = refused(errors.JournalMoved, tables, lambda: blocklist.remove(site, removal, [token.sign(removal)]))
    (newer,) = error.values["changes"].first
    assert (newer.operator, newer.action, newer.details["keys"][0]["label"]) == ("ola", "add", "N-3")
    assert "add by ola" in str(error)


def test_rule_1_of_much_that_was_done_meanwhile_the_first_is_told_and_the_rest_counted(
    site: Store, token: SoftwareToken, tables: Tables
) -> None:
    add(site, "N-2")
    removal = prepare_removal(site, ["N-2"], order=False, reason=RemovalReason.FOUND)
    for label in ("N-1", "N-3", "N-4", "N-8"):
        add(site, label)
    error = refused(errors.JournalMoved, tables, lambda: blocklist.remove(site, removal, [token.sign(removal)]))
    changes = error.values["changes"]
    assert [record.details["keys"][0]["label"] for record in changes.first] == ["N-1", "N-3", "N-4"]
    assert (changes.more, str(changes).endswith("and 1 more")) == (1, True)


def test_rule_1_four_eyes_ask_for_two_different_tokens(site: Store, token: SoftwareToken, tables: Tables) -> None:
    second = SoftwareToken()
    second.enrol(site, signer=token)
    add(site, "N-2")
    careful = site._replace(tokens_required=2)
    removal = prepare_removal(careful, ["N-2"], order=False, reason=RemovalReason.FOUND)
    once, twice = token.sign(removal), token.sign(removal)
    refused(chain_errors.SecondTokenRequired, tables, lambda: blocklist.remove(careful, removal, [once, twice]))
    blocklist.remove(careful, removal, [once, second.sign(removal)])
    assert statuses(site) == {"N-2": Status.REMOVAL_UNDER_PLANNING}


def test_rule_2_a_plan_is_under_planning_and_an_order_is_ordered(site: Store) -> None:
    add(site, "N-2")
    add(site, "N-3", order=True)
    assert statuses(site) == {"N-2": Status.UNDER_PLANNING, "N-3": Status.ORDERED}
    assert versions() == {"A": (1, 0), "B": (1, 1), "C": (0, 0)}


def test_rule_3_ordering_issues_everything_that_is_pending_in_the_list(site: Store, clock: Clock) -> None:
    add(site, "N-3")
    clock.advance(hours=1)
    assert [(plan.zone, [key.label for key in plan.additions]) for plan in pending()] == [("B", ["N-3"])]
    add(site, "N-4", order=True)
    assert statuses(site) == {"N-3": Status.ORDERED, "N-4": Status.ORDERED}
    assert pending() == []


def test_rule_3_a_key_is_under_planning_while_any_of_its_lists_waits(site: Store) -> None:
    add(site, "N-1")
    blocklist.order(site, ["A", "B"])
    assert statuses(site) == {"N-1": Status.UNDER_PLANNING}
    assert blocklist.order(site) == [ListChange("C", 0, 1, ordered=True)]
    assert statuses(site) == {"N-1": Status.ORDERED}


def test_rule_3_nothing_to_order_and_unknown_zones_are_refused(site: Store, tables: Tables) -> None:
    refused(errors.NothingToOrder, tables, lambda: blocklist.order(site))
    refused(errors.UnknownZone, tables, lambda: blocklist.order(site, ["Z"]))


def test_rule_4_each_change_raises_the_version_by_one(site: Store, token: SoftwareToken) -> None:
    assert add(site, "N-3", "N-4", "N-8") == [ListChange("B", 0, 3, ordered=False)]
    found = {entry.key.label: entry.version_in for entry in BlocklistEntry.select()}
    assert found == {"N-3": 1, "N-4": 2, "N-8": 3}
    assert token.remove(site, ["N-4"], order=True) == [ListChange("B", 0, 4, ordered=True)]
    assert BlocklistEntry.get(BlocklistEntry.version_out == 4).key.label == "N-4"


def test_rule_5_an_addition_that_would_overfill_a_list_changes_nothing(site: Store, tables: Tables) -> None:
    small = site._replace(list_limit=2)
    add(small, "N-3", "N-4")
    error = refused(errors.ListFull, tables, lambda: add(small, "N-8"))
    assert "B" in str(error)
    refused(errors.ListFull, tables, lambda: add(small, "N-2", "N-1"))
    assert add(small, "N-2")


def test_rule_5_the_limit_is_500_unless_it_is_set(store: Store) -> None:
    assert store.list_limit == 500


def test_rule_6_a_key_goes_on_the_list_of_every_zone_where_it_opens_a_lock(site: Store) -> None:
    assert [change.zone for change in add(site, "N-1")] == ["A", "B", "C"]
    assert [(zone.zone, zone.locks) for zone in reach(find_keys(["N-1"]), 500)] == [("A", 4), ("B", 4), ("C", 4)]


def test_rule_6_adding_a_key_of_three_zones_changes_three_lists_or_none(site: Store, tables: Tables) -> None:
    one = site._replace(list_limit=1)
    Zone.update(version=0).execute()
    add(site, "N-8")
    refused(errors.ListFull, tables, lambda: add(one, "N-1"))
    assert versions() == {"A": (0, 0), "B": (1, 0), "C": (0, 0)}


def test_rule_6_a_key_that_opens_nothing_has_no_list_to_go_on(site: Store, tables: Tables) -> None:
    refused(errors.OpensNoLock, tables, lambda: add(site, "N-7"))


def test_rule_8_a_blocked_key_is_not_counted_as_a_carrier(site: Store) -> None:
    assert reach(find_keys(["N-1"]), 500)[0].carriers == 1
    add(site, "N-2")
    assert reach(find_keys(["N-1"]), 500)[0].carriers == 0


def test_rule_9_a_key_that_is_on_a_list_already_is_refused_with_since_when_and_by_whom(
    site: Store, clock: Clock, tables: Tables
) -> None:
    add(site, "N-2")
    since = clock.now
    clock.advance(days=2)
    error = refused(errors.AlreadyBlocked, tables, lambda: add(site._replace(operator="ola"), "N-3", "N-2"))
    assert isinstance(error, errors.AlreadyBlocked)
    assert error.values == {"key": "N-2", "since": since, "by": "kari", "reason": Reason.LOST}


def test_rule_10_a_key_without_a_serial_was_never_made(site: Store, tables: Tables) -> None:
    refused(errors.NeverMade, tables, lambda: add(site, "N-5"))


def test_rule_11_a_returned_key_needs_no_blocking(site: Store, tables: Tables) -> None:
    refused(errors.AlreadyReturned, tables, lambda: add(site, "N-6"))


def test_rule_13_a_removal_waits_to_be_ordered(site: Store, token: SoftwareToken, tables: Tables) -> None:
    add(site, "N-2", order=True)
    assert token.remove(site, ["N-2"]) == [ListChange("A", 1, 2, ordered=False)]
    assert statuses(site) == {"N-2": Status.REMOVAL_UNDER_PLANNING}
    refused(errors.RemovalPending, tables, lambda: token.remove(site, ["N-2"]))
    assert [[key.label for key in plan.removals] for plan in pending()] == [["N-2"]]
    blocklist.order(site)
    assert statuses(site) == {}
    assert statuses(site, removed=True) == {"N-2": Status.REMOVED}
    refused(errors.NotBlocked, tables, lambda: token.remove(site, ["N-2"]))


def test_rule_13_a_key_that_is_lost_again_before_its_removal_was_ordered_can_be_added(
    site: Store, token: SoftwareToken
) -> None:
    add(site, "N-2", order=True)
    token.remove(site, ["N-2"])
    add(site, "N-2")
    assert statuses(site) == {"N-2": Status.UNDER_PLANNING}
    assert versions()["A"] == (3, 1)


def test_rule_14_what_was_removed_keeps_its_row_with_when_by_whom_why_and_which_token(
    site: Store, token: SoftwareToken, clock: Clock
) -> None:
    add(site, "N-2", order=True)
    clock.advance(days=1)
    token.remove(site, ["N-2"], order=True)
    (entry,) = BlocklistEntry.select()
    assert (entry.removed_at, entry.removed_by, entry.removal_reason) == (clock.now, "kari", "found")
    assert entry.added_at < entry.removed_at
    from store.trust import signers

    assert [signer.fingerprint for signer in signers(site, entry.removal_record)] == [token.fingerprint]


def test_all_keys_are_added_or_none(site: Store, tables: Tables) -> None:
    refused(errors.UnknownKey, tables, lambda: add(site, "N-2", "nothing"))
    refused(errors.AlreadyReturned, tables, lambda: add(site, "N-2", "N-6"))


def test_a_key_is_found_by_label_or_serial(site: Store, tables: Tables) -> None:
    assert add(site, "04a2", "N-3") == [ListChange("A", 0, 1, ordered=False), ListChange("B", 0, 1, ordered=False)]
    Key.update(label="04A4").where(Key.label == "N-8").execute()
    refused(errors.AmbiguousKey, tables, lambda: add(site, "04A4"))


def test_a_note_that_is_too_long_is_refused(site: Store, tables: Tables) -> None:
    def act() -> object:
        return blocklist.add(site, ["N-2"], order=True, reason=Reason.LOST, note="x" * 201)

    refused(errors.NoteTooLong, tables, act)


def test_the_last_token_cannot_be_revoked(site: Store, token: SoftwareToken, tables: Tables) -> None:
    refused(chain_errors.LastToken, tables, lambda: token.revoke(site, token))


def test_a_second_token_is_enrolled_by_an_enrolled_one_only(site: Store, token: SoftwareToken, tables: Tables) -> None:
    refused(StatementInvalid, tables, lambda: SoftwareToken().enrol(site))
    refused(chain_errors.AlreadyEnrolled, tables, lambda: token.enrol(site))


def test_locks_are_those_of_the_access_rights(site: Store) -> None:
    assert Lock.select().count() == 12
