"""The menu with the manual's names."""

from collections.abc import Iterable

from textual import on
from textual.widget import Widget

from console.language import _
from console.screens.console_screen import ConsoleScreen
from console.sections import SECTIONS
from console.widgets.choice_list import Choice, ChoiceList
from pkcs11_token.errors import N_


class MenuScreen(ConsoleScreen[None]):
    """Every place and every verb, to be chosen by arrow and Enter or by number."""

    where = (N_("Menu"),)
    hints = (("Enter", N_("Choose")), ("Esc", N_("Back")), ("q", N_("Quit")))
    BINDINGS = [("q", "app.quit", N_("Quit"))]

    def body(self) -> Iterable[Widget]:
        basic = _("Basic data")
        yield ChoiceList(
            [
                *(Choice(f"app.browse('{section}')", f"{basic} › {_(name)}") for section, name in SECTIONS.items()),
                Choice("app.add", _("Add to blocklist"), _("needs no Token")),
                Choice("app.order", _("Order blocklist"), _("issues the plans")),
                Choice("app.visits", _("Import visits"), _("what the locks have learned")),
                Choice("app.token", _("Token: log in or out"), _("to remove a key")),
            ],
            marks=False,
            classes="fill",
        )

    @on(ChoiceList.Confirmed)
    def choose(self, event: ChoiceList.Confirmed) -> None:
        self.dismiss()
        self.app.call_later(self.app.run_action, event.value)
