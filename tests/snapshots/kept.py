"""What snapshots/ keeps of each scene: a picture and a text a language, a text each for two variants, and one record.

NAME-en.svg, NAME-en.txt, NAME-nb.svg and NAME-nb.txt are of the scene's own size (80×24), 120x40/NAME.txt and
ascii/NAME.txt in English. scenes/NAME.json holds what the scene shows, and what stands out in each picture. The variant
mono shows the text of en; ascii looks like mono.
"""

import fcntl
import json
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from tests.snapshots.picture import Run, Shown
from tests.snapshots.shows import Shows

Read = Callable[[PurePosixPath], str | None]
FOLDER = Path(__file__).parents[2] / "snapshots"
RECORDS = "scenes"
VARIANTS = {
    "en": "80×24, English",
    "nb": "80×24, Norwegian",
    "120x40": "120×40",
    "mono": "80×24 without colours",
    "ascii": "80×24 in ASCII",
}


def text_path(name: str, variant: str) -> PurePosixPath:
    """The text twin of a scene's picture, seen from snapshots/."""
    match variant:
        case "en" | "nb":
            return PurePosixPath(f"{name}-{variant}.txt")
        case "mono":
            return PurePosixPath(f"{name}-en.txt")
    return PurePosixPath(variant, f"{name}.txt")


def record_path(name: str) -> PurePosixPath:
    """The record of a scene, seen from snapshots/."""
    return PurePosixPath(RECORDS, f"{name}.json")


def keep(name: str, spoken: str, shows: Shows, pictures: Mapping[str, Shown]) -> None:
    """Write what a run of the scene in one language has shown; the other language's stays."""
    for variant, picture in pictures.items():
        path = FOLDER / text_path(name, variant)
        path.parent.mkdir(exist_ok=True)
        path.write_text(picture.text)
    path = FOLDER / record_path(name)
    path.parent.mkdir(exist_ok=True)
    runs = {variant: [str(run) for run in picture.runs] for variant, picture in pictures.items() if variant != "ascii"}
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # the other language may run beside this one
        file.seek(0)
        record = json.loads(file.read() or "{}") | {spoken: {"shows": shows, "runs": runs}}
        file.truncate(0)
        json.dump(record, file, indent=1, sort_keys=True)
        file.write("\n")


def kept_files() -> set[str]:
    """Every file that is kept of any scene, seen from snapshots/; plain/ there holds what is no screen."""
    folders = [FOLDER, *(FOLDER / name for name in ("120x40", "ascii", RECORDS))]
    files = (path for folder in folders for path in folder.iterdir() if path.suffix in (".svg", ".txt", ".json"))
    return {str(path.relative_to(FOLDER)) for path in files}


def in_folder(path: PurePosixPath) -> str | None:
    """A file of snapshots/ as it is now; None when there is none."""
    found = FOLDER / path
    return found.read_text() if found.exists() else None


def kept_shows(read: Read, name: str, spoken: str) -> Shows | None:
    """What the scene shows in that language."""
    found: Shows | None = _record(read, name).get(spoken, {}).get("shows")
    return found


def kept_pictures(read: Read, name: str) -> dict[str, Shown]:
    """The pictures of a scene by variant, as far as they are kept."""
    runs: dict[str, list[str]] = {}
    for spoken in _record(read, name).values():
        runs |= spoken["runs"]
    if "mono" in runs:
        runs["ascii"] = runs["mono"]
    found = {}
    for variant in VARIANTS:
        text = read(text_path(name, variant))
        if text is not None and (variant != "mono" or "mono" in runs):
            found[variant] = Shown(text, tuple(Run.parsed(run) for run in runs.get(variant, ())))
    return found


def _record(read: Read, name: str) -> dict[str, Any]:
    return dict(json.loads(read(record_path(name)) or "{}"))
