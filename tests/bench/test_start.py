"""What the console loads until its first screen, and what a session with it tells, on a small site."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench import sessions
from tests.bench.meter import Meter
from tests.bench.programs import CONSOLE, Program, console
from tests.bench.sites import make_site

KEYS = 1_000
WRITES_ITS_MODULES = (
    "import atexit, os, sys\n"
    "atexit.register(lambda: open(os.environ['LOADED'], 'w').write('\\n'.join(sys.modules)))\n"
    "from console.cli import main; main()"
)
NOT_AT_START = {
    "babel",
    "click",
    "cryptography",
    "jwt",
    "openpyxl",
    "pkcs11",
    "playhouse",
    "tomlkit",
    "pkcs11_token.chain",
    "pkcs11_token.session",
    "store.blocklist",
    "store.journal",
    "console.screens.wizard",
}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    home = tmp_path_factory.mktemp("bench") / "site"
    make_site(home, KEYS)
    return console(KEYS, home)


def test_the_first_screen_loads_only_what_it_uses(program: Program, tmp_path: Path) -> None:
    loaded = tmp_path / "loaded"
    command = (*CONSOLE[:-1], WRITES_ITS_MODULES)
    with Meter(command, {**program.variables, "LOADED": str(loaded)}) as meter:
        meter.until(program.first_row)
        meter.press("q")
        meter.ended()
    modules = set(loaded.read_text().split())
    assert "console.screens.blocklist" in modules
    assert sorted(NOT_AT_START & modules) == []


def test_a_session_tells_bytes_and_times_of_each_step(program: Program) -> None:
    figures = sessions.start(program)
    assert 1_000 < figures["start bytes"][0] < 4_000
    figures = sessions.browse(replace(program, search=""))
    for step, times in {"table": 1, "down": 5, "scroll": 5, "page": 5, "end": 1}.items():
        assert len(figures[f"{step} bytes"]) == len(figures[f"{step} ms"]) == times
        assert all(written > 0 for written in figures[f"{step} bytes"])


def test_no_key_is_lost_however_fast_one_types(program: Program) -> None:
    assert sessions.type_fast(program) == {"keys lost": [0]}
