"""The demo site: believable, the same every time, with the blocklist that the manual's story begins with."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import blocklist, journal
from store.answer import Answer, Expectation, answer
from store.database import Store, open_store
from store.demo import make_demo, write_demo_csv
from store.importer import import_site
from store.models import AccessRight, BlockedKey, JournalRecord, Key, Lock, Person, RightKey, Visit, Zone
from store.status import plans
from store.terms import Reason
from store.verify import verify
from tests.store.conftest import Clock

Tables = Callable[[], list[tuple[object, ...]]]


@pytest.fixture
def demo_store(store: Store, clock: Clock) -> Store:
    """The demo site as it stands at 06:50 UTC."""
    make_demo(store, clock())
    return store


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.mark.usefixtures("demo_store")
def test_it_has_three_zones_some_sixty_locks_eighty_people_and_140_keys() -> None:
    assert {zone.name for zone in Zone.select()} == {"Blokk A", "Blokk B", "Kjeller og garasje"}
    assert (Lock.select().count(), Person.select().count(), Key.select().count()) == (61, 80, 140)
    assert Lock.select().where(Lock.networked).count() == 7
    assert {right.name for right in AccessRight.select()} > {"Vaktmester", "Styret", "Renhold", "Avis og post"}


@pytest.mark.usefixtures("demo_store")
def test_it_has_every_kind_of_key() -> None:
    kinds = {(key.type, key.state) for key in Key.select()}
    assert kinds >= {(type_, state) for type_ in ("phone key", "key fob") for state in ("programmed", "in planning")}
    assert {state for _, state in kinds} == {"in planning", "sent", "programmed", "returned"}
    assert {key.state for key in Key.select().where(Key.serial.is_null())} == {"in planning"}
    assert Key.select().where(Key.expiry_interval & Key.last_contact.is_null(False)).count() > 50
    assert Key.select().where(Key.id.not_in(RightKey.select(RightKey.key))).count() == 0


@pytest.mark.usefixtures("demo_store")
def test_the_blocklist_is_that_of_the_story_with_one_forgotten_plan(clock: Clock) -> None:
    rows = list(BlockedKey.select().order_by(BlockedKey.added_at))
    assert [(row.name, row.person, row.status) for row in rows] == [
        ("Phone key 7", "Bjørn Haugen", "ordered"),
        ("Fob 90", "Ragnhild Lie", "ordered"),
        ("Fob 17", "Kåre Sæther", "ordered"),
        ("Fob 41", "Solveig Nordby", "under planning"),
    ]
    assert {row.added_by for row in rows} == {"kari"}
    assert [(clock().astimezone().date() - row.added_at.astimezone().date()).days for row in rows] == [22, 6, 1, 0]
    assert rows[-1].added_at < clock()


def test_the_newcomers_phone_key_is_there_to_be_lost(demo_store: Store) -> None:
    key = Key.get(Key.label == "N-214")
    assert (key.name, key.person.name) == ("Phone key 214", "Åse Ødegård")
    changes = blocklist.add(demo_store, ["N-214"], order=True, reason=Reason.LOST)
    assert [change.zone for change in changes] == ["Blokk A", "Kjeller og garasje"]


def test_its_first_look_tells_the_story(demo_store: Store, clock: Clock) -> None:
    dangerous, forgotten = answer_of(demo_store, "N-17"), plans(demo_store)
    assert 0 < dangerous.exposure.still_opens < dangerous.exposure.of
    assert dangerous.exposure.dies_by is None
    assert dangerous.exposure.last_sighting is not None
    assert dangerous.exposure.last_sighting.result == "opened"
    assert dangerous.count(Expectation.UNREACHABLE) > 0
    assert dangerous.count(Expectation.PROMISED) > 0
    assert forgotten.forgotten
    assert Visit.select().count() > 5000
    assert (clock() - Visit.select().order_by(Visit.at).first().at).days in (89, 90)
    forsaken = Lock.select().where(Lock.name == "Kjellerbod 4")
    assert Visit.select().where(Visit.lock.in_(forsaken)).count() == 0, "a cellar that nobody visits"


def answer_of(store: Store, label: str) -> Answer:
    return answer(store, Key.get(Key.label == label).id)


def test_its_journal_proves_itself(demo_store: Store) -> None:
    assert verify(demo_store).head == journal.head()


@pytest.mark.parametrize("hour", [0, 5, 6, 12, 23])
def test_its_history_is_in_order_and_past_at_any_hour(store: Store, hour: int) -> None:
    now = datetime(2026, 11, 24, hour, 1, tzinfo=UTC)
    make_demo(store, now)
    added = [row.added_at for row in BlockedKey.select().order_by(BlockedKey.id)]
    moments = [datetime.fromisoformat(record.at) for record in JournalRecord.select()]
    assert moments == sorted(moments)
    assert max(added) < moments[-1] == now, "the visits were imported last"


@pytest.mark.usefixtures("oslo")
@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_its_history_stands_on_days_when_the_clocks_change(store: Store, day: str) -> None:
    make_demo(store, datetime.fromisoformat(f"{day}T12:00:00Z"))
    yesterday = datetime.fromisoformat(day) - timedelta(days=1)
    added = {row.label: row.added_at.astimezone().replace(tzinfo=None) for row in BlockedKey.select()}
    assert added["N-17"] == yesterday.replace(hour=16, minute=40)
    assert added["N-41"] == datetime.fromisoformat(f"{day} 06:50")


@pytest.mark.usefixtures("oslo")
def test_the_last_contacts_are_as_long_ago_when_the_clocks_change(tmp_path: Path) -> None:
    ago = []
    for now in (datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 1, 10, 12, tzinfo=UTC)):
        store = open_store(tmp_path / f"{now:%m}" / "store.sqlite", "kari", create=True)
        make_demo(store, now)
        ago.append({key.label: now - key.last_contact for key in Key.select() if key.last_contact})
        store.close()
    assert ago[0] == ago[1]


def test_the_same_moment_makes_the_same_site(tmp_path: Path, tables: Tables) -> None:
    now = datetime(2026, 11, 24, 6, 50, tzinfo=UTC)
    made = []
    for name in ("one", "other"):
        store = open_store(tmp_path / name / "store.sqlite", "kari", create=True)
        make_demo(store, now)
        made.append(tables())
        store.close()
    assert made[0] == made[1]


def test_its_files_are_as_excel_writes_them_in_norway(demo_store: Store, clock: Clock, tmp_path: Path) -> None:
    folder = tmp_path / "csv"
    folder.mkdir()
    write_demo_csv(folder, clock())
    people = (folder / "people.csv").read_bytes()
    assert people.startswith(b"person_id;name\r\n")
    assert "Åse Ødegård\r\n".encode("cp1252") in people
    reports = import_site(demo_store, folder).files
    assert [(report.added, report.changed, report.removed) for report in reports] == [(0, 0, 0)] * 6


def test_its_files_differ_by_the_last_contacts_alone(tmp_path: Path) -> None:
    now = datetime(2026, 11, 24, 6, 50, tzinfo=UTC)
    written = []
    for moment in (now, now + timedelta(days=1)):
        folder = tmp_path / f"{moment:%d}"
        folder.mkdir()
        write_demo_csv(folder, moment)
        written.append(digests(folder))
    assert {name for name in written[0] if written[0][name] != written[1][name]} == {"keys.csv"}
