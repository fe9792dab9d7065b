"""Build snapshots/gallery.html and snapshots/README.md, or with `diff REV` snapshots/diff.html.

Run as `python -m tests.snapshots.gallery [diff REV]`.
"""

import sys
from collections.abc import Mapping, Sequence

from tests.snapshots import html
from tests.snapshots.differences import REVISION_HELP, compared, files_at, write_differences
from tests.snapshots.groups import grouped
from tests.snapshots.kept import FOLDER, VARIANTS, Read, in_folder, kept_pictures, kept_shows, text_path
from tests.snapshots.picture import Shown
from tests.snapshots.scenes import SCENES
from tests.snapshots.shows import Shows

GALLERY, CONTACT_SHEET = "gallery.html", "README.md"
PREFACE = """# What the console shows

Every state that a user can reach, as a picture and as text; `make snapshots` takes them anew. Each is linked to its
text, to what it is on a terminal of 120×40, and to what a terminal shows that has ASCII alone. `gallery.html` has all
variants in one page, with a filter: download it and open it in a browser. `make snapshots-diff REV=…` sets before and
after side by side. The conversations of `sperre --plain`, which has no screen, lie in [plain/](plain/).
"""


def gallery(read: Read) -> str:
    """All scenes in all variants, as one page."""
    shows = shows_of(read)
    groups = [
        (group, [_scene(name, group, kept_pictures(read, name), shows[name]) for name in names])
        for group, names in grouped(SCENES, shows).items()
    ]
    about = f"{len(SCENES)} states of the console, each as it is on different terminals."
    return html.page("Sperre: what the console shows", about, groups, html.steps(shows.values()))


def _scene(name: str, group: str, pictures: Mapping[str, Shown], shows: Shows) -> str:
    figures = [
        html.figure(variants, " = ".join(map(VARIANTS.__getitem__, variants)), html.picture(pictures[variants[0]]))
        for variants in _alike(pictures)
    ]
    return html.scene(name, group, shows, figures)


def _alike(pictures: Mapping[str, Shown]) -> list[list[str]]:
    """The variants, those whose pictures are the same in one list."""
    alike: dict[Shown, list[str]] = {}
    for variant, picture in pictures.items():
        alike.setdefault(picture, []).append(variant)
    return list(alike.values())


def contact_sheet(read: Read) -> str:
    """All scenes in both languages, as Markdown."""
    groups = grouped(SCENES, shows_of(read))
    contents = " · ".join(f"[{group}](#{group.lower().replace(' ', '-')})" for group in groups)
    parts = [PREFACE, contents]
    for group, names in groups.items():
        parts.append(f"\n## {group}\n\n| English | Norwegian |\n|---|---|")
        parts += [f"| {_cell(read, name, 'en')} | {_cell(read, name, 'nb')} |" for name in names]
    return "\n".join(parts) + "\n"


def _cell(read: Read, name: str, spoken: str) -> str:
    links = {"text": text_path(name, spoken)}
    if spoken == "en":
        links |= {VARIANTS["120x40"]: text_path(name, "120x40"), "ASCII": text_path(name, "ascii")}
    others = " · ".join(f"[{what}]({path})" for what, path in links.items() if read(path) is not None)
    picture = f"{name}-{spoken}.svg"
    return f'`{name}` {others}<br><a href="{picture}"><img src="{picture}" width="420" alt="{name}, {spoken}"></a>'


def shows_of(read: Read) -> dict[str, Shows]:
    """What each scene shows. Raises FileNotFoundError for a scene that was not taken yet."""
    shows = {}
    for name in SCENES:
        found = kept_shows(read, name, "en")
        if found is None:
            raise FileNotFoundError(f"{name} has no snapshot yet: make snapshots")
        shows[name] = found
    return shows


def main(arguments: Sequence[str]) -> None:
    """Write what the arguments ask for, and say in one line what that is."""
    match arguments:
        case []:
            (FOLDER / GALLERY).write_text(gallery(in_folder))
            (FOLDER / CONTACT_SHEET).write_text(contact_sheet(in_folder))
            print(f"{len(SCENES)} states: {FOLDER / GALLERY}")
        case ["diff", revision] if revision:
            print(write_differences(revision, compared(files_at(revision), in_folder)))
        case _:
            sys.exit(REVISION_HELP)


if __name__ == "__main__":
    main(sys.argv[1:])
