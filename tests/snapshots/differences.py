"""What has changed in the pictures since a git revision: before and after side by side, changed lines marked."""

import io
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import PurePosixPath

from tests.snapshots import html
from tests.snapshots.groups import grouped
from tests.snapshots.kept import FOLDER, VARIANTS, Read, kept_pictures, kept_shows
from tests.snapshots.picture import Run, Shown
from tests.snapshots.scenes import SCENES
from tests.snapshots.shows import Shows

PAGE = "diff.html"
REVISION_HELP = "usage: make snapshots-diff REV=revision, such as HEAD or origin/main"


@dataclass(frozen=True)
class Difference:
    """A picture that is not what it was; None before it was there, or after it was taken away."""

    name: str
    variant: str
    before: Shown | None
    after: Shown | None
    shows: Shows | None


def files_at(revision: str) -> dict[str, str]:
    """The files of snapshots/ in that revision. Ends the program in words when there is no such revision."""
    command = ["git", "archive", "--format=tar", revision, FOLDER.name]
    archive = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, check=False)
    if archive.returncode:
        sys.exit(f"{archive.stderr.decode(errors='replace').strip()}\n{REVISION_HELP}")
    files = {}
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        for member in tar.getmembers():
            content = tar.extractfile(member) if member.isfile() else None
            if content is not None and member.name.endswith((".txt", ".json")):
                files[str(PurePosixPath(member.name).relative_to(FOLDER.name))] = content.read().decode()
    return files


def compared(old: Mapping[str, str], new: Read) -> list[Difference]:
    """Every picture that was changed, made or taken away; variants that the old state lacks altogether are left out."""
    old_names = [path.removesuffix("-en.txt") for path in old if path.endswith("-en.txt") and "/" not in path]
    kept = {name: kept_pictures(lambda path: old.get(str(path)), name) for name in old_names}
    variants = {variant for pictures in kept.values() for variant in pictures}
    differences = []
    for name in [*SCENES, *(name for name in old_names if name not in SCENES)]:
        before, after = kept.get(name, {}), kept_pictures(new, name) if name in SCENES else {}
        shows = kept_shows(new, name, "en") if name in SCENES else None
        for variant in VARIANTS:
            was, now = before.get(variant), after.get(variant)
            if variant in variants and _differ(was, now):
                differences.append(Difference(name, variant, was, now, shows))
    return differences


def _differ(was: Shown | None, now: Shown | None) -> bool:
    if was is None or now is None:
        return was is not now
    return was.text != now.text or (bool(was.runs) and was.runs != now.runs)


def write_differences(revision: str, differences: Iterable[Difference]) -> str:
    """Write the page, and return in one line what has changed."""
    by_scene = {name: list(found) for name, found in groupby(differences, lambda difference: difference.name)}
    shows = {name: found[0].shows for name, found in by_scene.items() if found[0].shows}
    told = told_in_a_line(revision, by_scene)
    groups = [
        (group, [html.scene(name, group, shows.get(name), map(_figure, by_scene[name])) for name in names])
        for group, names in grouped(by_scene, shows).items()
    ]
    path = FOLDER / PAGE
    path.write_text(html.page(f"Sperre: what has changed since {revision}", told, groups, html.steps(shows.values())))
    return f"{told} {path}"


def told_in_a_line(revision: str, by_scene: Mapping[str, list[Difference]]) -> str:
    """How many states have changed, are new and are gone."""
    new = sum(all(difference.before is None for difference in found) for found in by_scene.values())
    gone = sum(all(difference.after is None for difference in found) for found in by_scene.values())
    pictures = sum(map(len, by_scene.values()))
    changed = len(by_scene) - new - gone
    return f"Since {revision}: states changed: {changed}, new: {new}, gone: {gone} (pictures: {pictures})."


def _figure(difference: Difference) -> str:
    before, after, what = difference.before, difference.after, VARIANTS[difference.variant]
    if before is None or after is None:
        (there,) = (picture for picture in (before, after) if picture is not None)
        return html.figure([difference.variant], f"{what}, {'new' if before is None else 'gone'}", html.picture(there))
    marked_before, marked_after = changed_lines(before, after)
    sides = (("before", html.picture(before, marked_before)), ("after", html.picture(after, marked_after)))
    shown = [html.figure([difference.variant], f"{what}, {when}", picture) for when, picture in sides]
    return f'<div class="pictures">{chr(10).join(shown)}</div>'


def changed_lines(before: Shown, after: Shown) -> tuple[list[int], list[int]]:
    """The numbers of the lines that are not the same in both, counted from 0, in either."""
    both = [_lines(picture, styled=bool(before.runs and after.runs)) for picture in (before, after)]
    matcher = SequenceMatcher(None, *both, autojunk=False)
    changes = [operation for operation in matcher.get_opcodes() if operation[0] != "equal"]
    return (
        [line for _, first, end, _, _ in changes for line in range(first, end)],
        [line for _, _, _, first, end in changes for line in range(first, end)],
    )


def _lines(picture: Shown, *, styled: bool) -> list[tuple[str, tuple[tuple[int, int, str], ...]]]:
    """Each line with what stands out in it."""
    runs: dict[int, list[Run]] = {}
    for run in picture.runs if styled else ():
        runs.setdefault(run.line, []).append(run)
    return [
        (line, tuple((run.first, run.end, run.sgr) for run in runs.get(number, ())))
        for number, line in enumerate(picture.text.splitlines())
    ]
