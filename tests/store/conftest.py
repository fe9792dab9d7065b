"""A small site with every kind of key, and software keys that sign as a token does."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store.database import Store, open_store
from store.importer import import_site
from store.models import database
from tests.store.software_token import SoftwareToken

FILES = {
    "zones.csv": "zone\nA\nB\nC\n",
    "people.csv": "person_id;name\nP1;Åse Ødegård\nP2;Kåre Sæther\nP3;Zoë Berg\n",
    "locks.csv": "serial;name;place;zone;networked\n"
    + "".join(f"10{n:02X};Dør {n};Oppgang {n % 2 + 1};{'ABC'[n % 3]};{int(n == 0)}\n" for n in range(12)),
    "keys.csv": "serial;label;name;type;person_id;main_zone;state;valid_until;expiry_interval;last_contact\n"
    "04A1;N-1;Fob 1;key fob;P2;A;programmed;;;\n"
    "04A2;N-2;Phone key 2;phone key;P2;A;programmed;;7d;2026-11-23T12:00:00Z\n"
    "04A3;N-3;Phone key 3;phone key;P1;B;programmed;;;\n"
    "04A4;N-4;Fob 4;key fob;P1;B;programmed;;;\n"
    ";N-5;Phone key 5;phone key;P3;A;in planning;;;\n"
    "04A6;N-6;Phone key 6;phone key;P3;A;returned;;;\n"
    "04A7;N-7;Fob 7;key fob;P3;C;programmed;;;\n"
    "04A8;N-8;Fob 8;key fob;;B;programmed;;;\n",
    "right_locks.csv": "access_right;lock_serial\n"
    + "".join(f"{right};10{n:02X}\n" for n in range(12) for right in ("ABC"[n % 3], "all")),
    "right_keys.csv": "access_right;key_label\nall;N-1\nA;N-2\nB;N-3\nB;N-4\nA;N-5\nA;N-6\nB;N-8\n",
}


class Clock:
    """A clock that stands still until it is advanced."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 6, 50, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """A new store with nothing in it."""
    yield open_store(tmp_path / "site" / "store.sqlite", "kari", clock=clock, create=True)
    if not database.is_closed():
        database.close()


@pytest.fixture
def site_files(tmp_path: Path) -> Path:
    """The CSV files of the small site."""
    folder = tmp_path / "csv"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def site(store: Store, site_files: Path) -> Store:
    """N-1 opens A, B and C; N-2 opens A; N-3, N-4, N-8 open B; N-5 was never made, N-6 returned, N-7 opens none."""
    import_site(store, site_files)
    return store


@pytest.fixture
def token(site: Store) -> SoftwareToken:
    """The site's first token, enrolled."""
    token = SoftwareToken()
    token.enrol(site)
    return token


@pytest.fixture
def oslo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The local zone is Norway's."""
    monkeypatch.setenv("TZ", "Europe/Oslo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def tables() -> Callable[[], list[tuple[object, ...]]]:
    """All that the store holds, to see that a refusal changed nothing."""

    def read() -> list[tuple[object, ...]]:
        names = ("zone", "lock", "person", "key", "right_lock", "right_key", "blocklist_entry", "journal")
        return [(name, *row) for name in names for row in database.execute_sql(f"SELECT * FROM {name}")]

    return read
