"""`sperre check-list`: the reference receiver of issued lists."""

from pathlib import Path

import click

from console.commands.options import format_option
from console.commands.table import Column, write_rows
from console.language import _, ngettext
from console.widgets.text import inert
from pkcs11_token.list_file import IssuedList, read_ca, read_list
from pkcs11_token.list_file import check_list as accept


@click.command(
    "check-list",
    help=_(
        "Check an issued list as a receiver does: good signature, right zone, not older than what is there, and no key"
        " gone from it without a token's statement."
    ),
)
@click.argument("file", metavar=_("FILE"), type=click.Path(path_type=Path))
@click.option("--ca", required=True, metavar=_("FILE"), type=click.Path(path_type=Path), help=_("ca.pem of the site."))
@click.option(
    "--previous", metavar=_("FILE"), type=click.Path(path_type=Path), help=_("The list that the receiver has.")
)
@click.option("--removals", metavar=_("FILE"), type=click.Path(path_type=Path), help=_("The list's removals.jsonl."))
@click.option("--root", metavar=_("FINGERPRINT"), help=_("What the site's first token must be, as noted on paper."))
@click.option("--zone", metavar=_("ZONE"), help=_("The zone that the list must be of."))
@format_option
def check_list(
    file: Path,
    ca: Path,
    previous: Path | None,
    removals: Path | None,
    root: str | None,
    zone: str | None,
    output: str,
) -> None:
    if removals and not root:
        raise click.UsageError(_("--removals needs --root: without it nobody knows which tokens count."))
    certificate = read_ca(ca.read_bytes(), str(ca))
    new = read_list(file.read_bytes(), certificate, str(file))
    older = read_list(previous.read_bytes(), certificate, str(previous)) if previous else None
    lines = removals.read_text("utf-8", "replace").splitlines() if removals else ()
    accept(new, older, lines, root.replace(":", "").replace(" ", "").lower() if root else None, zone)
    if output != "text":
        write_rows(output, [new], _columns())
        return
    keys = ngettext("{count} key", "{count} keys", len(new.serials))
    if older is None:
        click.echo(inert(_("{zone}, version {version}: {keys}.").format(zone=new.zone, version=new.version, keys=keys)))
        return
    click.echo(
        inert(
            _("{zone}, version {version}: {keys}; no key is gone unproved since version {previous}.").format(
                zone=new.zone, version=new.version, keys=keys, previous=older.version
            )
        )
    )


def _columns() -> list[Column[IssuedList]]:
    return [
        Column("site", lambda row: row.site),
        Column("zone", lambda row: row.zone),
        Column("version", lambda row: row.version),
        Column("keys", lambda row: [f"{serial:X}" for serial in sorted(row.serials)]),
    ]
