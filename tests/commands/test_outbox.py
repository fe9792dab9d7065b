"""`sperre outbox` and `sperre check-list`: lists are written, handed on, and checked as a receiver does."""

import json
import stat
import subprocess
from pathlib import Path

import pytest

from console.configuration import open_site, settings, token_settings
from console.issuing import issuer_of
from pkcs11_token.errors import LoginHeld
from pkcs11_token.session import login
from pkcs11_token.soft_token import create_soft_token
from store import crl
from store.models import Zone
from tests.commands.command_line import PIN, Sperre, written_pin
from tests.commands.test_importing import files
from tests.store.test_check_list import forged_file

__all__ = ["files"]


@pytest.fixture
def sent(site: Path, sperre: Sperre) -> Path:
    """The outbox with version 1 of both lists: N-1 is blocked."""
    assert sperre("blocklist", "add", "N-1", "--order").exit_code == 0
    return site / "outbox"


@pytest.fixture
def removed(token: Path, sperre: Sperre, pin_file: Path) -> Path:
    """The outbox where N-1 and N-2 were blocked, and N-1 was taken off again by a token."""
    assert sperre("blocklist", "add", "N-1", "N-2", "--order").exit_code == 0
    removal = sperre("blocklist", "remove", "N-1", "--order", "--reason", "found", "--pin-file", pin_file)
    assert removal.exit_code == 0, removal.stderr
    return token / "outbox"


def test_the_list_key_is_made_when_the_site_is_set_up(home: Path, sperre: Sperre, files: Path) -> None:
    assert sperre("import", files).exit_code == 0
    assert stat.S_IMODE((home / crl.KEY_FILE).stat().st_mode) == 0o600
    key = (home / crl.KEY_FILE).read_bytes()
    label = json.loads(sperre("keys", "list", "--format", "json", "--search", "N-214").stdout)[0]["label"]
    assert sperre("blocklist", "add", label, "--order").exit_code == 0
    assert (home / crl.KEY_FILE).read_bytes() == key
    assert (home / "outbox" / "ca.pem").read_bytes() == (home / crl.CA_FILE).read_bytes()


def test_what_waits_is_listed_in_every_format_until_it_is_flushed(
    site: Path, sperre: Sperre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPERRE_HOOK", "sh -c 'echo \"=no line to the locks\"; exit 1'")
    ordered = sperre("blocklist", "add", "N-1", "--order")
    assert ordered.exit_code == 0, "the order stands"
    assert "The hook failed for version 1 of Blokk A: =no line to the locks." in ordered.stderr
    rows = json.loads(sperre("outbox", "list", "--format", "json").stdout)
    assert rows[0] == {"zone": "Blokk A", "version": 1, "written": True, "failure": "=no line to the locks"}
    assert sperre("outbox", "list", "--format", "csv").stdout.splitlines()[:2] == [
        "zone,version,written,failure",
        "Blokk A,1,yes,'=no line to the locks",
    ]
    assert "Blokk B" in sperre("outbox", "list").stdout
    assert sperre("outbox", "flush").exit_code == 5
    monkeypatch.setenv("SPERRE_HOOK", "true")
    assert json.loads(sperre("outbox", "flush", "--format", "json").stdout) == [{"issued": 2}]
    assert json.loads(sperre("outbox", "list", "--format", "json").stdout) == []


def test_the_hook_is_run_with_the_paths_of_the_files(
    site: Path, sperre: Sperre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPERRE_HOOK", f'sh -c \'printf "%s\\n" "$@" >> {tmp_path}/told\' hook')
    assert sperre("blocklist", "add", "N-1", "--order").exit_code == 0
    told = [Path(line) for line in (tmp_path / "told").read_text().splitlines()]
    assert [path.name for path in told[:4]] == ["ca.pem", "Blokk A.removals.jsonl", "Blokk A-1.crl", "Blokk A.crl"]
    assert all(path.parent == site / "outbox" and path.exists() for path in told)


def test_a_hook_that_is_no_command_is_said_and_the_order_stands(
    site: Path, sperre: Sperre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPERRE_HOOK", "sh -c 'never closed")
    ordered = sperre("blocklist", "add", "N-1", "--order")
    assert (ordered.exit_code, Zone.get().ordered_version) == (0, 1)
    assert "The setting hook cannot be read as a command" in ordered.stderr
    assert "The setting hook cannot be read as a command" in sperre("status").stdout
    monkeypatch.setenv("SPERRE_HOOK", "")
    assert sperre("outbox", "flush").stdout == "2 lists issued.\n"


def test_status_tells_of_a_list_that_could_not_be_sent(
    site: Path, sperre: Sperre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPERRE_HOOK", "false")
    sperre("blocklist", "add", "N-1", "--order")
    found = sperre("status")
    assert found.exit_code == 3
    assert found.stdout == ("Version 1 of Blokk A is ordered but not sent: false: 1. Send it: sperre outbox flush\n")
    assert sperre("status", "--nagios").exit_code == 2
    assert json.loads(sperre("status", "--format", "json").stdout)[0]["not_sent"] == ["Blokk A", "Blokk B"]


def test_a_list_is_checked_in_every_format(removed: Path, sperre: Sperre) -> None:
    arguments = ("check-list", removed / "Blokk A.crl", "--ca", removed / "ca.pem", "--previous")
    proof = (
        removed / "Blokk A-2.crl",
        "--removals",
        removed / "Blokk A.removals.jsonl",
        "--root",
        settings().token_root,
    )
    text = sperre(*arguments, *proof)
    assert (text.exit_code, text.stdout) == (
        0,
        "Blokk A, version 3: 1 key; no key is gone unproved since version 2.\n",
    )
    (row,) = json.loads(sperre(*arguments, *proof, "--format", "json").stdout)
    assert (row["zone"], row["version"], row["keys"]) == ("Blokk A", 3, ["B002"])
    assert sperre(*arguments, *proof, "--format", "csv").stdout.splitlines()[0] == "site,zone,version,keys"


def test_a_removal_without_its_statement_ends_with_3_and_one_line(removed: Path, sperre: Sperre) -> None:
    arguments = ("check-list", removed / "Blokk A.crl", "--ca", removed / "ca.pem", "--previous")
    (removed / "none.jsonl").write_text((removed / "Blokk A.removals.jsonl").read_text().splitlines()[0] + "\n")
    for proof in ((), ("--removals", removed / "none.jsonl", "--root", settings().token_root)):
        refused = sperre(*arguments, removed / "Blokk A-2.crl", *proof)
        assert (refused.exit_code, refused.stdout) == (3, "")
        assert refused.stderr == (
            "Key B001 disappeared from the list of Blokk A between version 2 and 3 without a token's statement."
            " The list must not be used.\n"
        )


def test_what_a_thief_of_the_list_key_took_out_by_hand_is_refused(removed: Path, sperre: Sperre) -> None:
    thief = removed / "thief.crl"
    thief.write_bytes(forged_file(open_site(), "Blokk A.crl", without=0xB002, version=4))
    refused = sperre(
        *("check-list", thief, "--ca", removed / "ca.pem", "--previous", removed / "Blokk A.crl"),
        *("--removals", removed / "Blokk A.removals.jsonl", "--root", settings().token_root),
    )
    assert refused.exit_code == 3
    assert refused.stderr.startswith("Key B002 disappeared from the list of Blokk A between version 3 and 4")
    done = subprocess.run(
        ["openssl", "crl", "-inform", "DER", "-in", thief, "-CAfile", removed / "ca.pem", "-verify", "-noout"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "verify OK" in done.stderr, "its signature is good, and it is refused all the same"


def test_other_refusals_of_a_receiver_end_with_3_and_one_line(removed: Path, sperre: Sperre) -> None:
    newest, older, ca = removed / "Blokk A.crl", removed / "Blokk A-2.crl", removed / "ca.pem"
    for arguments, said in (
        ((older, "--ca", ca, "--previous", newest), "The list of Blokk A has version 2, but version 3 is there"),
        ((removed / "Blokk B.crl", "--ca", ca, "--previous", older), "The list is of Blokk B, not of Blokk A."),
        ((newest, "--ca", ca, "--zone", "Blokk B"), "The list is of Blokk A, not of Blokk B."),
        ((ca, "--ca", ca), f"{ca} is not an issued blocklist:"),
        ((newest, "--ca", newest), f"{newest} is not the certificate of a list key:"),
    ):
        refused = sperre("check-list", *arguments)
        assert (refused.exit_code, refused.stdout) == (3, "")
        assert refused.stderr.startswith(said)
        assert refused.stderr.count("\n") == 1
    assert sperre("check-list", removed / "none.crl", "--ca", ca).exit_code == 5
    assert sperre("check-list", newest, "--ca", ca, "--removals", ca).exit_code == 2


@pytest.fixture
def list_token(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The list key is in a soft token by configuration; returns the file with its PIN."""
    made = create_soft_token(site / "softhsm", "Lister", PIN)
    pin = written_pin(tmp_path / "list-pin", PIN)
    monkeypatch.setenv("SPERRE_TOKEN_MODULE", made.module)
    monkeypatch.setenv("SPERRE_LIST_KEY", "pkcs11:token=Lister")
    monkeypatch.setenv("SPERRE_LIST_KEY_PIN_FILE", str(pin))
    return pin


def test_a_key_in_a_token_signs_the_lists_by_configuration(list_token: Path, site: Path, sperre: Sperre) -> None:
    ordered = sperre("blocklist", "add", "N-1", "--order")
    assert (ordered.exit_code, ordered.stderr) == (0, "")
    assert not (site / crl.KEY_FILE).exists(), "the key never leaves the token"
    done = subprocess.run(
        ["openssl", "crl", "-inform", "DER", "-in", "Blokk A.crl", "-CAfile", "ca.pem", "-verify", "-noout"],
        cwd=site / "outbox",
        capture_output=True,
        text=True,
        check=False,
    )
    assert "verify OK" in done.stderr
    assert sperre("check-list", site / "outbox" / "Blokk A.crl", "--ca", site / "outbox" / "ca.pem").exit_code == 0


def test_while_the_token_of_the_list_key_is_away_lists_wait(list_token: Path, site: Path, sperre: Sperre) -> None:
    list_token.write_text("0000\n")
    ordered = sperre("blocklist", "add", "N-1", "--order")
    assert ordered.exit_code == 0
    assert ordered.stderr.count("\n") == 1
    assert not (site / "outbox" / "Blokk A.crl").exists()
    list_token.write_text(f"{PIN}\n")
    assert sperre("outbox", "flush").stdout == "2 lists issued.\n"


def test_a_list_key_on_the_operators_own_token_waits_for_the_logout(list_token: Path, site: Path) -> None:
    store = open_site()
    with login(token_settings(), PIN) as operator:
        with pytest.raises(LoginHeld), issuer_of(store):
            pass
        assert operator.signature(b"still logged in")
    with issuer_of(store) as issuer:
        assert issuer.ca_pem
