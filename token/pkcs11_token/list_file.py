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


class ListDoesNotFollow(ListRefused):
    template = N_(
        "Version {version} of the list of {zone} does not follow from version {previous}: its number of keys is {keys},"
        " but the proved removals leave {expected}. It must not be used."
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

    Extensions of other kinds are refused, since they might say that the list is only a part of the list. Raises
    ListUnreadable, which calls it `what`, or ListSignatureWrong.
    """
    from cryptography import x509

    unreadable = (
        *(ValueError, TypeError),
        *(x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType),
    )
    known = (x509.CRLNumber, x509.IssuingDistributionPoint, x509.AuthorityKeyIdentifier)
    try:
        crl = x509.load_der_x509_crl(der)
        if not all(isinstance(extension.value, known) for extension in crl.extensions):
            raise ListUnreadable(what=what, why=N_("it has other extensions than a blocklist has"))
        if any(not isinstance(e.value, x509.CRLReason) for revoked in crl for e in revoked.extensions):
            raise ListUnreadable(what=what, why=N_("an entry has other extensions than a blocklist has"))
        point = crl.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
        number = crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
        names = [str(name.value) for name in point.full_name or ()]
        scheme, kind, site, zone = "".join(names).split(":", 3)
        if (scheme, kind) != ("urn", "sperre") or point.only_some_reasons or point.indirect_crl:
            raise ListUnreadable(what=what, why=names[0])
        if crl.issuer != ca.subject or not crl.is_signature_valid(ca.public_key()):  # type: ignore[arg-type]  # any key that signs
            raise ListSignatureWrong
        return IssuedList(site, unquote(zone), number, frozenset(revoked.serial_number for revoked in crl))
    except unreadable as error:
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
    lines of `removals`, by a token whose trust begins with the first token, the fingerprint `root`. Without a root
    nothing is proved. With one the keys are counted, too: each version puts one key on the list or takes one off, so
    that a key that came back cannot go again by the statement that removed it the first time.
    """
    for expected in (zone, previous.zone if previous else None):
        if expected is not None and new.zone != expected:
            raise ListOfAnotherZone(zone=new.zone, expected=expected)
    previous = previous or IssuedList(new.site, new.zone, 0, frozenset())
    if new.site != previous.site:
        raise ListOfAnotherZone(zone=f"{new.zone} ({new.site})", expected=f"{previous.zone} ({previous.site})")
    if new.version < previous.version:
        raise ListOlder(zone=new.zone, version=new.version, previous=previous.version)
    if new.version == previous.version and new.serials != previous.serials:
        raise ListDiffers(zone=new.zone, version=new.version)
    proved = proved_removals(removals, new, root) if root else {}
    removed = {serial for version, serial in proved.items() if previous.version < version}
    for serial in sorted(previous.serials - new.serials - removed):
        raise RemovalUnproved(serial=f"{serial:X}", zone=new.zone, previous=previous.version, version=new.version)
    if root:
        _require_count(new, previous, sum(previous.version < version for version in proved))


def _require_count(new: IssuedList, previous: IssuedList, removals: int) -> None:
    """Raise ListDoesNotFollow unless `new` has as many keys as that many removals since `previous` leave."""
    additions = new.version - previous.version - removals
    expected = len(previous.serials) + additions - removals
    if len(new.serials) != expected:
        raise ListDoesNotFollow(
            zone=new.zone, keys=len(new.serials), expected=expected, previous=previous.version, version=new.version
        )


def proved_removals(lines: Iterable[str], new: IssuedList, root: str) -> dict[int, int]:
    """Which key (its serial) each version, up to that of `new`, took off the list of its zone, as tokens stated.

    `lines` are those of a removals file: every enrolment and revocation of the site, and the removals, in the order
    of the journal. Raises RemovalsUnreadable for the first line that does not hold.
    """
    trust = Trust(new.site, root)
    removed: dict[int, int] = {}
    last = 0
    for line, text in enumerate(lines, 1):
        try:
            statements = json.loads(text)["statements"]
            payload = payload_of(statements[0])
            record = _record(payload)
            trust.follow(record, {"statements": statements})
            taken_off = _removed(payload, new) if record.action == "remove" else {}
        except SperreError as error:
            raise RemovalsUnreadable(line=line, why=error) from error
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
            raise RemovalsUnreadable(line=line, why=N_("it is no statement")) from None
        if record.number <= last or not removed.keys().isdisjoint(taken_off):
            raise RemovalsUnreadable(line=line, why=N_("it does not follow from the lines before"))
        last = record.number
        removed |= taken_off
    return removed


def _record(payload: dict[str, Any]) -> _SignedRecord:
    journal = payload["journal"]
    return _SignedRecord(
        journal["number"] + 1, payload["time"], payload["operator"], payload["action"], "", journal["hash"]
    )


def _removed(payload: dict[str, Any], new: IssuedList) -> dict[int, int]:
    """What a removal took off the list of the zone of `new`, up to its version: serials by version."""
    return {
        version: int(serial, 16)
        for change in payload["zones"]
        if change["zone"] == new.zone
        for version, serial in enumerate(change["keys"], change["before"] + 1)
        if version <= new.version
    }
