"""What is wrong in files to import: each fault says where, what stands there and what was expected."""

from collections.abc import Iterable
from typing import ClassVar

from pkcs11_token.errors import N_, SperreError

VALUE_LIMIT = 60
HEADER_LIMIT = 200


class Fault(SperreError):
    """One thing that is wrong in a file."""


def shortened(value: str, limit: int = VALUE_LIMIT) -> str:
    """As much of a cell, or of a header, as fits in a line that names it."""
    return value if len(value) <= limit else f"{value[: limit - 1]}…"


class NoFiles(SperreError):
    exit_code = 5
    template = N_("{directory} holds none of the files that a site is read from: {files}.")


class FileUnreadable(Fault):
    template = N_("{file}: it cannot be read ({why}).")


class FileEmpty(Fault):
    template = N_("{file}: it is empty; the first line must name the columns {columns}.")


class ColumnsWrong(Fault):
    template = N_("{file}, line {line}: the columns are {found}; expected were {columns}.")


class TextUndecodable(Fault):
    template = N_("{file}: its text is neither UTF-8, UTF-16 nor Windows-1252. Save it as CSV again.")


class NulByte(Fault):
    template = N_("{file}, line {line}: a NUL byte stands there. The file is damaged, or no CSV: export it again.")


class RowTooLong(Fault):
    template = N_("{file}, line {line}: a cell is longer than {limit} characters. Is a quotation mark left open?")


class QuotationWrong(Fault):
    template = N_(
        "{file}, line {line}: a quotation mark stands in the wrong place or is never closed."
        " Double those that belong to the text."
    )


class CellCountWrong(Fault):
    template = N_("{file}, line {line}: {count} cells stand there; expected were {expected}.")


class CellWrong(Fault):
    """`expected` is one of the constants below."""

    template = N_("{file}, line {line}, column {column}: it holds “{value}”; expected was {expected}.")


class Duplicate(Fault):
    template = N_("{file}, line {line}, column {column}: “{value}” stands in line {first} already.")


class UnknownReference(Fault):
    template = N_("{file}, line {line}, column {column}: there is no “{value}” in {other}.")


class SerialOfBlockedKey(Fault):
    template = N_(
        "{file}, line {line}, column serial: key {label} is or was on the blocklist with serial {stored};"
        " a key with serial {value} is another key and needs another label."
    )


class SerialTaken(Fault):
    template = N_("{file}, line {line}, column serial: “{value}” is the serial of {label}, which is stored already.")


class LockNotStored(Fault):
    template = N_("{file}, line {line}, column lock_serial: no lock has the serial “{value}”. See: sperre locks list")


class KeyNotStored(Fault):
    template = N_("{file}, line {line}, column key: no key has the label or serial “{value}”. See: sperre keys list")


class VisitInFuture(Fault):
    template = N_("{file}, line {line}, column at: {value} (UTC) lies in the future. Is the lock's clock wrong?")


class VersionNeverOrdered(Fault):
    template = N_("{file}, line {line}: version {value} of that zone's blocklist was never ordered.")


class ImportRefused(SperreError):
    """Nothing was imported; `faults` are the first of the `count` that were found, at most FAULT_LIMIT."""

    template = N_("Nothing was imported. Faults in the files: {count}.")
    FAULT_LIMIT: ClassVar[int] = 20

    def __init__(self, faults: list[Fault], count: int) -> None:
        self.faults = faults
        super().__init__(count=count)


class Found:
    """What is wrong in the files: the first faults, as many as are shown, and how many there are."""

    def __init__(self) -> None:
        self.first: list[Fault] = []
        self.count = 0

    def take(self, faults: Iterable[Fault]) -> int:
        """Count `faults` and keep the first; returns how many they were."""
        before = self.count
        for fault in faults:
            self.count += 1
            if self.count <= ImportRefused.FAULT_LIMIT:
                self.first.append(fault)
        return self.count - before


TEXT = N_("a text of 1 to 200 characters")
SHORT_TEXT = N_("a text of at most 200 characters")
HEXADECIMAL = N_("a hexadecimal number, such as 04A1B2C3")
KEY_SERIAL = N_("a hexadecimal number of at most 39 digits, such as 04A1B2C3")
YES_OR_NO = N_("yes or no (1/0, ja/nei)")
KEY_TYPE = N_("phone key or key fob")
KEY_STATE = N_("in planning, ordered, sent, programmed or returned")
TIME = N_("a time from 1900 until 2999, such as 2026-11-20T08:30 or 20.11.2026 08:30")
INTERVAL = N_("seconds, or a time such as 7d 12h")
RESULT = N_("opened, refused or learned")
VERSION = N_("a version, a whole number, or nothing")
