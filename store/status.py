"""What is wrong just now: a plan that nobody ordered is a false sense of safety."""

from dataclasses import dataclass
from datetime import datetime

from store.blocklist import PendingList, pending
from store.database import Store


@dataclass(frozen=True)
class Plans:
    """The lists under planning, since when the oldest waits (UTC), and whether that is longer than a plan may wait."""

    lists: tuple[PendingList, ...]
    since: datetime | None
    forgotten: bool


def plans(store: Store) -> Plans:
    """The plans that wait to be ordered."""
    with store.connected():
        waiting = tuple(pending())
    since = min((plan.since for plan in waiting), default=None)
    return Plans(waiting, since, since is not None and store.clock() - since >= store.plan_limit)
