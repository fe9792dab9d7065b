"""A site under SPERRE_HOME, and the command `sperre` in this process."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from console import language
from console.commands.sperre import sperre as command
from console.configuration import open_site
from store.collation import search_text, sort_key
from store.models import AccessRight, Key, Lock, Person, RightKey, RightLock, Zone, database
from tests.commands.command_line import PIN, Sperre, written_pin


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty SPERRE_HOME, in English."""
    for name in [name for name in os.environ if name.startswith("SPERRE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SPERRE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "none"))
    language.use("en")
    yield tmp_path / "home"
    language.use("en")
    if not database.is_closed():
        database.close()


@pytest.fixture
def site(home: Path) -> Path:
    """Two zones; N-1 to N-4 open both, N-5 is returned, N-6 was never made."""
    with open_site(create=True).writing():
        zones = [Zone.create(name=name) for name in ("Blokk A", "Blokk B")]
        people = [_person(number, name) for number, name in enumerate(("Åse Ødegård", "Kåre Sæther"))]
        right = AccessRight.create(name="Oppgang 1")
        for number in range(5):
            RightLock.create(access_right=right, lock=_lock(number, zones[number % 2]))
        for number in range(1, 7):
            state = {5: "returned", 6: "in planning"}.get(number, "programmed")
            key = _key(number, people[number % 2], zones[0], state)
            RightKey.create(access_right=right, key=key)
    return home


def _person(number: int, name: str) -> Person:
    return Person.create(person_id=f"P{number}", name=name, **_found(name))


def _lock(number: int, zone: Zone) -> Lock:
    name = f"Dør {number}"
    return Lock.create(
        serial=f"A{number}", name=name, place="Oppgang 1", zone=zone, networked=not number, **_found(name)
    )


def _key(number: int, person: Person, zone: Zone, state: str) -> Key:
    label, name = f"N-{number}", f"Phone key {number}"
    return Key.create(
        label=label,
        serial=None if number == 6 else f"B{number:03}",
        name=name,
        type="phone key",
        state=state,
        person=person,
        main_zone=zone,
        sort_label=sort_key(label, "en"),
        **_found(name, label, person.name),
    )


def _found(name: str, *others: str) -> dict[str, str]:
    return {"sort_en": sort_key(name, "en"), "sort_nb": sort_key(name, "nb"), "search": search_text(name, *others)}


@pytest.fixture
def pin_file(tmp_path: Path) -> Path:
    return written_pin(tmp_path / "pin", PIN)


@pytest.fixture
def sperre() -> Sperre:
    """`sperre ARGUMENTS` in this process: exit_code, stdout and stderr."""

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(command, [str(argument) for argument in arguments], prog_name="sperre")

    return run


@pytest.fixture
def token(site: Path, sperre: Sperre, pin_file: Path) -> Path:
    """The site with an enrolled soft token."""
    assert sperre("token", "init", "--pin-file", pin_file).exit_code == 0
    return site
