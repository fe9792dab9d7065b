"""What was ordered and is still to be written or handed on: a frozen copy, independent of the models of today."""

SCHEMA = """
CREATE TABLE outbox (
    zone_id INTEGER NOT NULL REFERENCES zone (id), version INTEGER NOT NULL, written INTEGER NOT NULL DEFAULT 0,
    failure TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (zone_id, version)
) WITHOUT ROWID

INSERT INTO outbox (zone_id, version) SELECT id, ordered_version FROM zone WHERE ordered_version > 0
"""


def up(migrator, db):  # type: ignore[no-untyped-def]  # called by playhouse.migrations, which has no types
    for statement in SCHEMA.split("\n\n"):
        db.execute_sql(statement)
