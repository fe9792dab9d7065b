"""The tables of the console, each row as a line that can be read aloud: names first, then what is told of them."""

from collections.abc import Sequence

from console import danger, row_words, sentences
from console.journal_words import journal_summary
from console.language import _, current, number
from console.plain.pages import Lines, Table, in_memory
from console.wording import date, date_time, near, nothing_to_block, opens_now, short_status, since, status, title
from pkcs11_token.errors import N_
from pkcs11_token.statement import short_fingerprint
from store.answer import Door, answer
from store.browse.blocklist import BlocklistRow, blocklist_table
from store.browse.journal import JournalRow, journal_table
from store.browse.keys import KeyRow, key_table
from store.browse.locks import LockRow, lock_table
from store.browse.people import PersonRow, person_table
from store.browse.sightings import SightingRow, sighting_table
from store.browse.zones import ZoneRow, zone_table
from store.database import Store
from store.exposure import Carrier, carriers_to
from store.history import Version, versions
from store.journal import head
from store.status import list_sizes
from store.token_rows import TokenRow, Tokens
from store.walk import Stop, walk_list

CARRIERS_SHOWN = 3


def line(names: Sequence[str], *facts: tuple[str, str]) -> str:
    """Names, then facts, each with its word before it: N-17, Fob 17, Kåre Sæther. Added: yesterday; ● Ordered."""
    named = ", ".join(filter(None, names))
    told = "; ".join(f"{word}: {value}" if word else value for word, value in facts if value)
    return f"{named}. {told}"


def blocklist(store: Store) -> Table[BlocklistRow]:
    """The blocked keys, the newest first."""
    now = store.clock()

    def told(row: BlocklistRow) -> str:
        return line(
            (row.label, row.name, row.person),
            (_("Added"), near(row.added_at, now)),
            (_("Opens now"), opens_now(row.still_opens, row.of)),
            (_("Seen"), since(row.seen_at, now) if row.seen_at else ""),
            ("", short_status(row.status)),
        )

    sizes = ", ".join(f"{zone} {size}" for zone, size in list_sizes(store))
    summary = _("Of {limit} places a list: {sizes}").format(limit=store.list_limit, sizes=sizes)
    source = blocklist_table(store, current())
    nothing = N_("No key is blocked. Choose Add to blocklist for a lost key.")
    return Table(_("Browse blocklist"), source, told, "added", descending=True, nothing=nothing, summary=summary)


def keys(store: Store, *, of_person: int | None = None, of_lock: int | None = None) -> Table[KeyRow]:
    """All keys, those of a person, or those that open a lock (database ids), each with what it opens or why not."""
    source = key_table(store, current(), of_person=of_person, of_lock=of_lock)
    if of_person is not None:
        return Table(_("Keys"), source, _key, "label", nothing=N_("This person holds no key."))
    if of_lock is not None:
        return Table(_("Keys"), source, _key, "label", nothing=N_("No key opens this lock."))
    return Table(_("Browse keys"), source, _key, "label", nothing=N_("No key is found."))


def _key(row: KeyRow) -> str:
    opens = ("", nothing_to_block(row.refusal)) if row.refusal else (_("Opens"), _doors(row))
    return line((row.label, row.name, row.person), (_("State"), title(row.state)), opens)


def _doors(row: KeyRow) -> str:
    return sentences.doors_in_zones(row.locks, row.zones)


def locks(store: Store, *, of_zone: int | None = None) -> Table[LockRow]:
    """All locks, or those of a zone (its database id)."""
    source = lock_table(store, current(), of_zone=of_zone)
    if of_zone is not None:
        return Table(_("Locks"), source, _lock, "name", nothing=N_("There is no lock in this zone."))
    return Table(_("Browse locks"), source, _lock, "name", nothing=N_("No lock is found."))


def _lock(row: LockRow) -> str:
    return line(
        (row.name, row.place, row.zone),
        (_("Version"), f"v{row.version}"),
        (_("Up to date"), _("✓ yes") if row.up_to_date else _("✗ no: a visit is needed")),
        (_("Last visit"), date(row.last_visit) if row.last_visit else _("never")),
    )


def people(store: Store) -> Table[PersonRow]:
    """Everybody who holds keys."""
    source = person_table(store, current())
    return Table(_("Browse people"), source, _person, "name", nothing=N_("Nobody is found."))


def _person(row: PersonRow) -> str:
    return line((row.name, row.person_id), (_("Keys"), number(row.keys)), (_("Blocked"), number(row.blocked)))


def zones(store: Store) -> Table[ZoneRow]:
    """The zones with the state of their lists."""
    return Table(_("Browse zones"), zone_table(store), _zone, "name", nothing=N_("No zone is found."))


def _zone(row: ZoneRow) -> str:
    return line(
        (row.name,),
        ("", status(row.status)),
        (_("Version"), str(row.version)),
        (_("Ordered"), str(row.ordered_version)),
        (_("Blocked"), number(row.size)),
        (_("Places left"), number(row.places_left)),
        (_("Locks"), number(row.locks)),
    )


def journal(store: Store, *, of_key: int | None = None) -> Table[JournalRow]:
    """The journal, or what was done with a key (its database id), the newest first."""
    source = journal_table(store, of_key=of_key)
    if of_key is not None:
        nothing = N_("Nothing has been done with this key yet.")
        return Table(_("History"), source, _record, "number", descending=True, nothing=nothing)
    nothing, summary = N_("Nothing has been done yet."), _("Head: {head}").format(head=head().short)
    return Table(_("Browse journal"), source, _record, "number", descending=True, nothing=nothing, summary=summary)


def _record(row: JournalRow) -> str:
    who = (_("No. {number}").format(number=row.id), date_time(row.at), row.operator)
    return line(who, ("", journal_summary(row.action, row.details)))


def tokens(store: Store) -> Table[TokenRow]:
    """The site's tokens."""
    nothing = N_("No token is enrolled on this site: nothing can be removed.")
    return Table(_("Browse tokens"), Tokens(store), _token, "enrolled", nothing=nothing)


def _token(row: TokenRow) -> str:
    return line(
        (row.label, row.user),
        (_("Fingerprint"), short_fingerprint(row.fingerprint)),
        (_("Enrolled"), date(row.enrolled_at)),
        (_("By"), row.enrolled_by),
        ("", row_words.token_state(row)),
    )


def seen(store: Store) -> Table[SightingRow]:
    """Blocked keys that were seen at locks, the latest first."""
    nothing = N_("No blocked key was seen. Visits are read with: sperre visits import")
    return Table(_("Browse sightings"), sighting_table(store), _sighting, "at", descending=True, nothing=nothing)


def _sighting(row: SightingRow) -> str:
    return line((date_time(row.at), row.label, row.person, row.lock, row.place), (_("Result"), title(row.result)))


def walk(store: Store) -> Table[Stop]:
    """The locks to visit by hand, by place, with the keys to take along."""
    found = walk_list(store)
    keys = ", ".join(f"{key.label} ({key.person})" if key.person else key.label for key in found.keys)
    summary = _("Take along: {keys}").format(keys=keys) if keys else ""
    return in_memory(_("Walk list"), found.stops, _stop, N_("No lock needs a visit."), summary)


def _stop(stop: Stop) -> str:
    return line(
        (stop.name, stop.place, stop.zone),
        (_("Needs"), f"v{stop.version}"),
        (_("Take along"), row_words.take_along(stop)),
        (_("Why"), row_words.why_visit(stop)),
    )


def doors(store: Store, key_id: int) -> Table[Door]:
    """The doors of a key (its database id): those that it still opens first, and when each lock will know."""
    now = store.clock()

    def told(door: Door) -> str:
        carriers = [carrier.label for carrier in carriers_to(store, door.lock.id, CARRIERS_SHOWN) if carrier.visits]
        return line(
            (door.lock.name, door.lock.place),
            ("", _opens(door.lock.is_open)),
            (_("Version"), f"v{door.lock.version}"),
            (_("Expected"), danger.expected(door, now)),
            (_("Carriers"), ", ".join(carriers) or _("none")),
        )

    found = sorted(answer(store, key_id).doors, key=lambda door: not door.lock.is_open)
    by_name = Lines(found, lambda door: f"{door.lock.name} {door.lock.place}")
    summary = _("Once all changes have reached the locks it opens {still} of {of}.").format(
        still=number(sum(door.opens_later for door in found)), of=sentences.doors(len(found))
    )
    return Table(_("Locks affected"), by_name, told, nothing=N_("The key opens no lock."), summary=summary)


def _opens(opens: bool) -> str:
    return _("✗ opens") if opens else _("✓ refuses")


def carriers(store: Store, lock_id: int) -> Table[Carrier]:
    """The keys that can bring a lock (its database id) the list, the most frequent first."""
    nothing = N_("No key that is not blocked carries the list of this zone to this lock.")
    return in_memory(_("Carriers"), carriers_to(store, lock_id), _carrier, nothing)


def _carrier(carrier: Carrier) -> str:
    return line(
        (carrier.label, carrier.name, carrier.person),
        (_("Visits"), number(carrier.visits)),
        (_("Last visit"), date_time(carrier.last_visit) if carrier.last_visit else _("never")),
    )


def history(store: Store, zone: str) -> Table[Version]:
    """The versions of a zone's list, the newest first."""
    return in_memory(_("History"), versions(store, zone), _version, N_("Nothing was ever on this list."))


def _version(version: Version) -> str:
    return line(
        (f"v{version.number}", date_time(version.at), version.operator),
        ("", row_words.version_change(version)),
        (_("Ordered") if version.ordered_at else "", row_words.ordered(version)),
    )
