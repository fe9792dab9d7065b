"""Every place and every verb by its name, to be searched: Textual's command palette in the console's looks."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from console.language import _
from console.sections import SECTIONS

if TYPE_CHECKING:
    from console.app import SperreApp


class Verbs(Provider):
    """What the palette offers."""

    def _verbs(self) -> list[tuple[str, Callable[[], object]]]:
        app = cast("SperreApp", self.app)
        return [
            *((_(name), partial(app.action_browse, section)) for section, name in SECTIONS.items()),
            (_("Add to blocklist"), app.action_add),
            (_("Order blocklist"), app.action_order),
            (_("Import visits"), app.action_visits),
            (_("Token: log in or out"), app.action_token),
            (_("Quit"), app.exit),
        ]

    async def discover(self) -> Hits:
        for name, verb in self._verbs():
            yield DiscoveryHit(name, verb)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        hits = [(matcher.match(name), name, verb) for name, verb in self._verbs()]
        for score, name, verb in hits:
            if score > 0:
                yield Hit(score, matcher.highlight(name), verb)
        if not any(score > 0 for score, _name, _verb in hits):
            yield Hit(0.1, _("No place and no verb has that name."), lambda: None)


class Palette(CommandPalette):
    """The palette, without a picture that many terminals lack."""

    DEFAULT_CSS = "Palette SearchIcon { display: none; }"

    def __init__(self) -> None:
        super().__init__([Verbs], placeholder=_("Search for a place or a verb"))
