"""The token that the operator is logged in with, for as long as that lasts."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from console.background import in_background, soon
from console.configuration import token_settings
from console.language import _
from console.wording import short_duration
from pkcs11_token.chain_errors import TokenRequired
from pkcs11_token.errors import TokenPulled, TokenSessionClosed
from store.errors import NoTokenEnrolled

if TYPE_CHECKING:
    from pkcs11_token.chain import Details, Trust
    from pkcs11_token.session import FoundToken, LoggedInToken
    from store.database import Store


LOGOUT_SECONDS = 0.5


class OperatorToken:
    """Logged in or not; every PKCS#11 call is made off the screen's thread. The PIN is not kept.

    The login ends after `idle` without a key pressed, when the token is pulled, and when the operator wants.
    """

    def __init__(self, store: Store, idle: timedelta) -> None:
        self.store = store
        self.idle = idle
        self.session: LoggedInToken | None = None
        self.ends_at: datetime | None = None
        self.asks_each_time = False
        self._looking = False

    @property
    def logged_in(self) -> bool:
        """Whether somebody has logged in and the login has not ended."""
        return self.session is not None

    @property
    def asks_on_reader(self) -> bool:
        """Whether the PIN for a signature of the logged-in token is typed on the reader."""
        return self.session is not None and self.session.pin_pad

    def state(self) -> str:
        """What the bottom line says of the token, with the time that is left."""
        if self.session is None or self.ends_at is None:
            return _("no token")
        left = short_duration(self.ends_at - self.store.clock() + timedelta(seconds=59))
        return _("token {name} {left}").format(name=self.session.label, left=left)

    def name(self) -> str:
        """The token's label, with the name on its certificate if it has one."""
        if self.session is None:
            return ""
        return " ".join(filter(None, (self.session.label, self.session.certificate_name)))

    def used(self) -> None:
        """The operator has pressed a key: the login's time begins anew."""
        if self.session is not None:
            self.ends_at = self.store.clock() + self.idle

    def _trust(self) -> Trust:
        from store.trust import trust

        return trust(self.store)

    async def find(self, besides: Collection[str] = ()) -> list[FoundToken]:
        """The tokens that can be logged in to, `besides` those with these fingerprints, which have signed already.

        Raises NoTokenEnrolled before looking for one, or TokenError.
        """
        known = self._trust()
        if not known.valid:
            raise NoTokenEnrolled

        def find() -> list[FoundToken]:
            from pkcs11_token.session import login_candidates

            return login_candidates(token_settings(), known.valid.keys() - besides, known.revoked)

        return await in_background(find)

    async def find_new(self) -> list[FoundToken]:
        """The tokens that are present and not enrolled, whatever the settings name. Raises TokenError."""
        enrolled = set(self._trust().valid)

        def find() -> list[FoundToken]:
            from pkcs11_token.session import find_tokens, visible_fingerprints

            found = [token for token in find_tokens(replace(token_settings(), token="")) if token.initialised]
            return [token for token in found if not enrolled.intersection(visible_fingerprints(token))]

        return await in_background(find)

    async def log_in_new(self, found: FoundToken, pin: str | None) -> LoggedInToken:
        """Log in to a token that is to be enrolled. Raises TokenError."""

        def log_in() -> LoggedInToken:
            from pkcs11_token.session import login
            from pkcs11_token.uri import uri_of

            return login(replace(token_settings(), token=uri_of(found.label, found.serial)), pin)

        return await in_background(log_in)

    async def log_in(self, pin: str | None, *, last_try_confirmed: bool = False, besides: Collection[str] = ()) -> None:
        """Log in to an enrolled token, with a PIN or on the reader's own PIN pad. Raises TokenError."""
        known = self._trust()
        given_up = False

        def log_in() -> tuple[LoggedInToken, bool]:
            from pkcs11_token.session import login

            session = login(
                token_settings(),
                pin,
                known.valid.keys() - besides,
                revoked=known.revoked,
                last_try_confirmed=last_try_confirmed,
            )
            if given_up:
                session.logout()
            return session, session.needs_pin_for_each_signature

        try:
            self.session, self.asks_each_time = await in_background(log_in)
        except asyncio.CancelledError:
            given_up = True
            raise
        self.used()

    async def sign(self, payload: Details, pin: str | None = None) -> str:
        """The logged-in token's statement of `payload`; `pin` for a key that asks for it at every signature.

        Raises TokenError; a login that has ended is forgotten.
        """
        session = self.session
        if session is None:
            raise TokenRequired
        try:
            return await in_background(lambda: session.sign(payload, (lambda: pin) if pin is not None else None))
        except (TokenPulled, TokenSessionClosed):
            self.log_out()
            raise

    async def watch(self) -> TokenPulled | None:
        """End the login when its time is over or the token is gone; returns the error in that case."""
        session = self.session
        if session is None:
            return None
        if self.ends_at is not None and self.store.clock() >= self.ends_at:
            self.log_out()
            return None
        if self._looking:
            return None
        self._looking = True
        try:
            present = await in_background(session.is_present)
        finally:
            self._looking = False
        if present or self.session is not session:
            return None
        self.log_out()
        return TokenPulled()

    def log_out(self) -> None:
        """End the login; the token asks for its PIN again. A token that hangs holds nothing up."""
        session, self.session = self.session, None
        if session is not None:
            soon(session.logout, LOGOUT_SECONDS)
