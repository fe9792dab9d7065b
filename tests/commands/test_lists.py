"""Every list in text, JSON and CSV: exact for programs, harmless for terminals and spreadsheets."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result

from console.commands import table
from console.configuration import open_site
from console.language import use
from store.models import Key, Person
from tests.commands.command_line import Sperre, in_process, on_terminal

LISTS = ("blocklist", "keys", "locks", "people", "zones", "journal")
BLOCKLIST_FIELDS = [
    "key_label",
    "key_serial",
    "key_name",
    "type",
    "person",
    "added_at",
    "added_by",
    "reason",
    "note",
    "status",
    "zones",
]


@pytest.fixture
def blocked(site: Path, sperre: Sperre) -> Path:
    """N-1 is blocked, N-2 too with a hostile name, a formula for a note, and a hostile holder."""
    with open_site().writing():
        Key.update(name="evil\x1b[31m\u202e\x9b名前").where(Key.label == "N-2").execute()
        Person.update(name="@SUM(1)").where(Person.person_id == "P0").execute()
    assert sperre("blocklist", "add", "N-1", "--order").exit_code == 0
    assert sperre("blocklist", "add", "N-2", "--plan", "--note", '=HYPERLINK("x")').exit_code == 0
    return site


@pytest.mark.parametrize("name", LISTS)
def test_every_list_has_the_same_rows_in_every_format(blocked: Path, sperre: Sperre, name: str) -> None:
    rows = json.loads(sperre(name, "list", "--format", "json").stdout)
    lines = sperre(name, "list").stdout.splitlines()
    assert len(rows) == len(csv_rows(sperre(name, "list", "--format", "csv"))) == len(lines) - 1 > 0
    assert list(rows[0]) == csv_header(sperre(name, "list", "--format", "csv"))


def test_the_blocklist_as_json_has_exactly_the_promised_fields(blocked: Path, sperre: Sperre) -> None:
    rows = json.loads(sperre("blocklist", "list", "--format", "json").stdout)
    assert [list(row) for row in rows] == [BLOCKLIST_FIELDS] * 2
    row = next(row for row in rows if row["key_label"] == "N-1")
    moment = datetime.fromisoformat(row.pop("added_at"))
    assert moment.utcoffset() is not None
    assert moment.utcoffset().total_seconds() == 0  # type: ignore[union-attr]  # asserted above
    row.pop("added_by")
    assert row == {
        "key_label": "N-1",
        "key_serial": "B001",
        "key_name": "Phone key 1",
        "type": "phone key",
        "person": "Kåre Sæther",
        "reason": "lost",
        "note": "",
        "status": "ordered",
        "zones": ["Blokk A", "Blokk B"],
    }


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("output", ["json", "csv"])
def test_what_programs_read_is_the_same_in_every_language(
    blocked: Path, sperre: Sperre, name: str, output: str
) -> None:
    english = sperre(name, "list", "--format", output).stdout
    use("nb")
    assert sperre(name, "list", "--format", output).stdout == english


def test_an_empty_list_is_an_empty_array_a_header_or_a_sentence(site: Path, sperre: Sperre) -> None:
    assert json.loads(sperre("blocklist", "list", "--format", "json").stdout) == []
    assert csv_header(sperre("blocklist", "list", "--format", "csv")) == BLOCKLIST_FIELDS
    text = sperre("blocklist", "list")
    assert (text.exit_code, text.stdout, text.stderr) == (0, "", "There is nothing to show.\n")


def test_a_cell_never_becomes_a_formula(blocked: Path, sperre: Sperre) -> None:
    (row,) = csv_rows(sperre("blocklist", "list", "--format", "csv", "--search", "N-2"))
    assert (row["note"], row["person"]) == ('\'=HYPERLINK("x")', "'@SUM(1)")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_every_start_of_a_formula_is_neutralised(
    site: Path, sperre: Sperre, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_site().writing():
        Key.update(name=f"{start}1+1").where(Key.label == "N-1").execute()
    (row,) = csv_rows(sperre("keys", "list", "--format", "csv", "--search", "N-1"))
    assert row["name"] == f"'{start}1+1"


def test_csv_lines_end_as_rfc_4180_says_and_json_is_exact(blocked: Path) -> None:
    written = in_process("blocklist", "list", "--format", "csv")
    assert written.stdout.count("\r\n") == 3
    (row,) = json.loads(in_process("blocklist", "list", "--format", "json", "--search", "N-2").stdout)
    assert row["key_name"] == "evil\x1b[31m\u202e\x9b名前"


@pytest.mark.parametrize("output", table.FORMATS)
def test_text_from_data_never_speaks_to_the_terminal(blocked: Path, output: str) -> None:
    for screen in (
        on_terminal("blocklist", "list", "--format", output, columns=200).screen,
        on_terminal("keys", "list", "--format", output, columns=200).screen,
    ):
        assert "evil" in screen
        assert not {"\x1b", "\x9b", "\u202e"} & set(screen)


def test_text_fits_the_terminal_and_keeps_its_columns(blocked: Path) -> None:
    from rich.cells import cell_len

    header, *lines = on_terminal("blocklist", "list", columns=60).screen.splitlines()
    assert [line for line in lines if cell_len(line) > 60] == []
    assert any("…" in line for line in lines)
    assert {cell_len(line[: line.index("Blokk")]) for line in lines} == {header.index("Zones")}


def test_a_pipe_gets_full_width_without_colour(blocked: Path) -> None:
    written = in_process("blocklist", "list", COLUMNS="40").stdout
    assert "Blokk A, Blokk B" in written
    assert "\x1b" not in written
    assert "…" not in written


def test_search_finds_words_in_any_order(site: Path, sperre: Sperre) -> None:
    rows = json.loads(sperre("keys", "list", "--format", "json", "--search", "SAETHER 3").stdout)
    assert [row["label"] for row in rows] == ["N-3"]


def test_pages_join_without_a_gap_or_a_double_row(site: Path, sperre: Sperre, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sperre("keys", "list", "--format", "json").stdout
    monkeypatch.setattr("console.widgets.pages.LONG", 2)
    assert sperre("keys", "list", "--format", "json").stdout == whole
    assert len(sperre("keys", "list").stdout.splitlines()) == 7


def test_names_sort_as_the_language_does(site: Path, sperre: Sperre) -> None:
    with open_site().writing():
        Person.update(name="Ægir", sort_en="aegir", sort_nb="{a").where(Person.person_id == "P0").execute()
    assert names(sperre) == ["Ægir", "Kåre Sæther"]
    use("nb")
    assert names(sperre) == ["Kåre Sæther", "Ægir"]


def test_an_unknown_format_is_a_usage_error(site: Path, sperre: Sperre) -> None:
    result = sperre("zones", "list", "--format", "xml")
    assert result.exit_code == 2
    assert "text" in result.stderr


def test_the_key_list_says_why_a_key_is_not_to_be_blocked(blocked: Path, sperre: Sperre) -> None:
    lines = {line.split()[0]: line for line in sperre("keys", "list").stdout.splitlines()}
    assert "blocked since" in lines["N-1"]
    assert "returned: nothing to block" in lines["N-5"]
    assert "never made" in lines["N-6"]
    assert lines["N-3"].endswith("2")
    rows = json.loads(sperre("keys", "list", "--format", "json").stdout)
    assert [row["not_blockable"] for row in rows] == [
        "already blocked",
        "already blocked",
        None,
        None,
        "returned",
        "never made",
    ]


def test_without_a_command_and_a_terminal_the_blocklist_is_written(blocked: Path) -> None:
    written = in_process()
    assert written.returncode == 0
    assert written.stdout == in_process("blocklist", "list").stdout != ""


def names(sperre: Sperre) -> list[str]:
    return [line.split("  ")[0] for line in sperre("people", "list").stdout.splitlines()[1:]]


def csv_rows(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(lines_of(result)))


def csv_header(result: Result) -> list[str]:
    return next(csv.reader(lines_of(result)))


def lines_of(result: Result) -> Iterator[str]:
    assert result.exit_code == 0
    return io.StringIO(result.stdout_bytes.decode(), newline="")
