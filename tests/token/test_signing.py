"""How a token signs: with the mechanism that it has, and with the PIN anew where its key wants it."""

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
