"""What the store refuses, each with its own words."""

from datetime import datetime
from typing import Any, NamedTuple

from pkcs11_token.chain_errors import TokenRequired
from pkcs11_token.errors import N_, SperreError


class Refused(SperreError):
    """A rule of the domain says no."""


class UnknownKey(Refused):
    template = N_("No key has the label or serial {key}. Nothing was changed. See: sperre keys list")


class AmbiguousKey(Refused):
    template = N_(
        "{key} is the label of one key and the serial of another. Nothing was changed: name it the other way."
    )


class UnknownPerson(Refused):
    template = N_("Nobody has the id or the name {person}. Nothing was changed. See: sperre people list")


class AmbiguousPerson(Refused):
    template = N_("Several people are called {person}. Nothing was changed: give the person's id instead.")


class NoBlockableKey(Refused):
    template = N_("{person} has no key that can be blocked.")


class NoneBlockable(Refused):
    template = N_("None of these {count} keys can be blocked. The first one: {first}")


class UnknownLock(Refused):
    template = N_("No lock has the serial {lock}. Nothing was changed. See: sperre locks list")


class NotACarrier(Refused):
    """Rule 7: a key carries only its main zone's list."""

    template = N_("{key} does not carry the blocklist of {zone}: it is not its main zone. Nothing was changed.")


class BlockedCarrier(Refused):
    """Rule 8: a blocked key is never counted on."""

    template = N_("{key} is blocked itself, so it cannot be counted on to bring a list. Nothing was changed.")


class NoKeyForWalk(Refused):
    template = N_("No key carries the list to {lock}: bring it with the programming device, then import its visits.")


class UnknownZone(Refused):
    template = N_("There is no zone {zone}. Nothing was changed. See: sperre zones list")


class UnknownVersion(Refused):
    template = N_("The blocklist of {zone} has no version {version}: its newest is {newest}.")


class UnknownReason(Refused):
    template = N_("{reason} is not a reason. Choose one of: {reasons}.")
    exit_code = 2


class Words(tuple[str, ...]):
    """Words among an error's values, listed one after the other."""

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(self)


class FilterInvalid(SperreError):
    """A word of a filter cannot be understood."""

    exit_code = 2


class FilterValueWrong(FilterInvalid):
    template = N_("{word}:{value} is not clear. There are: {values}.")


class FilterDateWrong(FilterInvalid):
    template = N_("{word}:{value} is not a date. Write 2026-11-20 or 20.11.2026.")


class NoteTooLong(Refused):
    template = N_("The note has {length} characters, at most {limit} fit. Nothing was changed.")


class NeverMade(Refused):
    """Rule 10."""

    template = N_("{key} has no serial number: it was never made, and there is nothing to block.")


class AlreadyReturned(Refused):
    """Rule 11."""

    template = N_("{key} was returned and emptied: it opens nothing and needs no blocking.")


class OpensNoLock(Refused):
    """Rule 6: a key goes on the list of every zone where it can open a lock; this one has none."""

    template = N_("{key} opens no lock: there is no blocklist to put it on.")


class AlreadyBlocked(Refused):
    """Rule 9."""

    template = N_("{key} is on the blocklist already: since {since}, by {by} ({reason}). Nothing was changed.")


class ListFull(Refused):
    """Rule 5."""

    template = N_(
        "The blocklist of {zone} would hold {wanted} keys, but at most {limit} fit. Nothing was changed:"
        " remove keys that no longer matter first."
    )


class NotBlocked(Refused):
    template = N_("{key} is not on the blocklist. Nothing was changed.")


class RemovalPending(Refused):
    """Rule 13."""

    template = N_("{key} was taken off the blocklist at {at} by {by}; it waits to be ordered. Nothing was changed.")


class NothingToOrder(Refused):
    template = N_("Every blocklist is ordered already: there is nothing to order.")


class NoNewToken(SperreError):
    template = N_("Every token that is present is enrolled already: insert the new one.")
    exit_code = 4


class NoTokenEnrolled(TokenRequired):
    template = N_("No token is enrolled on this site, so nothing can be removed. See: sperre token init")


class NewerRecord(NamedTuple):
    """A record of the journal that came between; `details` as docs/journal.md describes them."""

    at: datetime
    operator: str
    action: str
    details: dict[str, Any]


class NewerRecords(NamedTuple):
    """What was done meanwhile: the first records, and how many `more` there are."""

    first: tuple[NewerRecord, ...]
    more: int

    def __str__(self) -> str:
        told = "; ".join(f"{record.action} by {record.operator} at {record.at.isoformat()}" for record in self.first)
        return f"{told}; and {self.more} more" if self.more else told


class JournalMoved(SperreError):
    """Somebody else changed the store between the question and the signature; `changes` are NewerRecords."""

    template = N_(
        "Meanwhile this was done: {changes}. What you asked for was not done: look at it again and decide anew."
    )

    def __init__(self, changes: NewerRecords) -> None:
        super().__init__(changes=changes)


class TableBroken(SperreError):
    """A row of the tables is not what the journal says."""


class EntryUnaccounted(TableBroken):
    template = N_(
        "The journal does not account for key {serial} on the list of {zone}"
        " from version {version_in} until {version_out}."
    )


class EntryMissing(TableBroken):
    template = N_(
        "The journal put key {serial} on the list of {zone} from version {version_in} until {version_out},"
        " but the table says otherwise."
    )


class EntryTwice(TableBroken):
    template = N_("Key {serial} is twice on the list of {zone} from version {version_in}.")


class ZoneUnaccounted(TableBroken):
    template = N_(
        "The journal does not account for the list of {zone} at version {version}, ordered {ordered_version}."
    )


class StoreBusy(SperreError):
    template = N_("Another operator is writing to the store just now. Nothing was changed: try again.")
    exit_code = 5


class StoreUnusable(SperreError):
    template = N_("The store {path} cannot be used: {why}.")
    exit_code = 5


class StoreNewer(SperreError):
    template = N_(
        "The store {path} was written by a newer version of Sperre ({migration}). It was left as it is: upgrade Sperre."
    )
    exit_code = 5


class StoreMissing(SperreError):
    template = N_("There is no store {path} yet. Make one with: sperre import DIR, or sperre demo")
    exit_code = 5


class JournalRolledBack(SperreError):
    """A noted head is missing: removals are refused until somebody has looked (sperre journal accept)."""

    template = N_(
        "Record {number} that was noted in {file} is not in the journal: it was put back or cut."
        " Nothing can be removed until you have looked: sperre journal verify, then sperre journal accept"
    )


class HeadsUnreadable(SperreError):
    template = N_("The noted heads in {file} cannot be read: {why}.")
    exit_code = 5


class FileUnwritable(SperreError):
    template = N_("{path} cannot be written: {why}. See that there is room, and that you may write there.")
    exit_code = 5


class NeverIssued(Refused):
    template = N_("Version {version} of the blocklist of {zone} was never ordered, so it cannot be issued.")


class ListKeyUnusable(SperreError):
    template = N_("The list key {path} cannot be used: {why}. The orders stand; run sperre outbox flush when it can.")
    exit_code = 5


class HookFailed(SperreError):
    template = N_(
        "The hook failed for version {version} of {zone}: {why}. The order stands; it is tried again with sperre"
        " outbox flush."
    )
    exit_code = 5
