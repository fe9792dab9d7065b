"""Which tokens count: those that the journal's chain of signed enrolments says, never what a table says."""

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

from pkcs11_token.chain import Details, EnrolledToken, Head, Trust
from pkcs11_token.chain_errors import HeadMissing, JournalBroken, TokenNotEnrolled
from pkcs11_token.errors import SperreError
from pkcs11_token.statement import fingerprint
from store import journal
from store.database import Store
from store.errors import JournalMoved, NewerRecord, NewerRecords, NoTokenEnrolled
from store.models import JournalRecord, Site, utc_text

NEWER_TOLD = 3


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
    """The enrolled token whose fingerprint begins so, with or without colons.

    Raises TokenNotEnrolled or TokenRevoked.
    """
    wanted = fingerprint.replace(":", "").replace(" ", "").lower()
    found = [token for name, token in trust(store).tokens.items() if wanted and name.startswith(wanted)]
    if len(found) != 1:
        raise TokenNotEnrolled(fingerprint=fingerprint)
    found[0].require_unrevoked()
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
    """Raise JournalMoved when the journal has grown since `payload` was prepared, HeadMissing when it was cut."""
    stood = Head(**payload["journal"])
    now = journal.head()
    if stood == now:
        return
    if JournalRecord.get_or_none(number=stood.number, hash=stood.hash) is None and stood.number:
        raise HeadMissing(number=stood.number)
    newer = JournalRecord.select().where(JournalRecord.number > stood.number).order_by(JournalRecord.number)
    first = tuple(
        NewerRecord(datetime.fromisoformat(record.at), record.operator, record.action, json.loads(record.details))
        for record in newer.limit(NEWER_TOLD)
    )
    raise JournalMoved(NewerRecords(first, now.number - stood.number - len(first)))


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
