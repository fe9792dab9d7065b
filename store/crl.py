"""Issued lists: one version of a zone's blocklist as an X.509 CRL (RFC 5280), and the key that signs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pkcs11_token.errors import N_
from pkcs11_token.list_file import read_ca, zone_urn
from store.durable_file import replace_file, sync_folder
from store.errors import ListKeyUnusable, NeverIssued
from store.models import BlocklistEntry, Issue, Key, Site, Zone
from store.terms import Reason

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate, ReasonFlags, RevokedCertificate

NEXT_UPDATE = timedelta(days=365)
CA_VALIDITY = timedelta(days=365 * 30)
KEY_FILE = "list-key.pem"
CA_FILE = "list-ca.pem"


@dataclass(frozen=True)
class Issuer:
    """Who signs lists: a private key, in a file or in a token, and its certificate."""

    private_key: EllipticCurvePrivateKey
    certificate: Certificate

    @property
    def ca_pem(self) -> bytes:
        """The certificate as receivers get it."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return self.certificate.public_bytes(Encoding.PEM)


def file_key(folder: Path) -> EllipticCurvePrivateKey:
    """The list key of the site in `folder`: EC P-256, 0600, made when it is first wanted. Raises ListKeyUnusable."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        load_pem_private_key,
    )

    path = folder / KEY_FILE
    try:
        if not path.exists():
            made = ec.generate_private_key(ec.SECP256R1())
            _keep(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        key = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise ListKeyUnusable(path=path, why=error.strerror) from error
    except (ValueError, TypeError) as error:
        raise ListKeyUnusable(path=path, why=N_("it holds no key that can be read")) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ListKeyUnusable(path=path, why=N_("it is no EC key"))
    return key


def issuer(key: EllipticCurvePrivateKey, folder: Path, now: datetime) -> Issuer:
    """The issuer with this key; its certificate is made once and kept in `folder`. Raises ListKeyUnusable."""
    path = folder / CA_FILE
    try:
        if not path.exists():
            _keep(path, Issuer(key, certificate_of(key, now)).ca_pem)
        found = Issuer(key, read_ca(path.read_bytes(), str(path)))
    except OSError as error:
        raise ListKeyUnusable(path=path, why=error.strerror) from error
    if found.certificate.public_key() != key.public_key():
        raise ListKeyUnusable(path=path, why=N_("it is the certificate of another key"))
    return found


def certificate_of(key: EllipticCurvePrivateKey, now: datetime) -> Certificate:
    """A certificate for a list key that it signs itself: for lists alone, in the name of this site."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import NameOID

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Sperre {Site.get().uuid}")])
    usage = dict.fromkeys(
        (
            *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
            *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
        ),
        False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - timedelta(days=1))
        .not_valid_after(now.astimezone(UTC) + CA_VALIDITY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(**usage | {"key_cert_sign": True, "crl_sign": True}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )


def issued_list(zone: Zone, version: int, issuer: Issuer) -> bytes:
    """A version of the zone's list as a CRL (DER): its number is the version, one entry a key.

    Raises NeverIssued for a version that was not ordered.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding

    issue = Issue.get_or_none((Issue.zone == zone) & (Issue.version == version))
    if issue is None:
        raise NeverIssued(zone=zone.name, version=version)
    urn = x509.UniformResourceIdentifier(zone_urn(Site.get().uuid, zone.name))
    ski = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    crl = (
        x509.CertificateRevocationListBuilder(revoked_certificates=_entries(zone, version))
        .issuer_name(issuer.certificate.subject)
        .last_update(issue.at)
        .next_update(issue.at + NEXT_UPDATE)
        .add_extension(x509.CRLNumber(version), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ski), critical=False)
        .add_extension(x509.IssuingDistributionPoint([urn], None, False, False, None, False, False), critical=True)
        .sign(issuer.private_key, SHA256())
    )
    return crl.public_bytes(Encoding.DER)


def _entries(zone: Zone, version: int) -> list[RevokedCertificate]:
    from cryptography import x509

    entry = BlocklistEntry
    on_list = (entry.version_in <= version) & (entry.version_out.is_null() | (entry.version_out > version))
    rows = entry.select(Key.serial, entry.added_at, entry.reason).join(Key)
    found: Any = rows.where((entry.zone == zone) & on_list).order_by(entry.version_in).tuples()
    entries = []
    for serial, added_at, reason in found:
        builder = x509.RevokedCertificateBuilder().serial_number(int(serial, 16)).revocation_date(added_at)
        code = _reason(Reason(reason))
        if code is not None:
            builder = builder.add_extension(x509.CRLReason(code), critical=False)
        entries.append(builder.build())
    return entries


def _reason(reason: Reason) -> ReasonFlags | None:
    """The reason code of RFC 5280, 5.3.1; none where it has nothing fitting."""
    from cryptography.x509 import ReasonFlags

    return {
        Reason.LOST: ReasonFlags.key_compromise,
        Reason.STOLEN: ReasonFlags.key_compromise,
        Reason.COMPROMISED: ReasonFlags.key_compromise,
        Reason.NOT_RETURNED: ReasonFlags.privilege_withdrawn,
        Reason.DAMAGED: ReasonFlags.cessation_of_operation,
    }.get(reason)


def _keep(path: Path, content: bytes) -> None:
    replace_file(path, content)
    sync_folder(path.parent)
