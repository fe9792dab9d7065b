"""The versions of a zone's list: what each added or removed, and how any two of them differ (rules 4, 13 and 14)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from store.database import Store
from store.errors import UnknownVersion, UnknownZone
from store.models import Zone, database

# The change that made each version; when it was ordered is that of the first order which reached it.
CHANGES = """
SELECT change.version, change.at, change.operator, change.action, key.label, key.name,
       (SELECT MIN(issue.at) FROM issue WHERE issue.zone_id = :zone AND issue.version >= change.version) AS ordered_at
FROM (
    SELECT version_in AS version, added_at AS at, added_by AS operator, 'add' AS action, key_id
    FROM blocklist_entry WHERE zone_id = :zone
    UNION ALL
    SELECT version_out, removed_at, removed_by, 'remove', key_id
    FROM blocklist_entry WHERE zone_id = :zone AND version_out IS NOT NULL
) AS change
JOIN key ON key.id = change.key_id
ORDER BY change.version DESC
"""
KEYS_AT = """
SELECT key.label FROM blocklist_entry AS entry JOIN key ON key.id = entry.key_id
WHERE zone_id = :zone AND version_in <= :version AND (version_out IS NULL OR :version < version_out)
ORDER BY key.sort_label, key.id
"""


@dataclass(frozen=True)
class Version:
    """A version of a list: the key that it added or removed (action: add or remove), and when it was ordered."""

    number: int
    at: datetime
    operator: str
    action: str
    key: str
    name: str
    ordered_at: datetime | None


@dataclass(frozen=True)
class Difference:
    """Labels of the keys that are on a newer version of a list and not on an older one, and the other way round."""

    added: tuple[str, ...]
    removed: tuple[str, ...]


def versions(store: Store, zone_name: str) -> list[Version]:
    """All versions of a zone's list, the newest first. Raises UnknownZone."""
    with store.connected():
        rows: Any = database.execute_sql(CHANGES, {"zone": _zone(zone_name).id})
        return [
            Version(
                number,
                datetime.fromisoformat(at),
                operator,
                action,
                label,
                name,
                datetime.fromisoformat(ordered_at) if ordered_at else None,
            )
            for number, at, operator, action, label, name, ordered_at in rows
        ]


def difference(store: Store, zone_name: str, older: int, newer: int) -> Difference:
    """How two versions of a zone's list differ; 0 is the empty list. Raises UnknownZone or UnknownVersion."""
    with store.connected():
        zone = _zone(zone_name)
        for version in (older, newer):
            if not 0 <= version <= zone.version:
                raise UnknownVersion(zone=zone.name, version=version, newest=zone.version)
        before, after = _keys_at(zone, older), _keys_at(zone, newer)
        return Difference(
            tuple(label for label in after if label not in before),
            tuple(label for label in before if label not in after),
        )


def _zone(name: str) -> Zone:
    zone = Zone.get_or_none(Zone.name == name)
    if zone is None:
        raise UnknownZone(zone=name)
    return zone


def _keys_at(zone: Zone, version: int) -> list[str]:
    return [label for (label,) in database.execute_sql(KEYS_AT, {"zone": zone.id, "version": version})]
