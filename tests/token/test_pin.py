"""A PIN from a file: only its owner may be able to read it, and no refusal says what is in it."""

import os
from pathlib import Path

import pytest

from pkcs11_token.errors import PinFileReadableByOthers, PinFileUnreadable
from pkcs11_token.pin import read_pin_file

PIN = "135792468"


def pin_file(folder: Path, octets: bytes, mode: int = 0o600) -> Path:
    path = folder / "pin"
    path.write_bytes(octets)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\nand more\n"])
def test_the_pin_is_the_first_line(tmp_path: Path, ending: str) -> None:
    assert read_pin_file(pin_file(tmp_path, f"{PIN}{ending}".encode())) == PIN


def test_a_pin_keeps_its_blanks(tmp_path: Path) -> None:
    assert read_pin_file(pin_file(tmp_path, b" 12 34 \n")) == " 12 34 "


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o610, 0o666])
def test_a_file_that_others_can_touch_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(PinFileReadableByOthers, match="chmod 600") as refusal:
        read_pin_file(pin_file(tmp_path, PIN.encode(), mode))
    assert PIN not in repr(refusal.value)


@pytest.mark.parametrize("octets", [b"", b"\n", b"\r\n1234\n", b"\xff\xfe1\x002\x00"])
def test_a_file_without_a_pin_is_refused(tmp_path: Path, octets: bytes) -> None:
    with pytest.raises(PinFileUnreadable):
        read_pin_file(pin_file(tmp_path, octets))


def test_a_file_that_is_not_there_or_not_a_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path in (tmp_path / "none", tmp_path, tmp_path / "pipe"):
        with pytest.raises(PinFileUnreadable, match=path.name):
            read_pin_file(path)
