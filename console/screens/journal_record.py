"""A record of the journal, with all that it says."""

from collections.abc import Sequence

from console.journal_words import journal_summary
from console.language import _
from console.screens.record import RecordScreen
from console.wording import date_time, term
from pkcs11_token.statement import full_fingerprint, payload_of
from store.browse import JournalRow


class JournalRecordScreen(RecordScreen):
    """One record; there is nothing to turn to."""

    def __init__(self, row: JournalRow, where: Sequence[str]) -> None:
        super().__init__(row.id, where)
        self.row = row

    def name_of_record(self) -> str:
        return _("No. {number}").format(number=self.row.id)

    def headline(self) -> str:
        return journal_summary(self.row.action, self.row.details)

    def facts(self) -> Sequence[tuple[str, str]]:
        row = self.row
        details = row.details
        facts = [(_("When"), date_time(row.at)), (_("Who"), row.operator), (_("What"), term(row.action))]
        if "statements" in details:
            details = payload_of(details["statements"][0])
        if "token" in details:
            token = details["token"]
            facts += [(_("Fingerprint"), full_fingerprint(token["fingerprint"]))]
            facts += [(_("Holder"), token["user"])] if "user" in token else []
        if details.get("reason"):
            facts.append((_("Reason"), term(details["reason"])))
        if details.get("note"):
            facts.append((_("Note"), details["note"]))
        facts += [(_("Key"), f"{key['label']} ({key['serial']})") for key in details.get("keys", ())]
        zones = details.get("zones", ())
        facts += [
            (
                _("Zone"),
                _("{zone}, version {before} to {after}").format(**{k: z[k] for k in ("zone", "before", "after")}),
            )
            for z in zones
        ]
        return facts
