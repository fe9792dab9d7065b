"""What operators say to the console line by line, each flow with what must be so before."""

from dataclasses import dataclass, field

from tests.fixed_token import PIN
from tests.plain.dialogue import CTRL_C
from tests.snapshots.scenes import VISITS, WRONG_VISITS


@dataclass(frozen=True)
class Flow:
    """Answers, one to each question; `trouble:…` lets the token fail from then on, and is no answer.

    `hang` is what the command says while the token hangs, after the last answer; Ctrl+C follows. `needs` are fixtures.
    """

    answers: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    trouble: str = ""
    hang: str = ""
    token_is_there: bool = True
    enrolled: bool = True
    put_back: bool = False
    expired: bool = False
    columns: int = 80


BROWSE = {name: str(place) for place, name in enumerate(("blocklist", "keys", "locks", "people", "zones"), 1)}
ADD, ORDER, REMOVE, IMPORT, TOKEN = "10", "11", "12", "13", "14"
PICK_214 = (ADD, "1", "/214", "1")
REMOVE_17 = (REMOVE, "fob 17", "1", "2", "", "")
TO_PIN = (*REMOVE_17, "1")
ARROWS = "\x1b[A\x1b[B\x1bOC"

FLOWS = {
    "menu": Flow(("?", "77", "x", "", "0")),
    "blocklist": Flow(("1", "?", "fob 17", "1", "1", "2", "0", "0", "2", "1", "0", "0", "0", "0")),
    "blocklist-empty": Flow(("1", "xyzzy", "/", "0")),
    "keys": Flow(("2", "p", "n", "p", "odeg ase", "2", "1", "n", "n", "n", "n", "0", "2")),
    "locks": Flow(("3", "sykkel", "3", "1", "1", "0", "0", "2", "1")),
    "people": Flow(("4", "ødeg", "1", "1", "1")),
    "zones": Flow(("5", "1", "1", "1", "0", "0", "2", "1")),
    "journal": Flow(("6", "1", "2", "vaktleder")),
    "tokens": Flow(("7", "1", "1")),
    "sightings": Flow(("8", "1")),
    "walk": Flow(("9", "1", "3", "?", "1", "1", "0", "0")),
    "walk-refused-no-key": Flow(("9", "festsal", "0", "9", "garasje nord", "1", "3", "0")),
    "add-planning": Flow((*PICK_214, "?", "1", "?", "1", "?", "Ved butikken", "?", "1", "?", "1", "0")),
    "add-order": Flow((*PICK_214, "2", "2", "", "1", "")),
    "add-person": Flow((ADD, "2", "odeg", "1", "1", "", "", "1", "")),
    "add-back-loses-nothing": Flow(
        (*PICK_214, "2", "3", "Ved butikken", "0", "0", "0", "0", "1", "1", "", "", "0", "-", "1", "1")
    ),
    "add-from-record": Flow((BROWSE["keys"], "/214", "1", "3", "1", "", "", "1", "", "3", "0", "4", "1", "1", "1")),
    "add-left": Flow((*PICK_214, "2", "", "", "0", "0", "0", "0", "0", "0", "0")),
    "add-refused-already-blocked": Flow((ADD, "1", "fob 17", "1", "0", "0")),
    "add-refused-returned": Flow((ADD, "1", "n-33", "1", "0", "0")),
    "add-refused-never-made": Flow((ADD, "1", "n-140", "1", "0", "0")),
    "add-refused-person-without-keys": Flow((ADD, "2", "haugen", "1", "0", "0")),
    "add-refused-list-full": Flow((*PICK_214, "2", "", "", "1", "0"), {"SPERRE_LIST_LIMIT": "3"}),
    "add-refused-note-too-long": Flow((*PICK_214, "1", "", "lang " * 50, "kort", "1", "1")),
    "order": Flow((ORDER, "?", "1", "1", "", ORDER)),
    "order-one": Flow((ORDER, "2", "0", "", "1", "1")),
    "order-not-handed-on": Flow((ORDER, "1", "1", ""), {"SPERRE_HOOK": "false"}),
    "remove-order": Flow((*TO_PIN, PIN, "", "1", "fob 17", "0")),
    "remove-planning": Flow((REMOVE, "fob 17", "1", "1", "2", "Lå i vesken", "1", PIN, "1", REMOVE, "fob 17", "1")),
    "remove-from-record": Flow(("1", "fob 17", "1", "3", "1", "1", "", "1", PIN, "1", "3")),
    "remove-back-at-the-pin": Flow((*TO_PIN, "", "1", CTRL_C, "0", "0", "0", "0", "0")),
    "remove-refused-wrong-pin": Flow((*TO_PIN, "000000", PIN, "1")),
    "remove-refused-no-token": Flow((*TO_PIN, "?", "", "0", "0"), token_is_there=False),
    "remove-refused-no-token-enrolled": Flow((REMOVE, "fob 17", "1", "0"), enrolled=False),
    "remove-refused-other-token": Flow((*TO_PIN, "0"), {"SPERRE_TOKEN": ""}, ("deputy",), token_is_there=False),
    "remove-refused-revoked": Flow((*TO_PIN, "0"), needs=("revoked",)),
    "remove-refused-put-back": Flow((REMOVE, "fob 17", "1", "0"), put_back=True),
    "remove-refused-expired": Flow((*TO_PIN, PIN, ""), expired=True),
    "remove-refused-locked": Flow((*TO_PIN, "0"), trouble="flag-locked"),
    "remove-refused-locked-now": Flow((*TO_PIN, PIN, ""), trouble="pin-locked"),
    "remove-refused-pin-expired": Flow((*TO_PIN, PIN, ""), trouble="pin-expired"),
    "remove-refused-pulled": Flow((*TO_PIN, "trouble:pulled", PIN, "trouble:", "", PIN, ""), trouble="ready"),
    "remove-refused-session-closed": Flow((*TO_PIN, "trouble:session-closed", PIN, "0"), trouble="ready"),
    "remove-refused-wrong-signature": Flow((*TO_PIN, PIN, "0"), trouble="wrong-signature"),
    "remove-refused-mechanism-missing": Flow((*TO_PIN, PIN, "0"), trouble="no-mechanisms"),
    "remove-tries-are-few": Flow((*TO_PIN, PIN, ""), trouble="count-low"),
    "remove-last-try": Flow((*TO_PIN, "?", "0", "1", "1", PIN, ""), trouble="final-try"),
    "remove-pin-pad": Flow((*TO_PIN, "?", "", ""), trouble="pin-pad"),
    "remove-pin-at-each-signature": Flow((*TO_PIN, PIN, PIN, ""), trouble="always-authenticate"),
    "remove-pin-pad-at-each-signature": Flow((*TO_PIN, "", "", ""), trouble="pin-pad always-authenticate"),
    "remove-token-hangs": Flow(
        (*TO_PIN, "trouble:hang-sign", PIN), trouble="ready", hang="Ctrl.C stops waiting|Ctrl.C slutter"
    ),
    "remove-second-token-missing": Flow((*TO_PIN, PIN, "", "0"), {"SPERRE_TOKENS_REQUIRED": "2"}, ("two_tokens",)),
    "remove-refused-one-token-of-two": Flow((REMOVE, "fob 17", "1", "0"), {"SPERRE_TOKENS_REQUIRED": "2"}),
    "visits": Flow((IMPORT, "?", "visits.csv", "")),
    "visits-refused": Flow((IMPORT, "nothing.csv", "wrong.csv", "0")),
    "token": Flow((TOKEN,)),
    "stray-keys": Flow((ARROWS, f"{ARROWS}1{ARROWS}", f"fob{ARROWS} 17", "\x1b", "\x071", "\x00", "0", "0")),
    "interrupted": Flow(("1", "1", CTRL_C, CTRL_C, ADD, "1", "/214", "1", CTRL_C, CTRL_C, CTRL_C, CTRL_C)),
    "narrow": Flow(("1", "1", "0", "0"), columns=40),
}
FILES = {"visits.csv": VISITS, "wrong.csv": WRONG_VISITS}
