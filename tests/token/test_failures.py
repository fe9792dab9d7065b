"""Each way in which a token fails has its own words, and python-pkcs11 itself is under test."""

import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from pkcs11_token import errors
from pkcs11_token.module import loaded_module
from pkcs11_token.session import TokenSettings, find_tokens, login
from pkcs11_token.statement import check
from tests.fixed_token import PIN
from tests.token.test_keys import put
from tests.token.trouble import Trouble

PAYLOAD = {"action": "remove"}


def test_no_module_configured() -> None:
    with pytest.raises(errors.NoModuleConfigured):
        login(TokenSettings("", ""), PIN)


def test_a_module_that_cannot_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "module.so").write_text("no module")
    for path in (tmp_path / "module.so", tmp_path / "none.so"):
        with pytest.raises(errors.ModuleNotLoadable, match=path.name):
            login(TokenSettings(str(path), ""), PIN)


def test_no_token_of_that_name(settings: TokenSettings) -> None:
    with pytest.raises(errors.NoToken, match="Deputy"):
        login(replace(settings, token="Deputy"), PIN)


def test_a_wrong_pin(settings: TokenSettings) -> None:
    with pytest.raises(errors.WrongPin):
        login(settings, "000000")


def test_a_pin_of_the_wrong_length(settings: TokenSettings) -> None:
    with pytest.raises((errors.PinLengthRefused, errors.WrongPin)):
        login(settings, "1")


def test_no_pin_and_no_pin_pad_to_type_it_on(settings: TokenSettings) -> None:
    with pytest.raises(errors.PinRequired):
        login(settings, None)


def test_a_token_that_is_not_enrolled(settings: TokenSettings) -> None:
    with pytest.raises(errors.NotEnrolledToken, match="Vakt"):
        login(settings, PIN, {"0" * 64})


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("pulled", errors.NoToken),
        ("pin-expired", errors.PinExpired),
        ("pin-not-set", errors.TokenNotInitialised),
        ("pin-locked", errors.PinLocked),
        ("flag-locked", errors.PinLocked),
        ("final-try", errors.PinLastTry),
    ],
)
def test_a_login_is_refused_in_its_own_words(trouble: Trouble, word: str, error: type[Exception]) -> None:
    trouble.is_now(word)
    with pytest.raises(error):
        login(trouble.settings, PIN)


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("pulled", errors.TokenPulled),
        ("session-closed", errors.TokenSessionClosed),
        ("wrong-signature", errors.WrongSignature),
        ("no-mechanisms", errors.MechanismMissing),
    ],
)
def test_a_signature_is_refused_in_its_own_words(trouble: Trouble, word: str, error: type[Exception]) -> None:
    with login(trouble.settings, PIN) as token:
        trouble.is_now(word)
        with pytest.raises(error):
            token.sign(PAYLOAD)
        trouble.is_now("")


def test_the_last_try_must_be_confirmed(trouble: Trouble) -> None:
    trouble.is_now("final-try")
    with login(trouble.settings, PIN, last_try_confirmed=True) as token:
        assert token.sign(PAYLOAD)


def test_a_low_count_of_tries_is_seen_before_they_are_used_up(trouble: Trouble) -> None:
    trouble.is_now("count-low")
    (found,) = find_tokens(trouble.settings)
    assert (found.count_low, found.final_try, found.locked) == (True, False, False)


def test_a_pulled_token_is_noticed_and_works_again_when_it_is_put_back(trouble: Trouble) -> None:
    with login(trouble.settings, PIN) as token:
        assert token.is_present()
        trouble.is_now("pulled")
        assert not token.is_present()
        trouble.is_now("")
        assert not token.is_present()
        with pytest.raises(errors.TokenSessionClosed):
            token.sign(PAYLOAD)
    with login(trouble.settings, PIN) as token:
        assert token.is_present()
        assert token.sign(PAYLOAD)


def test_a_session_that_the_token_closed_is_noticed(trouble: Trouble) -> None:
    with login(trouble.settings, PIN) as token:
        trouble.is_now("session-closed")
        assert not token.is_present()
        trouble.is_now("")


def test_a_reader_with_its_own_pin_pad(trouble: Trouble) -> None:
    trouble.is_now("pin-pad")
    with login(trouble.settings, None) as token:
        statement = token.sign(PAYLOAD)
        assert check(statement, {token.fingerprint: token.public_key}).payload == PAYLOAD


def test_a_pin_pad_asks_for_the_pin_at_every_signature_by_itself(trouble: Trouble) -> None:
    trouble.is_now("pin-pad", "always-authenticate")
    with login(trouble.settings, None) as token:
        assert token.needs_pin_for_each_signature
        for pin in (None, lambda: "000000"):
            assert check(token.sign(PAYLOAD, pin), {token.fingerprint: token.public_key}).payload == PAYLOAD


def test_a_key_that_asks_for_the_pin_at_every_signature(trouble: Trouble) -> None:
    asked: list[str] = []

    def pin() -> str:
        asked.append("asked")
        return PIN

    trouble.is_now("always-authenticate")
    with login(trouble.settings, PIN) as token:
        assert token.needs_pin_for_each_signature
        for _ in range(2):
            check(token.sign(PAYLOAD, pin), {token.fingerprint: token.public_key})
        assert asked == ["asked", "asked"]
        with pytest.raises(errors.WrongPin):
            token.sign(PAYLOAD, lambda: "000000")
        with pytest.raises(errors.PinRequired):
            token.sign(PAYLOAD)


@pytest.mark.parametrize("word", ["hang-login", "hang-sign"])
def test_a_call_that_hangs_holds_up_no_other_thread(trouble: Trouble, word: str) -> None:
    results: list[object] = []

    def work() -> None:
        with login(trouble.settings, PIN) as token:
            results.append(token.sign(PAYLOAD))

    trouble.is_now(word)
    thread = Thread(target=work, daemon=True)
    thread.start()
    thread.join(0.3)
    assert thread.is_alive()
    assert results == []
    trouble.is_now("")
    thread.join(10)
    assert len(results) == 1


def test_a_call_that_hangs_is_no_reason_to_wait_for_whoever_looks_at_the_token(trouble: Trouble) -> None:
    present: list[bool] = []
    with login(trouble.settings, PIN) as token:
        trouble.is_now("hang-sign")
        signing = Thread(target=token.sign, args=(PAYLOAD,), daemon=True)
        looking = Thread(target=lambda: present.append(token.is_present()), daemon=True)
        signing.start()
        signing.join(0.3)
        looking.start()
        looking.join(3)
        seen, hung = list(present), signing.is_alive()
        trouble.is_now("")
        signing.join(10)
    assert (seen, hung) == ([True], True)


def test_a_logout_that_hangs_holds_up_no_other_thread(trouble: Trouble) -> None:
    token = login(trouble.settings, PIN)
    trouble.is_now("hang-logout")
    leaving = Thread(target=token.logout, daemon=True)
    leaving.start()
    leaving.join(0.3)
    hung = leaving.is_alive()
    trouble.is_now("")
    leaving.join(10)
    assert hung
    assert not token.is_present()
    with login(trouble.settings, PIN) as again:
        assert again.sign(PAYLOAD)


def test_a_token_that_only_pads_is_given_the_hash(trouble: Trouble) -> None:
    put(trouble.settings, rsa.generate_private_key(65537, 2048))
    trouble.is_now("no-hashing")
    with login(trouble.settings, PIN) as token:
        statement = check(token.sign(PAYLOAD), {token.fingerprint: token.public_key})
    assert (statement.algorithm, statement.payload) == ("RS256", PAYLOAD)


def test_looking_for_tokens_ends_nobodys_login(trouble: Trouble) -> None:
    with login(trouble.settings, PIN) as token:
        trouble.is_now("slots-changed")
        with pytest.raises(errors.TokenPulled):
            find_tokens(trouble.settings)
        trouble.is_now("")
        loaded_module(trouble.settings.module, fresh=True)
        assert token.is_present()
        assert token.sign(PAYLOAD)


def test_tokens_are_looked_at_anew_when_nobody_is_logged_in(settings: TokenSettings, tmp_path: Path) -> None:
    for refused in ("000000", PIN):
        with suppress(errors.TokenError), login(settings, refused):
            pass
    (tmp_path / "softhsm" / "tokens").rename(tmp_path / "elsewhere")
    (tmp_path / "softhsm" / "tokens").mkdir()
    loaded_module(settings.module, fresh=True)
    assert find_tokens(settings) == []


def test_threads_take_turns_at_the_token(settings: TokenSettings) -> None:
    results: list[bool] = []

    def look() -> None:
        for _ in range(200):
            results.append(token.is_present() and len(find_tokens(settings)) == 1)

    with login(settings, PIN) as token:
        threads = [Thread(target=look) for _ in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(50):
            token.sign(PAYLOAD)
        for thread in threads:
            thread.join()
    assert results == [True] * 600


def test_processes_log_in_and_out_each_for_itself(settings: TokenSettings) -> None:
    program = f"""
from pkcs11_token.errors import WrongPin
from pkcs11_token.session import TokenSettings, login
settings = TokenSettings({settings.module!r}, {settings.token!r})
try:
    login(settings, "000000")
except WrongPin:
    print("refused")
with login(settings, input()) as token:
    print(token.sign({{}}))
"""
    with login(settings, PIN) as token:
        other = subprocess.run([sys.executable, "-c", program], input=PIN, capture_output=True, text=True, check=True)
        refused, statement = other.stdout.split()
        assert refused == "refused"
        assert check(statement, {token.fingerprint: token.public_key}).payload == {}
        assert token.is_present()
        assert token.sign(PAYLOAD)
