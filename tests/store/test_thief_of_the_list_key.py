"""The reference receiver against a thief who holds the list key: forged statements, keys that came back, part lists."""

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from pkcs11_token import list_file
from pkcs11_token.list_file import IssuedList, check_list
from pkcs11_token.statement import payload_of
from store import blocklist, outbox
from store.crl import Issuer
from store.database import Store
from store.models import Site
from store.terms import Reason
from tests.store.software_token import SoftwareToken
from tests.store.test_outbox import issuer

N_1, N_2 = 0x04A1, 0x04A2


def block(site: Store, *labels: str) -> IssuedList:
    """Order these keys' addition; returns the list of zone A that was issued."""
    blocklist.add(site, labels, order=True, reason=Reason.LOST)
    return issued(site)


def unblock(site: Store, token: SoftwareToken, *labels: str) -> IssuedList:
    token.remove(site, labels, order=True)
    return issued(site)


def issued(site: Store) -> IssuedList:
    outbox.flush(site, lambda: issuer(site))
    folder = outbox.folder_of(site)
    ca = list_file.read_ca((folder / "ca.pem").read_bytes(), "ca.pem")
    return list_file.read_list((folder / "A.crl").read_bytes(), ca, "A.crl")


def removals(site: Store) -> list[str]:
    return (outbox.folder_of(site) / "A.removals.jsonl").read_text().splitlines()


def forged(like: IssuedList, version: int, *serials: int) -> IssuedList:
    """What a thief of the list key can sign."""
    return IssuedList(like.site, like.zone, version, frozenset(serials))


def test_without_the_fingerprint_of_the_first_token_nothing_is_proved(site: Store, token: SoftwareToken) -> None:
    before = block(site, "N-1")
    after = unblock(site, token, "N-1")
    with pytest.raises(list_file.RemovalUnproved):
        check_list(after, before, removals(site))


def test_a_first_token_of_the_thiefs_own_is_refused(site: Store, token: SoftwareToken) -> None:
    before = block(site, "N-1", "N-2")
    thief = SoftwareToken()
    after = forged(before, before.version + 1, N_2)
    journal = {"number": 0, "hash": "0" * 64}
    common = {"site": before.site, "operator": "kari", "time": "2026-11-24T06:50:00Z", "journal": journal}
    enrolment = payload_of(json.loads(removals(site)[0])["statements"][0]) | {"journal": journal}
    enrolment["token"] = enrolment["token"] | named(thief)
    removal = {"action": "remove", "zones": [change(before, N_1)], "journal": {"number": 1, "hash": "0" * 64}}
    lines = signed_lines(thief, enrolment, common | removal)
    check_list(after, before, lines, thief.fingerprint)
    with pytest.raises(list_file.RemovalsUnreadable, match="not the one"):
        check_list(after, before, lines, token.fingerprint)


def test_a_key_that_came_back_cannot_go_by_its_old_statement(site: Store, token: SoftwareToken) -> None:
    first = block(site, "N-1", "N-2")
    unblock(site, token, "N-1")
    again = block(site, "N-1")
    silent = forged(again, again.version + 1, N_2)
    with pytest.raises(list_file.RemovalUnproved):
        check_list(silent, again, removals(site), token.fingerprint)
    with pytest.raises(list_file.ListDoesNotFollow):
        check_list(silent, first, removals(site), token.fingerprint)
    check_list(again, first, removals(site), token.fingerprint)


def test_a_key_that_came_back_goes_by_a_statement_of_its_own(site: Store, token: SoftwareToken) -> None:
    first = block(site, "N-1", "N-2")
    unblock(site, token, "N-1")
    again = block(site, "N-1")
    last = unblock(site, token, "N-1")
    for before in (first, again, None):
        check_list(last, before, removals(site), token.fingerprint)


def test_a_receiver_without_a_list_counts_the_keys_from_the_beginning(site: Store, token: SoftwareToken) -> None:
    found = block(site, "N-1", "N-2")
    check_list(found, None, removals(site), token.fingerprint)
    with pytest.raises(list_file.ListDoesNotFollow):
        check_list(forged(found, found.version, N_2), None, removals(site), token.fingerprint)


def test_a_statement_twice_is_refused(site: Store, token: SoftwareToken) -> None:
    before = block(site, "N-1", "N-2")
    after = unblock(site, token, "N-1")
    with pytest.raises(list_file.RemovalsUnreadable, match="line 3"):
        check_list(after, before, [*removals(site), removals(site)[-1]], token.fingerprint)


def test_two_statements_for_one_version_are_refused(site: Store, token: SoftwareToken) -> None:
    before = block(site, "N-1", "N-2")
    after = unblock(site, token, "N-1")
    removal = payload_of(json.loads(removals(site)[-1])["statements"][0])
    later = removal | {"zones": [change(before, N_2)], "journal": {"number": 99, "hash": "0" * 64}}
    with pytest.raises(list_file.RemovalsUnreadable, match="line 3"):
        check_list(after, before, [*removals(site), *signed_lines(token, later)], token.fingerprint)


@pytest.mark.parametrize(
    "wrong",
    [
        {"zones": [{"zone": "B", "before": 2, "after": 3, "keys": ["04A1"]}]},
        {"zones": [{"zone": "A", "before": 2, "after": 3, "keys": ["04A2"]}]},
        {"zones": [{"zone": "A", "before": 3, "after": 4, "keys": ["04A1"]}]},
        {"zones": [{"zone": "A", "before": 1, "after": 2, "keys": ["04A1"]}]},
    ],
    ids=["of another zone", "of another key", "of a later version", "of an older version"],
)
def test_a_statement_about_something_else_proves_nothing(
    site: Store, token: SoftwareToken, wrong: dict[str, object]
) -> None:
    before = block(site, "N-1", "N-2")
    after = unblock(site, token, "N-1")
    enrolment, removal = (payload_of(json.loads(line)["statements"][0]) for line in removals(site))
    check_list(after, before, signed_lines(token, enrolment, removal), token.fingerprint)
    with pytest.raises(list_file.RemovalUnproved):
        check_list(after, before, signed_lines(token, enrolment, removal | wrong), token.fingerprint)


def test_a_statement_of_another_site_is_refused(site: Store, token: SoftwareToken) -> None:
    before = block(site, "N-1", "N-2")
    after = unblock(site, token, "N-1")
    enrolment, removal = (payload_of(json.loads(line)["statements"][0]) for line in removals(site))
    lines = signed_lines(token, enrolment, removal | {"site": "f" * 32})
    with pytest.raises(list_file.RemovalsUnreadable, match=r"line 2.*site differs"):
        check_list(after, before, lines, token.fingerprint)


def test_a_token_that_was_revoked_proves_nothing_more(site: Store, token: SoftwareToken) -> None:
    second = SoftwareToken()
    second.enrol(site, token)
    token.revoke(site, second)
    before = block(site, "N-1", "N-2")
    after = unblock(site, token, "N-1")
    check_list(after, before, removals(site), token.fingerprint)
    *tokens, removal = (payload_of(json.loads(line)["statements"][0]) for line in removals(site))
    lines = [*signed_lines(token, *tokens), *signed_lines(second, removal)]
    with pytest.raises(list_file.RemovalsUnreadable, match="revoked"):
        check_list(after, before, lines, token.fingerprint)


def test_a_line_nested_beyond_reason_has_its_words(site: Store, token: SoftwareToken) -> None:
    found = block(site, "N-2")
    with pytest.raises(list_file.RemovalsUnreadable, match="line 1"):
        check_list(found, None, ["[" * 10**5], token.fingerprint)


def test_a_list_that_says_it_is_only_a_part_is_refused(site: Store) -> None:
    block(site, "N-2")
    with issuer(site) as signer:
        ca = signer.certificate
        whole = made(signer, Site.get().uuid)
        list_file.read_list(whole, ca, "whole")
        for extension in (x509.DeltaCRLIndicator(1), x509.FreshestCRL([])):
            with pytest.raises(list_file.ListUnreadable, match="extension"):
                list_file.read_list(made(signer, Site.get().uuid, extension), ca, "part")
        with pytest.raises(list_file.ListUnreadable, match="entry"):
            list_file.read_list(made(signer, Site.get().uuid, entry=x509.CertificateIssuer([])), ca, "indirect")


def named(token: SoftwareToken) -> dict[str, str]:
    from base64 import b64encode

    return {"fingerprint": token.fingerprint, "public_key": b64encode(token.public_key).decode()}


def change(before: IssuedList, *serials: int) -> dict[str, object]:
    keys = [f"{serial:04X}" for serial in serials]
    return {"zone": "A", "before": before.version, "after": before.version + len(keys), "keys": keys}


def signed_lines(token: SoftwareToken, *payloads: dict[str, object]) -> Sequence[str]:
    return [json.dumps({"statements": [token.sign(payload)]}) for payload in payloads]


def made(signer: Issuer, site: str, *more: x509.ExtensionType, entry: x509.ExtensionType | None = None) -> bytes:
    """A list of N-2 in zone A, with extensions of any kind."""
    now = signer.certificate.not_valid_before_utc
    revoked = x509.RevokedCertificateBuilder().serial_number(N_2).revocation_date(now)
    if entry is not None:
        revoked = revoked.add_extension(entry, critical=True)
    urn = x509.UniformResourceIdentifier(list_file.zone_urn(site, "A"))
    point = x509.IssuingDistributionPoint([urn], None, False, False, None, False, False)
    builder = x509.CertificateRevocationListBuilder(revoked_certificates=[revoked.build()])
    builder = builder.issuer_name(signer.certificate.subject).last_update(now).next_update(now + timedelta(days=1))
    for extension in (x509.CRLNumber(1), point, *more):
        builder = builder.add_extension(extension, critical=not isinstance(extension, x509.CRLNumber))
    return builder.sign(signer.private_key, SHA256()).public_bytes(Encoding.DER)
