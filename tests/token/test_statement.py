"""Checking a statement: only an enrolled key's own signature over exactly these words will do."""

import hmac
import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkcs11_token import errors
from pkcs11_token.statement import TYPE, canonical, check, payload_of, short_fingerprint
from pkcs11_token.uri import TokenName, token_name
from tests.store.software_token import SoftwareToken, encoded

TOKEN = SoftwareToken("statement")
KEYS = {TOKEN.fingerprint: TOKEN.public_key}
PAYLOAD = {"action": "remove", "keys": [{"label": "N-1"}], "note": "på bussen"}

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=12,
)


@given(value=VALUES)
def test_canonical_json_has_one_spelling(value: Any) -> None:
    assert json.loads(canonical(value)) == value
    assert canonical(json.loads(canonical(value))) == canonical(value)


@pytest.mark.parametrize("value", [1.5, float("nan"), {"a": [0.0]}, {1: "a"}])
def test_what_has_more_than_one_spelling_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="no canonical JSON"):
        canonical(value)


def test_an_honest_statement_is_taken() -> None:
    assert check(TOKEN.sign(PAYLOAD), KEYS).payload == PAYLOAD


def tampered(header: dict[str, object], payload: bytes = canonical(PAYLOAD)) -> str:
    """A statement with another header, signed by the right key."""
    message = f"{encoded(canonical(header))}.{encoded(payload)}"
    return f"{message}.{TOKEN.sign(PAYLOAD).rsplit('.')[-1]}"


HONEST = {"alg": "ES256", "kid": TOKEN.fingerprint, "typ": TYPE}
FORGERIES = {
    "no algorithm": TOKEN.sign(PAYLOAD, alg="none"),
    "an HMAC": TOKEN.sign(PAYLOAD, alg="HS256"),
    "another algorithm": TOKEN.sign(PAYLOAD, alg="RS256"),
    "another key's name": SoftwareToken("other").sign(PAYLOAD, kid=TOKEN.fingerprint),
    "an unknown key": SoftwareToken("other").sign(PAYLOAD),
    "one more field": TOKEN.sign(PAYLOAD, jwk="x"),
    "another type": TOKEN.sign(PAYLOAD, typ="JWT"),
    "no type": tampered({"alg": "ES256", "kid": TOKEN.fingerprint}),
    "another payload": tampered(HONEST, canonical(PAYLOAD | {"note": ""})),
    "blanks in the payload": tampered(HONEST, json.dumps(PAYLOAD).encode()),
    "a list": TOKEN.sign([1]),  # type: ignore[arg-type]
    "no signature": TOKEN.sign(PAYLOAD).rsplit(".", 1)[0] + ".",
    "four parts": TOKEN.sign(PAYLOAD) + ".x",
    "padding": TOKEN.sign(PAYLOAD) + "=",
    "nothing": "",
    "noise": "æøå.\x00.x",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_statement_is_refused(forgery: str) -> None:
    with pytest.raises(errors.StatementInvalid):
        check(FORGERIES[forgery], KEYS)


def test_an_hmac_made_with_the_public_key_is_refused() -> None:
    message = f"{encoded(canonical(HONEST | {'alg': 'HS256'}))}.{encoded(canonical(PAYLOAD))}"
    forged = f"{message}.{encoded(hmac.digest(TOKEN.public_key, message.encode(), 'sha256'))}"
    with pytest.raises(errors.StatementInvalid):
        check(forged, KEYS)


@given(place=st.integers(0, 400), letter=st.sampled_from("ABab01-_"))
def test_any_changed_letter_is_found(place: int, letter: str) -> None:
    statement = TOKEN.sign(PAYLOAD)
    place %= len(statement)
    if statement[place] in (letter, "."):
        return
    with pytest.raises(errors.StatementInvalid):
        check(statement[:place] + letter + statement[place + 1 :], KEYS)


def test_what_cannot_be_read_has_no_payload() -> None:
    for text in ("", "a", "a.b.c", f"x.{urlsafe_b64encode(b'[]').decode()}.y"):
        with pytest.raises(errors.StatementInvalid):
            payload_of(text)


def test_a_fingerprint_is_shown_short() -> None:
    assert short_fingerprint("4f9a11" + "0" * 56 + "c2") == "4F:9A:11:…:C2"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", TokenName()),
        ("Vaktleder 2", TokenName(token="Vaktleder 2")),
        (
            "pkcs11:token=Vakt%20leder;serial=12;id=%01%FF",
            TokenName(token="Vakt leder", serial="12", key_id=b"\x01\xff"),
        ),
        (
            "pkcs11:model=X;manufacturer=Y;object=sign;type=private;slot-id=3",
            TokenName(model="X", manufacturer="Y", key_label="sign", slot=3),
        ),
    ],
)
def test_a_token_is_named_by_its_label_or_a_uri(text: str, name: TokenName) -> None:
    assert token_name(text) == name


@pytest.mark.parametrize(
    "text",
    ["pkcs11:token=a?pin-value=1234", "pkcs11:token=a?pin-source=/x", "pkcs11:x=1", "pkcs11:token", "pkcs11:slot-id=a"],
)
def test_a_uri_with_a_pin_or_unknown_parts_is_refused(text: str) -> None:
    with pytest.raises(errors.UriInvalid) as refusal:
        token_name(text)
    assert "1234" not in str(refusal.value)
