"""How keys, doors, lists and their changes are named in sentences for an operator."""

from collections.abc import Sequence

from console.language import _, ngettext
from console.wording import explain, joined, nothing_to_block
from pkcs11_token.errors import SperreError
from pkcs11_token.statement import short_fingerprint
from store.blocklist import ListChange, PendingList
from store.database import Store
from store.errors import Refused
from store.keys import ZoneReach
from store.models import BlockedKey, Key
from store.trust import signers

NAMED_AT_MOST, NAMED_OF_MANY = 6, 3


def key_name(key: Key) -> str:
    """A key as a sentence names it: Phone key 214 (N-214) of Åse Ødegård."""
    if key.person is None:
        return f"{key.name} ({key.label})"
    return _("{key} ({label}) of {person}").format(key=key.name, label=key.label, person=key.person.name)


def key_names(keys: Sequence[Key]) -> str:
    """Keys as a sentence names them; of many, the first few and how many more."""
    names = [key_name(key) for key in keys]
    if len(names) > NAMED_AT_MOST:
        more = ngettext("{count} key more", "{count} keys more", len(names) - NAMED_OF_MANY)
        names = [*names[:NAMED_OF_MANY], more]
    return joined(names)


def left_out(refusals: Sequence[Refused]) -> str:
    """Keys that cannot be blocked, and why: Left out: N-33 (returned: nothing to block) and 4 keys more."""
    names = [f"{refusal.values['key']} ({nothing_to_block(refusal)})" for refusal in refusals[:NAMED_OF_MANY]]
    if len(refusals) > NAMED_OF_MANY:
        names.append(ngettext("{count} key more", "{count} keys more", len(refusals) - NAMED_OF_MANY))
    return _("Left out: {keys}.").format(keys=joined(names))


def doors(count: int) -> str:
    return ngettext("{count} door", "{count} doors", count)


def reach(zones: Sequence[ZoneReach]) -> str:
    """What a key opens: 41 doors in 2 zones."""
    return doors_in_zones(sum(zone.locks for zone in zones), len(zones))


def doors_in_zones(locks: int, zones: int) -> str:
    return _("{doors} in {zones}").format(doors=doors(locks), zones=ngettext("{count} zone", "{count} zones", zones))


def affected_locks(zones: Sequence[ZoneReach], list_limit: int) -> str:
    """Affected locks: Blokk A 21 (488 of 500 places left), Blokk B 20 (497 of 500 places left)."""
    each = (
        _("{zone} {locks} ({left} of {limit} places left)").format(
            zone=zone.zone, locks=zone.locks, left=zone.places_left, limit=list_limit
        )
        for zone in zones
    )
    return _("Affected locks: {zones}.").format(zones=", ".join(each))


def pending_changes(pending: PendingList) -> str:
    """What ordering one list issues: version 18: N-214 is added; N-17 is removed."""
    parts = []
    if pending.additions:
        parts.append(_("adds {keys}").format(keys=key_names(pending.additions)))
    if pending.removals:
        parts.append(_("removes {keys}").format(keys=key_names(pending.removals)))
    return _("{zone}, version {version}: {what}.").format(
        zone=pending.zone, version=pending.version, what="; ".join(parts)
    )


def lists(changes: Sequence[ListChange]) -> str:
    """Lists with their newest versions: Blokk A (version 18) and Blokk B (version 9)."""
    return joined(
        [_("{zone} (version {version})").format(zone=change.zone, version=change.after) for change in changes]
    )


def state_after(changes: Sequence[ListChange]) -> str:
    """The status that an operation left the lists in, and how to go on."""
    if changes[0].ordered:
        return ngettext(
            "Status: Ordered. {lists} is issued and spreads from now on.",
            "Status: Ordered. {lists} are issued and spread from now on.",
            len(changes),
            lists=lists(changes),
        )
    return ngettext(
        "Status: Under planning. {lists} waits to be ordered; no lock knows of it yet.",
        "Status: Under planning. {lists} wait to be ordered; no lock knows of them yet.",
        len(changes),
        lists=lists(changes),
    )


def removal_proof(store: Store, blocked: BlockedKey) -> str:
    """Who removed a key and with which token; the signature is checked now, not when it was stored."""
    try:
        tokens = joined([short_fingerprint(token.fingerprint) for token in signers(store, blocked.removal_record or 0)])
    except SperreError as error:
        return _("by {name}, but the proof does not hold: {why}").format(name=blocked.removed_by, why=explain(error))
    return _("by {name} with token {token}, signature verified").format(name=blocked.removed_by, token=tokens)
