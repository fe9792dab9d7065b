"""A state that a user can reach and that no scene shows is a fault."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.screen import Screen

import console
import pkcs11_token
import store
from console.app import browse_screen
from console.screens.console_screen import ConsoleScreen
from console.screens.record import RecordScreen
from console.screens.wizard import Page, Wizard
from console.sections import SECTIONS
from pkcs11_token.errors import SperreError
from tests.snapshots.kept import in_folder, kept_shows
from tests.snapshots.scenes import SCENES
from tests.snapshots.shows import Shows, modules_of

TESTS = Path(__file__).parents[1]
FRAMES = {
    "ConsoleScreen",
    "TableScreen",
    "BrowseScreen",
    "RecordScreen",
    "Wizard",
    "SignedChange",
    "Page",
    "PickerPage",
    "WayPage",
}

# What no screen can show, and why; each is tested otherwise.
WHY_NOT = {
    "Only the import of a site reads these files; the console imports visits alone.": (
        *("NoFiles", "Duplicate", "UnknownReference", "SerialOfBlockedKey", "SerialTaken"),
    ),
    "A screen names only what is stored; the commands take what is typed.": (
        *("UnknownKey", "AmbiguousKey", "UnknownPerson", "AmbiguousPerson", "UnknownLock", "UnknownZone"),
        *("UnknownVersion", "UnknownReason", "NotACarrier", "NeverIssued", "TokenNotEnrolled"),
    ),
    "Its field takes no more than fits.": ("NoteTooLong",),
    "The configuration is read before the console opens.": (
        *("ConfigurationUnusable", "SettingUnknown", "SettingNotOffered"),
    ),
    "The store is opened, or made, before the console opens.": ("StoreMissing", "StoreNewer", "SiteThereAlready"),
    "Only a command makes a soft token, or reads a PIN from a file.": (
        *("SoftTokenMissing", "SoftTokenExists", "SoftTokenFailed"),
        *("PinRequired", "PinFileUnreadable", "PinFileReadableByOthers"),
    ),
    "Only `sperre journal` proves the whole journal and the tables, and reads and writes their files.": (
        *("RecordMissing", "RecordUnlinked", "RecordEdited", "RecordMakesNoSense", "RecordContradictsVersions"),
        *("RecordRemovesUnlisted", "HeadMissing", "JournalFileUnreadable", "FileUnusable"),
        *("EntryUnaccounted", "EntryMissing", "EntryTwice", "ZoneUnaccounted"),
    ),
    "Only a receiver of issued lists checks them.": (
        *("CaUnreadable", "ListUnreadable", "ListSignatureWrong", "ListOfAnotherZone", "ListOlder"),
        *("ListDoesNotFollow", "ListDiffers", "RemovalUnproved", "RemovalsUnreadable"),
    ),
    "The screens have the enrolled token sign just what is done; these stop a program that does otherwise.": (
        *("TokenRequired", "StatementDiffers", "StatementInvalid"),
    ),
    "Only a conversation on lines may have no terminal to ask for a PIN on.": ("PinNeedsTerminal",),
    "The wizard asks first whether a file is to be replaced: this one has come meanwhile.": ("FileThere",),
    "The wizard offers tokens that are not enrolled alone.": ("AlreadyEnrolled",),
    "The walk list names no blocked key.": ("BlockedCarrier",),
}
NOT_ON_A_SCREEN = {error: why for why, errors in WHY_NOT.items() for error in errors}
LONG_ENOUGH = 12  # letters of a message that no other text has

MODULES = [module for package in (console, store, pkcs11_token) for module in modules_of(package)]


def kinds(root: type) -> Iterator[type]:
    """Every class of ours below `root`, without those that only frame others."""
    for kind in root.__subclasses__():
        ours = kind.__module__.split(".")[0] in ("console", "store", "pkcs11_token")
        if ours and kind.__name__ not in FRAMES:
            yield kind
        yield from kinds(kind)


@pytest.fixture(scope="module")
def shown() -> list[Shows]:
    """What the scenes show, as their last run has kept it."""
    found = (kept_shows(in_folder, name, spoken) for name in SCENES for spoken in ("en", "nb"))
    return [shows for shows in found if shows is not None]


def test_every_screen_has_a_scene(shown: list[Shows]) -> None:
    screens = {kind.__name__ for kind in kinds(Screen)}
    assert sorted(screens - {shows["screen"] for shows in shown}) == []


def test_every_section_of_the_menu_has_a_scene(shown: list[Shows]) -> None:
    screens = {section: type(browse_screen(section)).__name__ for section in SECTIONS}
    assert sorted(set(screens.values()) - {shows["screen"] for shows in shown}) == []
    assert len(set(screens.values())) == len(SECTIONS)


def test_every_page_of_a_wizard_has_a_scene(shown: list[Shows]) -> None:
    assert sorted({kind.__name__ for kind in kinds(Page)} - {shows.get("page") for shows in shown}) == []


def test_every_step_end_and_refusal_of_every_wizard_has_a_scene(shown: list[Shows]) -> None:
    pages = {(shows["screen"], shows.get("page")) for shows in shown}
    steps = {(shows["screen"], shows.get("step")) for shows in shown}
    wizards = [kind for kind in kinds(Wizard) if issubclass(kind, Wizard)]
    ends = {(wizard.__name__, end) for wizard in wizards for end in ("ResultPage", "RefusalPage")}
    assert sorted(ends - pages) == []
    assert sorted({(kind.__name__, step) for kind in wizards for step in range(1, len(kind.steps) + 1)} - steps) == []


def test_every_tab_of_every_record_has_a_scene(shown: list[Shows]) -> None:
    records = [kind for kind in kinds(RecordScreen) if issubclass(kind, RecordScreen)]
    tabs = {(kind.__name__, tab) for kind in records for tab in range(len(kind.tabs))}
    assert sorted(tabs - {(shows["screen"], shows.get("tab")) for shows in shown}) == []


def test_the_keys_of_every_screen_have_a_scene(shown: list[Shows]) -> None:
    explained = {kind.__name__ for kind in kinds(ConsoleScreen)} - {"HelpScreen"}
    assert sorted(explained - {shows.get("explains") for shows in shown}) == []


def test_every_error_has_a_scene_or_is_told_by_a_command(shown: list[Shows]) -> None:
    errors = {kind.__name__ for kind in kinds(SperreError) if kind.template}
    on_screens = {error for shows in shown for error in shows["errors"]}
    assert sorted(errors - on_screens - set(NOT_ON_A_SCREEN)) == []
    assert sorted(set(NOT_ON_A_SCREEN) - errors) == []
    assert sorted(on_screens & set(NOT_ON_A_SCREEN)) == []


def test_what_no_screen_shows_is_tested_otherwise() -> None:
    """A test names the error, or asks for words of its message."""
    others = [path.read_text() for path in TESTS.rglob("test_*.py") if path != Path(__file__)]
    untested = []
    for kind in kinds(SperreError):
        words = [part.strip(" .:,()") for part in re.split(r"[{].*?[}]|[.:]", kind.template)]
        told = [re.escape(part) for part in words if len(part) >= LONG_ENOUGH]
        named = re.compile("|".join([rf"\b{kind.__name__}\b", *told]))
        if kind.__name__ in NOT_ON_A_SCREEN and not any(named.search(text) for text in others):
            untested.append(kind.__name__)
    assert untested == []


def test_both_languages_show_the_same() -> None:
    assert [name for name in SCENES if kept_shows(in_folder, name, "en") != kept_shows(in_folder, name, "nb")] == []
