"""PKCS#11 URIs (RFC 7512): which token, and which key on it."""

from dataclasses import dataclass
from urllib.parse import quote, unquote, unquote_to_bytes

from pkcs11_token.errors import N_, UriInvalid, UriPartWrong

TOKEN_PARTS = {"token", "serial", "manufacturer", "model"}
IGNORED_PARTS = {"type", "library-manufacturer", "library-description", "library-version"}


@dataclass(frozen=True)
class TokenName:
    """What a token and its key must be called; None where any will do."""

    token: str | None = None
    serial: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    slot: int | None = None
    key_label: str | None = None
    key_id: bytes | None = None


def token_name(text: str) -> TokenName:
    """What `text`, a token's label or a PKCS#11 URI, names. Raises UriInvalid."""
    if not text.startswith("pkcs11:"):
        return TokenName(token=text or None)
    path, _, query = text.removeprefix("pkcs11:").partition("?")
    if "pin-" in query:
        raise UriInvalid(why=N_("it must not hold a PIN"))
    parts: dict[str, str | bytes | int] = {}
    seen: set[str] = set()
    for part in filter(None, path.split(";")):
        name, equals, value = part.partition("=")
        if not equals or name in seen:
            raise UriPartWrong(part=name)
        seen.add(name)
        if name in TOKEN_PARTS:
            parts[name] = unquote(value)
        elif name == "object":
            parts["key_label"] = unquote(value)
        elif name == "id":
            parts["key_id"] = unquote_to_bytes(value)
        elif name == "slot-id":
            if not value.isdecimal():
                raise UriInvalid(why=N_("slot-id is not a number"))
            parts["slot"] = int(value)
        elif name not in IGNORED_PARTS:
            raise UriPartWrong(part=name)
    return TokenName(**parts)  # type: ignore[arg-type]  # each part has its field's type


def uri_of(label: str, serial: str) -> str:
    """The PKCS#11 URI of the token with this label and serial."""
    return f"pkcs11:token={quote(label, safe='')};serial={quote(serial, safe='')}"
