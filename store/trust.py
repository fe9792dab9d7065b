"""Which tokens count: those that the journal's chain of signed enrolments says, never what a table says."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pkcs11_token.errors import SperreError
from pkcs11_token.statement import check, fingerprint, payload_of, short_fingerprint
from store import journal
from store.database import Store
from store.errors import (
    AlreadyEnrolled,
    JournalBroken,
    JournalMoved,
    LastToken,
    NoTokenEnrolled,
    RootDiffers,
    SecondTokenRequired,
    StatementDiffers,
    TokenNotEnrolled,
    TokenRequired,
    TokenRevoked,
)
from store.journal import Details
from store.models import JournalRecord, Site, utc_text
from store.terms import Action

SIGNED_ACTIONS = ("enroll", "revoke", "remove")


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


class Trust:
    """The tokens as they are at one place of the journal; `follow` takes each record in turn."""

    def __init__(self, site: str, root: str | None = None) -> None:
        self.site = site
        self.root = root
        self.tokens: dict[str, EnrolledToken] = {}

    @property
    def valid(self) -> dict[str, EnrolledToken]:
        """The tokens that are enrolled and not revoked, by fingerprint."""
        return {name: token for name, token in self.tokens.items() if token.revoked_at is None}

    def check(self, statements: Sequence[str], payload: Details, tokens_required: int = 1) -> list[str]:
        """Check that enrolled tokens signed exactly `payload`; returns their fingerprints.

        Raises TokenRequired, SecondTokenRequired, or a StatementRefused that says what is wrong.
        """
        if not statements:
            raise TokenRequired
        keys = {name: token.public_key for name, token in self.tokens.items()}
        if payload.get("action") == "enroll" and not self.tokens:
            enrolled = _token_of(payload)
            keys = {enrolled[0]: enrolled[1]}
        signers = [self._check_one(statement, payload, keys) for statement in statements]
        if len(set(signers)) < tokens_required:
            raise SecondTokenRequired
        return signers

    def _check_one(self, statement: str, payload: Details, keys: Mapping[str, bytes]) -> str:
        signed = check(statement, keys)
        token = self.tokens.get(signed.fingerprint)
        if token and token.revoked_at:
            raise TokenRevoked(
                fingerprint=short_fingerprint(token.fingerprint), at=token.revoked_at, by=token.revoked_by
            )
        for field in sorted(payload.keys() | signed.payload.keys()):
            if payload.get(field) != signed.payload.get(field):
                raise StatementDiffers(field=field)
        return str(signed.fingerprint)

    def follow(self, record: JournalRecord, details: Details) -> list[str]:
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

    def _enroll(self, record: JournalRecord, payload: Details) -> None:
        name, public_key = _token_of(payload)
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

    def _revoke(self, record: JournalRecord, payload: Details) -> None:
        name = payload["token"]["fingerprint"]
        if name not in self.valid:
            raise TokenNotEnrolled(fingerprint=short_fingerprint(name))
        if len(self.valid) == 1:
            raise LastToken
        self.tokens[name] = replace(
            self.tokens[name], revoked_at=datetime.fromisoformat(record.at), revoked_by=record.operator
        )


def trust(store: Store) -> Trust:
    """The tokens that count now. Raises JournalBroken when an enrolment in the journal does not hold."""
    found = Trust(Site.get().uuid, store.root)
    for record, details in journal.records("enroll", "revoke"):
        try:
            found.follow(record, details)
        except SperreError as error:
            raise JournalBroken(number=record.number, what=error) from error
    return found


def enrolled_token(store: Store, fingerprint: str) -> EnrolledToken:
    """The enrolled token whose fingerprint begins so, with or without colons. Raises TokenNotEnrolled."""
    wanted = fingerprint.replace(":", "").replace(" ", "").lower()
    found = [token for name, token in trust(store).valid.items() if wanted and name.startswith(wanted)]
    if len(found) != 1:
        raise TokenNotEnrolled(fingerprint=fingerprint)
    return found[0]


def signers(store: Store, number: int) -> list[EnrolledToken]:
    """The tokens that signed a record of the journal, checked now with the keys that were enrolled then.

    Raises SperreError with what is wrong when the proof does not hold.
    """
    found = Trust(Site.get().uuid, store.root)
    for record, details in journal.records("enroll", "revoke", before=number):
        found.follow(record, details)
    record = JournalRecord.get_by_id(number)
    return [found.tokens[name] for name in found.follow(record, json.loads(record.details))]


def prepare(store: Store, action: str, **fields: object) -> Details:
    """The payload that a token signs: `fields`, and what ties it to one place of one site's journal."""
    head = journal.head()
    return {
        "site": Site.get().uuid,
        "action": action,
        "operator": store.operator,
        "time": utc_text(store.clock()),
        "journal": {"number": head.number, "hash": head.hash},
        **fields,
    }


def require_unmoved(payload: Details) -> None:
    """Raise JournalMoved when the journal has grown since `payload` was prepared."""
    stood = payload["journal"]
    if stood == {"number": (head := journal.head()).number, "hash": head.hash}:
        return
    newer = JournalRecord.get_or_none(JournalRecord.number == stood["number"] + 1)
    raise JournalMoved(action=Action(newer.action) if newer else "?", by=newer.operator if newer else "?")


def record_signed(store: Store, payload: Details, statements: Sequence[str]) -> int:
    """Append a signed record within the current transaction; returns its number.

    Raises TokenRequired, SecondTokenRequired or StatementRefused.
    """
    now = trust(store)
    required = store.tokens_required if payload["action"] == "remove" else 1
    if payload["action"] == "remove" and not now.valid:
        raise NoTokenEnrolled
    now.check(statements, payload, required)
    at = datetime.fromisoformat(payload["time"])
    number = journal.append(store, payload["action"], {"statements": list(statements)}, at)
    if payload["action"] != "remove":
        now.follow(JournalRecord.get_by_id(number), {"statements": list(statements)})
    return number


def prepare_enrolment(store: Store, public_key: bytes, label: str, user: str) -> Details:
    """State the enrolment of a token: the first signs it itself, any later one is signed by an enrolled token."""
    token = {
        "fingerprint": fingerprint(public_key),
        "public_key": b64encode(public_key).decode(),
        "label": label,
        "user": user,
    }
    with store.connected():
        return prepare(store, "enroll", token=token)


def prepare_revocation(store: Store, name: str) -> Details:
    """State the revocation of the token whose fingerprint is `name`, for an enrolled token to sign."""
    with store.connected():
        return prepare(store, "revoke", token={"fingerprint": name})


def commit_token_change(store: Store, payload: Details, statements: Sequence[str]) -> int:
    """Commit a signed enrolment or revocation; returns the number of its journal record."""
    with store.writing():
        require_unmoved(payload)
        return record_signed(store, payload, statements)


def _token_of(payload: Details) -> tuple[str, bytes]:
    public_key = b64decode(payload["token"]["public_key"])
    if fingerprint(public_key) != payload["token"]["fingerprint"]:
        raise StatementDiffers(field="fingerprint")
    return payload["token"]["fingerprint"], public_key
