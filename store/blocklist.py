"""The rules: add, order and remove. Each is one transaction with its journal record, or nothing at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from pkcs11_token.chain import Details
from pkcs11_token.chain_errors import StatementDiffers
from store import journal
from store.database import Store
from store.errors import ListFull, NotBlocked, NoteTooLong, NothingToOrder, RemovalPending, UnknownZone
from store.heads import require_noted
from store.keys import find_keys, list_size, live_entries, why_not_blockable, zones_opened
from store.models import BlocklistEntry, JournalRecord, Key, Zone
from store.outbox import remember
from store.terms import Reason, RemovalReason
from store.trust import prepare, record_signed, require_unmoved

NOTE_LIMIT = 200


@dataclass(frozen=True)
class ListChange:
    """One zone's list before and after an operation, in version numbers; `ordered` when the newest is issued."""

    zone: str
    before: int
    after: int
    ordered: bool


@dataclass(frozen=True)
class PendingList:
    """A list under planning: since when, and which keys its next order adds and removes."""

    zone: str
    version: int
    ordered_version: int
    since: datetime
    additions: tuple[Key, ...]
    removals: tuple[Key, ...]


def add(store: Store, names: Sequence[str], *, order: bool, reason: Reason, note: str = "") -> list[ListChange]:
    """Put keys on the blocklist of every zone where they open a lock; needs no Token (rules 1 to 6, 9 to 11).

    `names` are labels or serials; all keys are added or none. With `order` the changed lists are issued at
    once, otherwise they stay under planning. Raises Refused in the words of the rule that says no.
    """
    _check_note(note)
    with store.writing():
        keys = find_keys(names)
        for key in keys:
            refusal = why_not_blockable(key)
            if refusal:
                raise refusal
        zones = {key: zones_opened([key]) for key in keys}
        changes = _put_on_lists(store, zones, reason, note)
        return _issue(store, [change.zone for change in changes]) if order else changes


def extend(store: Store) -> list[ListChange]:
    """Put blocked keys on the lists of zones where they have come to open locks since (rule 6).

    Called within the transaction that changed the access rights; the new entries stay under planning.
    """
    blocked = Key.select().join(BlocklistEntry).where(BlocklistEntry.version_out.is_null()).distinct()
    changes = []
    for key in blocked.order_by(Key.label):
        entries = live_entries(key)
        listed = {entry.zone for entry in entries}
        zones = [zone for zone in zones_opened([key]) if zone not in listed]
        if zones:
            changes += _put_on_lists(store, {key: zones}, Reason(entries[0].reason), entries[0].note)
    return changes


def order(store: Store, zone_names: Sequence[str] = ()) -> list[ListChange]:
    """Issue everything that is pending in these zones' lists, by default in all (rules 2 and 3).

    Raises UnknownZone, or NothingToOrder when none of them is under planning.
    """
    with store.writing():
        planned = [zone.name for zone in _zones(zone_names) if zone.version > zone.ordered_version]
        if not planned:
            raise NothingToOrder
        return _issue(store, planned)


def pending(zone_names: Sequence[str] = ()) -> list[PendingList]:
    """The lists under planning, by zone, with what ordering them would issue."""
    return [_pending(zone) for zone in _zones(zone_names) if zone.version > zone.ordered_version]


def prepare_removal(
    store: Store, names: Sequence[str], *, order: bool, reason: RemovalReason, note: str = ""
) -> Details:
    """State the removal of keys from the blocklist, for a logged-in Token to sign (rules 1 and 13).

    Raises NotBlocked or RemovalPending; changes nothing.
    """
    _check_note(note)
    with store.connected():
        require_noted(store.heads_file)
        keys = find_keys(names)
        return _removal(store, keys, order=order, reason=reason, note=note)


def remove(store: Store, removal: Details, statements: Sequence[str]) -> list[ListChange]:
    """Commit a removal that an enrolled Token has signed; without one there is no way to remove (rule 1).

    `removal` is what prepare_removal gave, `statements` the tokens' signatures over it (JWS). Raises
    StatementRefused when they are not enrolled tokens' valid signatures over exactly this removal, and
    JournalMoved when the store has changed since it was prepared.
    """
    with store.writing():
        require_noted(store.heads_file)
        require_unmoved(removal)
        _require_true(store, removal)
        number = record_signed(store, removal, statements)
        changes = [_take_off_list(zone, removal, number) for zone in removal["zones"]]
        return _issue(store, [change.zone for change in changes]) if removal["order"] else changes


def _check_note(note: str) -> None:
    if len(note) > NOTE_LIMIT:
        raise NoteTooLong(length=len(note), limit=NOTE_LIMIT)


def _zones(names: Sequence[str]) -> list[Zone]:
    zones = {zone.name: zone for zone in Zone.select().order_by(Zone.name)}
    for name in names:
        if name not in zones:
            raise UnknownZone(zone=name)
    return [zone for name, zone in zones.items() if not names or name in names]


def _put_on_lists(store: Store, zones_of: Mapping[Key, Sequence[Zone]], reason: Reason, note: str) -> list[ListChange]:
    pairs = sorted(
        ((zone, key) for key, zones in zones_of.items() for zone in zones),
        key=lambda pair: (pair[0].name, pair[1].label),
    )
    by_zone = [(zone, [key for _, key in group]) for zone, group in groupby(pairs, key=lambda pair: pair[0])]
    for zone, keys in by_zone:
        wanted = list_size(zone) + len(keys)
        if wanted > store.list_limit:
            raise ListFull(zone=zone.name, wanted=wanted, limit=store.list_limit)
    details = {
        "keys": [_named(key) for key in zones_of],
        "zones": [_zone_change(zone, keys) for zone, keys in by_zone],
        "reason": str(reason),
        "note": note,
    }
    record = JournalRecord.get_by_id(journal.append(store, "add", details))
    for zone, keys in by_zone:
        BlocklistEntry.insert_many(
            {
                "zone": zone,
                "key": key,
                "version_in": version,
                "added_at": record.at,
                "added_by": record.operator,
                "added_record": record.number,
                "reason": str(reason),
                "note": note,
            }
            for version, key in enumerate(keys, zone.version + 1)
        ).execute()
        _raise_version(zone, len(keys))
    return [ListChange(zone.name, zone.version, zone.version + len(keys), False) for zone, keys in by_zone]


def _raise_version(zone: Zone, by: int) -> None:
    Zone.update(version=Zone.version + by).where(Zone.id == zone.id).execute()


def _issue(store: Store, zone_names: Sequence[str]) -> list[ListChange]:
    zones = _zones(zone_names)
    changes = [ListChange(zone.name, zone.ordered_version, zone.version, True) for zone in zones]
    journal.append(
        store,
        "order",
        {"zones": [{"zone": c.zone, "before": c.before, "after": c.after} for c in changes]},
    )
    Zone.update(ordered_version=Zone.version).where(Zone.id.in_([zone.id for zone in zones])).execute()
    for zone in zones:
        remember(zone, zone.version)
    return changes


def _removal(store: Store, keys: Sequence[Key], *, order: bool, reason: RemovalReason, note: str) -> Details:
    entries = {key: live_entries(key) for key in keys}
    for key, live in entries.items():
        if not live:
            raise _why_not_removable(key)
    zones = sorted({entry.zone for live in entries.values() for entry in live}, key=lambda zone: zone.name)
    by_zone = [
        (
            zone,
            sorted((k for k, live in entries.items() if zone in {e.zone for e in live}), key=lambda k: k.label),
        )
        for zone in zones
    ]
    return prepare(
        store,
        "remove",
        keys=[_named(key) for key in keys],
        zones=[_zone_change(zone, keys) for zone, keys in by_zone],
        order=order,
        reason=str(reason),
        note=note,
    )


def _require_true(store: Store, removal: Details) -> None:
    """Raise StatementDiffers unless `removal` says exactly what removing its keys does to the lists now."""
    keys = find_keys([key["label"] for key in removal["keys"]])
    reason = RemovalReason(removal["reason"])
    actual = _removal(store, keys, order=removal["order"], reason=reason, note=removal["note"])
    for field in ("site", "action", "operator", "keys", "zones"):
        if actual[field] != removal[field]:
            raise StatementDiffers(field=field)


def _why_not_removable(key: Key) -> NotBlocked | RemovalPending:
    latest = (
        BlocklistEntry.select(BlocklistEntry, Zone)
        .join(Zone)
        .where((BlocklistEntry.key == key) & (BlocklistEntry.version_out > Zone.ordered_version))
        .order_by(BlocklistEntry.removed_at.desc())
        .first()
    )
    if latest:
        return RemovalPending(key=key.label, at=latest.removed_at, by=latest.removed_by)
    return NotBlocked(key=key.label)


def _take_off_list(change: Details, removal: Details, record: int) -> ListChange:
    zone = Zone.get(Zone.name == change["zone"])
    for version, serial in enumerate(change["keys"], zone.version + 1):
        BlocklistEntry.update(
            version_out=version,
            removed_at=removal["time"],
            removed_by=removal["operator"],
            removal_record=record,
            removal_reason=removal["reason"],
            removal_note=removal["note"],
        ).where(
            (BlocklistEntry.zone == zone)
            & (BlocklistEntry.key == Key.get(Key.serial == serial))
            & BlocklistEntry.version_out.is_null()
        ).execute()
    _raise_version(zone, len(change["keys"]))
    return ListChange(zone.name, change["before"], change["after"], False)


def _named(key: Key) -> Details:
    return {"label": key.label, "serial": key.serial}


def _zone_change(zone: Zone, keys: Sequence[Key]) -> Details:
    """How a journal record names a change of one list: `keys` take the versions after `before`, in that order."""
    return {
        "zone": zone.name,
        "before": zone.version,
        "after": zone.version + len(keys),
        "keys": [key.serial for key in keys],
    }


def _pending(zone: Zone) -> PendingList:
    entries = list(
        BlocklistEntry.select(BlocklistEntry, Key)
        .join(Key)
        .where(
            (BlocklistEntry.zone == zone)
            & ((BlocklistEntry.version_in > zone.ordered_version) | (BlocklistEntry.version_out > zone.ordered_version))
        )
        .order_by(Key.sort_label, Key.id)
    )
    added = [e for e in entries if e.version_out is None]
    removed = [e for e in entries if e.version_out is not None]
    since = min([e.added_at for e in added] + [e.removed_at for e in removed])
    return PendingList(
        zone.name,
        zone.version,
        zone.ordered_version,
        since,
        tuple(e.key for e in added),
        tuple(e.key for e in removed),
    )
