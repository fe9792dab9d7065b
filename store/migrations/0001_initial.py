"""The first schema: a frozen copy, independent of the models as they are today."""

SCHEMA = """
CREATE TABLE site (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL)

INSERT INTO site (uuid) VALUES (lower(hex(randomblob(16))))

CREATE TABLE zone (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL DEFAULT 0, ordered_version INTEGER NOT NULL DEFAULT 0,
    CHECK (0 <= ordered_version AND ordered_version <= version)
)

CREATE TABLE lock (
    id INTEGER PRIMARY KEY, serial TEXT NOT NULL UNIQUE, name TEXT NOT NULL, place TEXT NOT NULL DEFAULT '',
    zone_id INTEGER NOT NULL REFERENCES zone (id), networked INTEGER NOT NULL DEFAULT 0,
    sort_en TEXT NOT NULL, sort_nb TEXT NOT NULL, search TEXT NOT NULL
)

CREATE INDEX lock_zone ON lock (zone_id)

CREATE INDEX lock_sort_en ON lock (sort_en)

CREATE INDEX lock_sort_nb ON lock (sort_nb)

CREATE TABLE person (
    id INTEGER PRIMARY KEY, person_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    sort_en TEXT NOT NULL, sort_nb TEXT NOT NULL, search TEXT NOT NULL
)

CREATE INDEX person_sort_en ON person (sort_en)

CREATE INDEX person_sort_nb ON person (sort_nb)

CREATE TABLE key (
    id INTEGER PRIMARY KEY, label TEXT NOT NULL UNIQUE, serial TEXT UNIQUE, name TEXT NOT NULL,
    type TEXT NOT NULL, state TEXT NOT NULL, person_id INTEGER REFERENCES person (id),
    main_zone_id INTEGER REFERENCES zone (id), valid_until TEXT, expiry_interval INTEGER, last_contact TEXT,
    sort_label TEXT NOT NULL, sort_en TEXT NOT NULL, sort_nb TEXT NOT NULL, search TEXT NOT NULL
)

CREATE INDEX key_person ON key (person_id)

CREATE INDEX key_main_zone ON key (main_zone_id, type)

CREATE INDEX key_sort_label ON key (sort_label)

CREATE INDEX key_sort_en ON key (sort_en)

CREATE INDEX key_sort_nb ON key (sort_nb)

CREATE TABLE access_right (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)

CREATE TABLE right_lock (
    access_right_id INTEGER NOT NULL REFERENCES access_right (id), lock_id INTEGER NOT NULL REFERENCES lock (id),
    PRIMARY KEY (access_right_id, lock_id)
) WITHOUT ROWID

CREATE INDEX right_lock_lock ON right_lock (lock_id)

CREATE TABLE right_key (
    key_id INTEGER NOT NULL REFERENCES key (id), access_right_id INTEGER NOT NULL REFERENCES access_right (id),
    PRIMARY KEY (key_id, access_right_id)
) WITHOUT ROWID

CREATE INDEX right_key_right ON right_key (access_right_id)

CREATE TABLE blocklist_entry (
    id INTEGER PRIMARY KEY, zone_id INTEGER NOT NULL REFERENCES zone (id), key_id INTEGER NOT NULL REFERENCES key (id),
    version_in INTEGER NOT NULL, version_out INTEGER,
    added_at TEXT NOT NULL, added_by TEXT NOT NULL, added_record INTEGER NOT NULL REFERENCES journal (number),
    reason TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',
    removed_at TEXT, removed_by TEXT, removal_record INTEGER REFERENCES journal (number),
    removal_reason TEXT, removal_note TEXT,
    CHECK (0 < version_in AND (version_out IS NULL OR version_in < version_out))
)

CREATE UNIQUE INDEX blocklist_entry_live ON blocklist_entry (zone_id, key_id) WHERE version_out IS NULL

CREATE INDEX blocklist_entry_key ON blocklist_entry (key_id)

CREATE INDEX blocklist_entry_in ON blocklist_entry (zone_id, version_in)

CREATE INDEX blocklist_entry_out ON blocklist_entry (zone_id, version_out)

CREATE VIEW blocked_key AS
SELECT key.id, key.label, key.serial, key.name, key.type, key.search,
       key.sort_label, key.sort_en, key.sort_nb,
       person.name AS person, person.sort_en AS person_sort_en, person.sort_nb AS person_sort_nb,
       entry.added_at, entry.added_by, entry.reason, entry.note,
       entry.removed_at, entry.removed_by, entry.removal_record, entry.removal_reason, entry.removal_note,
       gathered.status, gathered.zones
FROM (
    SELECT key_id,
           COALESCE(MIN(e.id) FILTER (WHERE version_out IS NULL), MAX(e.id)) AS entry_id,
           CASE
               WHEN COUNT(*) FILTER (WHERE version_out IS NULL AND version_in > ordered_version) THEN 'under planning'
               WHEN COUNT(*) FILTER (WHERE version_out IS NULL) THEN 'ordered'
               WHEN COUNT(*) FILTER (WHERE version_out > ordered_version) THEN 'removal under planning'
               ELSE 'removed'
           END AS status,
           CASE
               WHEN COUNT(*) FILTER (WHERE version_out IS NULL)
                   THEN json_group_array(DISTINCT zone.name) FILTER (WHERE version_out IS NULL)
               WHEN COUNT(*) FILTER (WHERE version_out > ordered_version)
                   THEN json_group_array(DISTINCT zone.name) FILTER (WHERE version_out > ordered_version)
               ELSE json_group_array(DISTINCT zone.name)
           END AS zones
    FROM blocklist_entry AS e JOIN zone ON zone.id = e.zone_id
    GROUP BY key_id
) AS gathered
JOIN blocklist_entry AS entry ON entry.id = gathered.entry_id
JOIN key ON key.id = gathered.key_id
LEFT JOIN person ON person.id = key.person_id

CREATE TRIGGER blocklist_entry_is_never_deleted BEFORE DELETE ON blocklist_entry
    BEGIN SELECT RAISE(ABORT, 'a blocklist entry is never deleted'); END;

CREATE TABLE journal (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, operator TEXT NOT NULL, action TEXT NOT NULL,
    details TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL
)

CREATE INDEX journal_action ON journal (action)

CREATE TRIGGER journal_is_never_updated BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_is_never_deleted BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
"""


def up(migrator, db):  # type: ignore[no-untyped-def]  # called by playhouse.migrations, which has no types
    for statement in SCHEMA.split("\n\n"):
        db.execute_sql(statement)
