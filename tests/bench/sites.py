"""What is browsed, always the same: sites of any size and a long history; made once and kept under build/bench/."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from store import blocklist
from store.database import open_store
from store.importer import import_site
from store.terms import Reason
from tests.generate_site import LOCKS_PER_RIGHT, write_site

KEPT = Path(__file__).parents[2] / "build" / "bench"
MOST_LOCKS = 20_000
BLOCKED = 60
PLANNED = 20
MASTER = "N-0000001"  # opens every lock


def site(keys: int) -> Path:
    """The folder (for SPERRE_HOME) of a site with so many keys, and CSV files beside it in `csv`."""
    home = KEPT / f"site-{keys}"
    if not home.exists():
        making = KEPT / f"site-{keys}.new"
        shutil.rmtree(making, ignore_errors=True)
        make_site(making, keys)
        making.rename(home)
    configure(home)  # a run that was broken off may have left a table sorted by something else
    return home


def make_site(home: Path, keys: int) -> None:
    """Make a site in the folder `home` (for SPERRE_HOME), and CSV files beside it in `csv`."""
    locks = max(200, min(keys // 5, MOST_LOCKS))
    write_site(home / "csv", keys, locks, max(keys // 2, 100))
    with (home / "csv" / "right_keys.csv").open("a") as file:
        held = _rights(home / "csv" / "right_keys.csv", MASTER)
        file.writelines(
            f"{right},{MASTER}\n"
            for right in (f"Adgang {number}" for number in range(locks // LOCKS_PER_RIGHT))
            if right not in held
        )
    configure(home)
    store = open_store(home / "store.sqlite", "kari", create=True)
    import_site(store, home / "csv")
    labels = [f"N-{number:07}" for number in range(2, 3 + BLOCKED * 50 // 49) if number % 50][:BLOCKED]
    blocklist.add(store, labels[:-PLANNED], order=True, reason=Reason.LOST, note="")
    store.close()
    sperre(home, "outbox", "flush")
    store = open_store(home / "store.sqlite", "kari")
    blocklist.add(store, labels[-PLANNED:], order=False, reason=Reason.LOST, note="")
    store.close()


def configure(home: Path) -> None:
    """Set a site's console up as it is at first."""
    (home / "config.toml").write_text('site = "Fjellheim borettslag"\nlanguage = "en"\n')


def sperre(home: Path, *arguments: str) -> None:
    """Run a command of the console on a site."""
    command = [sys.executable, "-I", "-c", "from console.cli import main; main()", *arguments]
    subprocess.run(command, check=True, env={**os.environ, "SPERRE_HOME": str(home)}, stdout=subprocess.DEVNULL)


def _rights(path: Path, label: str) -> set[str]:
    with path.open() as file:
        return {line.split(",")[0] for line in file if line.rstrip().endswith(f",{label}")}


def history(commits: int) -> Path:
    """A git repository with so many commits."""
    repository = KEPT / f"history-{commits}"
    if not repository.exists():
        making = KEPT / f"history-{commits}.new"
        shutil.rmtree(making, ignore_errors=True)
        subprocess.run(["git", "init", "--quiet", "--initial-branch=main", making], check=True)
        with subprocess.Popen(["git", "-C", making, "fast-import", "--quiet"], stdin=subprocess.PIPE) as importing:
            assert importing.stdin is not None
            importing.stdin.writelines(_commits(commits))
        assert importing.returncode == 0
        making.rename(repository)
    return repository


def _commits(count: int) -> Iterator[bytes]:
    for number in range(count):
        subject = f"Change {count - number - 1:07}: what is so now, and why".encode()
        yield b"commit refs/heads/main\n"
        yield f"committer Kari Nordmann <kari@example.org> {1_500_000_000 + number * 600} +0100\n".encode()
        yield b"data %d\n%s\n" % (len(subject), subject)
        yield b"M 100644 inline file\ndata %d\n%s\n" % (len(subject), subject)
