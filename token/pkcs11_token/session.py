"""Find a token, log in, sign, log out: everything that speaks PKCS#11."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from pkcs11_token import errors
from pkcs11_token.keys import SigningKey, public_keys, signing_keys
from pkcs11_token.mechanisms import mechanism_for
from pkcs11_token.module import loaded_module, logins_held, speaking_to, turn
from pkcs11_token.pin import checked_pin
from pkcs11_token.statement import TYPE, canonical, fingerprint, signature_fits
from pkcs11_token.uri import TokenName, token_name

if TYPE_CHECKING:
    import pkcs11

    from pkcs11_token.chain import EnrolledToken

NONE: Mapping[str, EnrolledToken] = {}
PROBE = b"sperre: which of the keys is this?"


@dataclass(frozen=True)
class TokenSettings:
    """`module` is the path of a PKCS#11 module; `token` a token's label or a PKCS#11 URI, empty for any token."""

    module: str
    token: str = ""


@dataclass(frozen=True)
class FoundToken:
    """A token that is present, as it can be seen without logging in."""

    label: str
    serial: str
    manufacturer: str
    model: str
    initialised: bool
    count_low: bool
    final_try: bool
    locked: bool
    pin_pad: bool
    slot_token: pkcs11.Token


class LoggedInToken:
    """A token that somebody has logged in to, with one key that signs; a context manager that logs out.

    `fingerprint` and `public_key` (SubjectPublicKeyInfo, DER) are those of the key, `certificate_name` the name
    on its certificate if there is one. The PIN is not kept.
    """

    def __init__(self, found: FoundToken, key: SigningKey, ending: ExitStack) -> None:
        self.label = found.label
        self.public_key = key.public_key
        self.fingerprint = fingerprint(key.public_key)
        self.certificate_name = key.certificate_name
        self.algorithm = key.algorithm
        self._found = found
        self._key = key.private
        self._ending = ending

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.logout()

    @property
    def needs_pin_for_each_signature(self) -> bool:
        """Whether the key asks for the PIN at every signature (CKA_ALWAYS_AUTHENTICATE)."""
        from pkcs11 import Attribute, PKCS11Error

        with turn, suppress(PKCS11Error):
            return bool(self._key[Attribute.ALWAYS_AUTHENTICATE])
        return False

    @property
    def pin_pad(self) -> bool:
        """Whether the PIN is typed on the reader."""
        return self._found.pin_pad

    def sign(self, payload: dict[str, Any], pin: Callable[[], str] | None = None) -> str:
        """A statement (JWS, compact) of `payload`, signed in the token.

        `pin` is asked when the key wants the PIN at every signature and the reader has no PIN pad. Raises
        TokenError; WrongSignature when what the token returns does not fit its public key.
        """
        from jwt.api_jws import PyJWS

        maker = PyJWS(algorithms=[])
        maker.register_algorithm(self.algorithm, _token_algorithm(self, pin))
        statement: str = maker.encode(
            canonical(payload), b"", self.algorithm, headers={"kid": self.fingerprint, "typ": TYPE}
        )
        return statement

    def signature(self, message: bytes, pin: Callable[[], str] | None = None) -> bytes:
        """The plain signature of the token's key over `message`, checked with its public key."""
        typed = self._asked(pin) if self.needs_pin_for_each_signature else None
        with speaking_to(self.label):
            chosen = mechanism_for(self.algorithm, self._found.slot_token.slot.get_mechanisms(), message)
            if chosen is None:
                raise errors.MechanismMissing(token=self.label, algorithm=self.algorithm)
            signed = self._signed(*chosen, typed)
        if not signature_fits(self.public_key, message, signed):
            raise errors.WrongSignature
        return signed

    def is_present(self) -> bool:
        """Whether the token is still there and the login still holds; at once, also while another call lasts."""
        from pkcs11 import Attribute, PKCS11Error

        if not turn.acquire(blocking=False):
            return True  # the call that has its turn will tell
        try:
            now = self._found.slot_token.slot.get_token()
            return bool(now.serial == self._found.slot_token.serial and self._key[Attribute.KEY_TYPE] is not None)
        except PKCS11Error:
            return False
        finally:
            turn.release()

    def logout(self) -> None:
        """End the login; the token may be gone already."""
        self._ending.close()

    def _asked(self, pin: Callable[[], str] | None) -> str:
        if self._found.pin_pad:
            return ""  # the module asks for it on the reader
        if pin is None:
            raise errors.PinRequired
        return checked_pin(pin())

    def _signed(self, mechanism: pkcs11.Mechanism, octets: bytes, pin: str | None) -> bytes:
        if pin is None:
            return bytes(self._key.sign(octets, mechanism=mechanism))
        # A PIN that is refused here leaves its session in the middle of a signature, so it gets one of its own.
        with _closed_after(self._found.slot_token.open()) as session:
            keys = signing_keys(session, TokenName(), self.label)
            key = next(key.private for key in keys if key.public_key == self.public_key)
            return bytes(key.sign(octets, mechanism=mechanism, pin=pin))


def find_tokens(settings: TokenSettings) -> list[FoundToken]:
    """The tokens that are present and that `settings` names.

    Raises NoModuleConfigured, ModuleNotLoadable or UriInvalid.
    """
    if not settings.module:
        raise errors.NoModuleConfigured
    name = token_name(settings.token)
    with speaking_to(settings.token):
        module = loaded_module(settings.module)
        try:
            tokens = list(module.get_tokens())
        except _stale():
            tokens = list(loaded_module(settings.module, fresh=True).get_tokens())
        found = [_found(token) for token in tokens]
    return [token for token in found if _is_named(token, name)]


def login(
    settings: TokenSettings,
    pin: str | None,
    expected: Collection[str] | None = None,
    *,
    revoked: Mapping[str, EnrolledToken] = NONE,
    last_try_confirmed: bool = False,
) -> LoggedInToken:
    """Log in to a token with a PIN, or with None on the reader's own PIN pad.

    `expected` are fingerprints of keys that may sign: the token is found by its key, not by its slot. With None
    (to enrol a token) the settings must name one. `revoked` are tokens that count no more, by fingerprint. Raises
    TokenError in the words of what is wrong, or TokenRevoked.
    """
    name = token_name(settings.token)
    candidates = login_candidates(settings, expected, revoked)
    for token in candidates:
        logged_in = _login(token, pin, name, expected, revoked, last_try_confirmed=last_try_confirmed)
        if logged_in is not None:
            return logged_in
    raise errors.NotEnrolledToken(tokens=_labels(candidates))


def login_candidates(
    settings: TokenSettings, expected: Collection[str] | None = None, revoked: Mapping[str, EnrolledToken] = NONE
) -> list[FoundToken]:
    """The present tokens that `login` would log in to; what it refuses without looking at a PIN is refused here."""
    present = find_tokens(settings)
    found = [token for token in present if token.initialised]
    if present and not found and (settings.token or expected is None):
        raise errors.TokenNotInitialised(token=_labels(present))
    if not found:
        raise errors.NoToken(token=settings.token)
    if expected is None:
        if len(found) > 1:
            raise errors.SeveralTokens(tokens=_labels(found))
        return found
    seen = [(token, visible_fingerprints(token)) for token in found]
    candidates = [token for token, names in seen if not set(names).isdisjoint(expected)]
    if candidates:
        return candidates
    hidden = [token for token, names in seen if not names]
    if len(hidden) > 1:  # a wrong PIN costs each token a try
        raise errors.SeveralTokens(tokens=_labels(hidden))
    if not hidden:
        _refuse_revoked([name for _token, names in seen for name in names], revoked)
        raise errors.NotEnrolledToken(tokens=_labels(found))
    return hidden


def _refuse_revoked(names: Iterable[str], revoked: Mapping[str, EnrolledToken]) -> None:
    """Raise TokenRevoked when one of the fingerprints is a revoked token's."""
    for name in names:
        if name in revoked:
            revoked[name].require_unrevoked()


def visible_fingerprints(found: FoundToken) -> list[str]:
    """The fingerprints of the keys that a token shows without its PIN."""
    with speaking_to(found.label), _closed_after(found.slot_token.open()) as session:
        return [fingerprint(public_key) for public_key in public_keys(session)]


def _labels(found: Collection[FoundToken]) -> str:
    return ", ".join(sorted(token.label or token.model for token in found))


def _login(
    found: FoundToken,
    pin: str | None,
    name: TokenName,
    expected: Collection[str] | None,
    revoked: Mapping[str, EnrolledToken],
    *,
    last_try_confirmed: bool,
) -> LoggedInToken | None:
    """The login, or None when the token holds none of the expected keys. Raises TokenRevoked for one of `revoked`."""
    from pkcs11 import PROTECTED_AUTH

    if found.locked:
        raise errors.PinLocked(token=found.label)
    if found.final_try and not last_try_confirmed:
        raise errors.PinLastTry(token=found.label)
    if pin is None and not found.pin_pad:
        raise errors.PinRequired
    with speaking_to(found.label), ExitStack() as ending:
        session = found.slot_token.open(user_pin=PROTECTED_AUTH if pin is None else checked_pin(pin))
        ending.enter_context(_login_held(session))
        keys = signing_keys(session, name, found.label)
        fitting = [key for key in keys if expected is None or fingerprint(key.public_key) in expected]
        if not fitting:
            _refuse_revoked([fingerprint(key.public_key) for key in keys], revoked)
            return None
        key = fitting[0] if len(fitting) == len(keys) == 1 else _own(found, fitting)
        if key.expires is not None and key.expires < datetime.now(UTC):
            raise errors.CertificateExpired(name=key.certificate_name, date=key.expires)
        return LoggedInToken(found, key, ending.pop_all())


def _own(found: FoundToken, keys: Sequence[SigningKey]) -> SigningKey:
    """The first key whose signature its public half fits, where keys share an identifier."""
    for key in keys:
        with suppress(errors.WrongSignature, errors.MechanismMissing, errors.PinRequired):
            LoggedInToken(found, key, ExitStack()).signature(PROBE)
            return key
    return keys[0]


@contextmanager
def _login_held(session: pkcs11.Session) -> Iterator[None]:
    login = object()
    logins_held.add(login)
    try:
        with _closed_after(session):
            yield
    finally:
        logins_held.discard(login)


@contextmanager
def _closed_after(session: pkcs11.Session) -> Iterator[pkcs11.Session]:
    """The session, closed at the end: that it was gone already must not hide why."""
    from pkcs11 import PKCS11Error

    try:
        yield session
    finally:
        with turn, suppress(PKCS11Error):
            session.close()


def _stale() -> tuple[type[Exception], ...]:
    import pkcs11.exceptions as e

    return (e.DeviceRemoved, e.SlotIDInvalid, e.DeviceError, e.GeneralError)


def _found(token: pkcs11.Token) -> FoundToken:
    from pkcs11 import TokenFlag as Flag

    flags = token.flags
    return FoundToken(
        label=token.label,
        serial=token.serial.decode("utf-8", "replace") if isinstance(token.serial, bytes) else str(token.serial),
        manufacturer=token.manufacturer_id,
        model=token.model,
        initialised=bool(flags & Flag.TOKEN_INITIALIZED),
        count_low=bool(flags & Flag.USER_PIN_COUNT_LOW),
        final_try=bool(flags & Flag.USER_PIN_FINAL_TRY),
        locked=bool(flags & Flag.USER_PIN_LOCKED),
        pin_pad=bool(flags & Flag.PROTECTED_AUTHENTICATION_PATH),
        slot_token=token,
    )


def _is_named(found: FoundToken, name: TokenName) -> bool:
    wanted = (
        (name.token, found.label),
        (name.serial, found.serial),
        (name.manufacturer, found.manufacturer),
        (name.model, found.model),
    )
    if any(want is not None and want != actual for want, actual in wanted):
        return False
    return name.slot is None or name.slot == found.slot_token.slot.slot_id


def _token_algorithm(token: LoggedInToken, pin: Callable[[], str] | None) -> Any:
    """The token as an algorithm of PyJWT."""
    from jwt.algorithms import Algorithm

    class TokenAlgorithm(Algorithm):
        def prepare_key(self, key: Any) -> Any:
            return key

        def sign(self, msg: bytes, key: Any) -> bytes:  # the key is in the token
            return token.signature(msg, pin)

        def verify(self, msg: bytes, key: Any, sig: bytes) -> bool:
            return signature_fits(token.public_key, msg, sig)

        @staticmethod
        def to_jwk(key_obj: Any, as_dict: bool = False) -> Any:  # PyJWT's signature
            raise NotImplementedError

        @staticmethod
        def from_jwk(jwk: Any) -> Any:
            raise NotImplementedError

    return TokenAlgorithm()
