"""What is wrong with a chain of journal records, or with the statement of a token in it."""

from pkcs11_token.errors import N_, SperreError


class TokenRequired(SperreError):
    """Rule 1."""

    template = N_("Removing a key from the blocklist always requires a logged-in Token. Nothing was changed.")
    exit_code = 4


class SecondTokenRequired(TokenRequired):
    """Four eyes."""

    template = N_("This site asks for two different tokens for a removal. Nothing was changed.")


class StatementRefused(SperreError):
    """The signed statement is not one of an enrolled token about this very change."""

    exit_code = 4


class TokenNotEnrolled(StatementRefused):
    template = N_("Token {fingerprint} is not enrolled on this site. Nothing was changed.")


class TokenRevoked(StatementRefused):
    template = N_("Token {fingerprint} was revoked at {at} by {by}. Nothing was changed.")


class StatementDiffers(StatementRefused):
    template = N_("The token signed something else than this change ({field} differs). Nothing was changed.")


class RootDiffers(StatementRefused):
    template = N_("The first token of the journal is {fingerprint}, not the one that this site was set up with.")


class LastToken(StatementRefused):
    exit_code = 3
    template = N_("This is the last enrolled token: enrol another one first. Nothing was changed.")


class AlreadyEnrolled(SperreError):
    template = N_("Token {fingerprint} is enrolled already, since {at}.")


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


class JournalFileUnreadable(SperreError):
    template = N_("{path} is no exported journal that can be read ({why}).")
    exit_code = 5
