"""The reference receiver: whoever holds the list key cannot quietly unblock."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from pkcs11_token.list_file import (
    CaUnreadable,
    IssuedList,
    ListDiffers,
    ListOfAnotherZone,
    ListOlder,
    ListRefused,
    ListSignatureWrong,
    ListUnreadable,
    RemovalsUnreadable,
    RemovalUnproved,
    check_list,
    read_ca,
    read_list,
)
from store import blocklist, crl, outbox
from store.database import Store
from store.terms import Reason
from tests.store.conftest import Clock
from tests.store.software_token import SoftwareToken
from tests.store.test_outbox import block, flush, issuer

Removals = list[str]


@pytest.fixture
def history(site: Store, token: SoftwareToken) -> Store:
    """A version 1 adds N-1, 2 adds N-2, 3 removes N-1, 4 adds N-1 again; all ordered."""
    block(site, "N-1")
    block(site, "N-2")
    token.remove(site, ["N-1"], order=True)
    block(site, "N-1")
    flush(site)
    return site


def read(store: Store, name: str) -> IssuedList:
    folder = outbox.folder_of(store)
    return read_list((folder / name).read_bytes(), read_ca((folder / "ca.pem").read_bytes(), "ca.pem"), name)


def removals(store: Store, zone: str = "A") -> Removals:
    return (outbox.folder_of(store) / f"{zone}.removals.jsonl").read_text().splitlines()


def forged(store: Store, name: str, *, without: int = 0, version: int | None = None) -> IssuedList:
    """The list `name` made anew with the list key: without a serial, or with another version."""
    with issuer(store) as signer:
        return read_list(forged_file(store, name, without=without, version=version), signer.certificate, name)


def forged_file(store: Store, name: str, *, without: int = 0, version: int | None = None) -> bytes:
    """The same as a file (DER), as a thief of the list key would sign it."""
    old = x509.load_der_x509_crl((outbox.folder_of(store) / name).read_bytes())
    builder = x509.CertificateRevocationListBuilder().issuer_name(old.issuer)
    builder = builder.last_update(old.last_update_utc).next_update(datetime(2030, 1, 1))
    for extension in old.extensions:
        value = extension.value
        if isinstance(value, x509.CRLNumber) and version is not None:
            value = x509.CRLNumber(version)
        builder = builder.add_extension(value, extension.critical)
    for entry in old:
        if entry.serial_number != without:
            builder = builder.add_revoked_certificate(entry)
    with issuer(store) as signer:
        return builder.sign(signer.private_key, SHA256()).public_bytes(Encoding.DER)


def test_a_newer_list_with_its_removals_is_accepted(history: Store, token: SoftwareToken) -> None:
    for previous in ("A-1.crl", "A-2.crl", "A-3.crl", "A-4.crl"):
        check_list(read(history, "A.crl"), read(history, previous), removals(history), token.fingerprint, "A")
    assert read(history, "A-3.crl").serials == {0x04A2}


def test_a_removal_without_its_statement_is_refused(history: Store, token: SoftwareToken) -> None:
    with pytest.raises(RemovalUnproved, match="Key 4A1 disappeared from the list of A between version 2 and 3"):
        check_list(read(history, "A-3.crl"), read(history, "A-2.crl"), removals(history)[:1], token.fingerprint)
    with pytest.raises(RemovalUnproved):
        check_list(read(history, "A-3.crl"), read(history, "A-2.crl"))


def test_a_list_with_one_key_taken_out_by_hand_is_refused(history: Store, token: SoftwareToken) -> None:
    quietly = forged(history, "A.crl", without=0x04A2, version=5)
    with pytest.raises(RemovalUnproved, match="Key 4A2"):
        check_list(quietly, read(history, "A.crl"), removals(history), token.fingerprint)


def test_an_old_statement_does_not_take_a_key_off_again(history: Store, token: SoftwareToken) -> None:
    """N-1 was removed in version 3 and came back in 4: the statement of then proves nothing now."""
    again = forged(history, "A.crl", without=0x04A1, version=5)
    with pytest.raises(RemovalUnproved, match="Key 4A1"):
        check_list(again, read(history, "A.crl"), removals(history), token.fingerprint)


def test_a_statement_of_a_later_version_does_not_prove_an_earlier_list(history: Store, token: SoftwareToken) -> None:
    early = forged(history, "A-2.crl", without=0x04A1)
    with pytest.raises(RemovalUnproved):
        check_list(early, read(history, "A-1.crl"), removals(history), token.fingerprint)


def test_a_statement_for_another_zone_is_no_proof(history: Store, token: SoftwareToken) -> None:
    block(history, "N-3")
    flush(history)
    without = forged(history, "B.crl", without=0x04A3, version=9)
    with pytest.raises(RemovalUnproved, match="Key 4A3"):
        check_list(without, read(history, "B.crl"), removals(history, "A"), token.fingerprint)


def test_statements_of_tokens_that_do_not_lead_to_the_root_are_refused(history: Store) -> None:
    with pytest.raises(RemovalsUnreadable, match="line 1"):
        check_list(read(history, "A-3.crl"), read(history, "A-2.crl"), removals(history), SoftwareToken().fingerprint)


def test_a_stranger_enrolled_by_nobody_proves_nothing(history: Store, token: SoftwareToken) -> None:
    lines = removals(history)
    stranger = SoftwareToken()
    payload = blocklist.prepare_removal(history, ["N-2"], order=True, reason=blocklist.RemovalReason.FOUND)
    lines.append(json.dumps({"statements": [stranger.sign(payload)]}))
    without = forged(history, "A.crl", without=0x04A2, version=5)
    with pytest.raises(RemovalsUnreadable, match="line 3"):
        check_list(without, read(history, "A.crl"), lines, token.fingerprint)


def test_a_revoked_token_proves_nothing_later(history: Store, token: SoftwareToken, clock: Clock) -> None:
    second = SoftwareToken()
    second.enrol(history, token)
    payload = blocklist.prepare_removal(history, ["N-2"], order=True, reason=blocklist.RemovalReason.FOUND)
    token.revoke(history, second)
    block(history, "N-3")
    flush(history)
    lines = [*removals(history, "B"), json.dumps({"statements": [second.sign(payload)]})]
    without = forged(history, "A.crl", without=0x04A2, version=5)
    with pytest.raises(RemovalsUnreadable):
        check_list(without, read(history, "A.crl"), lines, token.fingerprint)


@pytest.mark.parametrize("line", ["", "{}", "[1]", '{"statements": []}', '{"statements": ["a.b.c"]}', "\x1b[31m"])
def test_a_line_that_is_no_statement_is_named(history: Store, token: SoftwareToken, line: str) -> None:
    with pytest.raises(RemovalsUnreadable, match="line 3"):
        check_list(read(history, "A-3.crl"), read(history, "A-2.crl"), [*removals(history), line], token.fingerprint)


def test_lines_in_another_order_are_refused(history: Store, token: SoftwareToken) -> None:
    with pytest.raises(RemovalsUnreadable):
        check_list(read(history, "A-3.crl"), read(history, "A-2.crl"), removals(history)[::-1], token.fingerprint)


def test_an_older_list_is_refused(history: Store) -> None:
    with pytest.raises(ListOlder):
        check_list(read(history, "A-1.crl"), read(history, "A-2.crl"))


def test_another_list_of_the_same_version_is_refused(history: Store, token: SoftwareToken) -> None:
    with pytest.raises(ListDiffers):
        check_list(
            forged(history, "A.crl", without=0x04A2), read(history, "A.crl"), removals(history), token.fingerprint
        )


def test_a_list_of_another_zone_is_refused(history: Store) -> None:
    with pytest.raises(ListOfAnotherZone):
        check_list(read(history, "B.crl"), read(history, "A-1.crl"))
    with pytest.raises(ListOfAnotherZone):
        check_list(read(history, "B.crl"), zone="A")


def test_a_list_signed_by_another_key_is_refused(history: Store, tmp_path: Path) -> None:
    folder = outbox.folder_of(history)
    other = crl.issuer(crl.file_key(tmp_path), tmp_path, history.clock())
    with pytest.raises(ListSignatureWrong):
        read_list((folder / "A.crl").read_bytes(), other.certificate, "A.crl")


def test_a_list_of_another_site_is_refused(history: Store) -> None:
    mine = read(history, "A.crl")
    with pytest.raises(ListRefused):
        check_list(mine, IssuedList("other", "A", 1, frozenset()))


@pytest.mark.parametrize("content", [b"", b"-----BEGIN", b"\x30\x03\x02\x01\x01"])
def test_what_is_no_list_is_refused(history: Store, content: bytes) -> None:
    with issuer(history) as signer, pytest.raises(ListUnreadable):
        read_list(content, signer.certificate, "A.crl")
    with pytest.raises(CaUnreadable):
        read_ca(content, "ca.pem")


def test_a_crl_of_somebody_else_is_refused(history: Store) -> None:
    with issuer(history) as signer:
        builder = x509.CertificateRevocationListBuilder().issuer_name(signer.certificate.subject)
        builder = builder.last_update(datetime(2026, 1, 1)).next_update(datetime(2027, 1, 1))
        der = builder.sign(signer.private_key, SHA256()).public_bytes(Encoding.DER)
        with pytest.raises(ListUnreadable):
            read_list(der, signer.certificate, "A.crl")


def test_the_zone_of_a_list_may_have_any_name(site: Store) -> None:
    from store.models import Zone

    Zone.update(name="Øst/1: “kjeller” :").where(Zone.name == "A").execute()
    blocklist.add(site, ["N-2"], order=True, reason=Reason.LOST)
    flush(site)
    (name,) = (path.name for path in outbox.folder_of(site).glob("*-1.crl"))
    assert read(site, name).zone == "Øst/1: “kjeller” :"
