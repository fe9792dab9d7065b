"""How a token signs: with the mechanism that it has, and with the PIN anew where its key wants it."""

from threading import Thread

import pytest

from pkcs11_token import errors
from pkcs11_token.session import login
from pkcs11_token.statement import check
from tests.fixed_token import PIN
from tests.token.trouble import Trouble

PAYLOAD = {"action": "remove"}


def test_a_wrong_pin_at_a_signature_does_not_spoil_the_next_one(trouble: Trouble) -> None:
    trouble.is_now("always-authenticate")
    with login(trouble.settings, PIN) as token:
        for _ in range(2):
            with pytest.raises(errors.WrongPin):
                token.sign(PAYLOAD, lambda: "000000")
            assert check(token.sign(PAYLOAD, lambda: PIN), {token.fingerprint: token.public_key}).payload == PAYLOAD


def test_a_token_that_only_signs_what_it_hashed_itself_is_given_the_message(trouble: Trouble) -> None:
    trouble.is_now("hashes-itself")
    with login(trouble.settings, PIN) as token:
        assert check(token.sign(PAYLOAD), {token.fingerprint: token.public_key}).payload == PAYLOAD


@pytest.mark.parametrize("words", [(), ("always-authenticate",)], ids=["logged in", "PIN at every signature"])
@pytest.mark.parametrize(
    ("then", "error"), [("pulled", errors.TokenPulled), ("session-closed", errors.TokenSessionClosed)]
)
def test_what_happened_in_the_middle_of_a_signature_is_told_as_it_was(
    trouble: Trouble, words: tuple[str, ...], then: str, error: type[errors.TokenError]
) -> None:
    refusals: list[errors.TokenError] = []

    def sign() -> None:
        with pytest.raises(errors.TokenError) as refusal:
            token.sign(PAYLOAD, lambda: PIN)
        refusals.append(refusal.value)

    trouble.is_now(*words)
    with login(trouble.settings, PIN) as token:
        trouble.is_now("hang-sign", *words)
        thread = Thread(target=sign, daemon=True)
        thread.start()
        thread.join(0.2)
        trouble.is_now(then, *words)
        thread.join(10)
        trouble.is_now(*words)
    assert [type(refusal) for refusal in refusals] == [error]
