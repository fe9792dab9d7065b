"""The wizard *Import visits*: the audit trails of the locks, from a file."""

from collections.abc import Iterable
from pathlib import Path

from textual.widget import Widget

from console import outcomes
from console.background import in_background
from console.language import _, number
from console.paths import is_file, typed_path
from console.screens.wizard import Page, RefusalPage, ResultPage, Wizard
from console.widgets.field import Field
from console.widgets.paragraphs import Paragraphs
from console.wording import explain
from pkcs11_token.errors import N_
from store.import_errors import ImportRefused
from store.visits import FOLLOWED, import_visits

FAULTS_SHOWN = 3


class FilePage(Page):
    """Which file."""

    step = 1

    def compose(self) -> Iterable[Widget]:
        yield Paragraphs([_("Which file holds the visits?")], bold=True)
        yield Field(_("File"))
        yield Paragraphs([""])
        yield Paragraphs(
            [
                _(
                    "A CSV file with the columns at, lock_serial, key, result (opened, refused or learned) and, where"
                    " they are told, lock_version and key_version. What is known already changes nothing."
                )
            ]
        )

    @property
    def path(self) -> Path:
        """The file that was named."""
        return typed_path(self.query_one(Field).value)

    def why_not(self) -> str:
        if not self.query_one(Field).value:
            return _("Type the path of the file.")
        return "" if is_file(self.path) else _("There is no file {path}.").format(path=self.path)


class VisitsWizard(Wizard):
    """Import visits."""

    name_of_wizard = N_("Import visits")
    steps = (N_("File"),)

    def first_page(self) -> Page:
        return FilePage()

    async def next_page(self, page: Page) -> Page | None:
        if not isinstance(page, FilePage):
            return None
        store, path = self.console.store, page.path

        def progress(what: str, done: int, _total: int) -> None:
            said = _("{count} visits followed …") if what == FOLLOWED else _("{count} rows read …")
            self.app.call_from_thread(self.say, said.format(count=number(done)), urgent=False)

        try:
            report = await in_background(lambda: import_visits(store, path, progress))
        except ImportRefused as refused:
            faults = [explain(fault) for fault in refused.faults[:FAULTS_SHOWN]]
            return RefusalPage(explain(refused), *faults)
        finally:
            self.say("")
        self.console.store_changed()
        return ResultPage(outcomes.imported(report))
