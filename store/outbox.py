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
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import normalize

from pkcs11_token.errors import SperreError
from store.database import Store
from store.durable_file import replace_file, sync_folder
from store.errors import FileUnwritable, HookFailed
from store.models import BlocklistEntry, Outbox, Zone

if TYPE_CHECKING:
    from store.crl import Issuer

FOLDER = "outbox"
CA = "ca.pem"
LONGEST_NAME = 90  # octets; file systems allow 255 with what follows


class Waiting(NamedTuple):
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


def flush(
    store: Store,
    issuer: Callable[[], AbstractContextManager[Issuer]],
    hook: Sequence[str] = (),
    log: Path | None = None,
) -> int:
    """Write every list that waits, then run `hook` (words of a command) with the files of each; returns how many.

    One at a time on this machine, so that no older list replaces a newer. What the hook prints goes to `log`, by
    default beside the store. Raises what `issuer` raises, or, after all were tried, what went wrong first, such as
    FileUnwritable or HookFailed; what is not done yet goes on waiting and tells why.
    """
    with store.connected():
        if not Outbox.select().exists():
            return 0
        folder = folder_of(store)
        with _alone(folder):
            return _flush(folder, issuer, hook, log or folder.with_name("hook.log"))


def put_off(store: Store, error: SperreError) -> None:
    """Note for all that waits why nothing can be written or handed on just now."""
    with store.connected():
        for row in Outbox.select():
            _note(row, error)


def folder_of(store: Store) -> Path:
    """Where the files are written: beside the store."""
    return store.path.parent / FOLDER


def file_name(zone: Zone) -> str:
    """A zone's name as the beginning of its files' names, which no other zone's have.

    Letters, digits and blanks stay, all else is percent-encoded (RFC 3986) and a long name is cut; where another
    zone's would be the same, also for a file system that takes capitals for small letters, its number is added.
    """
    name = _encoded(zone.name)
    earlier = Zone.select().where(Zone.id < zone.id)
    taken = any(_encoded(other.name).casefold() == name.casefold() for other in earlier)
    return f"{name}~{zone.id}" if taken else name


def _encoded(name: str) -> str:
    plain = normalize("NFC", name)
    inner = "".join(c if c.isalnum() or c in " _" else _percent(c) for c in plain)
    return re.sub("^ | $", _percent(" "), inner).encode()[:LONGEST_NAME].decode(errors="ignore")


def _percent(character: str) -> str:
    return "".join(f"%{octet:02X}" for octet in character.encode("utf-8", "surrogatepass"))


def _flush(folder: Path, issuer: Callable[[], AbstractContextManager[Issuer]], hook: Sequence[str], log: Path) -> int:
    rows = list(Outbox.select(Outbox, Zone).join(Zone).order_by(Outbox.zone, Outbox.version))
    failed: SperreError | None = None
    try:
        with issuer() as signer:
            for row in rows:
                try:
                    _issue(folder, row, signer, hook, log)
                except SperreError as error:
                    _note(row, error)
                    failed = failed or error
    except SperreError as error:
        for row in rows:
            _note(row, error)
        raise
    if failed:
        raise failed
    return len(rows)


def _issue(folder: Path, row: Outbox, issuer: Issuer, hook: Sequence[str], log: Path) -> None:
    """Write one list and hand it on; then it waits no longer. Raises SperreError."""
    if not row.written:
        _write(folder, row.zone, row.version, issuer)
        Outbox.update(written=True).where(_is(row)).execute()
    if hook:
        _hand_on(folder, row, hook, log)
    Outbox.delete().where(_is(row)).execute()


def _note(row: Outbox, error: SperreError) -> None:
    why = error.values["why"] if isinstance(error, HookFailed) else error
    Outbox.update(failure=str(why)).where(_is(row)).execute()


def _is(row: Outbox) -> Any:
    return (Outbox.zone == row.zone) & (Outbox.version == row.version)


def _write(folder: Path, zone: Zone, version: int, issuer: Issuer) -> None:
    """Write the files of one issued list; the newest takes its name last, when all else is there.

    Raises FileUnwritable.
    """
    from pkcs11_token.statement import canonical
    from store.crl import issued_list

    crl = issued_list(zone, version, issuer)
    ca, removals, kept, newest = _files(folder, zone, version)
    contents = {ca: issuer.ca_pem, kept: crl}
    if version == zone.ordered_version:  # an older one may wait for the hook longer than a newer one
        statements = b"".join(canonical({"statements": lines}) + b"\n" for lines in _removals(zone, version))
        contents |= {removals: statements, newest: crl}
    try:
        for path, content in contents.items():
            replace_file(path, content)
        sync_folder(folder)
    except OSError as error:
        raise FileUnwritable(path=folder, why=error.strerror) from error


def _hand_on(folder: Path, row: Outbox, hook: Sequence[str], log: Path) -> None:
    from store.hook import run_hook

    failure = run_hook(hook, _files(folder, row.zone, row.version), log)
    if failure:
        raise HookFailed(zone=row.zone.name, version=row.version, why=failure)


def _files(folder: Path, zone: Zone, version: int) -> tuple[Path, Path, Path, Path]:
    """The certificate, the removals, this version of the list, and its newest."""
    name = file_name(zone)
    return folder / CA, folder / f"{name}.removals.jsonl", folder / f"{name}-{version}.crl", folder / f"{name}.crl"


def _removals(zone: Zone, version: int) -> Iterator[list[str]]:
    """The statements of every enrolment and revocation, and of the removals that the list has had until `version`."""
    from store import journal

    entry = BlocklistEntry
    removed = entry.select().where((entry.zone == zone) & (entry.version_out <= version))
    numbers = {row.removal_record for row in removed}
    for record, details in journal.records("enroll", "revoke", "remove"):
        if record.action != "remove" or record.number in numbers:
            yield details["statements"]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else on this machine writes in `folder` meanwhile. Raises FileUnwritable."""
    try:
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
            sync_folder(folder.parent)
        lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise FileUnwritable(path=folder, why=error.strerror) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
