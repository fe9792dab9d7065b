"""Log in to the token ahead of a removal."""

from console.language import _
from console.screens.token_page import TokenPage
from console.screens.wizard import Page, ResultPage, Wizard
from pkcs11_token.errors import N_


class TokenLogin(Wizard):
    """Token: the PIN, and that one is logged in."""

    name_of_wizard = N_("Token")
    steps = (N_("PIN"),)

    def first_page(self) -> Page:
        return TokenPage(1, [_("Removing a key from the blocklist requires a logged-in Token.")], N_("Log in"))

    async def next_page(self, page: Page) -> Page | None:
        if isinstance(page, TokenPage):
            await page.log_in()
            return ResultPage([_("You are logged in with the token {name}.").format(name=self.console.token.name())])
        return None
