"""Reading a site from CSV files: as Excel writes it in Norway, all or nothing, and again with newer files."""

import codecs
import filecmp
import json
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from store import blocklist, import_errors, journal
from store.browse.keys import key_table
from store.browse.people import person_table
from store.database import Store
from store.errors import ListFull
from store.import_errors import Fault, ImportRefused
from store.importer import FileReport, import_site
from store.listing import Everything
from store.models import BlocklistEntry, JournalRecord, Key, Lock, Person, RightKey, Zone, database
from store.terms import Reason
from store.verify import verify
from tests.generate_site import write_site
from tests.store.conftest import FILES
from tests.store.software_token import SoftwareToken

Tables = Callable[[], list[tuple[object, ...]]]


def numbers(reports: list[FileReport]) -> dict[str, tuple[int, int, int, int, int]]:
    return {r.file: (r.added, r.changed, r.unchanged, r.kept, r.removed) for r in reports}


def rewrite(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new))


def faults(store: Store, folder: Path) -> list[Fault]:
    with pytest.raises(ImportRefused) as refusal:
        import_site(store, folder)
    return refusal.value.faults


def thousand_steps() -> Iterator[int]:
    """A count of the steps, in thousands, that SQLite takes from now on: the same on a fast and a slow machine."""
    thousands = count()
    database.connection().set_progress_handler(lambda: next(thousands) and 0, 1000)
    return thousands


def test_it_says_what_it_did_in_numbers(store: Store, site_files: Path) -> None:
    assert numbers(import_site(store, site_files).files) == {
        "zones.csv": (3, 0, 0, 0, 0),
        "people.csv": (3, 0, 0, 0, 0),
        "locks.csv": (12, 0, 0, 0, 0),
        "keys.csv": (8, 0, 0, 0, 0),
        "right_locks.csv": (24, 0, 0, 0, 0),
        "right_keys.csv": (7, 0, 0, 0, 0),
    }


def test_the_same_files_again_change_nothing_and_are_not_journaled(site: Store, site_files: Path) -> None:
    records = JournalRecord.select().count()
    report = import_site(site, site_files)
    assert {(r.added, r.changed, r.kept, r.removed) for r in report.files} == {(0, 0, 0, 0)}
    assert JournalRecord.select().count() == records


def test_newer_files_change_what_changed(site: Store, site_files: Path) -> None:
    rewrite(site_files, "people.csv", "Kåre Sæther", "Kåre Næss")
    rewrite(site_files, "locks.csv", "Dør 1;Oppgang 2;B;0", "Dør 1;Kjeller;B;ja")
    rewrite(site_files, "keys.csv", "Phone key 3;phone key;P1;B;programmed", "Phone key 3;phone key;P2;A;returnert")
    (site_files / "keys.csv").open("a").write("04A9;N-9;Fob 9;brikke;P3;C;sendt;;;\n")
    rewrite(site_files, "right_keys.csv", "B;N-4\n", "C;N-4\n")
    assert numbers(import_site(site, site_files).files) == {
        "zones.csv": (0, 0, 3, 0, 0),
        "people.csv": (0, 1, 2, 0, 0),
        "locks.csv": (0, 1, 11, 0, 0),
        "keys.csv": (1, 1, 7, 0, 0),
        "right_locks.csv": (0, 0, 24, 0, 0),
        "right_keys.csv": (1, 0, 6, 0, 1),
    }
    assert Lock.get(Lock.serial == "1001").networked
    key = Key.get(Key.label == "N-3")
    assert (key.state, key.person.name, key.main_zone.name) == ("returned", "Kåre Næss", "A")


def test_a_persons_new_name_finds_the_keys(site: Store, site_files: Path) -> None:
    rewrite(site_files, "people.csv", "Kåre Sæther", "Kåre Næss")
    import_site(site, site_files)
    rows = key_table(site).after(Everything("label", filter="naess"), None, 9)
    assert [row.label for row in rows] == ["N-1", "N-2"]


def test_what_newer_files_leave_out_is_kept_and_missing_files_change_nothing(site: Store, site_files: Path) -> None:
    (site_files / "people.csv").write_text("person_id;name\nP1;Åse Ødegård\n")
    for name in FILES:
        if name != "people.csv":
            (site_files / name).unlink()
    assert numbers(import_site(site, site_files).files) == {"people.csv": (0, 0, 1, 2, 0)}
    assert Person.select().count() == 3


def test_the_import_is_journaled_with_numbers_and_digests_but_no_names(store: Store, site_files: Path) -> None:
    import_site(store, site_files)
    (record,) = JournalRecord.select()
    files = json.loads(record.details)["files"]
    assert files["keys.csv"]["added"] == 8
    assert len(files["keys.csv"]["sha256"]) == 64
    assert "Ødegård" not in record.details


ENCODINGS = {
    "UTF-8": lambda text: text.encode(),
    "UTF-8 with its mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "Windows-1252": lambda text: text.encode("cp1252"),
    "UTF-16 little": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "UTF-16 big": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encoding_separator_and_line_ends_are_found_out(
    store: Store, site_files: Path, encoding: str, separator: str, end: str
) -> None:
    for name, text in FILES.items():
        written = text.replace(";", separator).replace("\n", end)
        (site_files / name).write_bytes(ENCODINGS[encoding](written))
    import_site(store, site_files)
    assert [row.name for row in person_table(store, "nb").after(Everything("name"), None, 9)] == [
        "Kåre Sæther",
        "Zoë Berg",
        "Åse Ødegård",
    ]


def test_columns_may_come_in_any_order(store: Store, site_files: Path) -> None:
    (site_files / "people.csv").write_text("Name;PERSON_ID\n Åse Ødegård ;P1\nKåre Sæther;P2\nZoë Berg;P3\n")
    import_site(store, site_files)
    assert Person.get(Person.person_id == "P1").name == "Åse Ødegård"


@pytest.mark.usefixtures("oslo")
@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        ("2026-11-20T08:30:00Z", "2026-11-20T08:30:00+00:00"),
        ("2026-11-20T08:30:00+02:00", "2026-11-20T06:30:00+00:00"),
        ("2026-11-20 08:30", "2026-11-20T07:30:00+00:00"),
        ("20.11.2026 08:30", "2026-11-20T07:30:00+00:00"),
        ("20.7.2026 08:30", "2026-07-20T06:30:00+00:00"),
        ("20.11.2026", "2026-11-19T23:00:00+00:00"),
    ],
)
def test_times_are_iso_8601_or_norwegian_in_the_local_zone(
    store: Store, site_files: Path, cell: str, stored: str
) -> None:
    rewrite(site_files, "keys.csv", "2026-11-23T12:00:00Z", cell)
    import_site(store, site_files)
    contact = Key.get(Key.label == "N-2").last_contact
    assert contact is not None
    assert contact.isoformat() == stored


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("7d", 604800),
        ("7d 12h", 648000),
        ("7D12H", 648000),
        ("3600", 3600),
        ("2t 30m", 9000),
        ("90 s", 90),
        ("0", None),
        ("0d 0h", None),
    ],
)
def test_intervals_are_seconds_or_days_and_hours(
    store: Store, site_files: Path, cell: str, seconds: int | None
) -> None:
    rewrite(site_files, "keys.csv", ";7d;", f";{cell};")
    import_site(store, site_files)
    assert Key.get(Key.label == "N-2").expiry_interval == seconds


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("telefonnøkkel", "phone key"),
        ("Phone Key", "phone key"),
        ("nøkkelbrikke", "key fob"),
        ("Brikke", "key fob"),
        ("key fob", "key fob"),
    ],
)
def test_types_are_taken_in_both_languages(store: Store, site_files: Path, word: str, kind: str) -> None:
    rewrite(site_files, "keys.csv", "Fob 8;key fob", f"Fob 8;{word}")
    import_site(store, site_files)
    assert Key.get(Key.label == "N-8").type == kind


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("in planning", "in planning"),
        ("under planlegging", "in planning"),
        ("I planlegging", "in planning"),
        ("ordered", "ordered"),
        ("bestilt", "ordered"),
        ("sent", "sent"),
        ("Sendt", "sent"),
        ("programmed", "programmed"),
        ("PROGRAMMERT", "programmed"),
        ("returned", "returned"),
        ("returnert", "returned"),
    ],
)
def test_states_are_taken_in_both_languages(store: Store, site_files: Path, word: str, state: str) -> None:
    rewrite(site_files, "keys.csv", "Fob 8;key fob;;B;programmed", f"Fob 8;key fob;;B;{word}")
    import_site(store, site_files)
    assert Key.get(Key.label == "N-8").state == state


@pytest.mark.parametrize(
    ("word", "networked"), [("1", True), ("yes", True), ("Ja", True), ("0", False), ("no", False), ("NEI", False)]
)
def test_networked_is_taken_in_both_languages(store: Store, site_files: Path, word: str, networked: bool) -> None:
    rewrite(site_files, "locks.csv", "Dør 3;Oppgang 2;A;0", f"Dør 3;Oppgang 2;A;{word}")
    import_site(store, site_files)
    assert Lock.get(Lock.serial == "1003").networked == networked


def test_serials_are_stored_in_capitals_and_found_by_references_in_any(store: Store, site_files: Path) -> None:
    rewrite(site_files, "locks.csv", "100B;", "100b;")
    rewrite(site_files, "keys.csv", "04A8;", "04a8;")
    import_site(store, site_files)
    assert Lock.get(Lock.name == "Dør 11").serial == "100B"
    assert Key.get(Key.label == "N-8").serial == "04A8"


def test_a_text_keeps_its_control_characters_and_has_at_most_200(store: Store, site_files: Path) -> None:
    name = "Zo\x1b[31më \u202e".ljust(200, "x")
    rewrite(site_files, "people.csv", "Zoë Berg", name)
    import_site(store, site_files)
    assert Person.get(Person.person_id == "P3").name == name


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_blank_lines_are_passed_over(store: Store, site_files: Path, separator: str) -> None:
    text = FILES["people.csv"].replace(";", separator).replace("P2", f"\r\n{separator}\r\nP2")
    (site_files / "people.csv").write_text(f"\n\n{text}\n")
    import_site(store, site_files)
    assert Person.select().count() == 3


def test_lines_are_those_of_the_file_with_line_breaks_in_cells_too(store: Store, site_files: Path) -> None:
    rewrite(site_files, "people.csv", "P2;Kåre Sæther", '\nP2;"Kåre\r\nSæther; vaktmester"')
    rewrite(site_files, "people.csv", "Zoë Berg", "")
    (fault,) = faults(store, site_files)
    assert str(fault) == "people.csv, line 6, column name: it holds “”; expected was a text of 1 to 200 characters."


@pytest.mark.parametrize(
    ("name", "old", "new", "kind", "says"),
    [
        ("locks.csv", "1003;", "10G3;", import_errors.CellWrong, "line 5, column serial: it holds “10G3”"),
        ("locks.csv", "1003;", "0x1003;", import_errors.CellWrong, "expected was a hexadecimal number"),
        ("locks.csv", "1003;", ";", import_errors.CellWrong, "line 5, column serial: it holds “”"),
        ("locks.csv", "Dør 3", "D" * 201, import_errors.CellWrong, f"it holds “{'D' * 59}…”"),
        ("locks.csv", "A;1", "A;maybe", import_errors.CellWrong, "column networked: it holds “maybe”"),
        ("keys.csv", "Fob 1;key fob", "Fob 1;door", import_errors.CellWrong, "line 2, column type"),
        ("keys.csv", "A;returned", "A;gone", import_errors.CellWrong, "line 7, column state: it holds “gone”"),
        ("keys.csv", ";7d;", ";a week;", import_errors.CellWrong, "column expiry_interval: it holds “a week”"),
        ("keys.csv", ";7d;", ";-1;", import_errors.CellWrong, "column expiry_interval: it holds “-1”"),
        ("keys.csv", ";7d;", f";{'9' * 30};", import_errors.CellWrong, "expected was seconds, or a time such as 7d"),
        ("keys.csv", "2026-11-23T12:00:00Z", "31.02.2026", import_errors.CellWrong, "column last_contact"),
        ("keys.csv", "2026-11-23T12:00:00Z", "20.11.2026 24:30", import_errors.CellWrong, "column last_contact"),
        ("keys.csv", "2026-11-23T12:00:00Z", "0001-01-01T00:00+14:00", import_errors.CellWrong, "column last_contact"),
        ("keys.csv", "2026-11-23T12:00:00Z", "01.01.0999", import_errors.CellWrong, "it holds “01.01.0999”"),
        ("keys.csv", "2026-11-23T12:00:00Z", "31.12.9999 23:59", import_errors.CellWrong, "column last_contact"),
        ("keys.csv", "N-3;", "N-2;", import_errors.Duplicate, "column label: “N-2” stands in line 3 already"),
        ("locks.csv", "1003;", "100b;", import_errors.Duplicate, "column serial: “100B” stands in line 5 already"),
        ("zones.csv", "B\n", "B\nA\n", import_errors.Duplicate, "line 4, column zone: “A” stands in line 2 already"),
        ("right_keys.csv", "B;N-4", "B;N-3", import_errors.Duplicate, "“B, N-3” stands in line 4 already"),
        ("people.csv", "P2;Kåre Sæther", "P2;", import_errors.CellWrong, "line 3, column name"),
        ("people.csv", "P2;", "P1;", import_errors.Duplicate, "line 3, column person_id: “P1” stands in line 2"),
        ("keys.csv", "04A2", "04a1", import_errors.Duplicate, "column serial: “04A1” stands in line 2 already"),
        ("locks.csv", "Oppgang 2;B;0", "Oppgang 2;X;0", import_errors.UnknownReference, "no “X” in zones.csv"),
        ("keys.csv", "phone key;P1;B", "phone key;P9;B", import_errors.UnknownReference, "no “P9” in people.csv"),
        ("keys.csv", "phone key;P1;B", "phone key;P1;Q", import_errors.UnknownReference, "no “Q” in zones.csv"),
        ("right_keys.csv", "A;N-2", "A;N-99", import_errors.UnknownReference, "line 3, column key_label"),
        ("right_locks.csv", "all;1000", "all;FFFF", import_errors.UnknownReference, "no “FFFF” in locks.csv"),
        ("zones.csv", "zone\nA", "zone\nA;B", import_errors.CellCountWrong, "line 2: 2 cells stand there"),
        ("people.csv", "P2;Kåre", "P2;Kåre;", import_errors.CellCountWrong, "3 cells stand there; expected were 2"),
        ("people.csv", "P2;Kåre Sæther", "P2", import_errors.CellCountWrong, "1 cells stand there; expected were 2"),
        ("people.csv", "person_id;name", "person_id", import_errors.ColumnsWrong, "expected were person_id, name"),
        ("people.csv", "person_id;name", "person_id;name;age", import_errors.ColumnsWrong, "person_id, name, age"),
        ("zones.csv", "zone", "zoen", import_errors.ColumnsWrong, "the columns are zoen; expected were zone"),
        ("zones.csv", "A\n", "A\0\n", import_errors.NulByte, "line 2: a NUL byte"),
        ("people.csv", "Zoë", '"Zoë', import_errors.RowTooLong, "line 4"),
        ("people.csv", "Åse Ødegård", '"Åse" Ødegård', import_errors.QuotationWrong, "line 2: a quotation mark"),
        ("people.csv", "Zoë Berg", '"Zoë Berg', import_errors.QuotationWrong, "line 4: a quotation mark"),
        ("zones.csv", "zone", "\n\nzoen", import_errors.ColumnsWrong, "line 3: the columns are zoen"),
    ],
)
def test_a_bad_row_names_file_line_column_what_it_holds_and_what_was_expected(
    store: Store, site_files: Path, tables: Tables, name: str, old: str, new: str, kind: type[Fault], says: str
) -> None:
    before = tables()
    text = (site_files / name).read_text()
    assert old in text
    (site_files / name).write_text(text.replace(old, new, 1))
    if kind is import_errors.RowTooLong:
        (site_files / name).open("a").write("x" * 20_000)
    found = faults(store, site_files)
    assert [type(fault) for fault in found if says in str(fault) and name in str(fault)] == [kind], found
    assert tables() == before


@pytest.mark.parametrize("blank", ["", "\n\r\n", ";;\r\n", '""\n', '"";""\r\n', "\N{NO-BREAK SPACE}\n"])
def test_an_empty_file_has_its_words(site: Store, site_files: Path, tables: Tables, blank: str) -> None:
    before = tables()
    (site_files / "right_keys.csv").write_text(blank)
    (fault,) = faults(site, site_files)
    assert str(fault) == "right_keys.csv: it is empty; the first line must name the columns access_right, key_label."
    assert tables() == before


def test_a_header_of_any_width_is_told_in_a_line(store: Store, site_files: Path) -> None:
    (site_files / "people.csv").write_text(";".join(f"column {number}" for number in range(5000)))
    (fault,) = faults(store, site_files)
    assert str(fault).startswith("people.csv, line 1: the columns are column 0, column 1, ")
    assert str(fault).endswith("…; expected were person_id, name.")
    assert len(str(fault)) < 300


def test_text_that_no_encoding_explains_has_its_words(store: Store, site_files: Path) -> None:
    (site_files / "zones.csv").write_bytes(b"zone\nA\x81\x8d\n")
    assert any(isinstance(fault, import_errors.TextUndecodable) for fault in faults(store, site_files))


@pytest.mark.parametrize("start", ["", "person_id;name\n", "person_id;name\nP1;", 'person_id;name\nP1;"'])
def test_a_line_too_long_for_memory_has_its_words(store: Store, site_files: Path, start: str) -> None:
    (site_files / "people.csv").write_text(start + 5_000_000 * "x")
    tracemalloc.start()
    (fault,) = faults(store, site_files)
    assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()
    line = 1 + start.count("\n")
    assert str(fault).startswith(f"people.csv, line {line}: a cell is longer than 10000 characters.")


def test_a_nul_byte_is_named_in_utf_16_too(store: Store, site_files: Path) -> None:
    (site_files / "zones.csv").write_bytes("zone\nA\nB\0\nC\n".encode("utf-16"))
    assert "zones.csv, line 3: a NUL byte" in str(faults(store, site_files)[0])


def test_a_file_that_cannot_be_read_has_its_words(store: Store, site_files: Path) -> None:
    (site_files / "people.csv").unlink()
    (site_files / "people.csv").symlink_to("/proc/self/mem")  # opens, and fails when it is read
    (fault,) = faults(store, site_files)
    assert str(fault) == "people.csv: it cannot be read (Input/output error)."


def test_a_folder_without_any_of_the_files_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(import_errors.NoFiles, match=r"zones\.csv"):
        import_site(store, tmp_path)


def test_up_to_twenty_faults_are_told_in_one_go_and_all_are_counted(store: Store, site_files: Path) -> None:
    (site_files / "people.csv").write_text("person_id;name\n" + "".join(f"P{n};\n" for n in range(6000)))
    rewrite(site_files, "locks.csv", "1003;", "10G3;")
    with pytest.raises(ImportRefused) as refusal:
        import_site(store, site_files)
    assert [str(fault).partition(",")[0] for fault in refusal.value.faults] == ["people.csv"] * 20
    assert str(refusal.value) == "Nothing was imported. Faults in the files: 6001."
    assert Zone.select().count() == 0


def test_a_bad_row_is_not_told_again_as_a_reference_to_nothing(store: Store, site_files: Path) -> None:
    rewrite(site_files, "zones.csv", "zone", "zoen")
    rewrite(site_files, "people.csv", "P2;Kåre Sæther", "P2;")
    assert [str(fault).partition(",")[0] for fault in faults(store, site_files)] == ["zones.csv", "people.csv"]


def test_a_serial_is_not_called_taken_when_the_row_that_frees_it_is_bad(site: Store, site_files: Path) -> None:
    rewrite(site_files, "keys.csv", "04A3;N-3;Phone key 3", "04FF;N-3;")
    rewrite(site_files, "keys.csv", "04A4", "04A3")
    (fault,) = faults(site, site_files)
    assert "line 4, column name" in str(fault)


def test_serials_may_wander_between_keys(site: Store, site_files: Path) -> None:
    rewrite(site_files, "keys.csv", "04A3", "XXXX")
    rewrite(site_files, "keys.csv", "04A4", "04A3")
    rewrite(site_files, "keys.csv", "XXXX", "04A4")
    import_site(site, site_files)
    assert Key.get(Key.label == "N-3").serial == "04A4"


@pytest.mark.parametrize("row", ["04A3;N-9;Fob 9;key fob;;A;sent;;;", "04A3;N-5;Phone key 5;phone key;P3;A;sent;;;"])
def test_a_key_whose_serial_went_to_another_counts_as_changed(site: Store, site_files: Path, row: str) -> None:
    rewrite(site_files, "keys.csv", ";N-5;Phone key 5;phone key;P3;A;in planning;;;\n", "")
    rewrite(site_files, "keys.csv", "04A3;N-3", ";N-3")
    (site_files / "keys.csv").open("a").write(f"{row}\n")
    is_new = "N-9" in row
    assert numbers(import_site(site, site_files).files)["keys.csv"] == (int(is_new), 2 - is_new, 6, int(is_new), 0)
    assert Key.get(Key.label == "N-3").serial is None
    assert [key.label for key in key_table(site).after(Everything("label", filter="04a3"), None, 9)] == [
        row.split(";")[1]
    ]


def test_a_key_that_is_or_was_blocked_keeps_its_serial(site: Store, site_files: Path, token: SoftwareToken) -> None:
    blocklist.add(site, ["N-2"], order=True, reason=Reason.LOST)
    token.remove(site, ["N-2"], order=True)
    rewrite(site_files, "keys.csv", "04A2", "04FF")
    assert isinstance(faults(site, site_files)[0], import_errors.SerialOfBlockedKey)


def test_a_serial_that_another_stored_key_has_is_refused(site: Store, site_files: Path) -> None:
    (site_files / "keys.csv").write_text(FILES["keys.csv"].splitlines()[0] + "\n04A1;N-20;Fob 20;brikke;;A;sendt;;;\n")
    assert isinstance(faults(site, site_files)[0], import_errors.SerialTaken)


def test_a_blocked_key_that_comes_to_open_another_zone_goes_on_its_list(site: Store, site_files: Path) -> None:
    blocklist.add(site, ["N-2"], order=True, reason=Reason.STOLEN, note="sekk")
    (site_files / "right_keys.csv").open("a").write("C;N-2\n")
    report = import_site(site, site_files)
    assert [(change.zone, change.before, change.after) for change in report.extended] == [("C", 0, 1)]
    entry = BlocklistEntry.get(BlocklistEntry.zone == Zone.get(Zone.name == "C"))
    assert (entry.key.label, entry.reason, entry.note) == ("N-2", "stolen", "sekk")


def test_a_lock_that_moves_to_another_zone_takes_blocked_keys_to_its_list(site: Store, site_files: Path) -> None:
    blocklist.add(site, ["N-2", "N-3"], order=True, reason=Reason.LOST)
    rewrite(site_files, "locks.csv", "Dør 0;Oppgang 1;A", "Dør 0;Oppgang 1;C")
    report = import_site(site, site_files)
    assert [(change.zone, change.before, change.after) for change in report.extended] == [("C", 0, 1)]
    assert [record.action for record in JournalRecord.select()] == ["import", "add", "order", "import", "add"]
    assert verify(site).head == journal.head()


def test_an_import_that_would_overfill_a_list_changes_nothing(site: Store, site_files: Path, tables: Tables) -> None:
    blocklist.add(site, ["N-2", "N-3"], order=True, reason=Reason.LOST)
    before = tables()
    rewrite(site_files, "people.csv", "Zoë Berg", "Zoë Dahl")
    (site_files / "right_keys.csv").open("a").write("B;N-2\n")
    with pytest.raises(ListFull, match="The blocklist of B would hold 2 keys, but at most 1 fit"):
        import_site(site._replace(list_limit=1), site_files)
    assert tables() == before


def test_a_site_of_any_size_is_written_the_same_and_read(store: Store, tmp_path: Path) -> None:
    for folder in ("one", "other"):
        write_site(tmp_path / folder, keys=6000, locks=100, people=500)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert filecmp.cmpfiles(tmp_path / "one", tmp_path / "other", names, shallow=False) == (sorted(FILES), [], [])
    told: list[tuple[str, int, int]] = []
    report = import_site(store, tmp_path / "one", lambda *step: told.append(step))
    assert [file.added for file in report.files] == [10, 500, 100, 6000, 100, 18000]
    assert [step for step in told if step[0] == "keys.csv"] == [("keys.csv", 5000, 6001), ("keys.csv", 6000, 6000)]


def test_pairs_that_are_gone_are_taken_away_without_looking_at_all_others_each_time(
    store: Store, tmp_path: Path
) -> None:
    write_site(tmp_path, keys=2000, locks=400, people=100)
    import_site(store, tmp_path)
    for name in ("right_locks.csv", "right_keys.csv"):
        rewrite(tmp_path, name, "Adgang ", "Tilgang ")
    thousands = thousand_steps()
    report = import_site(store, tmp_path)
    assert [(file.added, file.removed) for file in report.files[-2:]] == [(400, 400), (6000, 6000)]
    assert next(thousands) < 10_000


def test_many_blocked_keys_do_not_make_every_row_be_looked_at_for_each(store: Store, tmp_path: Path) -> None:
    write_site(tmp_path, keys=2000, locks=400, people=100)
    import_site(store, tmp_path)
    made = [f"N-{number:07}" for number in range(1, 500) if number % 50]
    blocklist.add(store, made, order=True, reason=Reason.COMPROMISED)
    thousands = thousand_steps()
    import_site(store, tmp_path)
    assert next(thousands) < 4_000


def test_progress_is_told(store: Store, site_files: Path) -> None:
    told: list[tuple[str, int, int]] = []
    import_site(store, site_files, lambda *step: told.append(step))
    assert ("locks.csv", 12, 12) in told
    assert RightKey.select().count() == 7


@pytest.mark.parametrize("serial", ["0", "000", "1" * 40])
def test_a_serial_that_no_issued_list_can_hold_is_refused(store: Store, site_files: Path, serial: str) -> None:
    keys = site_files / "keys.csv"
    keys.write_text(keys.read_text().replace("04A1;N-1", f"{serial};N-1"))
    with pytest.raises(ImportRefused) as refused:
        import_site(store, site_files)
    assert "column serial" in str(refused.value.faults[0])


def test_two_serials_that_are_the_same_number_are_refused(store: Store, site_files: Path) -> None:
    keys = site_files / "keys.csv"
    keys.write_text(keys.read_text().replace("04A2;N-2", "4A1;N-2"))
    with pytest.raises(ImportRefused) as refused:
        import_site(store, site_files)
    assert str(refused.value.faults[0]) == "keys.csv, line 3, column serial: “4A1” stands in line 2 already."
