"""Visits, and what the locks have learned from them: a frozen copy, independent of the models as they are today."""

SCHEMA = """
CREATE TABLE visit (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL,
    lock_id INTEGER NOT NULL REFERENCES lock (id), key_id INTEGER NOT NULL REFERENCES key (id),
    result TEXT NOT NULL, lock_version INTEGER, key_version INTEGER
)

CREATE UNIQUE INDEX visit_once ON visit (lock_id, at, key_id, result)

CREATE INDEX visit_at ON visit (at)

CREATE INDEX visit_key ON visit (key_id, at)

ALTER TABLE lock ADD COLUMN held_version INTEGER NOT NULL DEFAULT 0

ALTER TABLE lock ADD COLUMN learned_at TEXT

ALTER TABLE lock ADD COLUMN settled_at TEXT

ALTER TABLE key ADD COLUMN held_version INTEGER NOT NULL DEFAULT 0

ALTER TABLE key ADD COLUMN settled_at TEXT

ALTER TABLE site ADD COLUMN replayed_until TEXT NOT NULL DEFAULT ''

CREATE TRIGGER lock_moved AFTER UPDATE OF zone_id, networked ON lock
    WHEN old.zone_id != new.zone_id OR old.networked != new.networked
    BEGIN
        UPDATE lock SET settled_at = '', held_version = 0, learned_at = NULL WHERE id = new.id;
        UPDATE site SET replayed_until = '';
    END;

CREATE TRIGGER key_moved AFTER UPDATE OF main_zone_id ON key
    WHEN old.main_zone_id IS NOT new.main_zone_id
    BEGIN
        UPDATE key SET settled_at = '', held_version = 0 WHERE id = new.id;
        UPDATE site SET replayed_until = '';
    END;

CREATE VIEW issue AS
SELECT journal.number AS record, journal.at, zone.id AS zone_id, json_extract(list.value, '$.after') AS version
FROM journal, json_each(journal.details, '$.zones') AS list
JOIN zone ON zone.name = json_extract(list.value, '$.zone')
WHERE journal.action = 'order'

CREATE VIEW lock_list AS
SELECT lock.id AS lock_id, lock.zone_id,
       CASE WHEN lock.networked THEN zone.ordered_version ELSE lock.held_version END AS version
FROM lock JOIN zone ON zone.id = lock.zone_id

CREATE VIEW sighting AS
SELECT visit.id, visit.at, visit.lock_id, visit.key_id, visit.result
FROM (SELECT DISTINCT key_id FROM blocklist_entry) AS listed
CROSS JOIN visit ON visit.key_id = listed.key_id
WHERE EXISTS (
    SELECT 1 FROM blocklist_entry AS entry
    WHERE entry.key_id = visit.key_id AND entry.added_at <= visit.at
      AND (entry.removed_at IS NULL OR visit.at < entry.removed_at)
)

CREATE VIEW lifetime AS
SELECT key.id AS key_id,
       MIN(
           COALESCE(valid_until, strftime('%Y-%m-%dT%H:%M:%SZ', last_contact, '+' || expiry_interval || ' seconds')),
           COALESCE(strftime('%Y-%m-%dT%H:%M:%SZ', last_contact, '+' || expiry_interval || ' seconds'), valid_until)
       ) AS dies_by
FROM key

CREATE VIEW exposure AS
SELECT key.id AS key_id,
       (
           SELECT COUNT(DISTINCT right_lock.lock_id) FROM right_key JOIN right_lock USING (access_right_id)
           WHERE right_key.key_id = key.id
       ) AS locks,
       CASE WHEN key.state = 'returned' THEN 0 ELSE (
           SELECT COUNT(*) FROM lock JOIN zone ON zone.id = lock.zone_id
           WHERE lock.id IN (
               SELECT right_lock.lock_id FROM right_key JOIN right_lock USING (access_right_id)
               WHERE right_key.key_id = key.id
           ) AND NOT EXISTS (
               SELECT 1 FROM blocklist_entry AS entry
               WHERE entry.key_id = key.id AND entry.zone_id = lock.zone_id
                 AND entry.version_in <= CASE WHEN lock.networked THEN zone.ordered_version ELSE lock.held_version END
                 AND (entry.version_out IS NULL OR zone.ordered_version < entry.version_out)
           )
       ) END AS open_locks
FROM key
"""


def up(migrator, db):  # type: ignore[no-untyped-def]  # called by playhouse.migrations, which has no types
    for statement in SCHEMA.split("\n\n"):
        db.execute_sql(statement)
