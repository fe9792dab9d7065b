"""The chain of a journal's records: whether each follows the one before, was signed by a token that counted then,
and fits the blocklists as they stood. Needs neither a database nor PKCS#11.
"""

import json
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from pkcs11_token.chain_errors import (
    AlreadyEnrolled,
    HeadMissing,
    JournalBroken,
    LastToken,
    RecordContradictsVersions,
    RecordEdited,
    RecordMakesNoSense,
    RecordMissing,
    RecordRemovesUnlisted,
    RecordUnlinked,
    RootDiffers,
    SecondTokenRequired,
    StatementDiffers,
    TokenNotEnrolled,
    TokenRequired,
    TokenRevoked,
)
from pkcs11_token.errors import SperreError
from pkcs11_token.statement import canonical, check, fingerprint, payload_of, short_fingerprint

Details = dict[str, Any]
WHOLE_HASH = 64
SHORT_HASH = 20  # 80 bits: to find another journal that begins so is out of reach
GROUP = 4
BEGINNING = "0" * WHOLE_HASH
SIGNED_ACTIONS = ("enroll", "revoke", "remove")


class Record(Protocol):
    """A record as it is stored; `details` is canonical JSON."""

    number: Any
    at: Any
    operator: Any
    action: Any
    details: Any
    previous: Any
    hash: Any


@dataclass(frozen=True)
class Head:
    """Where a journal stands: its last record's number (0: none yet) and SHA-256 in lower-case hexadecimal.

    Of a head that somebody noted `hash` may be the beginning alone, at least SHORT_HASH digits of it.
    """

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"

    @property
    def short(self) -> str:
        """The head as it is read aloud and noted by hand: 1204:9f3a-02bc-77d1-e0a4-55c2."""
        groups = (self.hash[i : i + GROUP] for i in range(0, SHORT_HASH, GROUP))
        return f"{self.number}:{'-'.join(groups)}"

    def fits(self, number: int, hash_: str) -> bool:
        """Whether the record with this number and whole hash is the one that was noted."""
        return self.number == number and hash_.startswith(self.hash)


def noted_head(text: str) -> Head:
    """A head as somebody noted it: number, colon, and the hash or at least its first SHORT_HASH digits.

    Blanks, hyphens and colons between the digits, and their case, do not matter. Raises ValueError.
    """
    number, _, digits = text.partition(":")
    digits = re.sub(r"[-:\s]", "", digits).lower()
    if not re.fullmatch(r"\s*[0-9]{1,18}\s*", number) or not re.fullmatch(r"[0-9a-f]+", digits):
        raise ValueError(text)
    if not SHORT_HASH <= len(digits) <= WHOLE_HASH:
        raise ValueError(text)
    return Head(int(number), digits)


@dataclass(frozen=True)
class EnrolledToken:
    """A token that may prove removals, as the journal tells it; `public_key` is a SubjectPublicKeyInfo (DER)."""

    fingerprint: str
    public_key: bytes
    label: str
    user: str
    enrolled_at: datetime
    enrolled_by: str
    record: int
    revoked_at: datetime | None = None
    revoked_by: str | None = None

    def require_unrevoked(self) -> None:
        """Raise TokenRevoked when it counts no more."""
        if self.revoked_at is not None:
            raise TokenRevoked(fingerprint=short_fingerprint(self.fingerprint), at=self.revoked_at, by=self.revoked_by)


@dataclass(frozen=True)
class EntryChange:
    """A key (its serial) that came on the list of a zone with this version, or went off it."""

    zone: str
    serial: str
    version: int
    added: bool


@dataclass
class ListState:
    """A zone's list as the records so far leave it."""

    version: int = 0
    ordered_version: int = 0
    serials: set[str] = field(default_factory=set)


def record_hash(number: int, at: str, operator: str, action: str, details: Details, previous: str) -> str:
    """SHA-256 (hexadecimal) of a record as canonical JSON; docs/journal.md describes the fields."""
    record = {
        "number": number,
        "at": at,
        "operator": operator,
        "action": action,
        "details": details,
        "previous": previous,
    }
    return sha256(canonical(record)).hexdigest()


class Trust:
    """The tokens as they are at one place of the journal; `follow` takes each signed record in turn."""

    def __init__(self, site: str, root: str | None = None) -> None:
        self.site = site
        self.root = root
        self.tokens: dict[str, EnrolledToken] = {}

    @property
    def valid(self) -> dict[str, EnrolledToken]:
        """The tokens that are enrolled and not revoked, by fingerprint."""
        return {name: token for name, token in self.tokens.items() if token.revoked_at is None}

    @property
    def revoked(self) -> dict[str, EnrolledToken]:
        """The tokens that count no more, by fingerprint."""
        return {name: token for name, token in self.tokens.items() if token.revoked_at is not None}

    def check(self, statements: Sequence[str], payload: Details, tokens_required: int = 1) -> list[str]:
        """Check that enrolled tokens signed exactly `payload`; returns their fingerprints.

        Raises TokenRequired, SecondTokenRequired, or a StatementRefused that says what is wrong.
        """
        if not statements:
            raise TokenRequired
        keys = {name: token.public_key for name, token in self.tokens.items()}
        if payload.get("action") == "enroll" and not self.tokens:
            enrolled = token_of(payload)
            keys = {enrolled[0]: enrolled[1]}
        signers = [self._check_one(statement, payload, keys) for statement in statements]
        if len(set(signers)) < tokens_required:
            raise SecondTokenRequired
        return signers

    def _check_one(self, statement: str, payload: Details, keys: Mapping[str, bytes]) -> str:
        signed = check(statement, keys)
        token = self.tokens.get(signed.fingerprint)
        if token:
            token.require_unrevoked()
        for name in sorted(payload.keys() | signed.payload.keys()):
            if _spelt(payload, name) != _spelt(signed.payload, name):
                raise StatementDiffers(field=name)
        return str(signed.fingerprint)

    def follow(self, record: Record, details: Details) -> list[str]:
        """Take in a signed record of the journal; returns the fingerprints of its signers.

        Raises SperreError with what is wrong: the signature, its signer, or a statement made for another place.
        """
        statements = details["statements"]
        payload = payload_of(statements[0])
        expected = dict(
            payload,
            site=self.site,
            action=record.action,
            operator=record.operator,
            time=record.at,
            journal={"number": record.number - 1, "hash": record.previous},
        )
        signers = self.check(statements, expected)
        if record.action == "enroll":
            self._enroll(record, payload)
        elif record.action == "revoke":
            self._revoke(record, payload)
        return signers

    def _enroll(self, record: Record, payload: Details) -> None:
        name, public_key = token_of(payload)
        if not self.tokens and self.root not in (None, name):
            raise RootDiffers(fingerprint=short_fingerprint(name))
        if name in self.valid:
            raise AlreadyEnrolled(fingerprint=short_fingerprint(name), at=self.tokens[name].enrolled_at)
        self.tokens[name] = EnrolledToken(
            name,
            public_key,
            payload["token"]["label"],
            payload["token"]["user"],
            datetime.fromisoformat(record.at),
            record.operator,
            record.number,
        )

    def _revoke(self, record: Record, payload: Details) -> None:
        name = payload["token"]["fingerprint"]
        if name not in self.valid:
            raise TokenNotEnrolled(fingerprint=short_fingerprint(name))
        if len(self.valid) == 1:
            raise LastToken
        self.tokens[name] = replace(
            self.tokens[name], revoked_at=datetime.fromisoformat(record.at), revoked_by=record.operator
        )


class Chain:
    """A journal, record by record: what it says of tokens and lists so far."""

    def __init__(self, site: str, root: str | None = None, head: Head | None = None) -> None:
        self.trust = Trust(site, root)
        self.last = Head(0, BEGINNING)
        self.noted = head
        self.removals = 0
        self.lists: dict[str, ListState] = {}

    def follow(self, record: Record) -> tuple[list[EntryChange], Details]:
        """Take in the next record; returns what it changed, and what it says (of a removal: its payload).

        Raises JournalBroken, which names the record and what is wrong with it.
        """
        details = self._linked(record)
        try:
            if record.action in SIGNED_ACTIONS:
                self.trust.follow(record, details)
                details = payload_of(details["statements"][0])
            changes = self._replayed(record, details)
        except JournalBroken:
            raise
        except SperreError as error:
            raise JournalBroken(number=record.number, what=error) from error
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise RecordMakesNoSense(number=record.number) from error
        self.last = Head(record.number, record.hash)
        if self.noted and self.noted.number == record.number and not self.noted.fits(record.number, record.hash):
            raise HeadMissing(number=self.noted.number)
        return changes, details

    def finish(self) -> None:
        """There are no more records. Raises HeadMissing when the head that was noted did not come."""
        if self.noted is not None and self.last.number < self.noted.number:
            raise HeadMissing(number=self.noted.number)

    def _linked(self, record: Record) -> Details:
        """The details of a record that follows the last one."""
        if record.number != self.last.number + 1:
            raise RecordMissing(number=self.last.number + 1)
        if record.previous != self.last.hash:
            raise RecordUnlinked(number=record.number)
        try:
            details: Details = json.loads(record.details)
            wanted = record_hash(record.number, record.at, record.operator, record.action, details, record.previous)
        except (ValueError, RecursionError):
            raise RecordMakesNoSense(number=record.number) from None
        if record.hash != wanted or record.details != canonical(details).decode():
            raise RecordEdited(number=record.number)
        return details

    def _replayed(self, record: Record, details: Details) -> list[EntryChange]:
        match record.action:
            case "add" | "remove":
                self.removals += record.action == "remove"
                zones = details["zones"]
                return [change for zone in zones for change in self._changed(record, zone, record.action == "add")]
            case "order":
                for zone in details["zones"]:
                    self._order(record, zone)
            case "enroll" | "revoke" | "import" | "visit":
                pass
            case _:
                raise RecordMakesNoSense(number=record.number)
        return []

    def _changed(self, record: Record, change: Details, added: bool) -> list[EntryChange]:
        zone, before, serials = change["zone"], change["before"], change["keys"]
        state = self.lists.setdefault(zone, ListState())
        if before != state.version or change["after"] != before + len(serials):
            raise RecordContradictsVersions(number=record.number, before=before, zone=zone, stood=state.version)
        for serial in serials:
            if (serial in state.serials) == added:
                if added:
                    raise RecordMakesNoSense(number=record.number)
                raise RecordRemovesUnlisted(number=record.number, serial=serial, zone=zone)
            (state.serials.add if added else state.serials.remove)(serial)
        state.version = change["after"]
        return [EntryChange(zone, serial, version, added) for version, serial in enumerate(serials, before + 1)]

    def _order(self, record: Record, change: Details) -> None:
        state = self.lists.get(change["zone"], ListState())
        if (change["before"], change["after"]) != (state.ordered_version, state.version):
            raise RecordContradictsVersions(
                number=record.number, before=change["before"], zone=change["zone"], stood=state.ordered_version
            )
        state.ordered_version = state.version


def _spelt(payload: Details, name: str) -> bytes:
    """A field of a payload in its one spelling, since to Python true equals 1 and a null may equal nothing."""
    return canonical({name: payload[name]} if name in payload else {})


def token_of(payload: Mapping[str, Any]) -> tuple[str, bytes]:
    """The fingerprint and public key that an enrolment names. Raises StatementDiffers when they differ."""
    public_key = b64decode(payload["token"]["public_key"])
    if fingerprint(public_key) != payload["token"]["fingerprint"]:
        raise StatementDiffers(field="fingerprint")
    return payload["token"]["fingerprint"], public_key
