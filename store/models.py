"""The tables: the site, its journal and its blocklists."""

from datetime import UTC, datetime

from peewee import (
    AutoField,
    BooleanField,
    CompositeKey,
    Field,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)

CACHE_KIB = 256  # the system keeps the file in memory anyway; a console need not keep it twice
BULK_CACHE_KIB = 16 * 1024  # an import changes pages all over the file, again and again
PRAGMAS = {"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1, "cache_size": -CACHE_KIB}

database = SqliteDatabase(None, pragmas=PRAGMAS, autoconnect=False, lock_type="IMMEDIATE")


def utc_text(moment: datetime) -> str:
    """An aware datetime as it stands in the database and the journal: ISO 8601, UTC, whole seconds."""
    return f"{moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


class UtcField(Field):
    """A moment: an aware UTC datetime in Python, `2026-11-24T06:50:00Z` in the database."""

    field_type = "TEXT"

    def db_value(self, value: datetime | str | None) -> str | None:
        return utc_text(value) if isinstance(value, datetime) else value

    def python_value(self, value: str | None) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Table(Model):
    class Meta:
        database = database


class NumberedTable(Table):
    id = AutoField()


class Site(NumberedTable):
    """One row, made with the schema: a random identity that every signed statement names.

    The held versions of locks and keys follow from the visits until `replayed_until` (empty: replay them all).
    """

    uuid = TextField()
    replayed_until = TextField(default="")


class Zone(NumberedTable):
    """A part of the site with a blocklist of its own; both versions are of that list."""

    name = TextField(unique=True)
    version = IntegerField(default=0)
    ordered_version = IntegerField(default=0)


class Lock(NumberedTable):
    """`held_version` is what the lock certainly holds of its zone's list, since `learned_at`; of a networked lock it
    is not kept (see LockList). Visits before `settled_at`, when it came to its zone, say nothing of this list.
    """

    serial = TextField(unique=True)
    name = TextField()
    place = TextField(default="")
    zone = ForeignKeyField(Zone, backref="locks")
    networked = BooleanField(default=False)
    held_version = IntegerField(default=0)
    learned_at = UtcField(null=True)
    settled_at = TextField(null=True)
    sort_en = TextField()
    sort_nb = TextField()
    search = TextField()


class Person(NumberedTable):
    person_id = TextField(unique=True)
    name = TextField()
    sort_en = TextField()
    sort_nb = TextField()
    search = TextField()


class Key(NumberedTable):
    """`expiry_interval` is in seconds; a key without a serial was never made (rule 10).

    `held_version` is what the key certainly holds of its main zone's list, `settled_at` when that became its main zone.
    `person_en` and `person_nb` are its person's (triggers keep them), to sort by; without a person they are empty.
    """

    label = TextField(unique=True)
    serial = TextField(unique=True, null=True)
    name = TextField()
    type = TextField()
    state = TextField()
    person = ForeignKeyField(Person, backref="keys", null=True)
    main_zone = ForeignKeyField(Zone, backref="carriers", null=True)
    valid_until = UtcField(null=True)
    expiry_interval = IntegerField(null=True)
    last_contact = UtcField(null=True)
    held_version = IntegerField(default=0)
    settled_at = TextField(null=True)
    sort_label = TextField()
    sort_en = TextField()
    sort_nb = TextField()
    person_en = TextField(default="")
    person_nb = TextField(default="")
    search = TextField()


class KeyText(NumberedTable):
    """What a key is found by: its own search text and its person's; triggers keep it. The id is the key's."""

    text = TextField()

    class Meta:
        table_name = "key_text"


class AccessRight(NumberedTable):
    name = TextField(unique=True)

    class Meta:
        table_name = "access_right"


class RightLock(Table):
    access_right = ForeignKeyField(AccessRight)
    lock = ForeignKeyField(Lock)

    class Meta:
        table_name = "right_lock"
        primary_key = CompositeKey("access_right", "lock")


class RightKey(Table):
    access_right = ForeignKeyField(AccessRight)
    key = ForeignKeyField(Key)

    class Meta:
        table_name = "right_key"
        primary_key = CompositeKey("key", "access_right")


class BlocklistEntry(NumberedTable):
    """One key on one zone's list, from `version_in` until before `version_out`; the row is never deleted (rule 14).

    `added_record` and `removal_record` are numbers of journal records; the token's statement is in the latter.
    """

    zone = ForeignKeyField(Zone, backref="entries")
    key = ForeignKeyField(Key, backref="entries")
    version_in = IntegerField()
    version_out = IntegerField(null=True)
    added_at = UtcField()
    added_by = TextField()
    added_record = IntegerField()
    reason = TextField()
    note = TextField(default="")
    removed_at = UtcField(null=True)
    removed_by = TextField(null=True)
    removal_record = IntegerField(null=True)
    removal_reason = TextField(null=True)
    removal_note = TextField(null=True)

    class Meta:
        table_name = "blocklist_entry"


class Visit(NumberedTable):
    """A key at a lock, as an audit trail tells it; the versions are of the lock's and of the key's list, if told."""

    at = UtcField()
    lock = ForeignKeyField(Lock, backref="visits")
    key = ForeignKeyField(Key, backref="visits")
    result = TextField()
    lock_version = IntegerField(null=True)
    key_version = IntegerField(null=True)


class JournalRecord(Table):
    """One link of the chain; see docs/journal.md. `details` is canonical JSON."""

    number = IntegerField(primary_key=True)
    at = TextField()
    operator = TextField()
    action = TextField()
    details = TextField()
    previous = TextField()
    hash = TextField()

    class Meta:
        table_name = "journal"


class Outbox(Table):
    """An ordered list that is still to be written (`written`), or handed on by the hook; `failure` is the last one."""

    zone = ForeignKeyField(Zone)
    version = IntegerField()
    written = BooleanField(default=False)
    failure = TextField(default="")

    class Meta:
        primary_key = CompositeKey("zone", "version")


class BlockedKey(Table):
    """A view: one row a key that is or was on a blocklist, gathered over its zones; its id is the key's.

    `status` is one of terms.Status, computed from versions (rules 3 and 13); `zones` a JSON array of names; `is_on`
    tells whether the newest version of any list has it.
    """

    id = IntegerField(primary_key=True)
    label = TextField()
    serial = TextField()
    name = TextField()
    type = TextField()
    person = TextField(null=True)
    added_at = UtcField()
    added_by = TextField()
    reason = TextField()
    note = TextField()
    removed_at = UtcField(null=True)
    removed_by = TextField(null=True)
    removal_record = IntegerField(null=True)
    removal_reason = TextField(null=True)
    removal_note = TextField(null=True)
    is_on = BooleanField()
    status = TextField()
    zones = TextField()
    sort_label = TextField()
    sort_en = TextField()
    sort_nb = TextField()
    person_sort_en = TextField(null=True)
    person_sort_nb = TextField(null=True)

    class Meta:
        table_name = "blocked_key"


class Issue(Table):
    """A view: which version of a zone's list was ordered when, as the journal's record says."""

    record = IntegerField(primary_key=True)
    at = UtcField()
    zone = ForeignKeyField(Zone)
    version = IntegerField()


class LockList(Table):
    """A view: the version of its zone's list that a lock certainly holds; a networked one has the newest (rule 7)."""

    lock = ForeignKeyField(Lock, primary_key=True)
    zone = ForeignKeyField(Zone)
    version = IntegerField()

    class Meta:
        table_name = "lock_list"


class Sighting(NumberedTable):
    """A view: a visit of a key while it was on a blocklist; its id is the visit's."""

    at = UtcField()
    lock = ForeignKeyField(Lock)
    key = ForeignKeyField(Key)
    result = TextField()


class Exposure(Table):
    """A view: of each key, how many locks it opens by its access rights, and how many of
    them do not certainly refuse it: those that hold less than the entry's version, and, since a lock may hold more
    than is known, those of a list that took it off again. Whether the key itself still lives is another question.
    """

    key = ForeignKeyField(Key, primary_key=True)
    locks = IntegerField()
    open_locks = IntegerField()


class Lifetime(Table):
    """A view: when each key dies by itself (rule 12); null: never."""

    key = ForeignKeyField(Key, primary_key=True)
    dies_by = UtcField(null=True)
