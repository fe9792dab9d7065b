"""Opening a store: its file, its schema, and who else is using it."""

import hashlib
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from peewee import Model

from store import blocklist, database, models
from store.database import Store, open_store
from store.errors import StoreBusy, StoreMissing, StoreNewer, StoreUnusable
from store.models import Zone
from store.terms import Reason

LATER = """
def up(migrator, db):
    db.execute_sql("ALTER TABLE zone ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'")
"""


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations of a program that is one version ahead."""
    folder = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, folder)
    (folder / "9999_colour.py").write_text(LATER)
    return folder


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_new_store_can_be_read_by_its_owner_only(store: Store) -> None:
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700


def test_the_models_are_those_of_the_schema(store: Store) -> None:
    tables = [model for model in vars(models).values() if isinstance(model, type) and issubclass(model, Model)]
    for model in tables:
        if model in (Model, models.Table, models.NumberedTable):
            continue
        stored = {row[1] for row in models.database.execute_sql(f"PRAGMA table_info({model._meta.table_name})")}
        assert set(model._meta.columns) == stored, model


def test_an_older_schema_is_migrated_after_a_copy_of_the_file(
    site: Store, migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocklist.add(site, ["N-2"], order=True, reason=Reason.LOST)
    site.close()
    monkeypatch.setattr(database, "MIGRATIONS", migrations)
    open_store(site.path, "kari")
    assert models.database.execute_sql("SELECT DISTINCT colour FROM zone").fetchall() == [("grey",)]
    assert Zone.get(Zone.name == "A").version == 1
    copy = site.path.with_name("store.sqlite.before-9999_colour")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    kept = sqlite3.connect(copy)
    assert kept.execute("SELECT version FROM zone WHERE name = 'A'").fetchone() == (1,)
    assert "colour" not in [row[1] for row in kept.execute("PRAGMA table_info(zone)")]
    kept.close()


def test_a_migration_that_fails_changes_nothing(site: Store, migrations: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (migrations / "9999_colour.py").write_text(LATER + "    raise ValueError('no')\n")
    site.close()
    monkeypatch.setattr(database, "MIGRATIONS", migrations)
    with pytest.raises(ValueError, match="no"):
        open_store(site.path, "kari")
    monkeypatch.undo()
    open_store(site.path, "kari")
    assert "colour" not in [row[1] for row in models.database.execute_sql("PRAGMA table_info(zone)")]


def test_a_store_of_a_newer_program_is_refused_and_left_as_it_is(
    site: Store, migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.close()
    monkeypatch.setattr(database, "MIGRATIONS", migrations)
    open_store(site.path, "kari").close()
    monkeypatch.undo()
    before = digest(site.path)
    with pytest.raises(StoreNewer, match="9999_colour") as refusal:
        open_store(site.path, "kari")
    assert "\n" not in str(refusal.value)
    assert digest(site.path) == before


def test_a_missing_store_is_made_only_when_asked(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        open_store(tmp_path / "none.sqlite", "kari")
    assert not (tmp_path / "none.sqlite").exists()


def test_what_is_no_store_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    text, other = tmp_path / "text", tmp_path / "other.sqlite"
    text.write_text("this is a letter, not a database" * 100)
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE song (title TEXT)")
    connection.commit()
    connection.close()
    for path in (text, other):
        before = digest(path)
        with pytest.raises(StoreUnusable, match=path.name):
            open_store(path, "kari")
        assert digest(path) == before
    with pytest.raises(StoreUnusable):
        open_store(tmp_path, "kari")


def test_another_operator_who_writes_for_long_is_said(site: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    site.close()
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    store = open_store(site.path, "kari")
    script = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script, str(site.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    with pytest.raises(StoreBusy):
        blocklist.add(store, ["N-2"], order=True, reason=Reason.LOST)
    other.communicate("")
    assert blocklist.add(store, ["N-2"], order=True, reason=Reason.LOST)


def test_a_thread_has_a_connection_of_its_own(site: Store) -> None:
    names: list[str] = []

    def read() -> None:
        with site.connected():
            names.extend(zone.name for zone in Zone.select().order_by(Zone.name))
        assert models.database.is_closed()

    thread = Thread(target=read)
    thread.start()
    thread.join()
    assert names == ["A", "B", "C"]


def test_another_operators_commit_is_noticed(site: Store) -> None:
    before = site.data_version()
    connection = sqlite3.connect(site.path)
    connection.execute("UPDATE lock SET place = 'x'")
    connection.commit()
    connection.close()
    assert site.data_version() != before
