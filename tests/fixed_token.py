"""A soft token whose key is the same in every run, so that its fingerprint may stand in a snapshot."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pkcs11 import Attribute
from pkcs11.util.ec import decode_ec_private_key, decode_ec_public_key

from pkcs11_token.session import TokenSettings, find_tokens
from pkcs11_token.soft_token import create_soft_token

PIN = "482913"
TOKEN_LABEL = "Vaktleder"
DEPUTY_LABEL = "Styreleder"


def make_fixed_token(directory: Path, label: str = TOKEN_LABEL, secret: int = 1905) -> TokenSettings:
    """A soft token in `directory` with the P-256 key that `secret` gives, in place of a random one."""
    settings = create_soft_token(directory, label, PIN)
    key = derive_private_key(secret, SECP256R1())
    private = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    (found,) = find_tokens(settings)
    with found.slot_token.open(rw=True, user_pin=PIN) as session:
        for stored in list(session.get_objects()):
            stored.destroy()
        common = {Attribute.TOKEN: True, Attribute.ID: b"\1", Attribute.LABEL: "sperre"}
        session.create_object(decode_ec_private_key(private) | common | {Attribute.SIGN: True})
        session.create_object(decode_ec_public_key(public) | common | {Attribute.VERIFY: True})
    return settings


def move_token(directory: Path) -> None:
    """Let the configuration in `directory` point to the tokens that were copied there with it."""
    conf = directory / "softhsm2.conf"
    lines = [line for line in conf.read_text().splitlines() if not line.startswith("directories.tokendir")]
    conf.write_text("\n".join([f"directories.tokendir = {directory / 'tokens'}", *lines]) + "\n")
