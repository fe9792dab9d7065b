"""A soft token of the site's own: whole, its owner's alone, or not there at all."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pkcs11 import Attribute, ObjectClass
from pkcs11.exceptions import PinIncorrect

from pkcs11_token import errors, soft_token
from pkcs11_token.session import TokenSettings, find_tokens, login
from pkcs11_token.soft_token import create_soft_token
from tests.fixed_token import PIN


def test_the_key_never_leaves_a_soft_token(settings: TokenSettings) -> None:
    (found,) = find_tokens(settings)
    with found.slot_token.open(user_pin=PIN) as session:
        (private,) = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
        assert private[Attribute.SENSITIVE]
        assert not private[Attribute.EXTRACTABLE]
        assert private[Attribute.NEVER_EXTRACTABLE]


def test_a_soft_token_can_be_read_by_its_owner_only(settings: TokenSettings, tmp_path: Path) -> None:
    for path in [tmp_path / "softhsm", *(tmp_path / "softhsm").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_soft_token_that_exists_is_left_as_it_is(settings: TokenSettings, tmp_path: Path) -> None:
    with pytest.raises(errors.SoftTokenExists):
        create_soft_token(tmp_path / "softhsm", "Vakt", "999999")
    with login(settings, PIN) as token:
        assert token.sign({})


def test_a_token_that_could_not_be_made_is_not_in_the_way_of_the_next(settings: TokenSettings, tmp_path: Path) -> None:
    with pytest.raises(errors.PinLengthRefused):
        create_soft_token(tmp_path / "other", "Deputy", "1")
    assert not (tmp_path / "other").exists()
    assert [token.label for token in find_tokens(settings)] == ["Vakt"]
    with login(create_soft_token(tmp_path / "other", "Deputy", PIN), PIN) as token:
        assert token.label == "Deputy"


def test_softhsm_says_why_it_makes_no_token(settings: TokenSettings, tmp_path: Path) -> None:
    with pytest.raises(
        errors.SoftTokenFailed, match=r"make the token: ERROR: The token label .* 32 chars\."
    ) as refusal:
        create_soft_token(tmp_path / "other", "V" * 33, PIN)
    assert not (tmp_path / "other").exists()
    assert "[" not in str(refusal.value)


def test_no_pin_of_the_operator_is_an_argument_that_others_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", "")
    commands: list[list[str]] = []
    run = subprocess.run

    def noted(command: list[str], **options: object) -> object:
        commands.append(command)
        return run(command, **options)  # type: ignore[call-overload]  # as it was called

    monkeypatch.setattr(soft_token.subprocess, "run", noted)
    settings = create_soft_token(tmp_path / "softhsm", "Vakt", PIN)
    assert len(commands) == 1
    assert PIN not in " ".join(map(str, commands[0]))
    assert PIN not in " ".join(os.environ.values())
    seen_by_others = {"user_pin": commands[0][commands[0].index("--pin") + 1]}
    seen_by_others["so_pin"] = commands[0][commands[0].index("--so-pin") + 1]
    (found,) = find_tokens(settings)
    for user, pin in seen_by_others.items():
        with pytest.raises(PinIncorrect):
            found.slot_token.open(rw=True, **{user: pin})


@pytest.fixture
def open_umask() -> Iterator[None]:
    """New files may be read by everybody, as on a machine set up so."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_a_soft_token_is_its_owners_alone_whatever_the_umask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", "")
    create_soft_token(tmp_path / "softhsm", "Vakt", PIN)
    for path in [tmp_path / "softhsm", *(tmp_path / "softhsm").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_without_softhsm_its_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(errors.SoftTokenMissing, match="softhsm2"):
        create_soft_token(tmp_path / "softhsm", "Vakt", PIN)
    assert not (tmp_path / "softhsm").exists()
