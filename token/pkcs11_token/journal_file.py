"""Check an exported journal on any machine: this needs nothing but Python and `cryptography`.

python -m pkcs11_token.journal_file FILE [FINGERPRINT]
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pkcs11_token.chain import Chain, Head
from pkcs11_token.chain_errors import JournalFileUnreadable, RecordMakesNoSense
from pkcs11_token.errors import SperreError
from pkcs11_token.statement import canonical

USAGE = "usage: python -m pkcs11_token.journal_file FILE [FINGERPRINT]"
FORMAT = "sperre-journal-1"
FIELDS = {
    **{"number": int, "at": str, "operator": str, "action": str},
    **{"details": dict, "previous": str, "hash": str},
}


@dataclass
class ExportedRecord:
    """A line of the file; `details` is canonical JSON, as in the store."""

    number: int
    at: str
    operator: str
    action: str
    details: str
    previous: str
    hash: str


def verify_file(
    path: Path, *, root: str | None = None, head: Head | None = None, progress: Callable[[int], None] = lambda _: None
) -> Chain:
    """Prove an exported journal from its first record; returns where it ends and what it says of tokens and lists.

    `root` is the fingerprint that the first token must have, `head` one that was noted before. Raises JournalBroken
    for the first record that is wrong, or JournalFileUnreadable.
    """
    lines = _lines(path)
    try:
        start = json.loads(next(lines))
        if start["format"] != FORMAT:
            raise JournalFileUnreadable(path=path, why=start["format"])
        site = str(start["site"])
    except (StopIteration, ValueError, KeyError, TypeError, RecursionError):
        raise JournalFileUnreadable(path=path, why=FORMAT) from None
    chain = Chain(site, root, head)
    for line in lines:
        chain.follow(_record(line, chain.last.number + 1))
        progress(chain.last.number)
    chain.finish()
    return chain


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8") as file:
            yield from file
    except (OSError, UnicodeDecodeError) as error:
        raise JournalFileUnreadable(path=path, why=error) from None


def _record(line: str, number: int) -> ExportedRecord:
    try:
        fields = json.loads(line)
        if {name: type(value) for name, value in fields.items()} != FIELDS:
            raise RecordMakesNoSense(number=number)
        if canonical(fields).decode() != line.rstrip("\n"):
            raise RecordMakesNoSense(number=number)
        return ExportedRecord(**(fields | {"details": canonical(fields["details"]).decode()}))
    except (ValueError, AttributeError, RecursionError):
        raise RecordMakesNoSense(number=number) from None


def main() -> int:
    """Check the file that is named first; the second argument is the root's fingerprint as it stands on paper."""
    if len(sys.argv) not in (2, 3):
        print(USAGE, file=sys.stderr)  # a program of its own
        return 2
    root = re.sub(r"[:\s]", "", sys.argv[2]).lower() if len(sys.argv) == 3 else None
    try:
        chain = verify_file(Path(sys.argv[1]), root=root)
    except SperreError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(f"The journal is whole. Records: {chain.last.number}, removals: {chain.removals}. Head: {chain.last.short}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
