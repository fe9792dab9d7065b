"""Open a store: its file, its schema, and who works on it with which clock."""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from peewee import DatabaseError, OperationalError

from pkcs11_token.errors import N_
from store.collation import search_text, sort_key
from store.errors import StoreBusy, StoreMissing, StoreNewer, StoreUnusable
from store.models import database

MIGRATIONS = Path(__file__).parent / "migrations"
HISTORY = "schema_migration"
LIST_LIMIT = 500
PLAN_LIMIT = timedelta(hours=4)
BUSY_SECONDS = 5


def utc_now() -> datetime:
    """The current moment, aware, UTC."""
    return datetime.now(UTC)


class Store(NamedTuple):
    """An open store and who works on it.

    `operator` is the login name that the journal records, `clock` gives aware datetimes, `list_limit` is how
    many keys one blocklist may hold (rule 5), `root` the fingerprint that the site's first token must have
    (None: as the journal says), `tokens_required` how many different tokens must sign a removal, `heads_file` and
    `heads_to_syslog` where the journal's heads are noted, and `plan_limit` how long a plan may wait to be ordered.
    """

    path: Path
    operator: str
    clock: Callable[[], datetime] = utc_now
    list_limit: int = LIST_LIMIT
    root: str | None = None
    tokens_required: int = 1
    heads_file: Path | None = None
    heads_to_syslog: bool = False
    plan_limit: timedelta = PLAN_LIMIT

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that nobody else writes in; all of it is kept, or nothing when the block raises.

        Raises StoreBusy when another operator holds the store for longer than BUSY_SECONDS.
        """
        try:
            with self.connected():
                before = _journal_length()
                with database.atomic("IMMEDIATE"):
                    yield
                self._note_head(before)
        except OperationalError as error:
            raise _named(error, self.path) from error

    def _note_head(self, before: int) -> None:
        """Note the journal's head elsewhere, when the outermost transaction has made the journal longer."""
        if (self.heads_file is None and not self.heads_to_syslog) or database.in_transaction():
            return
        from store import heads, journal

        head = journal.head()
        if head.number > before and not heads.is_rolled_back(self.heads_file):
            heads.note(head, self.heads_file, to_syslog=self.heads_to_syslog)

    @contextmanager
    def connected(self) -> Iterator[None]:
        """A connection for this thread: the open one, or one of its own for the length of the block."""
        if not database.is_closed():
            yield
            return
        with database.connection_context():
            yield

    def data_version(self) -> int:
        """A number that differs as soon as another connection has committed (SQLite's data_version)."""
        return int(database.pragma("data_version"))

    def remove(self) -> None:
        """Close a store that was made in vain, and remove its files."""
        self.close()
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """Close this thread's connection."""
        if not database.is_closed():
            database.close()


def open_store(
    path: Path,
    operator: str,
    *,
    clock: Callable[[], datetime] = utc_now,
    list_limit: int = LIST_LIMIT,
    root: str | None = None,
    tokens_required: int = 1,
    heads_file: Path | None = None,
    heads_to_syslog: bool = False,
    plan_limit: timedelta = PLAN_LIMIT,
    create: bool = False,
) -> Store:
    """Open the store at `path`, bringing an older schema up to date after a copy of the file.

    With `create` a missing store is made (file 0600, folder 0700). Raises StoreMissing, StoreNewer (the file is
    left as it is), StoreUnusable or StoreBusy.
    """
    if not database.is_closed():
        database.close()
    if not path.exists():
        if not create:
            raise StoreMissing(path=path)
        _create_file(path)
    database.init(str(path), timeout=BUSY_SECONDS)
    database.register_function(sort_key, "sort_key", 2, deterministic=True)
    database.register_function(search_text, "search_text", -1, deterministic=True)
    try:
        pending = _pending_migrations(path)
        if pending:
            _copy_before(path, pending[0])
            _migrate()
        database.connect()
    except (DatabaseError, sqlite3.DatabaseError, OSError) as error:
        raise _named(error, path) from error
    return Store(path, operator, clock, list_limit, root, tokens_required, heads_file, heads_to_syslog, plan_limit)


def _create_file(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, stat.S_IRUSR | stat.S_IWUSR))
    except OSError as error:
        raise StoreUnusable(path=path, why=error.strerror) from error


def _pending_migrations(path: Path) -> list[str]:
    """Names of the migrations that the file at `path` lacks; it is only read."""
    known = sorted(migration.stem for migration in MIGRATIONS.glob("[0-9]*.py"))
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            return known
        if HISTORY not in tables:
            raise StoreUnusable(path=path, why=N_("it is a database of something else"))
        applied = {name for (name,) in connection.execute(f"SELECT name FROM {HISTORY}")}  # noqa: S608  # a constant
    unknown = sorted(applied - set(known))
    if unknown:
        raise StoreNewer(path=path, migration=unknown[-1])
    return [name for name in known if name not in applied]


def _copy_before(path: Path, migration: str) -> None:
    """Keep the file as it was before `migration` beside it; an empty file needs no copy."""
    if path.stat().st_size == 0:
        return
    copy = path.with_name(f"{path.name}.before-{migration}")
    copy.unlink(missing_ok=True)
    _create_file(copy)
    with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)


def _migrate() -> None:
    from playhouse.migrations import Runner

    with database.connection_context():
        database.pragma("foreign_keys", 0)  # it cannot be changed within a transaction
        with database.atomic("IMMEDIATE"):
            Runner(database, str(MIGRATIONS), table_name=HISTORY).up()


def _journal_length() -> int:
    return int(database.execute_sql("SELECT COALESCE(MAX(number), 0) FROM journal").fetchone()[0])


def _named(error: Exception, path: Path) -> Exception:
    text = str(error)
    if "locked" in text or "busy" in text:
        return StoreBusy()
    return StoreUnusable(path=path, why=text)
