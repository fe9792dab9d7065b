"""What the store refuses, each with its own words."""

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


class UnknownZone(Refused):
    template = N_("There is no zone {zone}. Nothing was changed. See: sperre zones list")


class UnknownReason(Refused):
    template = N_("{reason} is not a reason. Choose one of: {reasons}.")
    exit_code = 2


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


class TokenRequired(SperreError):
    """Rule 1."""

    template = N_("Removing a key from the blocklist always requires a logged-in Token. Nothing was changed.")
    exit_code = 4


class StatementRefused(SperreError):
    """The signed statement is not one of an enrolled token about this very change."""

    exit_code = 4


class TokenNotEnrolled(StatementRefused):
    template = N_("Token {fingerprint} is not enrolled on this site. Nothing was changed.")


class TokenRevoked(StatementRefused):
    template = N_("Token {fingerprint} was revoked at {at} by {by}. Nothing was changed.")


class StatementDiffers(StatementRefused):
    template = N_("The token signed something else than this change ({field} differs). Nothing was changed.")


class SecondTokenRequired(TokenRequired):
    """Four eyes."""

    template = N_("This site asks for two different tokens for a removal. Nothing was changed.")


class RootDiffers(StatementRefused):
    template = N_("The first token of the journal is {fingerprint}, not the one that this site was set up with.")


class LastToken(Refused):
    template = N_("This is the last enrolled token: enrol another one first. Nothing was changed.")


class NoTokenEnrolled(TokenRequired):
    template = N_("No token is enrolled on this site, so nothing can be removed. See: sperre token init")


class AlreadyEnrolled(SperreError):
    template = N_("Token {fingerprint} is enrolled already, since {at}.")


class JournalMoved(SperreError):
    """Somebody else changed the store between the question and the signature."""

    template = N_(
        "The blocklist has changed meanwhile ({action} by {by}). Nothing was changed: look again and decide anew."
    )


class JournalBroken(SperreError):
    """The journal does not prove itself; `number` is the first record that is wrong."""

    template = N_("Journal record {number} is wrong: {what}")


class RecordMissing(JournalBroken):
    template = N_("Journal record {number} is missing.")


class RecordUnlinked(JournalBroken):
    template = N_("Journal record {number} does not carry the hash of the record before it.")


class RecordEdited(JournalBroken):
    template = N_("Journal record {number} was edited: its hash is that of another text.")


class RecordMakesNoSense(JournalBroken):
    template = N_("Journal record {number} says nothing that Sperre writes: it was added or edited by hand.")


class RecordContradictsVersions(JournalBroken):
    template = N_(
        "Journal record {number} does not fit: it changes version {before} of the list of {zone},"
        " which stood at {stood}."
    )


class RecordRemovesUnlisted(JournalBroken):
    template = N_("Journal record {number} removes key {serial} from the list of {zone}, where it was not.")


class HeadMissing(JournalBroken):
    template = N_(
        "Record {number} with the hash that was noted is not in the journal:"
        " it was cut, rolled back or rewritten since."
    )


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


class ZoneMissing(TableBroken):
    template = N_(
        "The journal left the list of {zone} at version {version}, ordered {ordered_version},"
        " but the table says otherwise."
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
