"""A token is named by its label or by a PKCS#11 URI, which holds no PIN."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkcs11_token import errors
from pkcs11_token.uri import TokenName, token_name, uri_of


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
    [
        *("pkcs11:token=a?pin-value=1234", "pkcs11:token=a?pin-source=/x", "pkcs11:x=1", "pkcs11:token"),
        *("pkcs11:slot-id=a", "pkcs11:token=a;token=b", "pkcs11:id=%01;id=%02"),
    ],
)
def test_a_uri_with_a_pin_or_unknown_parts_is_refused(text: str) -> None:
    with pytest.raises(errors.UriInvalid) as refusal:
        token_name(text)
    assert "1234" not in str(refusal.value)


@given(label=st.text(st.characters(exclude_categories=["Cs"])), serial=st.text(st.characters(codec="ascii")))
def test_the_uri_of_a_token_names_it(label: str, serial: str) -> None:
    assert token_name(uri_of(label, serial)) == TokenName(token=label, serial=serial)


def test_what_stands_for_something_else_in_a_uri_is_spelled_out() -> None:
    assert uri_of("a/b;c?d", "1") == "pkcs11:token=a%2Fb%3Bc%3Fd;serial=1"
