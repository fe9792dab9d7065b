"""What is wrong just now: a plan that nobody ordered is a false sense of safety."""

from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN, fn

from store.database import Store
from store.models import BlocklistEntry, Zone


class Plan(NamedTuple):
    """A zone whose list is under planning, and since when (UTC)."""

    zone: str
    since: datetime


class Plans(NamedTuple):
    """The lists under planning, since when the oldest waits (UTC), and whether that is longer than a plan may wait."""

    lists: tuple[Plan, ...]
    since: datetime | None
    forgotten: bool


def plans(store: Store) -> Plans:
    """The plans that wait to be ordered, by zone."""
    entry = BlocklistEntry
    planned = (entry.version_in > Zone.ordered_version) | (entry.version_out > Zone.ordered_version)
    since = fn.MIN(fn.COALESCE(entry.removed_at, entry.added_at))
    rows: Any = entry.select(Zone.name, since).join(Zone).where((Zone.version > Zone.ordered_version) & planned)
    with store.connected():
        waiting = tuple(
            Plan(zone, datetime.fromisoformat(moment))
            for zone, moment in rows.group_by(Zone.id).order_by(Zone.name).tuples()
        )
    oldest = min((plan.since for plan in waiting), default=None)
    return Plans(waiting, oldest, oldest is not None and store.clock() - oldest >= store.plan_limit)


def list_sizes(store: Store) -> list[tuple[str, int]]:
    """How many keys the newest version of each zone's list holds, by zone."""
    on_list = (BlocklistEntry.zone == Zone.id) & BlocklistEntry.version_out.is_null()
    sizes: Any = Zone.select(Zone.name, fn.COUNT(BlocklistEntry.id)).join(BlocklistEntry, JOIN.LEFT_OUTER, on=on_list)
    with store.connected():
        return list(sizes.group_by(Zone.id).order_by(Zone.name).tuples())
