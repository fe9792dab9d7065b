"""`sperre import DIR` and `sperre demo`."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.configuration import settings
from store.demo import write_demo_csv
from tests.commands.command_line import PIN, Sperre, everything, in_process, on_terminal, written_pin


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    write_demo_csv(folder, datetime(2026, 11, 24, 12, tzinfo=UTC))
    return folder


def test_an_import_tells_in_numbers_what_it_did(home: Path, sperre: Sperre, files: Path) -> None:
    first = sperre("import", files)
    assert (first.exit_code, first.stderr) == (0, "")
    assert "zones.csv: 3 added, 0 changed, 0 unchanged." in first.stdout
    assert len(first.stdout.splitlines()) == 6
    again = sperre("import", files)
    assert "zones.csv: 0 added, 0 changed, 3 unchanged." in again.stdout
    assert len(json.loads(sperre("zones", "list", "--format", "json").stdout)) == 3


def test_faults_stand_one_a_line_and_nothing_is_imported(site: Path, sperre: Sperre, files: Path) -> None:
    with (files / "zones.csv").open("ab") as zones:
        zones.write(b"\r\n" + b"Z" * 300 + b"\r\n")
    before = everything(site)
    result = sperre("import", files)
    assert (result.exit_code, result.stdout) == (3, "")
    first, *_, last = result.stderr.splitlines()
    assert "zones.csv, line" in first
    assert last.startswith("Nothing was imported")
    assert everything(site) == before


def test_a_folder_without_files_is_refused(home: Path, sperre: Sperre, tmp_path: Path) -> None:
    result = sperre("import", tmp_path)
    assert result.exit_code in (3, 5)
    assert "zones.csv" in result.stderr


def test_an_import_shows_a_bar_on_a_terminal_alone(home: Path, files: Path) -> None:
    terminal = on_terminal("import", str(files))
    assert terminal.exit_code == 0
    assert "keys.csv  [" in terminal.screen
    assert "100%" in terminal.screen
    assert in_process("import", str(files)).stderr == ""


def test_the_demo_makes_a_site_a_token_and_a_pin_for_the_owner_alone(home: Path) -> None:
    done = in_process("demo", umask=0)
    assert (done.returncode, done.stderr) == (0, "")
    assert settings().site == "Fjellheim borettslag"
    for path in [home, *home.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    label = json.loads(in_process("blocklist", "list", "--format", "json").stdout)[0]["key_label"]
    remove = ("blocklist", "remove", label, "--order", "--reason", "found", "--pin-file", str(home / "demo-pin"))
    assert in_process(*remove).returncode == 0
    assert in_process("journal", "verify").returncode == 0


def test_the_demo_takes_a_pin_from_a_file_and_writes_none(home: Path, sperre: Sperre, pin_file: Path) -> None:
    assert sperre("demo", "--pin-file", pin_file).exit_code == 0
    assert not (home / "demo-pin").exists()
    for path in home.rglob("*"):
        assert path.is_dir() or PIN.encode() not in path.read_bytes(), path


def test_the_demo_leaves_a_site_that_is_there_alone(site: Path, sperre: Sperre) -> None:
    before = everything(site)
    result = sperre("demo")
    assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
    assert "holds a site already" in result.stderr
    assert everything(site) == before
    assert not (site / "softhsm").exists()


def test_a_demo_that_fails_can_be_tried_again(home: Path, sperre: Sperre, tmp_path: Path, pin_file: Path) -> None:
    result = sperre("demo", "--pin-file", written_pin(tmp_path / "short", "12"))
    assert result.exit_code == 4
    assert sperre("demo", "--pin-file", pin_file).exit_code == 0


def test_the_demo_says_what_to_install_without_softhsm(
    home: Path, sperre: Sperre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pkcs11_token.soft_token.which", lambda _name: None)
    result = sperre("demo")
    assert result.exit_code == 4
    assert "softhsm2" in result.stderr


def test_a_first_import_that_is_refused_leaves_no_store(home: Path, sperre: Sperre, tmp_path: Path) -> None:
    (tmp_path / "zones.csv").write_text("zone\n\0\n")
    assert sperre("import", tmp_path).exit_code == 3
    assert not (home / "store.sqlite").exists()
    assert sperre("import", tmp_path / "nothing").exit_code == 5
    assert not (home / "store.sqlite").exists()
