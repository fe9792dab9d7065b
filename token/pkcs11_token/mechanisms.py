"""How a token signs: the mechanism of PKCS#11 that it has for an algorithm, and what it is to be given."""

from __future__ import annotations

from collections.abc import Callable, Collection
from hashlib import sha256, sha384
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pkcs11 import Mechanism


def mechanism_for(algorithm: str, known: Collection[Mechanism], message: bytes) -> tuple[Mechanism, bytes] | None:
    """The mechanism for ES256, ES384 or RS256, and the octets to sign; None when it is not among those `known`.

    A token that only signs what was hashed is given the hash, one that only hashes and signs in one go the message.
    """
    from pkcs11 import Mechanism

    ways: dict[str, tuple[tuple[Mechanism, Callable[[bytes], bytes]], ...]] = {
        "ES256": ((Mechanism.ECDSA, _sha256), (Mechanism.ECDSA_SHA256, bytes)),
        "ES384": ((Mechanism.ECDSA, _sha384), (Mechanism.ECDSA_SHA384, bytes)),
        "RS256": ((Mechanism.SHA256_RSA_PKCS, bytes), (Mechanism.RSA_PKCS, _digest_info)),
    }
    return next(((mechanism, form(message)) for mechanism, form in ways[algorithm] if mechanism in known), None)


def _sha256(message: bytes) -> bytes:
    return sha256(message).digest()


def _sha384(message: bytes) -> bytes:
    return sha384(message).digest()


def _digest_info(message: bytes) -> bytes:
    """The DigestInfo of SHA-256 (RFC 8017, section 9.2) for tokens that only pad and sign."""
    return bytes.fromhex("3031300d060960864801650304020105000420") + _sha256(message)
