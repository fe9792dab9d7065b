"""The keys on a token that Sperre can sign with, and the certificates beside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pkcs11_token.errors import KeyNotSupported, NoSigningKey
from pkcs11_token.statement import algorithm_of
from pkcs11_token.uri import TokenName

if TYPE_CHECKING:
    import pkcs11
    from cryptography.x509 import Certificate


@dataclass(frozen=True)
class SigningKey:
    """A private key in the token, its public half (SubjectPublicKeyInfo, DER), and what its certificate says.

    `algorithm` is ES256, ES384 or RS256; `expires` is UTC.
    """

    private: Any
    public_key: bytes
    algorithm: str
    certificate_name: str | None
    expires: datetime | None


@dataclass(frozen=True)
class _PublicHalf:
    key_id: bytes
    public_key: bytes
    certificate: Certificate | None = None


def public_keys(session: pkcs11.Session) -> list[bytes]:
    """The public keys (SubjectPublicKeyInfo, DER) that the session sees, bare or in certificates."""
    return [half.public_key for half in _public_halves(session)]


def signing_keys(session: pkcs11.Session, name: TokenName, token: str) -> list[SigningKey]:
    """The keys of the session that `name` fits, that can sign, and whose public half is known.

    Where keys share an identifier, each is given with each of their public halves. Raises NoSigningKey when the
    token with the label `token` has none, KeyNotSupported when none is of a kind that Sperre uses.
    """
    from pkcs11 import Attribute, ObjectClass

    halves = _public_halves(session)
    keys: list[SigningKey] = []
    refused: KeyNotSupported | NoSigningKey = NoSigningKey(token=token)
    privates: Iterator[Any] = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.SIGN: True})
    for private in privates:
        key_id = private.id
        if name.key_label not in (None, private.label) or name.key_id not in (None, key_id):
            continue
        # Several keys may share an identifier, also none at all: then each half may be this key's.
        for public_key in dict.fromkeys(half.public_key for half in halves if half.key_id == key_id):
            try:
                algorithm = algorithm_of(public_key)
            except KeyNotSupported as error:
                refused = error
                continue
            # A renewed certificate often lies beside the one that it replaces.
            certificate = max(
                (half.certificate for half in halves if half.certificate and half.public_key == public_key),
                key=lambda certificate: certificate.not_valid_after_utc,
                default=None,
            )
            keys.append(
                SigningKey(
                    private,
                    public_key,
                    algorithm,
                    _common_name(certificate) if certificate else None,
                    certificate.not_valid_after_utc if certificate else None,
                )
            )
    if not keys:
        raise refused
    return keys


def _public_halves(session: pkcs11.Session) -> list[_PublicHalf]:
    """Each public key and each certificate on the token that can be read; others belong to other programs."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
    from cryptography.x509 import load_der_x509_certificate
    from pkcs11 import Attribute, ObjectClass

    halves: list[_PublicHalf] = []
    publics: Iterator[Any] = session.get_objects({Attribute.CLASS: ObjectClass.PUBLIC_KEY})
    certificates: Iterator[Any] = session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
    for public in publics:
        with suppress(ValueError, UnsupportedAlgorithm):
            key = load_der_public_key(_encoded(public))
            octets = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            halves.append(_PublicHalf(public.id, octets))
    for found in certificates:
        with suppress(ValueError, UnsupportedAlgorithm):
            certificate = load_der_x509_certificate(found[Attribute.VALUE])
            octets = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            halves.append(_PublicHalf(found[Attribute.ID], octets, certificate))
    return halves


def _encoded(public: Any) -> bytes:
    """The public key in DER. Raises ValueError for a kind that Sperre does not use."""
    from pkcs11 import KeyType
    from pkcs11.util.ec import encode_ec_public_key
    from pkcs11.util.rsa import encode_rsa_public_key

    if public.key_type == KeyType.EC:
        return bytes(encode_ec_public_key(public))
    if public.key_type == KeyType.RSA:
        return bytes(encode_rsa_public_key(public))
    raise ValueError(public.key_type)


def _common_name(certificate: Certificate) -> str:
    from cryptography.x509.oid import NameOID

    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()
