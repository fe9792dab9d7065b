"""A login is one operator's alone: what it survives, what ends it, and which token a name means."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from pkcs11_token import errors
from pkcs11_token.session import (
    FoundToken,
    TokenSettings,
    find_tokens,
    login,
    login_candidates,
    visible_fingerprints,
)
from pkcs11_token.soft_token import create_soft_token, use_soft_token
from pkcs11_token.uri import uri_of
from tests.fixed_token import PIN
from tests.token.test_keys import put
from tests.token.trouble import Trouble

PAYLOAD = {"action": "remove"}
MISTYPED = "135792468"


def nobody_is_logged_in(settings: TokenSettings) -> bool:
    """A token looks at a PIN only while nobody is logged in to it."""
    try:
        login(settings, MISTYPED).logout()
    except errors.WrongPin:
        return True
    except errors.TokenError:
        return False
    return False


def test_looking_at_the_keys_of_a_token_ends_nobodys_login(settings: TokenSettings) -> None:
    with login(settings, PIN) as token:
        (found,) = login_candidates(settings, {token.fingerprint})
        assert visible_fingerprints(found) == [token.fingerprint]
        assert token.is_present()
        assert token.sign(PAYLOAD)


def test_a_second_login_is_refused_and_does_not_end_the_first(settings: TokenSettings) -> None:
    with login(settings, PIN) as token:
        for pin in (PIN, MISTYPED):
            with pytest.raises(errors.TokenError):
                login(settings, pin)
        assert token.is_present()
        assert token.sign(PAYLOAD)
    assert nobody_is_logged_in(settings)


def test_a_login_ends_when_what_it_was_for_fails(settings: TokenSettings) -> None:
    class Failure(Exception):
        pass

    with pytest.raises(Failure), login(settings, PIN):
        raise Failure
    assert nobody_is_logged_in(settings)


def test_logging_out_twice_does_no_harm_to_the_next_login(settings: TokenSettings) -> None:
    first = login(settings, PIN)
    first.logout()
    with login(settings, PIN) as second:
        first.logout()
        assert not first.is_present()
        assert second.is_present()
        assert second.sign(PAYLOAD)


UNFIT: dict[str, tuple[Callable[[TokenSettings], None], type[errors.TokenError]]] = {
    "another key": (lambda settings: put(settings, ec.generate_private_key(ec.SECP256R1())), errors.NotEnrolledToken),
    "a key of another kind": (
        lambda settings: put(settings, ec.generate_private_key(ec.SECP521R1())),
        errors.KeyNotSupported,
    ),
    "no key": (put, errors.NoSigningKey),
}


@pytest.mark.parametrize("what", UNFIT)
def test_who_cannot_sign_is_not_left_logged_in(settings: TokenSettings, what: str) -> None:
    (found,) = find_tokens(settings)
    (enrolled,) = visible_fingerprints(found)
    make_unfit, error = UNFIT[what]
    make_unfit(settings)
    expected = {enrolled} if error is errors.NotEnrolledToken else None
    with pytest.raises(error):
        login(settings, PIN, expected)
    assert nobody_is_logged_in(settings)


def test_no_pin_is_tried_on_a_token_that_shows_other_keys_only(settings: TokenSettings) -> None:
    with pytest.raises(errors.NotEnrolledToken, match="Vakt"):
        login(settings, MISTYPED, {"0" * 64})


def test_another_token_in_the_same_slot_is_not_the_one_that_was_logged_in_to(trouble: Trouble) -> None:
    with login(trouble.settings, PIN) as token:
        trouble.is_now("swapped")
        assert not token.is_present()


def test_a_module_that_lost_sight_of_its_readers_is_made_to_look_anew(trouble: Trouble) -> None:
    trouble.is_now("slots-stale")
    with login(trouble.settings, PIN) as token:
        assert token.sign(PAYLOAD)


def test_an_expired_certificate_leaves_nobody_logged_in(settings: TokenSettings) -> None:
    put(settings, ec.generate_private_key(ec.SECP256R1()), expired=True)
    with pytest.raises(errors.CertificateExpired):
        login(settings, PIN)
    assert nobody_is_logged_in(settings)


@pytest.fixture
def vakt(settings: TokenSettings) -> FoundToken:
    """The only token that is present."""
    (found,) = find_tokens(settings)
    return found


NAMES: dict[str, Callable[[FoundToken], str]] = {
    "its label": lambda found: found.label,
    "its URI": lambda found: uri_of(found.label, found.serial),
    "its maker": lambda found: f"pkcs11:manufacturer={found.manufacturer};model={found.model}",
    "its slot": lambda found: f"pkcs11:slot-id={found.slot_token.slot.slot_id}",
}
OTHER_NAMES: dict[str, Callable[[FoundToken], str]] = {
    "another label": lambda found: found.label.lower(),
    "another serial": lambda found: uri_of(found.label, found.serial[::-1]),
    "another maker": lambda found: f"pkcs11:token={found.label};manufacturer=X",
    "another model": lambda found: f"pkcs11:token={found.label};model=X",
    "another slot": lambda found: f"pkcs11:token={found.label};slot-id={found.slot_token.slot.slot_id + 1}",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_token_is_found_by(settings: TokenSettings, vakt: FoundToken, name: str) -> None:
    named = TokenSettings(settings.module, NAMES[name](vakt))
    assert [token.serial for token in login_candidates(named)] == [vakt.serial]


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_a_token_is_not_found_by(settings: TokenSettings, vakt: FoundToken, name: str) -> None:
    with pytest.raises(errors.NoToken):
        login(TokenSettings(settings.module, OTHER_NAMES[name](vakt)), PIN)


@pytest.mark.parametrize("named", ["object=sperre", "id=%01"])
def test_a_key_is_found_by_its_name(settings: TokenSettings, named: str) -> None:
    with login(TokenSettings(settings.module, f"pkcs11:{named}"), PIN) as token:
        assert token.sign(PAYLOAD)


@pytest.mark.parametrize("named", ["object=other", "id=%02"])
def test_a_key_of_another_name_does_not_sign(settings: TokenSettings, named: str) -> None:
    with pytest.raises(errors.NoSigningKey):
        login(TokenSettings(settings.module, f"pkcs11:token=Vakt;{named}"), PIN)


def test_names_pins_and_folders_may_hold_any_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", "")
    settings = create_soft_token(tmp_path / "på løkka's", "Åse Vakt", "blåbær")
    with login(settings, "blåbær") as token:
        assert (token.label, token.is_present()) == ("Åse Vakt", True)


def test_the_site_whose_soft_token_is_used_decides_which_tokens_there_are(
    tmp_path: Path, settings: TokenSettings
) -> None:
    create_soft_token(tmp_path / "other", "Deputy", PIN)
    use_soft_token(tmp_path / "softhsm")
    (token,) = login_candidates(TokenSettings(settings.module))
    assert token.label == "Vakt"
