"""Checking a statement: only an enrolled key's own signature over exactly these words will do."""

import hmac
import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from jwt.api_jws import PyJWS

from pkcs11_token import errors
from pkcs11_token.statement import (
    TYPE,
    algorithm_of,
    canonical,
    check,
    fingerprint,
    fingerprint_of,
    payload_of,
    short_fingerprint,
)
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


RSA_KEY = rsa.generate_private_key(65537, 2048)
P384_KEY = ec.generate_private_key(ec.SECP384R1())


def public_octets(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def signed_by(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, algorithm: str, payload: bytes = canonical(PAYLOAD)
) -> str:
    """A statement as PyJWT makes it with a key in memory."""
    header = {"kid": fingerprint(public_octets(key)), "typ": TYPE}
    return PyJWS().encode(payload, key, algorithm, headers=header)


@pytest.mark.parametrize(("key", "algorithm"), [(RSA_KEY, "RS256"), (P384_KEY, "ES384")], ids=["RS256", "ES384"])
def test_statements_of_other_keys_are_taken(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, algorithm: str
) -> None:
    name = fingerprint(public_octets(key))
    statement = check(signed_by(key, algorithm), KEYS | {name: public_octets(key)})
    assert (statement.payload, statement.fingerprint, statement.algorithm) == (PAYLOAD, name, algorithm)


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(65537, 1024),
        ec.generate_private_key(ec.SECP521R1()),
        ec.generate_private_key(ec.SECP256K1()),
    ],
    ids=["RSA-1024", "P-521", "secp256k1"],
)
def test_a_key_that_is_too_weak_or_of_another_kind_has_no_algorithm(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
) -> None:
    with pytest.raises(errors.KeyNotSupported):
        algorithm_of(public_octets(key))


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_the_algorithm_is_that_of_the_key_and_not_of_the_header(algorithm: str) -> None:
    keys = {fingerprint(public_octets(RSA_KEY)): public_octets(RSA_KEY)}
    with pytest.raises(errors.StatementInvalid, match="alg"):
        check(signed_by(RSA_KEY, algorithm), keys)


def test_a_header_for_an_ec_key_does_not_fit_an_rsa_key() -> None:
    name = fingerprint(public_octets(RSA_KEY))
    with pytest.raises(errors.StatementInvalid, match="alg"):
        check(TOKEN.sign(PAYLOAD, kid=name), {name: public_octets(RSA_KEY)})


@pytest.mark.parametrize("payload", [json.dumps(PAYLOAD).encode(), b'{"a":1,"a":2}', b'{"b":1,"a":1}', b'{"a":1.0}'])
def test_a_payload_with_another_spelling_is_refused_though_it_is_signed(payload: bytes) -> None:
    keys = {fingerprint(public_octets(P384_KEY)): public_octets(P384_KEY)}
    with pytest.raises(errors.StatementInvalid):
        check(signed_by(P384_KEY, "ES384", payload), keys)


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
    "a header nested beyond reason": f"{encoded(b'[' * 100_000)}.{encoded(b'{}')}.",
    "a payload nested beyond reason": f"{encoded(canonical(HONEST))}.{encoded(b'[' * 100_000)}.",
    "a list as the key's name": tampered(HONEST | {"kid": []}),
    "nothing": "",
    "noise": "æøå.\x00.x",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_statement_is_refused(forgery: str) -> None:
    with pytest.raises(errors.StatementInvalid):
        check(FORGERIES[forgery], KEYS)


def test_another_spelling_of_the_same_signature_is_refused() -> None:
    statement = TOKEN.sign(PAYLOAD)
    respelled = statement[:-1] + chr(ord(statement[-1]) + 1)
    assert urlsafe_b64decode(respelled[-86:] + "==") == urlsafe_b64decode(statement[-86:] + "==")
    with pytest.raises(errors.StatementInvalid, match="form"):
        check(respelled, KEYS)


def test_a_signature_with_noughts_before_its_second_number_is_refused() -> None:
    message, _, signature = TOKEN.sign(PAYLOAD).rpartition(".")
    octets = urlsafe_b64decode(signature + "==")
    with pytest.raises(errors.StatementInvalid, match="signature"):
        check(f"{message}.{encoded(octets[:32] + bytes(1) + octets[32:])}", KEYS)


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
    for text in ("", "a", "a.b.c", f"x.{encoded(b'[]')}.y", f"x.{encoded(b'[' * 100_000)}.y"):
        with pytest.raises(errors.StatementInvalid):
            payload_of(text)


def test_what_cannot_be_read_has_no_signer() -> None:
    for text in ("", "a.b.c", f"{encoded(b'[]')}.b.c", f"{encoded(b'{}')}.b.c", f"{encoded(b'[' * 100_000)}.b.c"):
        with pytest.raises(errors.StatementInvalid):
            fingerprint_of(text)


def test_a_fingerprint_is_shown_short() -> None:
    assert short_fingerprint("4f9a11" + "0" * 56 + "c2") == "4F:9A:11:…:C2"


UNKNOWN_ALGORITHM = bytes.fromhex("300d300706052b0e03026303020001")


@pytest.mark.parametrize("octets", [b"", b"no key", UNKNOWN_ALGORITHM], ids=["nothing", "noise", "unknown algorithm"])
def test_what_is_no_key_of_ours_has_no_algorithm(octets: bytes) -> None:
    with pytest.raises(errors.KeyNotSupported):
        algorithm_of(octets)
