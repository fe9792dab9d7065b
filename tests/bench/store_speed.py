"""How long the store takes, without any terminal: exposure, visits, issuing, and the journal's proof."""

import csv
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter

from console.issuing import issuer_of
from pkcs11_token.chain import Details, Head, record_hash
from pkcs11_token.statement import canonical
from store import blocklist, journal, outbox
from store.answer import answer
from store.browse.blocklist import blocklist_table
from store.database import Store, open_store
from store.errors import Refused
from store.exposure import affected_locks, exposure
from store.importer import import_site
from store.listing import Everything
from store.models import Key, Lock, Zone, database, utc_text
from store.terms import Reason
from tests.bench import sites
from tests.bench.programs import CONSOLE, copy_of
from tests.bench.sessions import Figures

KEYS = 100_000
FULL_LIST = 500
TIMES = 5


def exposures() -> Figures:
    """Of a key with 20,000 locks, and of all blocked keys when the lists are as full as they can be."""
    store = open_store(copy_of(KEYS) / "store.sqlite", "kari")
    with store.connected():
        _fill_lists(store)
        master = Key.get(Key.label == sites.MASTER)
        everything = Everything("label")
        figures = {
            "locks of one key": [float(exposure(store, master.id).of)],
            "blocked keys": [float(blocklist_table(store).count(everything))],
            "exposure of one ms": _milliseconds(lambda: exposure(store, master.id)),
            "its doors ms": _milliseconds(lambda: affected_locks(store, master)),
            "its answer ms": _milliseconds(lambda: answer(store, master.id), times=1),
            "exposure of all ms": _milliseconds(lambda: blocklist_table(store).after(everything, None, -1)),
        }
    store.close()
    return figures


def _fill_lists(store: Store) -> None:
    """Block the key that opens everything, and others until the lists are full."""
    blocklist.add(store, [sites.MASTER], order=False, reason=Reason.LOST)
    number = 1_001
    while True:
        labels = [f"N-{n:07}" for n in range(number, number + 99) if n % 50]
        try:
            blocklist.add(store, labels, order=False, reason=Reason.LOST)
        except Refused:
            return
        number += 100


def visits(count: int) -> Figures:
    """`sperre visits import` of so many visits, in a process of its own: seconds and its peak of memory."""
    home = copy_of(KEYS)
    file = home / "visits.csv"
    store = open_store(home / "store.sqlite", "kari")
    with store.connected():
        locks = [serial for (serial,) in Lock.select(Lock.serial).order_by(Lock.id).tuples()]
        labels = [label for (label,) in Key.select(Key.label).where(Key.serial.is_null(False)).limit(20_000).tuples()]
    store.close()
    _write_visits(file, count, locks, labels)
    seconds, memory = _run(home, "visits", "import", file)
    return {f"{count} visits s": [seconds], f"{count} visits MiB": [memory]}


def _write_visits(path: Path, count: int, locks: list[str], labels: list[str]) -> None:
    random, at = Random(1905), datetime(2026, 8, 1, tzinfo=UTC)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["at", "lock_serial", "key", "result"])
        for _ in range(count):
            at += timedelta(seconds=random.randrange(14))
            writer.writerow([f"{at:%Y-%m-%dT%H:%M:%SZ}", random.choice(locks), random.choice(labels), "opened"])


def issuing() -> Figures:
    """A list of 500 keys, ordered: until it is signed and written."""
    return {"issue ms": [_issue_once() for _ in range(TIMES)]}


def _issue_once() -> float:
    home = sites.KEPT / "scratch"
    shutil.rmtree(home, ignore_errors=True)
    (home / "csv").mkdir(parents=True)
    for name, header, rows in _one_zone():
        (home / "csv" / name).write_text("\n".join([header, *rows]) + "\n")
    os.environ["SPERRE_HOME"] = str(home)
    store = open_store(home / "store.sqlite", "kari", create=True)
    import_site(store, home / "csv")
    with issuer_of(store):
        pass  # the list key is made with the first list, once for the site
    blocklist.add(store, [f"N-{n}" for n in range(FULL_LIST)], order=True, reason=Reason.LOST)
    began = perf_counter()
    outbox.flush(store, partial(issuer_of, store))
    elapsed = (perf_counter() - began) * 1000
    assert (outbox.folder_of(store) / f"Sone-{Zone.get().version}.crl").exists()
    store.close()
    return elapsed


def _one_zone() -> Iterable[tuple[str, str, list[str]]]:
    keys = range(FULL_LIST)
    yield "zones.csv", "zone", ["Sone"]
    yield "people.csv", "person_id,name", ["P1,Anne Berg"]
    yield "locks.csv", "serial,name,place,zone,networked", ["1A01,Kjeller,Oppgang 1,Sone,0"]
    header = "serial,label,name,type,person_id,main_zone,state,valid_until,expiry_interval,last_contact"
    yield "keys.csv", header, [f"04{n:06X},N-{n},Fob {n},key fob,P1,Sone,programmed,,," for n in keys]
    yield "right_locks.csv", "access_right,lock_serial", ["Adgang,1A01"]
    yield "right_keys.csv", "access_right,key_label", [f"Adgang,N-{n}" for n in keys]


def proof(records: int) -> Figures:
    """`sperre journal verify` of so many records, in a process of its own: seconds and its peak of memory."""
    seconds, memory = _run(_site_with_journal(records), "journal", "verify")
    return {f"{records} records s": [seconds], f"{records} records MiB": [memory]}


def _site_with_journal(records: int) -> Path:
    """A site whose journal has so many records, most of them of visits; kept."""
    home = sites.KEPT / f"journal-{records}"
    if not home.exists():
        making = sites.KEPT / f"journal-{records}.new"
        shutil.rmtree(making, ignore_errors=True)
        shutil.copytree(sites.site(1_000), making, ignore=shutil.ignore_patterns("csv"))
        store = open_store(making / "store.sqlite", "kari")
        with store.writing():
            last = journal.head()
            details = {"lock": "1A000001", "key": sites.MASTER, "zone": "Sone 1", "version": 1}
            database.connection().executemany(
                "INSERT INTO journal VALUES (?, ?, ?, 'visit', ?, ?, ?)",
                _visit_records(last, records, utc_text(store.clock()), details),
            )
        store.close()
        making.rename(home)
    return home


def _visit_records(last: Head, until: int, at: str, details: Details) -> Iterator[tuple[int, str, str, str, str, str]]:
    previous, text = last.hash, canonical(details).decode()
    for number in range(last.number + 1, until + 1):
        own = record_hash(number, at, "kari", "visit", details, previous)
        yield number, at, "kari", text, previous, own
        previous = own


def _run(home: Path, *arguments: str | Path) -> tuple[float, float]:
    """Run a command of the console on a site: seconds, and the peak of its memory in MiB."""
    began = perf_counter()
    pid = os.posix_spawn(
        CONSOLE[0],
        [*CONSOLE, *map(str, arguments)],
        {**os.environ, "SPERRE_HOME": str(home)},
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise RuntimeError(f"sperre {arguments} ended with {os.waitstatus_to_exitcode(status)}")
    return perf_counter() - began, usage.ru_maxrss / 1024


def _milliseconds(work: Callable[[], object], times: int = TIMES) -> list[float]:
    """How long `work` takes, each of several times."""
    taken = []
    for _ in range(times):
        began = perf_counter()
        work()
        taken.append((perf_counter() - began) * 1000)
    return taken
