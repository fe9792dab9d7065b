"""The token that the operator is logged in with, for as long as that lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.background import in_background
from console.configuration import token_settings
from console.language import _
from pkcs11_token.errors import TokenPulled
from store.errors import NoTokenEnrolled, TokenRequired
from store.trust import trust

if TYPE_CHECKING:
    from pkcs11_token.session import FoundToken, LoggedInToken
    from store.database import Store
    from store.journal import Details


class OperatorToken:
    """Logged in or not; every PKCS#11 call is made off the screen's thread. The PIN is not kept."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.session: LoggedInToken | None = None

    @property
    def logged_in(self) -> bool:
        """Whether somebody has logged in and the login has not ended."""
        return self.session is not None

    def state(self) -> str:
        """What the bottom line says of the token."""
        return _("no token") if self.session is None else _("token {name}").format(name=self.session.label)

    async def find(self) -> list[FoundToken]:
        """The tokens that are present. Raises NoTokenEnrolled before looking for one, or TokenError."""
        if not trust(self.store).valid:
            raise NoTokenEnrolled

        def find() -> list[FoundToken]:
            from pkcs11_token.session import find_tokens

            return find_tokens(token_settings())

        return await in_background(find)

    async def log_in(self, pin: str | None, *, last_try_confirmed: bool = False) -> None:
        """Log in to an enrolled token, with a PIN or on the reader's own PIN pad. Raises TokenError."""
        expected = set(trust(self.store).valid)

        def log_in() -> LoggedInToken:
            from pkcs11_token.session import login

            return login(token_settings(), pin, expected, last_try_confirmed=last_try_confirmed)

        self.session = await in_background(log_in)

    async def sign(self, payload: Details) -> str:
        """The logged-in token's statement of `payload`. Raises TokenError; a token that is gone is logged out."""
        session = self.session
        if session is None:
            raise TokenRequired
        try:
            return await in_background(lambda: session.sign(payload))
        except TokenPulled:
            self.log_out()
            raise

    def log_out(self) -> None:
        """End the login; the token asks for its PIN again."""
        session, self.session = self.session, None
        if session is not None:
            session.logout()
