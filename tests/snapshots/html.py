"""A picture as HTML, and the page around many of them: one file that needs nothing from elsewhere."""

from collections.abc import Collection, Iterable, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from rich.cells import cell_len
from rich.color import Color
from rich.terminal_theme import DEFAULT_TERMINAL_THEME

from console.terminal import PLAIN, Style, restyled
from tests.snapshots.kept import VARIANTS
from tests.snapshots.picture import Run, Shown
from tests.snapshots.shows import Shows

CLASSES = {2: "d", 4: "u", 7: "r"}


def picture(shown: Shown, marked: Collection[int] = ()) -> str:
    """The picture as `pre`; the lines with the numbers `marked`, counted from 0, have a background."""
    lines = shown.text.splitlines()
    width = max(map(cell_len, lines), default=0)
    of_line = {number: list(runs) for number, runs in groupby(shown.runs, lambda run: run.line)}
    rows = []
    for number, line in enumerate(lines):
        row = _row(line + " " * (width - cell_len(line)), of_line.get(number, []))
        rows.append(f"<mark>{row}</mark>" if number in marked else row.rstrip())
    return f"<pre>{chr(10).join(rows)}</pre>"


def _row(line: str, runs: Iterable[Run]) -> str:
    parts, at = [], 0
    for run in runs:
        parts.append(escape(line[at : run.first], quote=False))
        parts.append(_standing_out(escape(line[run.first : run.end], quote=False), run.sgr))
        at = run.end
    return "".join([*parts, escape(line[at:], quote=False)])


def _standing_out(text: str, sgr: str) -> str:
    style = restyled(PLAIN, sgr, "true")
    tag = "b" if 1 in style.attributes else "i"
    classes = " ".join(name for attribute, name in CLASSES.items() if attribute in style.attributes)
    values = {"class": classes, "style": _colors(style)}
    attributes = "".join(f' {name}="{value}"' for name, value in values.items() if value)
    return f"<{tag}{attributes}>{text}</{tag}>"


def _colors(style: Style) -> str:
    shown = ((style.foreground, "color"), (style.background, "background"))
    return ";".join(f"{name}:{_hex(parameters)}" for parameters, name in shown if parameters)


def _hex(parameters: str) -> str:
    """The colour that SGR parameters for a foreground or a background name."""
    code, *following = map(int, parameters.split(";"))
    if following[:1] == [2]:
        color = Color.from_rgb(*following[1:])
    else:
        color = Color.from_ansi(following[1] if following else code % 10 + (8 if code >= 90 else 0))
    return color.get_truecolor(DEFAULT_TERMINAL_THEME).hex


def scene(name: str, screen: str, shows: Shows | None, figures: Iterable[str]) -> str:
    """A scene under its name, which is a link to it; it is found by what it shows, and by its pictures' text."""
    shows = shows or Shows()
    tab = f"tab {shows['tab'] + 1}" if "tab" in shows else ""
    words = (shows.get("screen"), tab, shows.get("page"), shows.get("explains"), *shows.get("errors", ()))
    about = escape(", ".join(word for word in words if word))
    return (
        f'<article data-screen="{escape(screen)}" data-step="{escape(step_of(shows))}" data-shows="{name} {about}">\n'
        f'<h3 id="{name}"><a href="#{name}">{name}</a> <small>{about}</small></h3>\n'
        f'<div class="pictures">\n{chr(10).join(figures)}\n</div></article>'
    )


def steps(shows: Iterable[Shows]) -> list[str]:
    """The steps of wizards that there are."""
    return sorted({step for step in map(step_of, shows) if step})


def step_of(shows: Shows) -> str:
    """The wizard's page that is shown: AddWizard 2 KeyPage; empty where there is none."""
    return f"{shows['screen']} {shows['step']} {shows['page']}" if "page" in shows else ""


def figure(variants: Sequence[str], caption: str, content: str) -> str:
    """A picture with what it is."""
    return (
        f'<figure data-variants="{" ".join(variants)}"><figcaption>{escape(caption)}</figcaption>\n{content}</figure>'
    )


def page(title: str, about: str, groups: Iterable[tuple[str, Sequence[str]]], step_names: Iterable[str]) -> str:
    """All scenes, by group, with the filter on top."""
    here = Path(__file__).parent
    grouped = [(group, scenes) for group, scenes in groups if scenes]
    boxes = "\n".join(
        f'<label><input type="checkbox" name="variant" value="{variant}" checked> {escape(what)}</label>'
        for variant, what in VARIANTS.items()
    )
    sections = "\n".join(
        f"<section><h2>{escape(group)}</h2>\n{chr(10).join(scenes)}\n</section>" for group, scenes in grouped
    )
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(title)}</title>
<style>
{(here / "gallery.css").read_text()}</style></head><body>
<h1>{escape(title)}</h1>
<p>{escape(about)} Keys: / text, n and p next and previous state, Esc all.</p>
<form>
<input type="search" name="text" placeholder="text, error or name" aria-label="Text" autocomplete="off">
<label>Screen <select name="screen">{_options(group for group, _ in grouped)}</select></label>
<label>Step <select name="step">{_options(step_names)}</select></label>
{boxes}
<output></output>
</form>
{sections}
<script>
{(here / "gallery.js").read_text()}</script></body></html>
"""


def _options(names: Iterable[str]) -> str:
    return "".join(['<option value="">all</option>', *(f"<option>{escape(name)}</option>" for name in names)])
