"""Write the CSV files of a site of any size, always the same: python -m tests.generate_site DIR --keys 100000."""

import argparse
import csv
from collections.abc import Iterable
from pathlib import Path
from random import Random

FIRST_NAMES = ("Anne", "Åse", "Bjørn", "Eirik", "Gro", "Håkon", "Inger", "Kåre", "Liv", "Nils", "Sølvi", "Øyvind")
LAST_NAMES = ("Aasen", "Berg", "Dahl", "Eide", "Hagen", "Løken", "Nygård", "Ødegård", "Rønning", "Sæther", "Vik")
DOORS = ("Hovedinngang", "Kjellerbod", "Sykkelrom", "Takluke", "Vaskeri", "Avfallsrom")
ZONES = 10
LOCKS_PER_RIGHT = 20
RIGHTS_PER_KEY = 3


def write_site(directory: Path, keys: int, locks: int, people: int) -> None:
    """Write the six files into `directory`, with ten zones, a right for each 20 locks, and three rights a key."""
    random = Random(1905)
    directory.mkdir(parents=True, exist_ok=True)
    rights = max(locks // LOCKS_PER_RIGHT, RIGHTS_PER_KEY)
    _write(directory, "zones.csv", "zone", ([f"Sone {zone}"] for zone in range(ZONES)))
    _write(
        directory,
        "people.csv",
        "person_id,name",
        ([f"P{n:06}", f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"] for n in range(people)),
    )
    _write(
        directory,
        "locks.csv",
        "serial,name,place,zone,networked",
        (
            [
                f"1A{n:06X}",
                f"{random.choice(DOORS)} {n}",
                f"Oppgang {n // 8 + 1}",
                f"Sone {n % ZONES}",
                int(n % 20 == 0),
            ]
            for n in range(locks)
        ),
    )
    _write(
        directory,
        "keys.csv",
        "serial,label,name,type,person_id,main_zone,state,valid_until,expiry_interval,last_contact",
        (_key(random, n, people) for n in range(keys)),
    )
    _write(
        directory,
        "right_locks.csv",
        "access_right,lock_serial",
        ([f"Adgang {n % rights}", f"1A{n:06X}"] for n in range(locks)),
    )
    _write(
        directory,
        "right_keys.csv",
        "access_right,key_label",
        (
            [f"Adgang {right}", f"N-{n:07}"]
            for n in range(keys)
            for right in random.sample(range(rights), RIGHTS_PER_KEY)
        ),
    )


def _key(random: Random, number: int, people: int) -> list[object]:
    phone = number % 2 == 0
    return [
        f"04{number:010X}" if number % 50 else "",
        f"N-{number:07}",
        f"{'Phone key' if phone else 'Fob'} {number}",
        "phone key" if phone else "key fob",
        f"P{random.randrange(people):06}",
        f"Sone {random.randrange(ZONES)}",
        "programmed" if number % 50 else "in planning",
        "",
        "7d" if phone else "",
        f"2026-11-{random.randint(1, 23):02}T12:00:00Z" if phone and number % 50 else "",
    ]


def _write(directory: Path, name: str, header: str, rows: Iterable[list[object]]) -> None:
    with (directory / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("directory", type=Path)
    arguments.add_argument("--keys", type=int, default=100_000)
    arguments.add_argument("--locks", type=int, default=2_000)
    arguments.add_argument("--people", type=int, default=50_000)
    chosen = arguments.parse_args()
    write_site(chosen.directory, chosen.keys, chosen.locks, chosen.people)
