"""What a token signs, and checking it: a JWS (RFC 7515, compact) that needs no PKCS#11 to check."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pkcs11_token.errors import KeyNotSupported, StatementInvalid

TYPE = "sperre-statement+jws"
HEADER_FIELDS = {"alg", "kid", "typ"}


@dataclass(frozen=True)
class Statement:
    """A checked statement: what it says, and which key signed it with which algorithm (RFC 7518)."""

    payload: dict[str, Any]
    fingerprint: str
    algorithm: str


def canonical(value: object) -> bytes:
    """Canonical JSON: UTF-8, sorted names, no blanks, no floats. Raises ValueError for what has no such form."""
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def fingerprint(public_key: bytes) -> str:
    """SHA-256 of a SubjectPublicKeyInfo (DER), in lower-case hexadecimal."""
    return sha256(public_key).hexdigest()


def full_fingerprint(name: str) -> str:
    """A fingerprint as it is written on paper: pairs of upper-case digits with colons between."""
    return ":".join(name[i : i + 2].upper() for i in range(0, len(name), 2))


def short_fingerprint(name: str) -> str:
    """A fingerprint as it is shown and compared by eye: 4F:9A:11:…:C2."""
    pairs = [name[i : i + 2].upper() for i in range(0, len(name), 2)]
    return ":".join([*pairs[:3], "…", pairs[-1]]) if len(pairs) > 4 else ":".join(pairs)


def algorithm_of(public_key: bytes) -> str:
    """The algorithm that a key signs with: ES256, ES384 or RS256. Raises KeyNotSupported, also for what is no key."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm):
        raise KeyNotSupported from None
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return "ES256"
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP384R1):
        return "ES384"
    if isinstance(key, RSAPublicKey) and key.key_size >= 2048:
        return "RS256"
    raise KeyNotSupported


def check(statement: str, public_keys: Mapping[str, bytes]) -> Statement:
    """The statement, when one of `public_keys` (SubjectPublicKeyInfo by fingerprint) has signed it.

    The algorithm is that of the key, never one that the header names. Raises StatementInvalid.
    """
    try:
        protected, body, tail = statement.split(".")
        header, payload = _read(protected), _read(body)
        signature = _decode(tail)
        if not isinstance(header, dict) or header.keys() != HEADER_FIELDS or header["typ"] != TYPE:
            raise StatementInvalid(why="header")
        if not isinstance(payload, dict) or canonical(payload) != _decode(body):
            raise StatementInvalid(why="payload")
    except (ValueError, TypeError):
        raise StatementInvalid(why="form") from None
    public_key = public_keys.get(str(header["kid"]))
    if public_key is None:
        raise StatementInvalid(why="kid")
    if header["alg"] != algorithm_of(public_key):
        raise StatementInvalid(why="alg")
    if not signature_fits(public_key, f"{protected}.{body}".encode(), signature):
        raise StatementInvalid(why="signature")
    return Statement(payload, header["kid"], header["alg"])


def signature_fits(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (JWS form: for EC the plain r and s) is that of `public_key` over `message`."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256, SHA384
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    key = load_der_public_key(public_key)
    try:
        if isinstance(key, EllipticCurvePublicKey):
            size = (key.key_size + 7) // 8
            if len(signature) != 2 * size:
                return False
            r, s = int.from_bytes(signature[:size]), int.from_bytes(signature[size:])
            key.verify(encode_dss_signature(r, s), message, ECDSA(SHA256() if size == 32 else SHA384()))
        elif isinstance(key, RSAPublicKey):
            key.verify(signature, message, PKCS1v15(), SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True


def fingerprint_of(statement: str) -> str:
    """The fingerprint of the key that a statement says it was signed with, unchecked."""
    try:
        return str(_read(statement.split(".")[0])["kid"])
    except (ValueError, KeyError, TypeError):
        raise StatementInvalid(why="form") from None


def payload_of(statement: str) -> dict[str, Any]:
    """What a statement says, unchecked: to show it, or to learn what it must be checked against.

    Raises StatementInvalid when it cannot be read.
    """
    try:
        payload = _read(statement.split(".")[1])
    except (ValueError, IndexError):
        raise StatementInvalid(why="form") from None
    if not isinstance(payload, dict):
        raise StatementInvalid(why="payload")
    return payload


def _read(part: str) -> Any:
    """The JSON in a part of a statement. Raises ValueError, also for what is nested beyond reason."""
    try:
        return json.loads(_decode(part))
    except RecursionError:
        raise ValueError(part) from None


def _decode(text: str) -> bytes:
    """Base64url without padding (RFC 7515, section 2); only the one canonical spelling is taken."""
    octets = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if urlsafe_b64encode(octets).rstrip(b"=").decode() != text:
        raise ValueError(text)
    return octets


def _refuse_floats(value: object) -> None:
    """Floats and names that are not text have more than one spelling."""
    if isinstance(value, float) or (isinstance(value, dict) and not all(isinstance(name, str) for name in value)):
        raise ValueError(f"no canonical JSON: {value!r}")  # as json does
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        _refuse_floats(item)
