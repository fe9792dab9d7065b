"""The reference receiver of issued lists: accepts a blocklist only when nothing disappeared from it unproved.

Small enough to be ported to a lock; it needs neither a database nor PKCS#11. The format: docs/lists.md.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from pkcs11_token.chain import Trust
from pkcs11_token.errors import N_, SperreError
from pkcs11_token.statement import payload_of

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

URN = "urn:sperre:{site}:{zone}"


class ListRefused(SperreError):
    """A receiver must keep the list that it has."""


class ListUnreadable(ListRefused):
    template = N_("{what} is not an issued blocklist: {why}.")


class CaUnreadable(ListRefused):
    template = N_("{what} is not the certificate of a list key: {why}.")


class ListSignatureWrong(ListRefused):
    template = N_("The list was not signed by this list key. It must not be used.")


class ListOfAnotherZone(ListRefused):
    template = N_("The list is of {zone}, not of {expected}. It must not be used.")


class ListOlder(ListRefused):
    template = N_("The list of {zone} has version {version}, but version {previous} is there already.")


class ListDiffers(ListRefused):
    template = N_("Two lists of {zone} have version {version} and different keys. Neither must be used unproved.")


class RemovalUnproved(ListRefused):
    template = N_(
        "Key {serial} disappeared from the list of {zone} between version {previous} and {version}"
        " without a token's statement. The list must not be used."
    )


class RemovalsUnreadable(ListRefused):
    template = N_("The statements of removals do not hold (line {line}): {why}")


@dataclass(frozen=True)
class IssuedList:
    """A list as it was issued: the serials (as numbers) of the keys that its zone's locks must refuse."""

    site: str
    zone: str
    version: int
    serials: frozenset[int]


@dataclass
class _SignedRecord:
    """What a statement says of the journal's record that holds it."""

    number: int
    at: str
    operator: str
    action: str
    details: str
    previous: str
    hash: str = ""


def zone_urn(site: str, zone: str) -> str:
    """How the issuing distribution point names a zone of a site (RFC 5280, 5.2.5; RFC 3986)."""
    return URN.format(site=site, zone=quote(zone, safe=""))


def read_ca(pem: bytes, what: str) -> "Certificate":
    """The certificate of a list key from PEM. Raises CaUnreadable, which calls it `what`."""
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise CaUnreadable(what=what, why=error) from None


def read_list(der: bytes, ca: "Certificate", what: str) -> IssuedList:
    """An issued list from its DER (RFC 5280), its signature checked with the list key of `ca`.

    Raises ListUnreadable, which calls it `what`, or ListSignatureWrong.
    """
    from cryptography import x509

    try:
        crl = x509.load_der_x509_crl(der)
        point = crl.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
        number = crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
        names = [str(name.value) for name in point.full_name or ()]
        scheme, kind, site, zone = "".join(names).split(":", 3)
        if (scheme, kind) != ("urn", "sperre") or point.only_some_reasons or point.indirect_crl:
            raise ListUnreadable(what=what, why=names[0])
        if crl.issuer != ca.subject or not crl.is_signature_valid(ca.public_key()):  # type: ignore[arg-type]  # any key that signs
            raise ListSignatureWrong
        return IssuedList(site, unquote(zone), number, frozenset(revoked.serial_number for revoked in crl))
    except (ValueError, TypeError, x509.ExtensionNotFound) as error:
        raise ListUnreadable(what=what, why=error) from None


def check_list(
    new: IssuedList,
    previous: IssuedList | None = None,
    removals: Iterable[str] = (),
    root: str | None = None,
    zone: str | None = None,
) -> None:
    """Accept `new` in place of `previous`, or raise ListRefused with why not.

    It must be of the same `zone`, not older, and each key that is gone from it must be in a statement, among the
    lines of `removals`, by a token whose trust begins with the first token, the fingerprint `root`.
    """
    for expected in (zone, previous.zone if previous else None):
        if expected is not None and new.zone != expected:
            raise ListOfAnotherZone(zone=new.zone, expected=expected)
    if previous is None:
        return
    if new.site != previous.site:
        raise ListOfAnotherZone(zone=f"{new.zone} ({new.site})", expected=f"{previous.zone} ({previous.site})")
    if new.version < previous.version:
        raise ListOlder(zone=new.zone, version=new.version, previous=previous.version)
    if new.version == previous.version and new.serials != previous.serials:
        raise ListDiffers(zone=new.zone, version=new.version)
    gone = previous.serials - new.serials
    if gone:
        proved = proved_removals(removals, new, previous.version, root)
        for serial in sorted(gone - proved):
            raise RemovalUnproved(serial=f"{serial:X}", zone=new.zone, previous=previous.version, version=new.version)


def proved_removals(lines: Iterable[str], new: IssuedList, since: int, root: str | None) -> set[int]:
    """The serials that tokens' statements removed from the list's zone after version `since`, up to its own.

    `lines` are those of a removals file: every enrolment and revocation of the site, and the removals, in the order
    of the journal. Raises RemovalsUnreadable for the first line that does not hold.
    """
    trust = Trust(new.site, root)
    removed: set[int] = set()
    last = 0
    for line, text in enumerate(lines, 1):
        try:
            statements = json.loads(text)["statements"]
            payload = payload_of(statements[0])
            record = _record(payload)
            trust.follow(record, {"statements": statements})
            if record.action == "remove":
                removed |= _removed(payload, new, since)
        except SperreError as error:
            raise RemovalsUnreadable(line=line, why=error) from error
        except (LookupError, TypeError, ValueError, AttributeError):
            raise RemovalsUnreadable(line=line, why=N_("it is no statement")) from None
        if record.number <= last:
            raise RemovalsUnreadable(line=line, why=N_("it stands in the wrong order"))
        last = record.number
    return removed


def _record(payload: dict[str, Any]) -> _SignedRecord:
    journal = payload["journal"]
    return _SignedRecord(
        journal["number"] + 1, payload["time"], payload["operator"], payload["action"], "", journal["hash"]
    )


def _removed(payload: dict[str, Any], new: IssuedList, since: int) -> set[int]:
    """What a removal took off the list of the zone with versions after `since`, up to that of `new`."""
    return {
        int(serial, 16)
        for change in payload["zones"]
        if change["zone"] == new.zone
        for version, serial in enumerate(change["keys"], change["before"] + 1)
        if since < version <= new.version
    }
