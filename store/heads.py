"""The journal's heads, noted elsewhere as they come, so that a store that was put back later is found by itself."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pkcs11_token.errors import N_
from store.errors import HeadsUnreadable, JournalRolledBack
from store.models import JournalRecord

if TYPE_CHECKING:
    from pkcs11_token.chain import Head

log = logging.getLogger(__name__)


def note(head: Head, file: Path | None, *, to_syslog: bool) -> None:
    """Append a head to `file` (0600) and to the system log (authpriv). What fails is logged; the change stands."""
    if to_syslog:
        import syslog

        syslog.syslog(syslog.LOG_AUTHPRIV | syslog.LOG_NOTICE, f"sperre: journal head {head}")
    if file is None:
        return
    try:
        with open(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="ascii") as heads:  # noqa: PTH123  # the mode is given at once
            heads.write(f"{head}\n")
            heads.flush()
            os.fsync(heads.fileno())
    except OSError:
        log.exception("the journal's head %s was not noted", head)


def is_rolled_back(file: Path | None) -> bool:
    """Whether the head that was noted last is missing from the journal, or cannot be read."""
    try:
        require_noted(file)
    except (JournalRolledBack, HeadsUnreadable):
        return True
    return False


def require_noted(file: Path | None) -> None:
    """Raise JournalRolledBack unless the journal still contains the head that was noted last.

    Raises HeadsUnreadable when the file cannot be read; where none was noted yet there is nothing to require.
    """
    noted = _last_noted(file) if file is not None else None
    if noted is None:
        return
    record = JournalRecord.get_or_none(JournalRecord.number == noted.number)
    if record is None or record.hash != noted.hash:
        raise JournalRolledBack(number=noted.number, file=file)


def _last_noted(file: Path) -> Head | None:
    from pkcs11_token.chain import Head

    try:
        lines = file.read_text("ascii").split()
        number, hash_ = lines[-1].split(":") if lines else ("0", "")
        return Head(int(number), hash_) if lines else None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise HeadsUnreadable(file=file, why=error.strerror) from None
    except ValueError:
        raise HeadsUnreadable(file=file, why=N_("its last line is no head")) from None
