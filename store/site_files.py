"""The six files that a site is read from: their columns, what identifies a row, and how rows are merged."""

from dataclasses import dataclass

from store import cells


@dataclass(frozen=True)
class SiteFile:
    """A file of the site: how each column is read, what identifies a row, and where references point.

    `references` are (column, stored table, its column, other file). `prepare`, `remove`, `change` and `add` are the
    statements that merge the staged rows, run in this order; only a file of pairs removes. `stored` is the table
    whose rows stay when a newer file does not name them.
    """

    name: str
    columns: dict[str, cells.Parse]
    identity: tuple[str, ...]
    references: tuple[tuple[str, str, str, str], ...] = ()
    prepare: tuple[str, ...] = ()
    add: str = ""
    change: str = ""
    remove: str = ""
    stored: str = ""

    @property
    def stage(self) -> str:
        """The temporary table of the file's rows."""
        return f"staged_{self.name.removesuffix('.csv')}"


ZONES = SiteFile(
    "zones.csv",
    {"zone": cells.text},
    ("zone",),
    add="INSERT INTO zone (name) SELECT zone FROM staged_zones WHERE zone NOT IN (SELECT name FROM zone)",
    stored="zone",
)
PEOPLE = SiteFile(
    "people.csv",
    {"person_id": cells.text, "name": cells.text},
    ("person_id",),
    add="""
        INSERT INTO person (person_id, name, sort_en, sort_nb, search)
        SELECT person_id, name, sort_key(name, 'en'), sort_key(name, 'nb'), search_text(name, person_id)
        FROM staged_people WHERE person_id NOT IN (SELECT person_id FROM person)
    """,
    change="""
        UPDATE person SET name = s.name, sort_en = sort_key(s.name, 'en'), sort_nb = sort_key(s.name, 'nb'),
               search = search_text(s.name, s.person_id)
        FROM staged_people AS s WHERE s.person_id = person.person_id AND s.name != person.name
    """,
    stored="person",
)
LOCKS = SiteFile(
    "locks.csv",
    {
        "serial": cells.serial,
        "name": cells.text,
        "place": cells.optional_text,
        "zone": cells.text,
        "networked": cells.yes_or_no,
    },
    ("serial",),
    references=(("zone", "zone", "name", "zones.csv"),),
    add="""
        INSERT INTO lock (serial, name, place, zone_id, networked, sort_en, sort_nb, search)
        SELECT s.serial, s.name, s.place, zone.id, s.networked,
               sort_key(s.name, 'en'), sort_key(s.name, 'nb'), search_text(s.name, s.serial, s.place, s.zone)
        FROM staged_locks AS s JOIN zone ON zone.name = s.zone WHERE s.serial NOT IN (SELECT serial FROM lock)
    """,
    change="""
        UPDATE lock SET name = s.name, place = s.place, zone_id = zone.id, networked = s.networked,
               sort_en = sort_key(s.name, 'en'), sort_nb = sort_key(s.name, 'nb'),
               search = search_text(s.name, s.serial, s.place, s.zone)
        FROM staged_locks AS s JOIN zone ON zone.name = s.zone
        WHERE s.serial = lock.serial
          AND (s.name, s.place, zone.id, s.networked) != (lock.name, lock.place, lock.zone_id, lock.networked)
    """,
    stored="lock",
)
KEYS = SiteFile(
    "keys.csv",
    {
        "serial": cells.key_serial,
        "label": cells.text,
        "name": cells.text,
        "type": cells.key_type,
        "person_id": cells.reference,
        "main_zone": cells.reference,
        "state": cells.key_state,
        "valid_until": cells.moment,
        "expiry_interval": cells.interval,
        "last_contact": cells.moment,
    },
    ("label",),
    references=(
        ("person_id", "person", "person_id", "people.csv"),
        ("main_zone", "zone", "name", "zones.csv"),
    ),
    # Serials may wander between keys: first they are replaced by what is no serial, so that no two keys hold one in
    # between, and so that a key that is left without any still differs from its row and counts as changed.
    prepare=(
        """
        UPDATE key SET serial = 'of ' || key.id FROM staged_keys AS s
        WHERE s.label = key.label AND s.serial IS NOT key.serial AND key.serial IN (SELECT serial FROM staged_keys)
        """,
    ),
    add="""
        INSERT INTO key (label, serial, name, type, state, person_id, main_zone_id, valid_until, expiry_interval,
                         last_contact, sort_label, sort_en, sort_nb, person_en, person_nb, search)
        SELECT s.label, s.serial, s.name, s.type, s.state, person.id, zone.id, s.valid_until, s.expiry_interval,
               s.last_contact, sort_key(s.label, 'en'), sort_key(s.name, 'en'), sort_key(s.name, 'nb'),
               COALESCE(person.sort_en, ''), COALESCE(person.sort_nb, ''), search_text(s.name, s.label, s.serial)
        FROM staged_keys AS s
        LEFT JOIN person ON person.person_id = s.person_id LEFT JOIN zone ON zone.name = s.main_zone
        WHERE s.label NOT IN (SELECT label FROM key)
    """,
    change="""
        UPDATE key SET serial = s.serial, name = s.name, type = s.type, state = s.state, person_id = s.person,
               main_zone_id = s.zone, valid_until = s.valid_until, expiry_interval = s.expiry_interval,
               last_contact = s.last_contact, sort_en = sort_key(s.name, 'en'), sort_nb = sort_key(s.name, 'nb'),
               search = search_text(s.name, s.label, s.serial)
        FROM (
            SELECT staged_keys.*, person.id AS person, zone.id AS zone FROM staged_keys
            LEFT JOIN person ON person.person_id = staged_keys.person_id
            LEFT JOIN zone ON zone.name = staged_keys.main_zone
        ) AS s
        WHERE s.label = key.label AND (
            s.serial IS NOT key.serial OR s.name != key.name OR s.type != key.type OR s.state != key.state
            OR s.person IS NOT key.person_id OR s.zone IS NOT key.main_zone_id
            OR s.valid_until IS NOT key.valid_until OR s.expiry_interval IS NOT key.expiry_interval
            OR s.last_contact IS NOT key.last_contact
        )
    """,
    stored="key",
)
# What is gone is IN (stored EXCEPT read): a NOT IN of pairs walks the whole list for each pair that is not there.
RIGHT_LOCKS = SiteFile(
    "right_locks.csv",
    {"access_right": cells.text, "lock_serial": cells.serial},
    ("access_right", "lock_serial"),
    references=(("lock_serial", "lock", "serial", "locks.csv"),),
    prepare=("INSERT OR IGNORE INTO access_right (name) SELECT DISTINCT access_right FROM staged_right_locks",),
    add="""
        INSERT OR IGNORE INTO right_lock (access_right_id, lock_id)
        SELECT r.id, lock.id FROM staged_right_locks AS s
        JOIN access_right AS r ON r.name = s.access_right JOIN lock ON lock.serial = s.lock_serial
    """,
    remove="""
        DELETE FROM right_lock WHERE (access_right_id, lock_id) IN (
            SELECT access_right_id, lock_id FROM right_lock EXCEPT SELECT r.id, lock.id FROM staged_right_locks AS s
            JOIN access_right AS r ON r.name = s.access_right JOIN lock ON lock.serial = s.lock_serial
        )
    """,
)
RIGHT_KEYS = SiteFile(
    "right_keys.csv",
    {"access_right": cells.text, "key_label": cells.text},
    ("access_right", "key_label"),
    references=(("key_label", "key", "label", "keys.csv"),),
    prepare=("INSERT OR IGNORE INTO access_right (name) SELECT DISTINCT access_right FROM staged_right_keys",),
    add="""
        INSERT OR IGNORE INTO right_key (access_right_id, key_id)
        SELECT r.id, key.id FROM staged_right_keys AS s
        JOIN access_right AS r ON r.name = s.access_right JOIN key ON key.label = s.key_label
    """,
    remove="""
        DELETE FROM right_key WHERE (access_right_id, key_id) IN (
            SELECT access_right_id, key_id FROM right_key EXCEPT SELECT r.id, key.id FROM staged_right_keys AS s
            JOIN access_right AS r ON r.name = s.access_right JOIN key ON key.label = s.key_label
        )
    """,
)
FILES = (ZONES, PEOPLE, LOCKS, KEYS, RIGHT_LOCKS, RIGHT_KEYS)
