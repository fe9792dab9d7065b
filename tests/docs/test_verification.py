"""docs/verification.md: what it says is so, and its recipe is run as it stands there."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pkcs11_token import chain_errors
from pkcs11_token.chain import Head
from pkcs11_token.journal_file import verify_file
from pkcs11_token.statement import full_fingerprint, payload_of
from store import blocklist, journal
from store.database import Store
from store.terms import Reason
from tests.store.conftest import clock, site, site_files, store, token
from tests.store.software_token import SoftwareToken

__all__ = ["clock", "site", "site_files", "store", "token"]

DOCUMENT = Path(__file__).parents[2] / "docs" / "verification.md"


@pytest.fixture
def exported(site: Store, token: SoftwareToken, tmp_path: Path) -> Path:
    """An exported journal with one removal, in a folder of its own."""
    blocklist.add(site, ["N-2"], order=True, reason=Reason.LOST)
    token.remove(site, ["N-2"], order=True)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    assert journal.export(site, folder / "journal.jsonl") == 6
    return folder / "journal.jsonl"


def recipe() -> str:
    (found,) = re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    return str(found)


def run_recipe(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-c", recipe()], cwd=folder, capture_output=True, text=True, check=False)


def test_the_openssl_recipe_proves_a_removal(exported: Path, token: SoftwareToken) -> None:
    done = run_recipe(exported.parent)
    assert "Verified OK" in done.stdout, done.stderr
    assert token.fingerprint in done.stdout
    payload = json.loads(done.stdout.strip().splitlines()[-1])
    assert (payload["action"], payload["keys"]) == ("remove", [{"label": "N-2", "serial": "04A2"}])


def test_the_openssl_recipe_finds_a_forgery(exported: Path) -> None:
    lines = exported.read_text().splitlines()
    removal = next(number for number, line in enumerate(lines) if '"action":"remove"' in line)
    statement = json.loads(lines[removal])["details"]["statements"][0]
    lines[removal] = lines[removal].replace(statement[200:204], "AAAA" if statement[200:204] != "AAAA" else "BBBB")
    exported.write_text("\n".join(lines))
    assert "Verified OK" not in run_recipe(exported.parent).stdout


def test_every_field_of_the_statement_is_described(exported: Path, token: SoftwareToken) -> None:
    described = set(re.findall(r"`(\w+)`", DOCUMENT.read_text()))
    run_recipe(exported.parent)
    for line in exported.read_text().splitlines()[1:]:
        for statement in json.loads(line)["details"].get("statements", ()):
            assert payload_of(statement).keys() <= described


def test_an_exported_journal_is_proved_without_the_store(exported: Path, token: SoftwareToken, site: Store) -> None:
    chain = verify_file(exported, root=token.fingerprint, head=journal.head())
    assert (chain.last, chain.removals) == (journal.head(), 1)
    assert chain.lists["A"].serials == set()


ELSEWHERE = """
import runpy, sys
from importlib.abc import MetaPathFinder

THERE = {*sys.stdlib_module_names, "cryptography", "cffi", "_cffi_backend", "pkcs11_token"}

class NothingElse(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in THERE:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, NothingElse())
runpy.run_module("pkcs11_token.journal_file", run_name="__main__", alter_sys=True)
"""


def checked_elsewhere(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The check where Python has `cryptography` and the folder `token/`, and nothing else can be imported."""
    return subprocess.run(
        [sys.executable, "-c", ELSEWHERE, *map(str, arguments)],
        env={"PYTHONPATH": str(DOCUMENT.parents[1] / "token")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_needs_nothing_but_python_and_cryptography(exported: Path, token: SoftwareToken) -> None:
    done = checked_elsewhere(exported, full_fingerprint(token.fingerprint))
    assert (done.returncode, done.stderr) == (0, "")
    head = journal.head().short
    assert done.stdout == f"The journal is whole. Records: 6, removals: 1. Head: {head}\n"


def test_elsewhere_too_a_forgery_or_a_wrong_root_ends_in_words(exported: Path) -> None:
    refused = checked_elsewhere(exported, "00" * 32)
    assert (refused.returncode, refused.stdout) == (3, "")
    assert refused.stderr.startswith("Journal record 2 is wrong: The first token of the journal is ")
    exported.write_text(exported.read_text().replace("04A2", "04A3"))
    assert checked_elsewhere(exported).stderr.startswith("Journal record 3 was edited")
    assert [checked_elsewhere(*wrong).returncode for wrong in ([], [exported, "a", "b"], ["none"])] == [2, 2, 5]


def test_another_root_is_refused(exported: Path) -> None:
    with pytest.raises(chain_errors.JournalBroken) as finding:
        verify_file(exported, root="0" * 64)
    assert isinstance(finding.value.values["what"], chain_errors.RootDiffers)


def test_a_file_that_was_cut_is_found_with_the_head(exported: Path) -> None:
    head = journal.head()
    exported.write_text("\n".join(exported.read_text().splitlines()[:-1]) + "\n")
    with pytest.raises(chain_errors.HeadMissing):
        verify_file(exported, head=head)
    with pytest.raises(chain_errors.HeadMissing):
        verify_file(exported, head=Head(1, hashlib.sha256(b"").hexdigest()))


@pytest.mark.parametrize("number", range(1, 7))
def test_any_edited_line_is_found(exported: Path, number: int) -> None:
    lines = exported.read_text().splitlines()
    lines[number] = lines[number].replace('"operator":"kari"', '"operator":"ola"')
    exported.write_text("\n".join(lines))
    with pytest.raises(chain_errors.JournalBroken) as finding:
        verify_file(exported)
    assert finding.value.values["number"] == number


@pytest.mark.parametrize(
    "field",
    [
        '"number":true',
        '"at":[]',
        '"operator":null',
        '"action":{}',
        '"details":[]',
        '"hash":0',
        '"details":' + "[" * 9999,
    ],
    ids=lambda field: field[:12],
)
def test_a_field_of_another_kind_is_found(exported: Path, field: str) -> None:
    lines = exported.read_text().splitlines()
    name = field.partition(":")[0]
    (kept,) = re.findall(rf"^(.*){name}:", lines[1])
    lines[1] = kept + field + lines[1][len(kept) + len(name) + 1 :]
    exported.write_text("\n".join(lines))
    with pytest.raises(chain_errors.JournalBroken) as finding:
        verify_file(exported)
    assert finding.value.values["number"] == 1


def test_what_is_no_journal_has_its_words(tmp_path: Path) -> None:
    for content in (b"", b"{}\n", b"hello\n", b"\xff\xfe\n"):
        (tmp_path / "x").write_bytes(content)
        with pytest.raises(chain_errors.JournalFileUnreadable):
            verify_file(tmp_path / "x")


def test_the_export_can_be_read_by_its_owner_only(exported: Path) -> None:
    assert exported.stat().st_mode & 0o777 == 0o600
