"""Issued lists: what openssl says of them, what the outbox holds, and what it survives."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509

from store import blocklist, crl, outbox
from store.crl import Issuer
from store.database import Store
from store.errors import HookFailed, ListKeyUnusable, NeverIssued
from store.models import Key, RightKey, Zone
from store.terms import Reason
from tests.store.conftest import Clock
from tests.store.software_token import SoftwareToken

HOOK = "import sys, pathlib; pathlib.Path(sys.argv[1]).open('a').write(' '.join(sys.argv[2:]) + chr(10))"


@contextmanager
def issuer(store: Store) -> Iterator[Issuer]:
    folder = store.path.parent
    yield crl.issuer(crl.file_key(folder), folder, store.clock())


def flush(store: Store, *hook: str) -> int:
    return outbox.flush(store, lambda: issuer(store), hook)


def block(store: Store, *labels: str, order: bool = True, reason: Reason = Reason.LOST) -> None:
    blocklist.add(store, labels, order=order, reason=reason)


def files(store: Store) -> set[str]:
    return {path.name for path in outbox.folder_of(store).iterdir()} - {".lock"}


def issued(store: Store, name: str) -> x509.CertificateRevocationList:
    return x509.load_der_x509_crl((outbox.folder_of(store) / name).read_bytes())


def openssl(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)


def test_openssl_verifies_and_prints_a_list(site: Store) -> None:
    block(site, "N-1", "N-2")
    flush(site)
    found = openssl(
        *("crl", "-inform", "DER", "-in", "A.crl", "-CAfile", "ca.pem", "-verify", "-noout", "-text"),
        folder=outbox.folder_of(site),
    )
    assert "verify OK" in found.stderr
    assert "X509v3 CRL Number: \n                2" in found.stdout
    assert "Serial Number: 04A1" in found.stdout
    assert "Serial Number: 04A2" in found.stdout
    assert "Key Compromise" in found.stdout
    assert ":A\n" in found.stdout, "the issuing distribution point names the zone"


def test_a_list_with_one_byte_changed_is_refused_by_openssl(site: Store) -> None:
    block(site, "N-1")
    flush(site)
    path = outbox.folder_of(site) / "A.crl"
    path.write_bytes(path.read_bytes().replace(b"\x04\xa1", b"\x04\xa9"))
    command = ("crl", "-inform", "DER", "-in", "A.crl", "-CAfile", "ca.pem", "-verify", "-noout")
    assert "verify failure" in openssl(*command, folder=path.parent).stderr


def test_each_order_writes_its_list_and_keeps_the_older_ones(site: Store) -> None:
    block(site, "N-2")
    flush(site)
    block(site, "N-1")
    flush(site)
    assert files(site) == {
        "ca.pem",
        *("A.crl", "A-1.crl", "A-2.crl", "A.removals.jsonl"),
        *("B.crl", "B-1.crl", "B.removals.jsonl", "C.crl", "C-1.crl", "C.removals.jsonl"),
    }
    assert [entry.serial_number for entry in issued(site, "A.crl")] == [0x04A2, 0x04A1]
    assert [entry.serial_number for entry in issued(site, "A-1.crl")] == [0x04A2]


def test_a_plan_is_not_issued(site: Store) -> None:
    block(site, "N-1", order=False)
    assert outbox.waiting(site) == []
    assert flush(site) == 0
    with issuer(site) as signer, pytest.raises(NeverIssued):
        crl.issued_list(Zone.get(Zone.name == "A"), 1, signer)


def test_a_list_tells_when_and_why_each_key_came_on_it(site: Store, clock: Clock) -> None:
    block(site, "N-1", reason=Reason.NOT_RETURNED)
    clock.advance(hours=1)
    block(site, "N-2", reason=Reason.OTHER)
    flush(site)
    first, second = issued(site, "A.crl")
    assert first.revocation_date_utc.hour == 6
    assert second.revocation_date_utc.hour == 7
    reason = first.extensions.get_extension_for_class(x509.CRLReason).value.reason
    assert reason == x509.ReasonFlags.privilege_withdrawn
    assert len(second.extensions) == 0, "RFC 5280 wants no reason code rather than *unspecified*"
    assert issued(site, "A.crl").last_update_utc == clock().replace(second=0)
    assert issued(site, "A.crl").next_update_utc == clock() + crl.NEXT_UPDATE


def test_the_list_key_is_made_once_and_for_its_owner_alone(site: Store) -> None:
    block(site, "N-2")
    flush(site)
    key = site.path.parent / crl.KEY_FILE
    before = key.read_bytes(), (outbox.folder_of(site) / "ca.pem").read_bytes()
    assert (key.stat().st_mode & 0o777, outbox.folder_of(site).stat().st_mode & 0o777) == (0o600, 0o700)
    block(site, "N-1")
    flush(site)
    assert (key.read_bytes(), (outbox.folder_of(site) / "ca.pem").read_bytes()) == before


def test_a_list_key_that_cannot_be_read_leaves_the_list_waiting(site: Store) -> None:
    (site.path.parent / crl.KEY_FILE).write_text("no key")
    block(site, "N-2")
    with pytest.raises(ListKeyUnusable):
        flush(site)
    (row,) = outbox.waiting(site)
    assert (row.zone, row.version, row.written) == ("A", 1, False)
    assert "The list key" in row.failure
    (site.path.parent / crl.KEY_FILE).unlink()
    assert flush(site) == 1
    assert outbox.waiting(site) == []


def test_the_removals_beside_a_list_are_those_that_it_has_had(site: Store, token: SoftwareToken) -> None:
    block(site, "N-1", "N-3")
    token.remove(site, ["N-3"], order=True)
    token.remove(site, ["N-1"], order=False)
    flush(site)
    folder = outbox.folder_of(site)
    lines = {zone: (folder / f"{zone}.removals.jsonl").read_text().splitlines() for zone in "AB"}
    assert len(lines["A"]) == 1, "the enrolment; nothing was removed from A and ordered"
    assert len(lines["B"]) == 2


def test_the_hook_gets_the_files_of_each_issue(site: Store, tmp_path: Path) -> None:
    block(site, "N-2")
    assert flush(site, sys.executable, "-c", HOOK, str(tmp_path / "told")) == 1
    (line,) = (tmp_path / "told").read_text().splitlines()
    assert [Path(name).name for name in line.split()] == ["ca.pem", "A.removals.jsonl", "A-1.crl", "A.crl"]
    assert outbox.waiting(site) == []


def test_a_hook_that_fails_is_told_of_and_tried_again_and_the_order_stands(site: Store, tmp_path: Path) -> None:
    block(site, "N-2")
    with pytest.raises(HookFailed, match="no line to the locks"):
        flush(site, sys.executable, "-c", "import sys; sys.exit('no line to the locks')")
    (row,) = outbox.waiting(site)
    assert (row.zone, row.version, row.written, row.failure) == ("A", 1, True, "no line to the locks")
    assert Zone.get(Zone.name == "A").ordered_version == 1
    assert "A.crl" in files(site)
    assert flush(site, sys.executable, "-c", HOOK, str(tmp_path / "told")) == 1
    assert outbox.waiting(site) == []


def test_a_hook_that_is_not_there_is_told_of(site: Store) -> None:
    block(site, "N-2")
    with pytest.raises(HookFailed, match="No such file"):
        flush(site, "/nowhere/hook")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Blokk A", "Blokk A"),
        ("Kjeller på Øvre", "Kjeller på Øvre"),
        ("../etc", "%2E%2E%2Fetc"),
        (".hidden", "%2Ehidden"),
        ("A-1", "A%2D1"),
        ("A\x1b[31m\n", "A%1B%5B31m%0A"),
        ("ends. ", "ends%2E%20"),
    ],
)
def test_a_zone_of_any_name_has_a_safe_file(store: Store, name: str, expected: str) -> None:
    assert outbox.file_name(Zone.create(name=name)) == expected


def test_no_two_zones_share_a_file(store: Store) -> None:
    names = ["a", "A", "a b", "A B", "A" * 200, "A" * 199 + "B", "å", "a\u030a"]
    found = [outbox.file_name(Zone.create(name=name)).lower() for name in names]
    assert len(set(found)) == len(names)
    assert max(map(len, found)) < 100


# Orders one key after the other until it is killed.
ORDERS = """
import os, random, signal, sys, time
from pathlib import Path
from store import blocklist, crl, outbox
from store.database import open_store
from store.models import BlocklistEntry, Key, Zone, database
from store.terms import Reason
from contextlib import contextmanager
from pkcs11_token.list_file import read_ca, read_list
import cryptography.hazmat.primitives.serialization, cryptography.x509

path, chance = Path(sys.argv[1]), random.Random(int(sys.argv[2]))

@contextmanager
def issuer(store):
    yield crl.issuer(crl.file_key(path.parent), path.parent, store.clock())

def order_for_ever(told):
    store = open_store(path, "kari", list_limit=10**6)
    listed = {entry.key.id for entry in BlocklistEntry.select()}
    os.write(told, b".")
    for key in Key.select().where(Key.label.startswith('K-') & Key.id.not_in(listed)):
        blocklist.add(store, [key.label], order=chance.random() < 0.5, reason=Reason.LOST)
        if blocklist.pending():
            blocklist.order(store)
        outbox.flush(store, lambda: issuer(store))
    os._exit(9)

def agree():
    store = open_store(path, "kari", list_limit=10**6)
    outbox.flush(store, lambda: issuer(store))
    assert outbox.waiting(store) == []
    folder = outbox.folder_of(store)
    ca = read_ca((folder / "ca.pem").read_bytes(), "ca.pem") if (folder / "ca.pem").exists() else None
    for zone in Zone.select().where(Zone.ordered_version > 0):
        found = read_list((folder / f"{zone.name}.crl").read_bytes(), ca, zone.name)
        on = BlocklistEntry.select(Key.serial).join(Key).where(
            (BlocklistEntry.zone == zone) & (BlocklistEntry.version_in <= zone.ordered_version))
        assert found.version == zone.ordered_version, (zone.name, found.version, zone.ordered_version)
        assert found.serials == {int(serial, 16) for (serial,) in on.tuples()}, zone.name
    store.close()

for kill in range(int(sys.argv[3])):
    listening, told = os.pipe()
    child = os.fork()
    if child == 0:
        order_for_ever(told)
    os.read(listening, 1)
    time.sleep(chance.random() * 0.03)
    os.kill(child, signal.SIGKILL)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    os.close(listening), os.close(told)
    agree()
"""


@pytest.mark.parametrize("part", range(2))
def test_killed_at_any_point_of_an_order_database_and_outbox_agree_again(site: Store, part: int) -> None:
    zone = Zone.get(Zone.name == "A")
    text = {"sort_en": "", "sort_nb": "", "search": "", "sort_label": ""}
    right = RightKey.get(RightKey.key == Key.get(Key.label == "N-2")).access_right
    with site.writing():  # one transaction, of which each is waited for
        for number in range(3000):
            key = Key.create(
                **{"label": f"K-{number}", "serial": f"77{number:04X}", "name": "", "type": "key fob"},
                **{"state": "programmed", "main_zone": zone},
                **text,
            )
            RightKey.create(access_right=right, key=key)
    site.close()
    done = subprocess.run(
        [sys.executable, "-c", ORDERS, str(site.path), str(part), "100"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
