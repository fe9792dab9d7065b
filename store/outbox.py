"""The outbox: ordered lists as files for those who send them on; what the database remembers is made good here.

The order commits first, with a row for each list that is still to be written and handed on. So a crash at any point
is made good by the next flush, and a failure never undoes an order.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from pkcs11_token.errors import N_
from pkcs11_token.statement import canonical
from store import journal
from store.database import Store
from store.errors import FileUnwritable, HookFailed
from store.models import BlocklistEntry, Outbox, Zone

if TYPE_CHECKING:
    from store.crl import Issuer

FOLDER = "outbox"
CA = "ca.pem"
HOOK_SECONDS = 60
FAILURE_LENGTH = 200
LONGEST_NAME = 80


@dataclass(frozen=True)
class Waiting:
    """A list that is still to be written (`written` is False) or handed on by the hook, and why it failed last."""

    zone: str
    version: int
    written: bool
    failure: str


def remember(zone: Zone, version: int) -> None:
    """Note within the transaction of an order that this version is to be written and handed on."""
    Outbox.insert(zone=zone, version=version).on_conflict_ignore().execute()


def waiting(store: Store) -> list[Waiting]:
    """What is still to be done, by zone and version."""
    with store.connected():
        rows = Outbox.select(Outbox, Zone).join(Zone).order_by(Zone.name, Outbox.version)
        return [Waiting(row.zone.name, row.version, row.written, row.failure) for row in rows]


def flush(store: Store, issuer: Callable[[], AbstractContextManager[Issuer]], hook: Sequence[str] = ()) -> int:
    """Write every list that waits, then run `hook` (words of a command) with the files of each; returns how many.

    One at a time on this machine, so that no older list replaces a newer. Raises FileUnwritable, HookFailed for the
    first hook that failed after all were tried, or what `issuer` raises; what is not done yet goes on waiting.
    """
    with store.connected():
        if not Outbox.select().exists():
            return 0
        folder = folder_of(store)
        with _alone(folder), issuer() as signer:
            return _flush(folder, signer, hook)


def folder_of(store: Store) -> Path:
    """Where the files are written: beside the store."""
    return store.path.parent / FOLDER


def file_name(zone: Zone) -> str:
    """A zone's name as the beginning of its files' names, which no other zone's have.

    Letters, digits and blanks stay, all else is percent-encoded (RFC 3986) and a long name is cut; where another
    zone's would be the same, also for a file system that takes capitals for small letters, its number is added.
    """
    name = _encoded(zone.name)
    rivals = [other for other in Zone.select().where(Zone.id < zone.id) if _encoded(other.name).lower() == name.lower()]
    return f"{name}~{zone.id}" if rivals else name


def _encoded(name: str) -> str:
    plain = normalize("NFC", name)
    inner = "".join(c if c.isalnum() or c in " _" else _percent(c) for c in plain)
    return re.sub("^ | $", _percent(" "), inner)[:LONGEST_NAME]


def _percent(character: str) -> str:
    return "".join(f"%{octet:02X}" for octet in character.encode("utf-8", "surrogatepass"))


def _flush(folder: Path, issuer: Issuer, hook: Sequence[str]) -> int:
    rows = list(Outbox.select(Outbox, Zone).join(Zone).order_by(Outbox.zone, Outbox.version))
    failed: HookFailed | None = None
    for row in rows:
        files = _write(folder, row.zone, row.version, issuer)
        Outbox.update(written=True).where(_is(row)).execute()
        failure = _run(hook, files) if hook else ""
        if failure:
            Outbox.update(failure=failure).where(_is(row)).execute()
            failed = failed or HookFailed(zone=row.zone.name, version=row.version, why=failure)
        else:
            Outbox.delete().where(_is(row)).execute()
    if failed:
        raise failed
    return len(rows)


def _is(row: Outbox) -> Any:
    return (Outbox.zone == row.zone) & (Outbox.version == row.version)


def _write(folder: Path, zone: Zone, version: int, issuer: Issuer) -> list[Path]:
    """Write the files of one issued list; returns them. The newest takes its name last, when all else is there."""
    from store.crl import issued_list

    name = file_name(zone)
    crl = issued_list(zone, version, issuer)
    statements = b"".join(canonical({"statements": lines}) + b"\n" for lines in _removals(zone, version))
    files = {
        folder / CA: issuer.ca_pem,
        folder / f"{name}.removals.jsonl": statements,
        folder / f"{name}-{version}.crl": crl,
        folder / f"{name}.crl": crl,
    }
    try:
        for path, content in files.items():
            _replace(path, content)
        _sync(folder)
    except OSError as error:
        raise FileUnwritable(path=folder, why=error.strerror) from error
    return list(files)


def _removals(zone: Zone, version: int) -> Iterator[list[str]]:
    """The statements of every enrolment and revocation, and of the removals that the list has had until `version`."""
    entry = BlocklistEntry
    removed = entry.select().where((entry.zone == zone) & (entry.version_out <= version))
    numbers = {row.removal_record for row in removed}
    for record, details in journal.records("enroll", "revoke", "remove"):
        if record.action != "remove" or record.number in numbers:
            yield details["statements"]


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _sync(folder: Path) -> None:
    """Let the names in a folder survive a power cut, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else on this machine writes in `folder` meanwhile. Raises FileUnwritable."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise FileUnwritable(path=folder, why=error.strerror) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _run(hook: Sequence[str], files: Sequence[Path]) -> str:
    """Run the hook with the files' paths; returns what was wrong, or nothing."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603  # the site's own command, without a shell
            [*hook, *map(str, files)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=HOOK_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return N_("it did not end within a minute")
    except OSError as error:
        return str(error.strerror)
    if done.returncode == 0:
        return ""
    said = done.stderr.decode(errors="replace").split("\n")[0].strip()
    return (said or f"{hook[0]}: {done.returncode}")[:FAILURE_LENGTH]
