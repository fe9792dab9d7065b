"""Two operators in two processes at once: one wins, the other waits or is refused, and no change is lost."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pkcs11_token.session import login
from pkcs11_token.soft_token import create_soft_token
from store import blocklist
from store.collation import search_text, sort_key
from store.database import Store, open_store
from store.models import AccessRight, BlocklistEntry, JournalRecord, Key, Lock, RightKey, RightLock, Zone
from store.terms import Reason
from store.trust import commit_token_change, prepare_enrolment
from store.verify import verify

KEYS_EACH = 20
PIN = "482913"

# Waits for the other one at the barrier, then adds its keys one by one; prints what became of each.
OPERATOR = """
import sys
from pathlib import Path
from pkcs11_token.errors import SperreError
from store import blocklist
from store.database import open_store
from store.terms import Reason

store = open_store(Path(sys.argv[1]), sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
for label in sys.argv[3:]:
    try:
        blocklist.add(store, [label], order=True, reason=Reason.LOST)
        print("added", label)
    except SperreError as error:
        print(type(error).__name__, label)
"""

# Logs in to the site's soft token, then takes its keys off again; a removal that the other one overtakes is made anew.
REMOVER = """
import sys
from pathlib import Path
from pkcs11_token.session import TokenSettings, login
from store import blocklist
from store.database import open_store
from store.errors import JournalMoved
from store.terms import RemovalReason

store = open_store(Path(sys.argv[1]), sys.argv[2])
with login(TokenSettings(*sys.argv[3:5]), sys.argv[5]) as token:
    print("ready", flush=True)
    sys.stdin.readline()
    waiting = sys.argv[6:]
    while waiting:
        removal = blocklist.prepare_removal(store, waiting[:1], order=True, reason=RemovalReason.FOUND)
        try:
            blocklist.remove(store, removal, [token.sign(removal)])
            print("removed", waiting.pop(0))
        except JournalMoved:
            print("overtaken", waiting[0])
"""


@pytest.fixture
def shared(tmp_path: Path) -> Store:
    """A store of two zones, and keys that open a lock in both."""
    store = open_store(tmp_path / "store.sqlite", "kari", create=True)
    with store.writing():
        right = AccessRight.create(name="all")
        for name in ("Blokk A", "Blokk B"):
            found = {"sort_en": sort_key(name, "en"), "sort_nb": sort_key(name, "nb"), "search": search_text(name)}
            lock = Lock.create(serial=name, name=name, zone=Zone.create(name=name), **found)
            RightLock.create(access_right=right, lock=lock)
        for number in range(2 * KEYS_EACH):
            label = f"N-{number}"
            key = Key.create(
                label=label, serial=f"{number:04X}", name=label, type="key fob", state="programmed",
                sort_label=label, sort_en=label, sort_nb=label, search=label,
            )  # fmt: skip
            RightKey.create(access_right=right, key=key)
    return store


def started(program: str, store: Store, name: str, *arguments: str) -> subprocess.Popen[str]:
    """An operator's process, ready to go."""
    operator = subprocess.Popen(
        [sys.executable, "-c", program, store.path, name, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert operator.stdout is not None
    assert operator.stdout.readline() == "ready\n"
    return operator


def outcomes(*operators: subprocess.Popen[str]) -> Counter[str]:
    """What became of everything that the operators do, who all go at the same moment."""
    for operator in operators:
        assert operator.stdin is not None
        operator.stdin.write("go\n")
        operator.stdin.flush()
    written = [operator.communicate(timeout=60)[0] for operator in operators]
    assert [operator.returncode for operator in operators] == [0] * len(operators)
    return Counter(line.split()[0] for output in written for line in output.splitlines())


def versions() -> dict[str, tuple[int, int]]:
    return {zone.name: (zone.version, zone.ordered_version) for zone in Zone.select()}


def test_two_operators_who_add_different_keys_lose_none(shared: Store) -> None:
    mine, others = ([f"N-{number}" for number in range(start, 2 * KEYS_EACH, 2)] for start in (0, 1))
    adders = started(OPERATOR, shared, "kari", *mine), started(OPERATOR, shared, "ola", *others)
    assert outcomes(*adders) == {"added": 2 * KEYS_EACH}
    assert versions() == dict.fromkeys(("Blokk A", "Blokk B"), (2 * KEYS_EACH, 2 * KEYS_EACH))
    assert BlocklistEntry.select().count() == 4 * KEYS_EACH
    assert verify(shared).head.number == 4 * KEYS_EACH


def test_of_two_operators_who_add_the_same_keys_one_wins_each(shared: Store) -> None:
    labels = [f"N-{number}" for number in range(KEYS_EACH)]
    adders = [started(OPERATOR, shared, name, *labels) for name in ("kari", "ola")]
    assert outcomes(*adders) == {"added": KEYS_EACH, "AlreadyBlocked": KEYS_EACH}
    assert BlocklistEntry.select().count() == 2 * KEYS_EACH
    assert JournalRecord.select().where(JournalRecord.action == "add").count() == KEYS_EACH
    verify(shared)


def test_one_operator_removes_while_another_adds_and_nothing_is_lost(
    shared: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = [f"N-{number}" for number in range(KEYS_EACH)]
    free = [f"N-{number}" for number in range(KEYS_EACH, 2 * KEYS_EACH)]
    blocklist.add(shared, blocked, order=True, reason=Reason.LOST)
    monkeypatch.setenv("SOFTHSM2_CONF", "")
    made = create_soft_token(tmp_path / "softhsm", "Sperre", PIN)
    with login(made, PIN) as token:
        enrolment = prepare_enrolment(shared, token.public_key, "Sperre", "kari")
        commit_token_change(shared, enrolment, [token.sign(enrolment)])
    remover = started(REMOVER, shared, "kari", made.module, made.token, PIN, *blocked)
    became = outcomes(remover, started(OPERATOR, shared, "ola", *free))
    assert (became["removed"], became["added"]) == (KEYS_EACH, KEYS_EACH)
    assert versions() == dict.fromkeys(("Blokk A", "Blokk B"), (3 * KEYS_EACH, 3 * KEYS_EACH))
    assert verify(shared).removals == KEYS_EACH
