"""The order in which a reviewer meets the scenes: by screen, the wizards step by step, then what is refused."""

from collections.abc import Iterable, Mapping

from tests.snapshots.shows import Shows

GROUPS = {
    "Blocklist": ("BlocklistScreen",),
    "Keys": ("KeysScreen", "KeyRecord"),
    "Locks": ("LocksScreen", "LockRecord"),
    "People": ("PeopleScreen", "PersonRecord"),
    "Zones": ("ZonesScreen", "ZoneRecord"),
    "Journal": ("JournalScreen", "JournalRecordScreen"),
    "Sightings": ("SightingsScreen",),
    "Walk list": ("WalkScreen", "VisitedWizard"),
    "Menu and palette": ("MenuScreen", "Palette"),
    "Add to blocklist": ("AddWizard",),
    "Order blocklist": ("OrderWizard",),
    "Remove from blocklist": ("RemoveWizard",),
    "Token": ("TokenLogin",),
    "Tokens of the site": ("TokensScreen", "EnrolWizard", "RevokeWizard"),
    "Import visits": ("VisitsWizard",),
    "Columns and files": ("ColumnsScreen", "ExportWizard"),
}
REFUSALS, HELP, TOO_SMALL = "Refusals", "Keys that work", "Terminal too small"


def grouped(scenes: Iterable[str], shows: Mapping[str, Shows]) -> dict[str, list[str]]:
    """The names of scenes by group, in the order given; a screen that no group names has its own."""
    groups: dict[str, list[str]] = {group: [] for group in GROUPS}
    last: dict[str, list[str]] = {REFUSALS: [], HELP: [], TOO_SMALL: []}
    for name in scenes:
        group = group_of(name, shows.get(name))
        (last if group in last else groups).setdefault(group, []).append(name)
    return {group: names for group, names in (groups | last).items() if names}


def group_of(name: str, shows: Shows | None) -> str:
    """The group of a scene."""
    if shows is None:
        return "Gone"
    screen = shows["screen"]
    if "-refused-" in name or shows.get("page") == "RefusalPage":
        return REFUSALS
    if screen == "HelpScreen":
        return HELP
    if screen == "TooSmallScreen":
        return TOO_SMALL
    return next((group for group, screens in GROUPS.items() if screen in screens), screen)
