"""Import visits, as a question: the audit trails of the locks, from a file."""

from console import outcomes
from console.language import _
from console.paths import is_file, typed_path
from console.plain.conversation import Back, Conversation
from console.plain.finish import close
from console.wording import explain
from store.database import Store
from store.import_errors import ImportRefused
from store.visits import import_visits

FAULTS_SHOWN = 3


def visits(talk: Conversation, store: Store) -> None:
    """Read visits from a file that the operator names. Raises Back and EOFError."""
    talk.say()
    talk.say(_("Import visits"))
    while True:
        answer = talk.ask(
            _("File with the visits, empty line back, ? help:"),
            _(
                "A CSV file with the columns at, lock_serial, key, result (opened, refused or learned) and, where"
                " they are told, lock_version and key_version. What is known already changes nothing."
            ),
        )
        if not answer:
            raise Back
        path = typed_path(answer)
        if not is_file(path):
            talk.warn(_("There is no file {path}.").format(path=path))
            continue
        try:
            report = import_visits(store, path)
        except ImportRefused as refused:
            talk.warn(explain(refused))
            for fault in refused.faults[:FAULTS_SHOWN]:
                talk.say(explain(fault), indent=2)
            continue
        return close(talk, outcomes.imported(report))
