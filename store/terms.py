"""The words of the domain that stand in the database, and their gettext marks."""

from enum import StrEnum

from pkcs11_token.errors import N_


class KeyType(StrEnum):
    PHONE_KEY = N_("phone key")
    KEY_FOB = N_("key fob")


class KeyState(StrEnum):
    """How far a key has been programmed (domain.md, *Programming state*)."""

    IN_PLANNING = N_("in planning")
    ORDERED = N_("ordered")
    SENT = N_("sent")
    PROGRAMMED = N_("programmed")
    RETURNED = N_("returned")


class Reason(StrEnum):
    """Why a key was blocked."""

    LOST = N_("lost")
    STOLEN = N_("stolen")
    NOT_RETURNED = N_("not returned")
    DAMAGED = N_("damaged")
    COMPROMISED = N_("compromised")
    OTHER = N_("other")


class RemovalReason(StrEnum):
    """Why a key was taken off again."""

    FOUND = N_("found")
    BLOCKED_BY_MISTAKE = N_("blocked by mistake")
    REPAIRED = N_("repaired")
    OTHER = N_("other")


class Action(StrEnum):
    """What a record of the journal tells of."""

    ADD = N_("add")
    ORDER = N_("order")
    REMOVE = N_("remove")
    ENROLL = N_("enroll")
    REVOKE = N_("revoke")
    IMPORT = N_("import")
    VISIT = N_("visit")


class Result(StrEnum):
    """What became of a key's visit at a lock; *learned*: the lock took a newer list from the key."""

    OPENED = N_("opened")
    REFUSED = N_("refused")
    LEARNED = N_("learned")


class Status(StrEnum):
    """The status of a blocked key, computed from versions and never stored (rules 2, 3 and 13)."""

    UNDER_PLANNING = N_("under planning")
    ORDERED = N_("ordered")
    REMOVAL_UNDER_PLANNING = N_("removal under planning")
    REMOVED = N_("removed")
