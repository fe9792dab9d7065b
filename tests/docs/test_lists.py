"""docs/lists.md: what it says of issued lists is so, and its recipe is run as it stands there."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from cryptography import x509

from store import blocklist, outbox
from store.database import Store
from store.terms import Reason
from tests.store.conftest import clock, site, site_files, store, token
from tests.store.software_token import SoftwareToken
from tests.store.test_outbox import flush

__all__ = ["clock", "site", "site_files", "store", "token"]

DOCUMENT = Path(__file__).parents[2] / "docs" / "lists.md"


@pytest.fixture
def issued(site: Store, token: SoftwareToken) -> Path:
    """The outbox: version 2 of A holds N-1 and N-2, version 3 only N-2."""
    blocklist.add(site, ["N-1", "N-2"], order=True, reason=Reason.LOST)
    flush(site)
    token.remove(site, ["N-1"], order=True)
    flush(site)
    return outbox.folder_of(site)


def run_recipe(folder: Path) -> subprocess.CompletedProcess[str]:
    (recipe,) = re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    return subprocess.run(
        ["bash", "-c", recipe],
        cwd=folder,
        env={**os.environ, "zone": "A", "older": "2"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_openssl_recipe_verifies_a_list_and_shows_what_is_gone_and_why(issued: Path) -> None:
    done = run_recipe(issued)
    assert "verify OK" in done.stderr
    assert re.search(r"^crlNumber=(0x)?0*3$", done.stdout, re.MULTILINE)
    assert re.search(r"URI:urn:sperre:\w+:A\n", done.stdout)
    assert "gone: 04A1 \n" in done.stdout
    (removal,) = [line for line in done.stdout.splitlines() if '"action":"remove"' in line]
    assert '"after":3,"before":2,"keys":["04A1"],"zone":"A"' in removal


def test_the_openssl_recipe_finds_a_list_that_was_edited(issued: Path) -> None:
    path = issued / "A.crl"
    path.write_bytes(path.read_bytes().replace(b"\x04\xa2", b"\x04\xa9"))
    assert "verify OK" not in run_recipe(issued).stderr


def test_every_extension_and_every_file_is_described(issued: Path) -> None:
    text = DOCUMENT.read_text()
    crl = x509.load_der_x509_crl((issued / "A.crl").read_bytes())
    named = {"cRLNumber": "CRL number", "issuingDistributionPoint": "issuing distribution point"}
    named["authorityKeyIdentifier"] = "authority key identifier"
    assert all(named[extension.oid._name] in text for extension in crl.extensions)
    for path in issued.iterdir():
        name = re.sub(r"^[ABC]\b", "ZONE", re.sub(r"-\d+\.", "-VERSION.", path.name))
        assert name == ".lock" or f"`{name}`" in text


def test_the_numbers_agree_as_the_document_says(issued: Path) -> None:
    old, new = (len(x509.load_der_x509_crl((issued / name).read_bytes())) for name in ("A-2.crl", "A-3.crl"))
    removals = run_recipe(issued).stdout.count('"before":2,"keys":["04A1"],"zone":"A"')
    assert (old, new, removals) == (2, 1, 1)
    assert new == old + (3 - 2 - removals) - removals
