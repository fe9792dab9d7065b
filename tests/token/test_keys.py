"""Which keys may sign: EC P-256 and P-384, RSA from 2048 bits, with or without a certificate; and which is found."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID
from pkcs11 import Attribute, CertificateType, KeyType, ObjectClass
from pkcs11.util.ec import decode_ec_private_key, decode_ec_public_key
from pkcs11.util.rsa import decode_rsa_private_key, decode_rsa_public_key

from pkcs11_token import errors
from pkcs11_token.chain import EnrolledToken
from pkcs11_token.chain_errors import TokenRevoked
from pkcs11_token.module import loaded_module
from pkcs11_token.session import TokenSettings, find_tokens, login, visible_fingerprints
from pkcs11_token.soft_token import create_soft_token, use_soft_token
from pkcs11_token.statement import check, fingerprint
from tests.fixed_token import PIN

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def public_octets(key: Key) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def certificate(key: Key, *, expired: bool) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kari Vakt")])
    start = datetime(2025, 1, 1, 12, tzinfo=UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(x509.random_serial_number()).not_valid_before(start)
    end = start + timedelta(days=365) if expired else datetime.now(UTC) + timedelta(days=30)
    built = built.not_valid_after(end)
    return built.sign(key, SHA256()).public_bytes(Encoding.DER)


def put(
    settings: TokenSettings,
    *keys: Key,
    signs: bool = True,
    expired: bool | None = None,
    identifier: bytes | None = None,
) -> None:
    """Put these keys on the token in place of its own; a certificate is all one sees where `expired` is given.

    Each has an identifier of its own, unless one for all is given.
    """
    (found,) = find_tokens(settings)
    with found.slot_token.open(rw=True, user_pin=PIN) as session:
        for stored in list(session.get_objects()):
            stored.destroy()
        for number, key in enumerate(keys, 1):
            common: dict[Any, Any] = {
                Attribute.TOKEN: True,
                Attribute.ID: bytes([number]) if identifier is None else identifier,
            }
            private = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
            if isinstance(key, rsa.RSAPrivateKey):
                pkcs1 = key.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
                halves = decode_rsa_private_key(private), decode_rsa_public_key(pkcs1)
            else:
                halves = decode_ec_private_key(private), decode_ec_public_key(public_octets(key))
            session.create_object(halves[0] | common | {Attribute.SIGN: signs})
            if expired is None:
                session.create_object(halves[1] | common)
                continue
            session.create_object(
                common
                | {
                    Attribute.CLASS: ObjectClass.CERTIFICATE,
                    Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                    Attribute.SUBJECT: b"\x30\x00",
                    Attribute.VALUE: certificate(key, expired=expired),
                }
            )


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ec.generate_private_key(ec.SECP256R1()), "ES256"),
        (ec.generate_private_key(ec.SECP384R1()), "ES384"),
        (rsa.generate_private_key(65537, 2048), "RS256"),
    ],
    ids=["P-256", "P-384", "RSA-2048"],
)
def test_these_keys_sign(settings: TokenSettings, key: Key, algorithm: str) -> None:
    put(settings, key)
    with login(settings, PIN) as token:
        assert token.public_key == public_octets(key)
        statement = check(token.sign({"action": "remove"}), {token.fingerprint: token.public_key})
    assert (statement.algorithm, statement.payload) == (algorithm, {"action": "remove"})


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP521R1())], ids=["P-521"])
def test_other_keys_are_refused(settings: TokenSettings, key: Key) -> None:
    put(settings, key)
    with pytest.raises(errors.KeyNotSupported):
        login(settings, PIN)


def test_a_token_without_a_signing_key_is_refused(settings: TokenSettings) -> None:
    put(settings, ec.generate_private_key(ec.SECP256R1()), signs=False)
    with pytest.raises(errors.NoSigningKey):
        login(settings, PIN)


def test_the_name_on_the_certificate_is_shown(settings: TokenSettings) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    put(settings, key, expired=False)
    with login(settings, PIN) as token:
        assert (token.certificate_name, token.public_key) == ("Kari Vakt", public_octets(key))


def test_an_expired_certificate_is_refused(settings: TokenSettings) -> None:
    put(settings, ec.generate_private_key(ec.SECP256R1()), expired=True)
    with pytest.raises(errors.CertificateExpired, match="Kari Vakt"):
        login(settings, PIN)


def test_a_key_that_is_of_no_use_stands_in_nobodys_way(settings: TokenSettings) -> None:
    keys = ec.generate_private_key(ec.SECP521R1()), ec.generate_private_key(ec.SECP384R1())
    put(settings, *keys)
    with login(settings, PIN) as token:
        assert token.public_key == public_octets(keys[1])


OF_ANOTHER_PROGRAM: dict[str, dict[Any, Any]] = {
    "a certificate that cannot be read": {
        Attribute.CLASS: ObjectClass.CERTIFICATE,
        Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
        Attribute.SUBJECT: b"",
        Attribute.VALUE: b"no certificate",
    },
    "a key on an unknown curve": {
        Attribute.CLASS: ObjectClass.PUBLIC_KEY,
        Attribute.KEY_TYPE: KeyType.EC,
        Attribute.EC_PARAMS: bytes.fromhex("06052b81040006"),
        Attribute.EC_POINT: bytes.fromhex("041d04") + bytes(28),
    },
    "a certificate of another key": {
        Attribute.CLASS: ObjectClass.CERTIFICATE,
        Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
        Attribute.SUBJECT: b"\x30\x00",
        Attribute.VALUE: certificate(ec.generate_private_key(ec.SECP256R1()), expired=True),
    },
}


@pytest.mark.parametrize("what", OF_ANOTHER_PROGRAM)
def test_what_other_programs_keep_on_the_token_does_no_harm(settings: TokenSettings, what: str) -> None:
    (found,) = find_tokens(settings)
    with found.slot_token.open(rw=True, user_pin=PIN) as session:
        session.create_object(
            OF_ANOTHER_PROGRAM[what] | {Attribute.TOKEN: True, Attribute.PRIVATE: False, Attribute.ID: b"\1"}
        )
    with login(settings, PIN) as token:
        assert check(token.sign({}), {token.fingerprint: token.public_key}).payload == {}
        assert token.certificate_name is None


def test_the_right_key_of_several_is_found(settings: TokenSettings) -> None:
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(3)]
    put(settings, *keys)
    for key in keys:
        with login(settings, PIN, {fingerprint(public_octets(key))}) as token:
            assert token.public_key == public_octets(key)


def test_a_uri_names_the_key(settings: TokenSettings) -> None:
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    put(settings, *keys)
    with login(TokenSettings(settings.module, "pkcs11:token=Vakt;id=%02"), PIN) as token:
        assert token.public_key == public_octets(keys[1])


@pytest.fixture
def two_tokens(settings: TokenSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TokenSettings:
    """Two tokens are present: Vakt and Deputy."""
    create_soft_token(tmp_path / "other", "Deputy", PIN)
    shutil.copytree(tmp_path / "other" / "tokens", tmp_path / "softhsm" / "tokens", dirs_exist_ok=True)
    use_soft_token(tmp_path / "softhsm")
    loaded_module(settings.module, fresh=True)
    return TokenSettings(settings.module, "")


def test_of_several_tokens_the_right_one_is_found_by_its_key(two_tokens: TokenSettings) -> None:
    for label in ("Vakt", "Deputy"):
        with login(TokenSettings(two_tokens.module, label), PIN) as named:
            wanted = named.fingerprint
        with login(two_tokens, PIN, {wanted}) as token:
            assert (token.label, token.fingerprint) == (label, wanted)


def test_a_pin_is_not_tried_on_a_token_that_does_not_show_the_key(two_tokens: TokenSettings) -> None:
    hidden, shown = (token for token in find_tokens(two_tokens) if token.initialised)
    with hidden.slot_token.open(rw=True, user_pin=PIN) as session:
        for public in list(session.get_objects({Attribute.CLASS: ObjectClass.PUBLIC_KEY})):
            public.destroy()
        session.set_pin(PIN, "another PIN")
    (wanted,) = visible_fingerprints(shown)
    with login(two_tokens, PIN, {wanted}) as token:
        assert token.label == shown.label


def test_a_pin_is_not_tried_on_several_tokens_that_hide_their_keys(two_tokens: TokenSettings) -> None:
    for token in [token for token in find_tokens(two_tokens) if token.initialised]:
        with token.slot_token.open(rw=True, user_pin=PIN) as session:
            for public in list(session.get_objects({Attribute.CLASS: ObjectClass.PUBLIC_KEY})):
                public.destroy()
    with pytest.raises(errors.SeveralTokens, match="Vakt"):
        login(two_tokens, "000000", {"ab" * 32})


def test_a_revoked_token_is_told_that_it_is_revoked(settings: TokenSettings) -> None:
    with login(settings, PIN) as token:
        revoked = EnrolledToken(
            *(token.fingerprint, token.public_key, "Vakt", "ola", datetime(2026, 1, 1, tzinfo=UTC), "kari", 1),
            *(datetime(2026, 11, 20, tzinfo=UTC), "kari"),
        )
    with pytest.raises(TokenRevoked, match=r"was revoked at 2026-11-20 .* by kari"):
        login(settings, PIN, {"ab" * 32}, revoked={revoked.fingerprint: revoked})


@pytest.mark.parametrize("identifier", [b"\7", b""])
def test_of_keys_with_one_identifier_the_right_one_signs(settings: TokenSettings, identifier: bytes) -> None:
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(3)]
    put(settings, *keys, identifier=identifier)
    for key in keys:
        with login(settings, PIN, {fingerprint(public_octets(key))}) as token:
            assert token.public_key == public_octets(key)
            assert check(token.sign({}), {token.fingerprint: token.public_key}).payload == {}


def test_of_several_tokens_one_must_be_named_to_enrol_it(two_tokens: TokenSettings) -> None:
    with pytest.raises(errors.SeveralTokens, match="Vakt"):
        login(two_tokens, PIN)


def test_logging_out_ends_the_login(settings: TokenSettings) -> None:
    token = login(settings, PIN)
    token.logout()
    with pytest.raises(errors.TokenError):
        token.sign({"action": "remove"})
    with pytest.raises(errors.WrongPin):
        login(settings, "000000")
