"""A key in a token as a private key of `cryptography`, so that it can sign certificates and lists."""

from __future__ import annotations  # memoryview takes a parameter from Python 3.14 on

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from pkcs11_token.errors import KeyNotSupported
from pkcs11_token.session import LoggedInToken


class TokenPrivateKey(ec.EllipticCurvePrivateKey):
    """The EC key of a logged-in token, which never leaves it: only signing works.

    Raises KeyNotSupported for a key of another kind.
    """

    def __init__(self, token: LoggedInToken) -> None:
        public_key = load_der_public_key(token.public_key)
        if not isinstance(public_key, ec.EllipticCurvePublicKey) or token.algorithm != "ES256":
            raise KeyNotSupported
        self._token = token
        self._public_key = public_key

    def sign(
        self, data: bytes | bytearray | memoryview[int], signature_algorithm: ec.EllipticCurveSignatureAlgorithm
    ) -> bytes:
        """A signature over `data` with ECDSA and SHA-256 (DER). Raises TokenError."""
        raw = self._token.signature(bytes(data))
        half = len(raw) // 2
        return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public_key

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._public_key.curve

    @property
    def key_size(self) -> int:
        return self._public_key.key_size

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> bytes:
        raise NotImplementedError

    def private_numbers(self) -> ec.EllipticCurvePrivateNumbers:
        raise NotImplementedError

    def private_bytes(self, encoding: Any, format: Any, encryption_algorithm: Any) -> bytes:
        raise NotImplementedError

    def __copy__(self) -> TokenPrivateKey:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> TokenPrivateKey:
        return self
