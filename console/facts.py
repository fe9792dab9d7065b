"""What a record says of itself: its headline, and its facts as labels with values."""

from collections.abc import Sequence
from datetime import timedelta

from console.journal_words import journal_summary
from console.language import _, number
from console.sentences import doors_in_zones, pending_changes, removal_proof
from console.wording import date_time, duration, since, status, term, title
from pkcs11_token.statement import full_fingerprint, payload_of
from store.blocklist import pending
from store.browse.journal import JournalRow
from store.browse.keys import access_rights, key_row
from store.browse.zones import dead_keys
from store.database import Store
from store.keys import keys_of_person, list_size
from store.models import BlockedKey, Key, Lock, LockList, Person, Visit, Zone
from store.terms import Status

Facts = Sequence[tuple[str, str]]
DEAD_SHOWN = 20


def blocked_key(key_id: int) -> BlockedKey | None:
    """The key as it is on the blocklist, also while its removal is not ordered; None when it is not there."""
    blocked = BlockedKey.get_or_none(BlockedKey.id == key_id)
    return None if blocked is None or blocked.status == Status.REMOVED else blocked


def key_headline(store: Store, key: Key) -> str:
    """Whether the key is blocked, since when, by whom and why."""
    blocked = blocked_key(key.id)
    holder = f"{key.name}, {key.person.name}" if key.person else key.name
    if blocked is None:
        return _("{key}: not on the blocklist").format(key=holder)
    if blocked.status == Status.REMOVAL_UNDER_PLANNING:
        return _("{key}: removal under planning since {since}, {proof}").format(
            key=holder, since=since(blocked.removed_at, store.clock()), proof=removal_proof(store, blocked)
        )
    return _("{key}: blocked {since} by {by}, {reason}").format(
        key=holder,
        since=since(blocked.added_at, store.clock()),
        by=blocked.added_by,
        reason=term(blocked.reason),
    )


def key_facts(store: Store, key: Key) -> Facts:
    """What is known of a key; first how it is, or was last, on the blocklist."""
    blocked = BlockedKey.get_or_none(BlockedKey.id == key.id)
    row = key_row(store, key.id)
    return [
        *(_blocklist_facts(store, blocked) if blocked is not None else ()),
        (_("Label"), key.label),
        (_("Serial"), key.serial or _("none: never made")),
        (_("Type"), title(key.type)),
        (_("State"), title(key.state)),
        (_("Main zone"), row.main_zone),
        (_("Opens"), doors_in_zones(row.locks, row.zones)),
        (_("Access rights"), ", ".join(access_rights(key.id))),
        (_("Valid until"), date_time(key.valid_until) if key.valid_until else _("no end")),
        (
            _("Offline expiry interval"),
            duration(timedelta(seconds=key.expiry_interval)) if key.expiry_interval else _("none"),
        ),
        (_("Last contact"), date_time(key.last_contact) if key.last_contact else _("never")),
    ]


def _blocklist_facts(store: Store, blocked: BlockedKey) -> Facts:
    facts = [
        (_("Status"), status(Status(blocked.status))),
        (_("Added"), f"{date_time(blocked.added_at)}, {blocked.added_by}, {term(blocked.reason)}"),
    ]
    if blocked.note:
        facts.append((_("Note"), blocked.note))
    if blocked.removed_at is not None:
        facts.append((_("Removed"), removal_proof(store, blocked)))
    return facts


def lock_headline(lock: Lock) -> str:
    """A lock and where it is."""
    return f"{lock.name}, {lock.place}" if lock.place else str(lock.name)


def lock_facts(lock: Lock) -> Facts:
    """What is known of a lock, and whether it holds the newest ordered list."""
    held, ordered = LockList.get(LockList.lock == lock).version, lock.zone.ordered_version
    last = Visit.select().where(Visit.lock == lock).order_by(Visit.at.desc()).first()
    return [
        (_("Serial"), lock.serial),
        (_("Place"), lock.place),
        (_("Zone"), lock.zone.name),
        (_("Networked"), _("✓ yes") if lock.networked else _("– no")),
        (_("Version of its list"), _("{held}, ordered is {ordered}").format(held=held, ordered=ordered)),
        (_("Up to date"), _("✓ yes") if held >= ordered else _("✗ no: a visit is needed")),
        (_("Learned it"), date_time(lock.learned_at) if lock.learned_at else _("not known")),
        (_("Last visit"), date_time(last.at) if last else _("never")),
    ]


def person_facts(person: Person) -> Facts:
    """What is known of a person."""
    return [(_("Person id"), person.person_id), (_("Keys"), number(len(keys_of_person(person.id))))]


def zone_headline(zone: Zone) -> str:
    """The state of a zone's blocklist, with what waits to be ordered."""
    plans = pending([zone.name])
    if plans:
        return _("Under planning: {changes}").format(changes=pending_changes(plans[0]))
    return _("The newest blocklist of {zone} is ordered.").format(zone=zone.name)


def zone_facts(store: Store, zone: Zone) -> Facts:
    """The versions of a zone's blocklist, and how full it is."""
    size, limit = list_size(zone), store.list_limit
    state = Status.UNDER_PLANNING if zone.version > zone.ordered_version else Status.ORDERED
    return [
        (_("Status"), status(state)),
        (_("Newest version"), number(zone.version)),
        (_("Ordered version"), number(zone.ordered_version)),
        (_("Blocked keys"), number(size)),
        (_("Places left"), _("{left} of {limit}").format(left=number(limit - size), limit=number(limit))),
        (_("Could give its place back"), dead_words(dead_keys(store, zone.id))),
        (_("Locks"), number(Lock.select().where(Lock.zone == zone).count())),
    ]


def dead_words(labels: Sequence[str]) -> str:
    """Which keys have died by themselves but are on the list still: 3: N-7, N-12, N-90."""
    if not labels:
        return _("none: every key on the list still lives")
    more = ", …" if len(labels) > DEAD_SHOWN else ""
    return f"{number(len(labels))}: {', '.join(labels[:DEAD_SHOWN])}{more}"


def journal_headline(row: JournalRow) -> str:
    """What a record of the journal tells, in one line."""
    return journal_summary(row.action, row.details)


def journal_facts(row: JournalRow) -> Facts:
    """All that a record of the journal says; a signed one says what was signed."""
    details = row.details
    facts = [(_("When"), date_time(row.at)), (_("Who"), row.operator), (_("What"), term(row.action))]
    if "statements" in details:
        details = payload_of(details["statements"][0])
    if "token" in details:
        token = details["token"]
        facts += [(_("Fingerprint"), full_fingerprint(token["fingerprint"]))]
        facts += [(_("Holder"), token["user"])] if "user" in token else []
    if details.get("reason"):
        facts.append((_("Reason"), term(details["reason"])))
    if details.get("note"):
        facts.append((_("Note"), details["note"]))
    facts += [(_("Key"), f"{key['label']} ({key['serial']})") for key in details.get("keys", ())]
    facts += [
        (
            _("Zone"),
            _("{zone}, version {before} to {after}").format(**{k: zone[k] for k in ("zone", "before", "after")}),
        )
        for zone in details.get("zones", ())
    ]
    return facts
