"""A believable site to try the console on: a housing co-operative with its people, doors and keys."""

import csv
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from store import blocklist
from store.database import Store
from store.demo_visits import write_demo_visits
from store.importer import import_site
from store.terms import Reason
from store.visits import import_visits

SITE = "Fjellheim borettslag"
ZONES = ("Blokk A", "Blokk B", "Kjeller og garasje")
# fmt: off
FIRST_NAMES = (
    "Anne", "Astrid", "Berit", "Camilla", "Eirik", "Eva", "Fredrik", "Geir", "Gro", "Håkon", "Inger", "Ivar", "Jan",
    "Jorunn", "Kari", "Knut", "Lars", "Liv", "Magnus", "Marit", "Nils", "Odd", "Ola", "Per", "Randi", "Rolf",
    "Sigrid", "Sissel", "Sølvi", "Terje", "Tone", "Torbjørn", "Trygve", "Unni", "Vidar", "Øyvind", "Åshild",
)
LAST_NAMES = (
    "Aasen", "Andersen", "Bakke", "Berg", "Bjørnstad", "Dahl", "Eide", "Fossum", "Gulbrandsen", "Hagen", "Halvorsen",
    "Hansen", "Iversen", "Johansen", "Kristiansen", "Lunde", "Løken", "Moen", "Myhre", "Nygård", "Olsen", "Pedersen",
    "Rønning", "Sandvik", "Solberg", "Strand", "Sørli", "Tangen", "Vik", "Øverland",
)
# fmt: on
PEOPLE = ("Åse Ødegård", "Kåre Sæther", "Ragnhild Lie", "Bjørn Haugen", "Solveig Nordby", "Tor Egil Våge")
PEOPLE_COUNT = 80
KEY_COUNT = 140

# Label, name, holder (index of PEOPLE), type, rights, state; what the story of the demo needs.
NAMED_KEYS = (
    ("N-214", "Phone key 214", 0, "telefonnøkkel", ("Blokk A", "Kjeller"), "programmert"),
    ("N-215", "Fob 215", 0, "nøkkelbrikke", ("Kjeller",), "programmert"),
    ("N-33", "Phone key 33", 0, "telefonnøkkel", ("Blokk A",), "returnert"),
    ("N-17", "Fob 17", 1, "nøkkelbrikke", ("Oppgang 3",), "programmert"),
    ("N-90", "Fob 90", 2, "nøkkelbrikke", ("Oppgang 1",), "programmert"),
    ("N-7", "Phone key 7", 3, "telefonnøkkel", ("Blokk B", "Kjeller"), "programmert"),
    ("N-41", "Fob 41", 4, "nøkkelbrikke", ("Renhold",), "programmert"),
    ("N-2", "Phone key 2", 5, "telefonnøkkel", ("Vaktmester",), "programmert"),
    ("N-140", "Phone key 140", 5, "telefonnøkkel", ("Blokk B",), "i planlegging"),
)
COMMON_DOORS = ("Hovedinngang", "Inngang nord", "Inngang sør", "Vaskeri", "Avfallsrom", "Sykkelrom", "Takluke")


def make_demo(store: Store, now: datetime) -> None:
    """Fill an empty store with the demo site, its blocklist as it would stand at `now` (aware)."""
    with TemporaryDirectory() as directory:
        write_demo_csv(Path(directory), now)
        import_site(store._replace(clock=lambda: now - timedelta(days=90)), Path(directory))
    today = now.astimezone().replace(tzinfo=None, second=0, microsecond=0)  # the offset may differ between hours
    morning = today.replace(hour=6, minute=50).astimezone()
    yesterday = (today - timedelta(days=1)).replace(hour=16, minute=40).astimezone()
    history = (
        ("N-7", now - timedelta(days=22), Reason.NOT_RETURNED, "", True),
        ("N-90", now - timedelta(days=6), Reason.DAMAGED, "", True),
        ("N-17", yesterday, Reason.LOST, "Mistet på bussen", True),
        ("N-41", min(morning, now - timedelta(hours=5)), Reason.STOLEN, "Veske stjålet, anmeldt", False),
    )
    for label, at, reason, note, order in history:
        past = store._replace(operator="kari", clock=partial(_stand_still, at))
        blocklist.add(past, [label], order=order, reason=reason, note=note)
    with TemporaryDirectory() as directory:
        audit_trail = Path(directory) / "visits.csv"
        write_demo_visits(audit_trail, now)
        import_visits(store._replace(clock=partial(_stand_still, now)), audit_trail)


def write_demo_csv(directory: Path, now: datetime) -> None:
    """Write the demo site's files as Excel writes CSV in Norway: semicolons, Windows-1252, CRLF."""
    random = Random(1905)  # noqa: S311  # a demo, the same every time
    people = _people(random)
    locks = _locks()
    keys, right_keys = _keys(random, people, now)
    files: dict[str, tuple[str, Iterable[Iterable[object]]]] = {
        "zones.csv": ("zone", [(zone,) for zone in ZONES]),
        "people.csv": ("person_id;name", people),
        "locks.csv": ("serial;name;place;zone;networked", locks),
        "keys.csv": (
            "serial;label;name;type;person_id;main_zone;state;valid_until;expiry_interval;last_contact",
            keys,
        ),
        "right_locks.csv": ("access_right;lock_serial", _right_locks(locks)),
        "right_keys.csv": ("access_right;key_label", right_keys),
    }
    for name, (header, rows) in files.items():
        with (directory / name).open("w", encoding="cp1252", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
            writer.writerow(header.split(";"))
            writer.writerows(rows)


def _stand_still(moment: datetime) -> datetime:
    return moment


def _people(random: Random) -> list[tuple[str, str]]:
    others = {f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}" for _ in range(3 * PEOPLE_COUNT)}
    names = [*PEOPLE, *islice(sorted(others - set(PEOPLE)), PEOPLE_COUNT - len(PEOPLE))]
    return [(f"P{number:03}", name) for number, name in enumerate(names, 1)]


def _locks() -> list[tuple[str, str, str, str, str]]:
    """Doors of two blocks with three stairways each, and of cellar and garage."""
    places = [
        *((door, f"Oppgang {stair}", ZONES[stair > 3]) for stair in range(1, 7) for door in COMMON_DOORS),
        *((f"Kjellerbod {number}", f"Oppgang {(number - 1) // 2 + 1}", ZONES[2]) for number in range(1, 13)),
        *((door, "Garasje", ZONES[2]) for door in ("Garasjeport", "Garasje nord", "Garasje sør", "Teknisk rom")),
        *((door, "Felleshus", ZONES[2]) for door in ("Festsal", "Styrerom", "Verksted")),
    ]
    return [
        (f"1A{number:04X}", name, place, zone, "ja" if name in ("Hovedinngang", "Garasjeport") else "nei")
        for number, (name, place, zone) in enumerate(places, 1)
    ]


def _right_locks(locks: list[tuple[str, str, str, str, str]]) -> list[tuple[str, str]]:
    rights = []
    for serial, name, place, zone, _networked in locks:
        if zone != ZONES[2]:
            rights += [(place, serial), (zone, serial)]
        else:
            rights.append(("Kjeller", serial))
        if place != "Felleshus":
            rights.append(("Vaktmester", serial))
        if name in ("Vaskeri", "Avfallsrom", "Hovedinngang"):
            rights.append(("Renhold", serial))
        if place == "Felleshus" or name == "Hovedinngang":
            rights.append(("Styret", serial))
        if name == "Hovedinngang":
            rights.append(("Avis og post", serial))
    return rights


def _keys(
    random: Random, people: list[tuple[str, str]], now: datetime
) -> tuple[list[tuple[object, ...]], list[tuple[str, str]]]:
    keys: list[tuple[object, ...]] = []
    rights: list[tuple[str, str]] = []
    taken = {label for label, *_ in NAMED_KEYS}
    for label, name, holder, kind, own_rights, state in NAMED_KEYS:
        keys.append(_key(random, label, name, kind, people[holder][0], _main_zone(own_rights[0]), state, now))
        rights += [(right, label) for right in own_rights]
    holders = cycle(person for person, _name in people[len(PEOPLE) :])
    numbers = (number for number in range(1, 1000) if f"N-{number}" not in taken)
    for number in islice(numbers, KEY_COUNT - len(NAMED_KEYS)):
        phone = random.random() < 0.6
        own: tuple[str, ...] = random.choice(
            [("Oppgang 1",), ("Oppgang 2",), ("Oppgang 4",), ("Oppgang 5", "Kjeller"), ("Blokk A",), ("Styret",)]
        )
        state = random.choices(["programmert", "sendt", "returnert", "i planlegging"], [88, 4, 5, 3])[0]
        name = f"{'Phone key' if phone else 'Fob'} {number}"
        kind = "telefonnøkkel" if phone else "nøkkelbrikke"
        keys.append(_key(random, f"N-{number}", name, kind, next(holders), _main_zone(own[0]), state, now))
        rights += [(right, f"N-{number}") for right in own]
    return keys, rights


def _key(
    random: Random, label: str, name: str, kind: str, person: str, zone: str, state: str, now: datetime
) -> tuple[object, ...]:
    made = state != "i planlegging"
    phone = kind == "telefonnøkkel"
    contact = (now - timedelta(minutes=random.randrange(30, 4000))).astimezone()
    return (
        f"04{random.randrange(16**10):010X}" if made else "",
        label,
        name,
        kind,
        person,
        zone,
        state,
        "",
        "7d" if phone else "",
        f"{contact:%d.%m.%Y %H:%M}" if phone and made else "",
    )


def _main_zone(right: str) -> str:
    if right in ("Blokk B", "Oppgang 4", "Oppgang 5"):
        return ZONES[1]
    return ZONES[2] if right in ("Kjeller", "Styret") else ZONES[0]
