"""The question that the wizards for adding and removing share: how to proceed with the affected locks, and why."""

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from textual.widget import Widget

from console.language import _
from console.screens.wizard import Page
from console.widgets.choice_list import Choice, ChoiceList, WordPicker
from console.widgets.field import Field
from console.widgets.paragraphs import Paragraphs
from console.wording import title
from store.blocklist import NOTE_LIMIT
from store.terms import Reason, RemovalReason

R = TypeVar("R", Reason, RemovalReason)


class WayPage(Page, Generic[R]):
    """Step 6 of the manual: planning or ordering, of which neither is chosen at first; the reason; and a note."""

    def questions(self, if_planned: str, if_ordered: str, reasons: Sequence[R]) -> Iterable[Widget]:
        """The widgets that ask."""
        yield Paragraphs([_("How do you want to proceed with the affected locks?")], bold=True)
        yield ChoiceList(ways(if_planned, if_ordered))
        yield Paragraphs([""])
        yield WordPicker(_("Reason"), [(reason, title(reason)) for reason in reasons])
        yield Field(_("Note"), limit=NOTE_LIMIT)

    @property
    def order(self) -> bool | None:
        """Whether the list is to be ordered; None before it was chosen."""
        return self.query_one(ChoiceList).chosen

    @property
    def reason(self) -> R:
        """Why, one of the `reasons`."""
        reason: R = self.query_one(WordPicker).value
        return reason

    @property
    def note(self) -> str:
        """The remark that is kept with it."""
        return self.query_one(Field).value

    def why_not(self) -> str:
        if self.order is None:
            return _("Choose first: Leave in planning state, or Order blocklist.")
        return ""


def ways(if_planned: str, if_ordered: str) -> list[Choice[bool]]:
    """The two ways of the manual, each with what it means."""
    return [
        Choice(False, _("Leave in planning state"), if_planned),
        Choice(True, _("Order blocklist"), if_ordered),
    ]
