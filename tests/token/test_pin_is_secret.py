"""The PIN stands in no error, no traceback, no log, and in nothing that is kept."""

import gc
import logging
import traceback
from collections.abc import Callable

import pytest

from pkcs11_token import errors
from pkcs11_token.session import TokenSettings, login
from pkcs11_token.soft_token import create_soft_token
from tests.fixed_token import PIN
from tests.token.trouble import Trouble

WRONG = "135792468"
MISTYPED = "13579\udce52468"


def logged_in_while(trouble: Trouble, word: str, pin: str = PIN) -> None:
    trouble.is_now(word)
    login(trouble.settings, pin).logout()


def signed_while(trouble: Trouble, word: str, pin: str | None = None) -> None:
    with login(trouble.settings, PIN) as token:
        trouble.is_now(word)
        token.sign({}, None if pin is None else lambda: pin)


FAILURES: dict[str, Callable[[Trouble], object]] = {
    "wrong": lambda trouble: login(trouble.settings, WRONG),
    "wrong, and the last try": lambda trouble: logged_in_while(trouble, "final-try", WRONG),
    "too long": lambda trouble: login(trouble.settings, WRONG * 1000),
    "typed in another encoding": lambda trouble: login(trouble.settings, MISTYPED),
    "locked": lambda trouble: logged_in_while(trouble, "pin-locked"),
    "expired": lambda trouble: logged_in_while(trouble, "pin-expired"),
    "not set": lambda trouble: logged_in_while(trouble, "pin-not-set"),
    "no token": lambda trouble: logged_in_while(trouble, "pulled"),
    "not enrolled": lambda trouble: login(trouble.settings, PIN, {"0" * 64}),
    "no module": lambda trouble: login(TokenSettings("/none.so"), PIN),
    "pulled": lambda trouble: signed_while(trouble, "pulled"),
    "session closed": lambda trouble: signed_while(trouble, "session-closed"),
    "wrong signature": lambda trouble: signed_while(trouble, "wrong-signature"),
    "no mechanism": lambda trouble: signed_while(trouble, "no-mechanisms"),
    "wrong for this signature": lambda trouble: signed_while(trouble, "always-authenticate", WRONG),
    "mistyped for this signature": lambda trouble: signed_while(trouble, "always-authenticate", MISTYPED),
    "of a new token, too long": lambda trouble: create_soft_token(trouble.control.parent / "new", "New", WRONG * 100),
    "of a new token, mistyped": lambda trouble: create_soft_token(trouble.control.parent / "new", "New", MISTYPED),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_the_pin_stands_in_no_error_no_traceback_and_no_log(
    trouble: Trouble, failure: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(errors.TokenError) as refusal:
        FAILURES[failure](trouble)
    assert refusal.value.__context__ is None or refusal.value.__suppress_context__
    told = [*traceback.format_exception(refusal.value), caplog.text, *capfd.readouterr()]
    error: BaseException | None = refusal.value
    while error is not None:
        told += [str(error), repr(error), repr(vars(error))]
        error = error.__cause__ or error.__context__
    for pin in (PIN, WRONG, MISTYPED, "13579"):
        assert pin not in "".join(told)


def test_the_pin_is_not_kept_by_the_logged_in_token(settings: TokenSettings) -> None:
    typed = "".join(PIN)  # a text of its own, which nothing else in the program refers to
    before = len(gc.get_referrers(typed))
    with login(settings, typed) as token:
        assert PIN not in repr(token) + repr(vars(token))
        assert len(gc.get_referrers(typed)) == before
