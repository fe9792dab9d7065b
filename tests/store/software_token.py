"""A key in memory that makes the statements that a token makes."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, derive_private_key, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pkcs11_token.statement import TYPE, canonical, fingerprint
from store.blocklist import ListChange, prepare_removal, remove
from store.database import Store
from store.journal import Details
from store.terms import RemovalReason
from store.trust import commit_token_change, prepare_enrolment, prepare_revocation


def encoded(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


class SoftwareToken:
    """An EC P-256 key; `name` makes it the same in every run."""

    def __init__(self, name: str | None = None) -> None:
        if name is None:
            self.key = generate_private_key(SECP256R1())
        else:
            self.key = derive_private_key(int.from_bytes(sha256(name.encode()).digest()[:31]), SECP256R1())
        self.public_key = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.fingerprint = fingerprint(self.public_key)

    def sign(self, payload: Details, **header: object) -> str:
        fields = {"alg": "ES256", "kid": self.fingerprint, "typ": TYPE} | header
        message = f"{encoded(canonical(fields))}.{encoded(canonical(payload))}"
        r, s = decode_dss_signature(self.key.sign(message.encode(), ECDSA(SHA256())))
        return f"{message}.{encoded(r.to_bytes(32) + s.to_bytes(32))}"

    def enrol(self, store: Store, signer: "SoftwareToken | None" = None, user: str = "kari") -> None:
        payload = prepare_enrolment(store, self.public_key, "soft", user)
        commit_token_change(store, payload, [(signer or self).sign(payload)])

    def revoke(self, store: Store, other: "SoftwareToken") -> None:
        payload = prepare_revocation(store, other.fingerprint)
        commit_token_change(store, payload, [self.sign(payload)])

    def remove(self, store: Store, labels: Sequence[str], *, order: bool = False) -> list[ListChange]:
        removal = prepare_removal(store, labels, order=order, reason=RemovalReason.FOUND)
        return remove(store, removal, [self.sign(removal)])
