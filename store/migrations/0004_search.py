"""Search by text, and sorting by any column: a frozen copy, independent of the models as they are today."""

COLUMNS = """
ALTER TABLE key ADD COLUMN person_en TEXT NOT NULL DEFAULT ''

ALTER TABLE key ADD COLUMN person_nb TEXT NOT NULL DEFAULT ''

UPDATE key SET search = search_text(name, label, serial)

UPDATE key SET person_en = person.sort_en, person_nb = person.sort_nb FROM person WHERE person.id = key.person_id

CREATE INDEX key_person_en ON key (person_en)

CREATE INDEX key_person_nb ON key (person_nb)

CREATE INDEX key_type ON key (type)

CREATE INDEX key_state ON key (state)

CREATE INDEX lock_place ON lock (place)

CREATE INDEX lock_networked ON lock (networked)

CREATE INDEX blocklist_entry_of_key ON blocklist_entry (key_id, version_out, version_in, zone_id)

DROP INDEX blocklist_entry_key

CREATE TABLE key_text (id INTEGER PRIMARY KEY, text TEXT NOT NULL)

INSERT INTO key_text SELECT key.id, key.search || COALESCE(' ' || person.search, '')
FROM key LEFT JOIN person ON person.id = key.person_id

CREATE TRIGGER key_is_new AFTER INSERT ON key
    BEGIN
        INSERT INTO key_text
        VALUES (new.id, new.search || COALESCE(' ' || (SELECT search FROM person WHERE id = new.person_id), ''));
        UPDATE key SET (person_en, person_nb) = (SELECT sort_en, sort_nb FROM person WHERE id = new.person_id)
        WHERE id = new.id AND new.person_en = '' AND new.person_id IS NOT NULL;
    END

CREATE TRIGGER key_is_gone AFTER DELETE ON key
    BEGIN
        DELETE FROM key_text WHERE id = old.id;
    END

CREATE TRIGGER key_is_given AFTER UPDATE OF person_id ON key WHEN old.person_id IS NOT new.person_id
    BEGIN
        UPDATE key SET person_en = COALESCE((SELECT sort_en FROM person WHERE id = new.person_id), ''),
                       person_nb = COALESCE((SELECT sort_nb FROM person WHERE id = new.person_id), '')
        WHERE id = new.id;
    END

CREATE TRIGGER key_text_is_other AFTER UPDATE OF search, person_id ON key
    WHEN old.search != new.search OR old.person_id IS NOT new.person_id
    BEGIN
        UPDATE key_text
        SET text = new.search || COALESCE(' ' || (SELECT search FROM person WHERE id = new.person_id), '')
        WHERE id = new.id;
    END

CREATE TRIGGER person_is_renamed AFTER UPDATE OF sort_en, sort_nb, search ON person
    WHEN (old.sort_en, old.sort_nb, old.search) != (new.sort_en, new.sort_nb, new.search)
    BEGIN
        UPDATE key SET person_en = new.sort_en, person_nb = new.sort_nb WHERE person_id = new.id;
        UPDATE key_text SET text = key.search || ' ' || new.search
        FROM key WHERE key.id = key_text.id AND key.person_id = new.id;
    END
"""

# One row is gathered without its status and zones, which are read for the rows that are shown.
BLOCKED = """
DROP VIEW blocked_key

CREATE VIEW blocked_key AS
SELECT key.id, key.label, key.serial, key.name, key.type, key.sort_label, key.sort_en, key.sort_nb,
       key.person_en AS person_sort_en, key.person_nb AS person_sort_nb, person.name AS person,
       entry.added_at, entry.added_by, entry.reason, entry.note,
       entry.removed_at, entry.removed_by, entry.removal_record, entry.removal_reason, entry.removal_note,
       entry.version_out IS NULL AS is_on,
       (
           SELECT CASE
               WHEN COUNT(*) FILTER (WHERE version_out IS NULL AND version_in > ordered_version) THEN 'under planning'
               WHEN COUNT(*) FILTER (WHERE version_out IS NULL) THEN 'ordered'
               WHEN COUNT(*) FILTER (WHERE version_out > ordered_version) THEN 'removal under planning'
               ELSE 'removed'
           END
           FROM blocklist_entry AS e JOIN zone ON zone.id = e.zone_id WHERE e.key_id = key.id
       ) AS status,
       (
           SELECT CASE
               WHEN COUNT(*) FILTER (WHERE version_out IS NULL)
                   THEN json_group_array(DISTINCT zone.name) FILTER (WHERE version_out IS NULL)
               WHEN COUNT(*) FILTER (WHERE version_out > ordered_version)
                   THEN json_group_array(DISTINCT zone.name) FILTER (WHERE version_out > ordered_version)
               ELSE json_group_array(DISTINCT zone.name)
           END
           FROM blocklist_entry AS e JOIN zone ON zone.id = e.zone_id WHERE e.key_id = key.id
       ) AS zones
FROM (
    SELECT key_id, COALESCE(MIN(id) FILTER (WHERE version_out IS NULL), MAX(id)) AS entry_id
    FROM blocklist_entry GROUP BY key_id
) AS listed
CROSS JOIN blocklist_entry AS entry ON entry.id = listed.entry_id
CROSS JOIN key ON key.id = listed.key_id
LEFT JOIN person ON person.id = key.person_id
"""

# Each text is indexed with two blanks behind it, so that a trigram begins at each of its letters.
SEARCH = """
CREATE VIRTUAL TABLE {name}_search USING fts5 (
    text, content = '', tokenize = 'trigram case_sensitive 1', columnsize = 0
)

CREATE VIRTUAL TABLE {name}_trigram USING fts5vocab ({name}_search, row)

INSERT INTO {name}_search (rowid, text) SELECT id, {text} || '  ' FROM {table}

CREATE TRIGGER {table}_is_found AFTER INSERT ON {table}
    BEGIN
        INSERT INTO {name}_search (rowid, text) VALUES (new.id, new.{text} || '  ');
    END

CREATE TRIGGER {table}_is_found_otherwise AFTER UPDATE OF {text} ON {table} WHEN old.{text} != new.{text}
    BEGIN
        INSERT INTO {name}_search ({name}_search, rowid, text) VALUES ('delete', old.id, old.{text} || '  ');
        INSERT INTO {name}_search (rowid, text) VALUES (new.id, new.{text} || '  ');
    END

CREATE TRIGGER {table}_is_found_no_more AFTER DELETE ON {table}
    BEGIN
        INSERT INTO {name}_search ({name}_search, rowid, text) VALUES ('delete', old.id, old.{text} || '  ');
    END
"""


def up(migrator, db):  # type: ignore[no-untyped-def]  # called by playhouse.migrations, which has no types
    searches = [
        SEARCH.format(name=name, table=table, text=text)
        for name, table, text in (
            ("key", "key_text", "text"),
            ("lock", "lock", "search"),
            ("person", "person", "search"),
        )
    ]
    for statement in "\n\n".join((COLUMNS, BLOCKED, *searches)).split("\n\n"):
        db.execute_sql(statement)
