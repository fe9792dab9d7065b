"""`sperre token enroll` and `revoke`: each is signed by an enrolled token, but for the first."""

import shutil
from pathlib import Path

import pytest
from click.testing import Result

from console.configuration import change_settings, token_settings
from pkcs11_token.session import loaded_module
from pkcs11_token.soft_token import create_soft_token
from tests.commands.command_line import PIN, Sperre, everything, written_pin

SECOND_PIN = "739164"


@pytest.fixture
def second(token: Path, tmp_path: Path) -> Path:
    """The PIN file of another token that is present, in the same SoftHSM, and not enrolled."""
    made = create_soft_token(tmp_path / "second", "Second", SECOND_PIN)
    shutil.copytree(tmp_path / "second" / "tokens", token / "softhsm" / "tokens", dirs_exist_ok=True)
    token_settings()
    loaded_module(made.module, fresh=True)
    return written_pin(tmp_path / "second-pin", SECOND_PIN)


def enrolled(sperre: Sperre, pin_file: Path, second: Path) -> Result:
    return sperre(
        "token", "enroll", "--uri", "Second", "--user", "ola", "--pin-file", second, "--signer-pin-file", pin_file
    )


def test_a_second_token_is_enrolled_by_the_first_and_may_remove(
    token: Path, sperre: Sperre, pin_file: Path, second: Path
) -> None:
    assert enrolled(sperre, pin_file, second).exit_code == 0
    assert "of ola, by" in sperre("token", "status").stdout
    assert sperre("journal", "verify").exit_code == 0


def test_an_enrolment_without_an_enrolled_token_is_refused_and_changes_nothing(
    token: Path, sperre: Sperre, pin_file: Path, second: Path
) -> None:
    before = everything(token)
    result = enrolled(sperre, written_pin(second.with_name("wrong"), "000000"), second)
    assert result.exit_code == 4
    assert everything(token) == before


def test_a_revoked_token_proves_nothing_any_more(token: Path, sperre: Sperre, pin_file: Path, second: Path) -> None:
    done = enrolled(sperre, pin_file, second)
    fingerprint = done.stdout.splitlines()[1]
    assert sperre("token", "revoke", fingerprint[:8], "--pin-file", pin_file).exit_code == 0
    assert "Revoked: token" in sperre("token", "status").stdout
    assert sperre("journal", "verify").exit_code == 0
    assert sperre("token", "revoke", fingerprint, "--pin-file", pin_file).exit_code == 4


def test_a_revoked_token_is_told_so_before_its_pin_is_asked_for(
    token: Path, sperre: Sperre, pin_file: Path, second: Path
) -> None:
    fingerprint = enrolled(sperre, pin_file, second).stdout.splitlines()[1]
    sperre("token", "revoke", fingerprint[:8], "--pin-file", pin_file)
    sperre("blocklist", "add", "N-1", "--order")
    change_settings(token="Second")
    present = sperre("token", "status").stdout.splitlines()[-1]
    assert "revoked as" in present
    assert "enrolled" not in present
    before = everything(token)
    result = sperre("blocklist", "remove", "N-1", "--order", "--reason", "found")
    assert result.exit_code == 4
    assert "was revoked at" in result.stderr
    assert everything(token) == before


def test_the_last_token_cannot_be_revoked(token: Path, sperre: Sperre, pin_file: Path) -> None:
    (line,) = [line for line in sperre("token", "status").stdout.splitlines() if line.startswith("Enrolled")]
    fingerprint = line.split()[2].split("…")[0]
    before = everything(token)
    result = sperre("token", "revoke", fingerprint, "--pin-file", pin_file)
    assert (result.exit_code, "last enrolled token" in result.stderr) == (3, True)
    assert everything(token) == before


def test_pins_stand_in_no_file_of_the_site(token: Path, sperre: Sperre, pin_file: Path, second: Path) -> None:
    enrolled(sperre, pin_file, second)
    for path in token.rglob("*"):
        if path.is_file():
            assert PIN.encode() not in path.read_bytes()
            assert SECOND_PIN.encode() not in path.read_bytes()
