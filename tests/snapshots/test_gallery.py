"""The pages that show the snapshots: up to date, complete, and right about what has changed."""

import re
from html.parser import HTMLParser
from pathlib import PurePosixPath

import pytest

from tests.snapshots.differences import changed_lines, compared, told_in_a_line
from tests.snapshots.gallery import CONTACT_SHEET, GALLERY, contact_sheet, gallery, main
from tests.snapshots.html import picture
from tests.snapshots.kept import FOLDER, in_folder, kept_files, kept_pictures
from tests.snapshots.picture import Run, Shown
from tests.snapshots.scenes import SCENES, variants_of


class Texts(HTMLParser):
    """The text of every `pre`, and every address that a page takes something from."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.addresses: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "pre":
            self.inside = True
            self.texts.append("")
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "pre"

    def handle_data(self, text: str) -> None:
        if self.inside:
            self.texts[-1] += text


def texts_of(page: str) -> Texts:
    found = Texts()
    found.feed(page)
    return found


def test_gallery_and_contact_sheet_are_up_to_date() -> None:
    assert (FOLDER / GALLERY).read_text() == gallery(in_folder), "make gallery"
    assert (FOLDER / CONTACT_SHEET).read_text() == contact_sheet(in_folder), "make gallery"


def test_the_contact_sheet_links_what_is_there() -> None:
    links = re.findall(r'(?:src|href)="([^"]+)"|\]\(([^#)]+)\)', contact_sheet(in_folder))
    paths = {first or second for first, second in links}
    assert {path for path in paths if not (FOLDER / path).exists()} == set()
    assert {f"{name}-{spoken}.svg" for name in SCENES for spoken in ("en", "nb")} <= paths


def test_the_gallery_shows_every_picture_and_needs_nothing_from_elsewhere() -> None:
    page = texts_of(gallery(in_folder))
    shown = {re.sub(r" +$", "", text, flags=re.MULTILINE).rstrip("\n") for text in page.texts}
    kept = {picture.text.rstrip("\n") for name in SCENES for picture in kept_pictures(in_folder, name).values()}
    assert kept - shown == set()
    assert {address[:1] for address in page.addresses} == {"#"}
    assert [
        name for name, scene in SCENES.items() if set(kept_pictures(in_folder, name)) != set(variants_of(scene))
    ] == []


def test_what_stands_out_is_marked_up_and_the_text_is_inert() -> None:
    shown = Shown("a <b> c\n", (Run(0, 2, 5, "1;7"),))
    assert picture(shown) == '<pre>a <b class="r">&lt;b&gt;</b> c</pre>'
    assert texts_of(picture(shown)).texts == ["a <b> c"]


def test_changed_lines_are_those_that_differ_in_text_or_in_what_stands_out() -> None:
    before = Shown("one\ntwo\nthree\nfour\n", (Run(0, 0, 3, "1"), Run(3, 0, 4, "1")))
    after = Shown("one\nthree\nfour\nfive\n", (Run(0, 0, 3, "1"), Run(2, 0, 4, "7")))
    assert changed_lines(before, after) == ([1, 3], [2, 3])


def test_a_changed_string_shows_in_each_picture_that_it_touches_and_in_no_other() -> None:
    old = {path: (FOLDER / path).read_text() for path in kept_files() if not path.endswith(".svg")}
    assert compared(old, in_folder) == []
    touched = {path for path, text in old.items() if "Reason" in text and path.endswith(".txt")}
    changed = compared({path: text.replace("Reason", "Cause ") for path, text in old.items()}, in_folder)
    assert touched
    assert {difference.name for difference in changed} == {
        re.sub(r"-en$|-nb$", "", PurePosixPath(p).stem) for p in touched
    }


def test_new_and_gone_states_are_told() -> None:
    old = {"gone-en.txt": "x\n", "menu-en.txt": "x\n"}
    found = compared(old, lambda path: "y\n" if str(path) in ("menu-en.txt", "help-en.txt") else None)
    by_scene = {difference.name: [difference] for difference in found}
    assert told_in_a_line("R", by_scene) == "Since R: states changed: 1, new: 1, gone: 1 (pictures: 3)."


def test_a_revision_that_is_not_there_is_told_in_words() -> None:
    with pytest.raises(SystemExit, match="no-such-revision"):
        main(["diff", "no-such-revision"])
    with pytest.raises(SystemExit, match="REV="):
        main(["diff", ""])
