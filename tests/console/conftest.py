"""The console over the demo site, at a fixed moment, with a token whose key is always the same."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console import language
from console.app import SperreApp
from console.configuration import Settings, token_settings
from pkcs11_token.session import login
from pkcs11_token.soft_token import find_softhsm
from store import crl, outbox
from store.database import Store, open_store
from store.demo import make_demo
from store.models import database
from store.trust import commit_token_change, prepare_enrolment, prepare_revocation
from tests.fixed_token import DEPUTY_LABEL, PIN, TOKEN_LABEL, make_fixed_token, move_token
from tests.store.software_token import SoftwareToken
from tests.token.trouble import Trouble, behind_shim, shim

__all__ = ["shim"]

NOW = datetime(2026, 11, 24, 6, 50, tzinfo=UTC)
SITE = "Fjellheim borettslag"

Console = Callable[..., SperreApp]


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo site's files, made once."""
    home = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Europe/Oslo")
        time.tzset()
        store = open_store(home / "store.sqlite", "kari", clock=lambda: NOW, create=True)
        make_demo(store, NOW)
        make_fixed_token(home / "deputy", label=DEPUTY_LABEL, secret=1814)
        settings = make_fixed_token(home / "softhsm")
        with login(settings, PIN) as token:
            enrolment = prepare_enrolment(store, token.public_key, token.label, "kari")
            commit_token_change(store, enrolment, [token.sign(enrolment)])
        outbox.flush(store, lambda: nullcontext(crl.issuer(crl.file_key(home), home, NOW)))
        store.close()
    time.tzset()
    return home


@pytest.fixture
def home(prepared_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A SPERRE_HOME of its own, with the demo site in it, in Oslo."""
    home = tmp_path / "home"
    shutil.copytree(prepared_home, home)
    move_token(home / "softhsm")
    for name in [name for name in os.environ if name.startswith("SPERRE_") or name == "NO_COLOR"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SPERRE_HOME", str(home))
    monkeypatch.setenv("SPERRE_TOKEN_MODULE", find_softhsm() or "")
    monkeypatch.setenv("SPERRE_TOKEN", TOKEN_LABEL)
    monkeypatch.setenv("SOFTHSM2_CONF", "")
    monkeypatch.setenv("TZ", "Europe/Oslo")
    # What happens once a second is done by the tests that are about it.
    monkeypatch.setattr("console.app.WATCH_SECONDS", 3600.0)
    time.tzset()
    yield home
    language.use("en")
    if not database.is_closed():
        database.close()
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    folder = home / "exports"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def deputy(home: Path) -> None:
    """A second token is in the reader, not enrolled."""
    shutil.copytree(home / "deputy" / "tokens", home / "softhsm" / "tokens", dirs_exist_ok=True)


@pytest.fixture
def revoked(store: Store) -> None:
    """The site's token was revoked by another one, which is not here."""
    other = SoftwareToken("other")
    with login(token_settings(), PIN) as token:
        enrolment = prepare_enrolment(store, other.public_key, "Reserve", "ola")
        commit_token_change(store, enrolment, [token.sign(enrolment)])
        revocation = prepare_revocation(store, token.fingerprint)
    commit_token_change(store, revocation, [other.sign(revocation)])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(home: Path, clock: Clock) -> Store:
    return open_store(home / "store.sqlite", "kari", clock=clock)


@pytest.fixture
def console(store: Store) -> Console:
    """The app, in the language that is asked for."""

    def start(spoken: str = "en", **settings: int) -> SperreApp:
        language.use(spoken)
        return SperreApp(store, Settings(site=SITE, **settings))  # type: ignore[arg-type]

    return start


@pytest.fixture
def trouble(home: Path, shim: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trouble]:
    """The site's token behind the shim, with nothing wrong yet."""
    monkeypatch.setenv("SPERRE_TOKEN_MODULE", str(shim))
    with behind_shim(shim, home / "softhsm", TOKEN_LABEL, tmp_path / "control") as trouble:
        yield trouble
