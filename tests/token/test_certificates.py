"""Certificates on a token: which one counts for a key that has several."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pkcs11 import Attribute, CertificateType, ObjectClass

from pkcs11_token import errors
from pkcs11_token.session import TokenSettings, find_tokens, login
from tests.fixed_token import PIN
from tests.token.test_keys import certificate, put

Add = Callable[..., None]
KEY = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def add(settings: TokenSettings) -> Add:
    """Puts a certificate on the token, beside what is there."""

    def add(octets: bytes, key_id: bytes = b"\x01") -> None:
        (found,) = find_tokens(settings)
        with found.slot_token.open(rw=True, user_pin=PIN) as session:
            session.create_object(
                {
                    Attribute.TOKEN: True,
                    Attribute.ID: key_id,
                    Attribute.CLASS: ObjectClass.CERTIFICATE,
                    Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                    Attribute.SUBJECT: b"\x30\x00",
                    Attribute.VALUE: octets,
                }
            )

    return add


@pytest.mark.parametrize("expired_first", [True, False])
def test_a_renewed_certificate_counts_and_not_the_one_it_replaces(
    settings: TokenSettings, add: Add, expired_first: bool
) -> None:
    put(settings, KEY, expired=expired_first)
    add(certificate(KEY, expired=not expired_first))
    with login(settings, PIN) as token:
        assert token.certificate_name == "Kari Vakt"


def test_certificates_that_have_all_expired_are_refused(settings: TokenSettings, add: Add) -> None:
    put(settings, KEY, expired=True)
    add(certificate(KEY, expired=True))
    with pytest.raises(errors.CertificateExpired, match="Kari Vakt"):
        login(settings, PIN)


def test_a_certificate_belongs_to_the_key_that_it_holds_whatever_its_id(settings: TokenSettings, add: Add) -> None:
    put(settings, KEY)
    add(certificate(KEY, expired=False), b"\x77")
    with login(settings, PIN) as token:
        assert token.certificate_name == "Kari Vakt"
