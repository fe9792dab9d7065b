"""`sperre import DIR`."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from console import sentences
from console.commands.endings import say
from console.configuration import open_site, places
from console.issuing import make_list_key
from console.language import _, number
from console.widgets.text import inert
from console.wording import explain
from pkcs11_token.errors import SperreError
from store.import_errors import ImportRefused
from store.importer import FileReport, Progress, import_site


@click.command("import", help=_("Read the site from the CSV files in DIR: all of it, or nothing."))
@click.argument("directory", metavar=_("DIR"), type=click.Path(path_type=Path))
def import_files(directory: Path) -> None:
    is_new = not places().store.exists()
    store = open_site(create=True)
    try:
        with progress_bars() as progress:
            report = import_site(store, directory, progress)
    except SperreError as refused:
        for fault in refused.faults if isinstance(refused, ImportRefused) else ():
            say(explain(fault))
        if is_new:
            store.remove()
        raise
    if is_new:
        make_list_key(store)
    for file in report.files:
        click.echo(inert(_sentence(file)))
    if report.extended:
        click.echo(inert(_("Blocked keys open more zones than before and were added to their lists.")))
        click.echo(inert(sentences.state_after(report.extended)))


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """A progress bar for each file, on a terminal's stderr alone."""
    shown: dict[str, Any] = {}
    with ExitStack() as open_bar:

        def progress(file: str, done: int, total: int) -> None:
            if not sys.stderr.isatty():
                return
            if file not in shown:
                open_bar.close()  # the bar of the file before
                bar = click.progressbar(length=total, label=inert(_(file)), file=sys.stderr)
                shown[file] = open_bar.enter_context(bar)
            shown[file].length = total
            shown[file].update(done - shown[file].pos)

        yield progress


def _sentence(report: FileReport) -> str:
    """What one file did, in numbers: keys.csv: 12 added, 3 changed, 4 unchanged."""
    parts = [
        _("{count} added").format(count=number(report.added)),
        _("{count} changed").format(count=number(report.changed)),
        _("{count} unchanged").format(count=number(report.unchanged)),
    ]
    if report.removed:
        parts.append(_("{count} removed").format(count=number(report.removed)))
    if report.kept:
        parts.append(_("{count} not in the file and kept").format(count=number(report.kept)))
    return f"{report.file}: {', '.join(parts)}."
