"""The states that a user can reach, each by the keys that lead there."""

from dataclasses import dataclass

from tests.fixed_token import PIN


@dataclass(frozen=True)
class Scene:
    """`keys` as tests.console.driving.press takes them; what else must be so is set before, `staged` by staging.py."""

    keys: tuple[str, ...] = ()
    size: tuple[int, int] = (80, 24)
    list_limit: int = 500
    tokens_required: int = 1
    token_is_there: bool = True
    enrolled: bool = True
    trouble: str = ""
    second_token: bool = False
    put_back: bool = False
    other_token: bool = False
    expired: bool = False
    visits: str = ""
    revoked: bool = False
    writes: bool = False
    staged: str = ""


PICK_214 = ("a", "enter", "text:214")
CHOOSE = (*PICK_214, "enter")
REMOVE_17 = ("down", "r")
TO_PIN = (*REMOVE_17, "1", "enter", "enter")
NEW_PIN = ("tab", "tab", f"text:{PIN}")
LOG_IN = ("t", f"text:{PIN}", "enter")

VISITS = """at;lock_serial;key;result;lock_version
2026-11-24T06:10;1A0013;N-17;avvist;2
2026-11-24T06:20;1A0012;N-1;åpnet;
"""
WRONG_VISITS = """at;lock_serial;key;result
2026-11-24T06:10;1A9999;N-17;avvist
2026-11-25T06:20;1A0012;N-1;åpnet
"""

NOTHING_FOUND = ("/", "text:xyzzy", "enter")
IMPORT_VISITS = ("m", *("down",) * 11, "enter")
IMPORT_FILE = (*IMPORT_VISITS, "text:visits.csv", "enter")

SCENES = {
    "blocklist": Scene(),
    "blocklist-search": Scene(("/", "text:fob")),
    "blocklist-sorted": Scene(("s", "6", "S")),
    "blocklist-empty": Scene(("/", "text:xyzzy", "enter")),
    "blocklist-filtered": Scene(("/", "text:zone:blokk before:20.11.2026")),
    "blocklist-refused-value": Scene(("/", "text:status:lost")),
    "blocklist-refused-date": Scene(("/", "text:before:31.13.2026")),
    "blocklist-60": Scene(size=(60, 16)),
    "blocklist-200": Scene(size=(200, 24)),
    "blocklist-not-sent": Scene(staged="list-not-sent"),
    "keys": Scene(("2",)),
    "keys-60": Scene(("2",), size=(60, 16)),
    "table-find": Scene(("2", "f", "text:odegard")),
    "table-found": Scene(("2", "f", "text:odegard", "enter")),
    "table-nothing-found": Scene(("2", "f", "text:xyzzy", "enter")),
    "table-sort": Scene(("2", "s")),
    "table-sort-60": Scene(("s",), size=(60, 16)),
    "table-sorted": Scene(("2", "s", "4")),
    "table-percent": Scene(("2", "%", "text:50")),
    "table-copy": Scene(("2", "y")),
    "table-copied": Scene(("2", "y", "enter")),
    "table-selected": Scene(("2", "down", "space", "space", "V", "down", "down")),
    "columns": Scene(("c",)),
    "columns-changed": Scene(("c", "down", "space", "down", "J", "enter")),
    "columns-refused-none": Scene(("4", "c", *("space", "down") * 4, "enter")),
    "export-1-file": Scene(("2", "space", "w"), writes=True),
    "export-2-there": Scene(("5", "w", "enter"), writes=True, staged="file-there"),
    "export-3-done": Scene(("2", "w", "enter"), writes=True),
    "export-refused-no-path": Scene(("2", "w", "tab", "tab", "ctrl+u", "enter"), writes=True),
    "export-refused-disk-full": Scene(("2", "w", "enter"), writes=True, staged="disk-full"),
    "export-refused-stopped": Scene(("2", "w", "enter"), writes=True, staged="writing-stopped"),
    "export-refused-too-many": Scene(("2", "w", "tab", "right", "enter"), writes=True, staged="a-sheet-holds-three"),
    "help-columns": Scene(("c", "?")),
    "help-export": Scene(("2", "w", "?")),
    "export-refused-no-folder": Scene(("2", "w", "tab", "tab", "ctrl+u", "text:none/keys", "enter"), writes=True),
    "locks": Scene(("3",)),
    "people": Scene(("4",)),
    "zones": Scene(("5",)),
    "journal": Scene(("6",)),
    "menu": Scene(("m",)),
    "help": Scene(("?",)),
    "help-more": Scene(("?", "pagedown")),
    "palette": Scene(("ctrl+p",)),
    "sightings": Scene(("8",)),
    "walk": Scene(("9",)),
    "walk-visited-1-check": Scene(("9", "v")),
    "walk-visited-2-done": Scene(("9", "v", "enter")),
    "walk-refused-no-key": Scene(("9", "end", "v")),
    "visits-1-file": Scene(IMPORT_VISITS),
    "visits-2-done": Scene((*IMPORT_VISITS, "text:visits.csv", "enter"), visits=VISITS),
    "visits-refused-no-file": Scene((*IMPORT_VISITS, "text:nothing.csv", "enter")),
    "visits-refused-faults": Scene((*IMPORT_VISITS, "text:visits.csv", "enter"), visits=WRONG_VISITS),
    "key-record": Scene(("down", "enter")),
    "key-record-sought-after": Scene(("down", "enter", "s")),
    "key-record-basic": Scene(("down", "enter", "left")),
    "key-record-history": Scene(("down", "enter", "right")),
    "key-record-no-history": Scene(("down", "enter"), staged="nobody-seen"),
    "key-record-dead": Scene(("end", "enter"), staged="eight-days-later"),
    "key-record-not-blocked": Scene(("2", "enter")),
    "key-record-planned": Scene(("enter",)),
    "key-record-removed": Scene((*TO_PIN, f"text:{PIN}", "enter", "enter", "enter")),
    "lock-record": Scene(("3", "enter")),
    "lock-record-keys": Scene(("3", "enter", "right")),
    "lock-record-carriers": Scene(("3", "enter", "left")),
    "person-record": Scene(("4", "enter")),
    "person-record-keys": Scene(("4", "enter", "right")),
    "zone-record": Scene(("5", "enter")),
    "zone-record-dead": Scene(("5", "down", "enter"), staged="eight-days-later"),
    "zone-record-locks": Scene(("5", "enter", "right")),
    "zone-record-history": Scene(("5", "enter", "left")),
    "zone-record-compared": Scene(("5", "enter", "left", "d", "down", "down", "d")),
    "journal-record": Scene(("6", "enter")),
    "add-1-what": Scene(("a",)),
    "add-2-key": Scene(("a", "enter")),
    "add-2-key-searched": Scene(PICK_214),
    "add-2-person": Scene(("a", "2", "text:ødeg")),
    "add-3-locks": Scene(CHOOSE),
    "add-3-locks-of-person": Scene(("a", "2", "text:odeg", "enter", "2")),
    "add-3-locks-of-selected": Scene(("2", "/", "text:odegard", "enter", "*", "a", "2")),
    "add-refused-selected": Scene(
        ("2", "end", "f", "text:n-17", "enter", "space", "f", "text:n-33", "enter", "space", "a")
    ),
    "add-3-locks-filled-in": Scene((*CHOOSE, "2", "tab", "right", "tab", "text:Ved butikken")),
    "add-3-nothing-chosen": Scene((*CHOOSE, "tab", "tab", "enter")),
    "add-4-check-planning": Scene((*CHOOSE, "1", "enter")),
    "add-4-check-order": Scene((*CHOOSE, "2", "enter")),
    "add-5-done-planning": Scene((*CHOOSE, "1", "enter", "enter")),
    "add-5-done-order": Scene((*CHOOSE, "2", "enter", "enter")),
    "add-refused-already-blocked": Scene(("a", "enter", "text:fob 17", "enter")),
    "add-refused-returned": Scene(("a", "enter", "text:n-33", "enter")),
    "add-refused-never-made": Scene(("a", "enter", "text:n-140", "enter")),
    "add-refused-list-full": Scene((*CHOOSE, "2", "enter", "enter"), list_limit=3),
    "add-refused-from-record": Scene(("enter", "a")),
    "order-1-lists": Scene(("o",)),
    "order-2-check": Scene(("o", "enter")),
    "order-3-done": Scene(("o", "enter", "enter")),
    "order-refused-nothing": Scene(("o", "enter", "enter", "enter", "o")),
    "remove-1-reason": Scene(REMOVE_17),
    "remove-2-check-planning": Scene((*REMOVE_17, "1", "enter")),
    "remove-2-check-order": Scene((*REMOVE_17, "2", "enter")),
    "remove-3-token": Scene(TO_PIN),
    "remove-3-pin-typed": Scene((*TO_PIN, "text:4829")),
    "remove-3-logged-in": Scene((*LOG_IN, "enter", *TO_PIN)),
    "remove-4-done": Scene((*TO_PIN, f"text:{PIN}", "enter")),
    "remove-5-blocklist": Scene((*TO_PIN, f"text:{PIN}", "enter", "enter")),
    "remove-refused-wrong-pin": Scene((*TO_PIN, "text:000000", "enter")),
    "remove-refused-no-pin": Scene((*TO_PIN, "enter")),
    "remove-refused-no-token": Scene((*TO_PIN,), token_is_there=False),
    "remove-refused-no-token-enrolled": Scene(REMOVE_17, enrolled=False),
    "remove-refused-pending": Scene((*TO_PIN, f"text:{PIN}", "enter", "enter", "r")),
    "remove-second-token": Scene((*TO_PIN, f"text:{PIN}", "enter"), tokens_required=2),
    "token-1-pin": Scene(("t",)),
    "token-2-logged-in": Scene(LOG_IN),
    "token-3-blocklist": Scene((*LOG_IN, "enter")),
    "token-refused-wrong-pin": Scene(("t", "text:1111", "enter")),
    "token-tries-are-few": Scene(TO_PIN, trouble="count-low"),
    "token-last-try": Scene(TO_PIN, trouble="final-try"),
    "token-last-try-to-confirm": Scene((*TO_PIN, f"text:{PIN}", "enter"), trouble="final-try"),
    "token-locked": Scene(TO_PIN, trouble="flag-locked"),
    "token-pin-pad": Scene(TO_PIN, trouble="pin-pad"),
    "token-asks-each-time": Scene((*TO_PIN, f"text:{PIN}", "enter"), trouble="always-authenticate"),
    "remove-refused-locked": Scene((*TO_PIN, f"text:{PIN}", "enter"), trouble="pin-locked"),
    "remove-refused-pin-expired": Scene((*TO_PIN, f"text:{PIN}", "enter"), trouble="pin-expired"),
    "remove-refused-pulled": Scene((*LOG_IN, "enter", *TO_PIN, "trouble:pulled", "enter"), trouble="ready"),
    "remove-refused-session-closed": Scene(
        (*LOG_IN, "enter", *TO_PIN, "trouble:session-closed", "enter"), trouble="ready"
    ),
    "remove-refused-wrong-signature": Scene((*TO_PIN, f"text:{PIN}", "enter"), trouble="wrong-signature"),
    "remove-refused-mechanism-missing": Scene((*TO_PIN, f"text:{PIN}", "enter"), trouble="no-mechanisms"),
    "token-hangs": Scene((*LOG_IN, "enter", *TO_PIN, "hang-sign:does not answer yet|svarer ikke"), trouble="ready"),
    "remove-refused-not-enrolled": Scene(TO_PIN, other_token=True),
    "remove-refused-revoked": Scene(TO_PIN, revoked=True),
    "token-refused-revoked": Scene(("t", f"text:{PIN}", "enter"), revoked=True),
    "tokens-one-revoked": Scene(("7",), revoked=True),
    "token-pin-pad-each-time": Scene(("t", "enter", "enter", *TO_PIN), trouble="pin-pad always-authenticate"),
    "remove-refused-certificate-expired": Scene((*TO_PIN, f"text:{PIN}", "enter"), expired=True),
    "tokens": Scene(("7",)),
    "token-record": Scene(("7", "enter")),
    "enrol-1-new-token": Scene(("7", "e"), second_token=True),
    "enrol-2-signer": Scene(("7", "e", *NEW_PIN, "enter"), second_token=True),
    "enrol-3-done": Scene(("7", "e", *NEW_PIN, "enter", f"text:{PIN}", "enter"), second_token=True),
    "enrol-4-tokens": Scene(("7", "e", *NEW_PIN, "enter", f"text:{PIN}", "enter", "enter"), second_token=True),
    "enrol-refused-none-new": Scene(("7", "e")),
    "revoke-1-check": Scene(("7", "x")),
    "revoke-2-signer": Scene(("7", "x", "enter")),
    "revoke-refused-last": Scene(("7", "x", "enter", f"text:{PIN}", "enter")),
    "journal-put-back": Scene(put_back=True),
    "remove-refused-put-back": Scene(REMOVE_17, put_back=True),
    "blocklist-plan-fresh": Scene(staged="plan-is-fresh"),
    "blocklist-no-plans": Scene(("o", "enter", "enter", "enter")),
    "keys-empty": Scene(("2", *NOTHING_FOUND)),
    "locks-empty": Scene(("3", *NOTHING_FOUND)),
    "people-empty": Scene(("4", *NOTHING_FOUND)),
    "zones-empty": Scene(("5", *NOTHING_FOUND)),
    "journal-empty": Scene(("6", *NOTHING_FOUND)),
    "tokens-empty": Scene(("7", *NOTHING_FOUND)),
    "tokens-none-enrolled": Scene(("7",), enrolled=False),
    "sightings-empty": Scene(("8",), staged="nobody-seen"),
    "walk-empty": Scene(("9", *NOTHING_FOUND)),
    "palette-searched": Scene(("ctrl+p", "text:blo")),
    "palette-empty": Scene(("ctrl+p", "text:xyzzy")),
    "key-record-history-empty": Scene(("2", "enter", "left")),
    "key-record-opens-nothing": Scene(("2", "/", "text:214", "enter", "enter", "right"), staged="no-right"),
    "add-2-nothing-found": Scene(("a", "enter", "text:xyzzy")),
    "add-2-nothing-chosen": Scene(("a", "enter", "text:xyzzy", "enter")),
    "add-2-nobody-chosen": Scene(("a", "2", "text:xyzzy", "enter")),
    "add-2-person-refused-no-key": Scene(("a", "2", "enter"), staged="nothing-left-to-block"),
    "add-refused-opens-no-lock": Scene((*PICK_214, "enter"), staged="no-right"),
    "order-3-done-hook-failed": Scene(("o", "enter", "enter"), staged="hook-fails"),
    "order-3-done-hook-unreadable": Scene(("o", "enter", "enter"), staged="hook-unreadable"),
    "order-3-done-list-key-broken": Scene(("o", "enter", "enter"), staged="list-key-broken"),
    "order-3-done-outbox-unwritable": Scene(("o", "enter", "enter"), staged="outbox-is-no-folder"),
    "order-3-done-setting-wrong": Scene(("o", "enter", "enter"), staged="config-wrong"),
    "order-4-not-sent": Scene(("o", "enter", "enter", "enter"), staged="hook-fails"),
    "order-refused-store-busy": Scene(("o", "enter", "enter"), staged="store-busy"),
    "order-refused-store-full": Scene(("o", "enter", "enter"), staged="store-full"),
    "remove-3-overtaken": Scene((*TO_PIN, f"text:{PIN}", "enter"), staged="overtaken-by-addition"),
    "remove-refused-overtaken": Scene((*TO_PIN, f"text:{PIN}", "enter"), staged="overtaken-by-removal"),
    "remove-refused-not-blocked": Scene(("2", "enter", "r")),
    "remove-refused-same-token-twice": Scene(
        (*TO_PIN, f"text:{PIN}", "enter", f"text:{PIN}", "enter"), tokens_required=2
    ),
    "remove-4-done-four-eyes": Scene(
        (*TO_PIN, "token:Vaktleder", f"text:{PIN}", "enter", "token:Styreleder", f"text:{PIN}", "enter"),
        tokens_required=2,
        staged="both-enrolled",
    ),
    "remove-refused-token-fails": Scene((*TO_PIN, f"text:{PIN}", "enter"), staged="token-fails"),
    "remove-refused-heads-unreadable": Scene(REMOVE_17, staged="heads-unreadable"),
    "token-refused-no-module": Scene(("t",), staged="no-module"),
    "token-refused-module-missing": Scene(("t",), staged="module-missing"),
    "token-refused-several": Scene(("t",), staged="no-signing-key-shown"),
    "token-refused-uri-wrong": Scene(("t",), staged="uri-wrong"),
    "token-refused-uri-with-pin": Scene(("t",), staged="uri-with-pin"),
    "token-refused-not-initialised": Scene(("t", f"text:{PIN}", "enter"), trouble="pin-not-set"),
    "token-refused-short-pin": Scene(("t", "text:1", "enter"), staged="pin-too-short"),
    "token-refused-root-differs": Scene(("t",), staged="root-differs"),
    "token-refused-no-pin": Scene(("t", "enter")),
    "token-stopped-waiting": Scene(
        ("t", f"text:{PIN}", "hang-login:does not answer yet|svarer ikke", "escape"), trouble="ready"
    ),
    "token-refused-still-busy": Scene(("t", f"text:{PIN}", "enter"), staged="login-held"),
    "enrol-1-first-token": Scene(("7", "e"), enrolled=False),
    "enrol-2-first-done": Scene(("7", "e", *NEW_PIN, "enter"), enrolled=False),
    "enrol-refused-wrong-pin": Scene(("7", "e", "tab", "tab", "text:000000", "enter"), second_token=True),
    "enrol-refused-no-signing-key": Scene(("7", "e", *NEW_PIN, "enter"), staged="deputy-without-key"),
    "enrol-refused-key-not-supported": Scene(("7", "e", *NEW_PIN, "enter"), staged="deputy-with-another-curve"),
    "revoke-3-done": Scene(("7", "x", "token:Styreleder", "enter", f"text:{PIN}", "enter"), staged="both-enrolled"),
    "revoke-refused-revoked": Scene(("7", "x"), revoked=True),
    "visits-refused-no-path": Scene((*IMPORT_VISITS, "enter")),
    "visits-refused-unreadable": Scene((*IMPORT_VISITS, "text:/proc/self/mem", "enter")),
    "visits-refused-empty": Scene(IMPORT_FILE, staged="visits-empty"),
    "visits-refused-nul": Scene(IMPORT_FILE, staged="visits-nul"),
    "visits-refused-undecodable": Scene(IMPORT_FILE, staged="visits-undecodable"),
    "visits-refused-open-quotation": Scene(IMPORT_FILE, staged="visits-open-quotation"),
    "visits-refused-without-end": Scene(IMPORT_FILE, staged="visits-without-end"),
    "visits-refused-columns": Scene(IMPORT_FILE, staged="visits-wrong-columns"),
    "visits-refused-cells": Scene(IMPORT_FILE, staged="visits-wrong-cells"),
    "visits-refused-unknown-key": Scene(IMPORT_FILE, staged="visits-unknown-key"),
    "visits-refused-version": Scene(IMPORT_FILE, staged="visits-wrong-version"),
    "help-keys": Scene(("2", "?")),
    "help-locks": Scene(("3", "?")),
    "help-people": Scene(("4", "?")),
    "help-zones": Scene(("5", "?")),
    "help-journal": Scene(("6", "?")),
    "help-tokens": Scene(("7", "?")),
    "help-sightings": Scene(("8", "?")),
    "help-walk": Scene(("9", "?")),
    "help-menu": Scene(("m", "?")),
    "help-key-record": Scene(("enter", "?")),
    "help-lock-record": Scene(("3", "enter", "?")),
    "help-person-record": Scene(("4", "enter", "?")),
    "help-zone-record": Scene(("5", "enter", "?")),
    "help-journal-record": Scene(("6", "enter", "?")),
    "help-add": Scene(("a", "?")),
    "help-order": Scene(("o", "?")),
    "help-remove": Scene((*REMOVE_17, "?")),
    "help-token": Scene(("t", f"text:{PIN}", "enter", "?")),
    "help-enrol": Scene(("7", "e", "?"), second_token=True),
    "help-revoke": Scene(("7", "x", "?")),
    "help-visits": Scene((*IMPORT_VISITS, "text:visits.csv", "enter", "?"), visits=VISITS),
    "help-walk-visited": Scene(("9", "v", "?")),
    "too-small": Scene(size=(56, 15)),
}
LARGE = (120, 40)


def variants_of(scene: Scene) -> tuple[str, ...]:
    """How the scene is pictured; one of another size than 80×24 is of that size alone."""
    sizes = ("120x40",) if scene.size == Scene.size else ()
    return ("en", "nb", *sizes, "mono", "ascii")
