"""Basic data › Browse tokens: which tokens may prove removals, as the journal says."""

from collections.abc import Sequence
from typing import Any

from console import row_words
from console.language import _
from console.screens.browsing import BrowseScreen
from console.widgets.record_table import Column, Source
from console.wording import date
from pkcs11_token.errors import N_
from pkcs11_token.statement import short_fingerprint
from store.browse.journal import journal_row
from store.token_rows import TokenRow, Tokens


class TokensScreen(BrowseScreen):
    """The site's tokens; enrolling and revoking are signed by one of them."""

    where = (N_("Basic data"), N_("Browse tokens"))
    table_name = "tokens"
    nothing = N_("No token is enrolled. Press e to enrol the first one.")
    first_sort = "enrolled"
    BINDINGS = [("e", "enrol", N_("Enrol a token")), ("x", "revoke", N_("Revoke this token"))]
    hints = (
        ("e", N_("Enrol")),
        ("x", N_("Revoke")),
        ("/", N_("Search")),
        ("m", N_("Menu")),
        ("?", N_("Help")),
        ("q", N_("Quit")),
    )

    def source(self) -> Source[Any]:
        return Tokens(self.console.store)

    def columns(self) -> Sequence[Column[Any]]:
        return (
            Column("label", _("Token"), lambda row: row.label, 14, min_width=10, flex=True),
            Column("user", _("Holder"), lambda row: row.user, 10, min_width=9),
            Column("fingerprint", _("Fingerprint"), _fingerprint, 14, min_width=14, priority=2),
            Column("enrolled", _("Enrolled"), lambda row: date(row.enrolled_at), 11, min_width=11, priority=2),
            Column("by", _("By"), lambda row: row.enrolled_by, 8, min_width=5, priority=3),
            Column("state", _("State"), row_words.token_state, 24, min_width=24, signed=True),
        )

    def open_record(self, row: TokenRow) -> None:
        from console.screens.journal_record import JournalRecordScreen

        self.app.push_screen(JournalRecordScreen(journal_row(self.console.store, row.id), self.where))

    def action_enrol(self) -> None:
        from console.screens.token_wizards import EnrolWizard

        self.app.push_screen(EnrolWizard())

    def action_revoke(self) -> None:
        from console.screens.token_wizards import RevokeWizard

        if self.table.current is not None:
            self.app.push_screen(RevokeWizard(self.table.current.fingerprint))


def _fingerprint(row: TokenRow) -> str:
    return short_fingerprint(row.fingerprint)
