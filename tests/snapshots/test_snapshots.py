"""Every screen, wizard step and refusal, in both languages, as a picture and as plain text."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from textual.pilot import Pilot

from console import language
from console.app import SperreApp
from console.configuration import Settings
from console.screens import wizard
from pkcs11_token.chain import Head
from pkcs11_token.session import TokenSettings
from pkcs11_token.soft_token import find_softhsm, use_soft_token
from store.database import Store
from store.journal import head
from store.models import JournalRecord, Outbox, Visit, Zone, database
from tests.console.conftest import SITE, Clock
from tests.console.driving import press, screen_text
from tests.fixed_token import TOKEN_LABEL
from tests.snapshots.scenes import FOLDER, LARGE, SCENES, Scene
from tests.token.test_keys import put
from tests.token.trouble import Trouble

CASES = [
    *(pytest.param(scene, spoken, id=f"{name}-{spoken}") for name, scene in SCENES.items() for spoken in ("en", "nb")),
    *(pytest.param(replace(SCENES[name], size=(120, 40)), "en", id=f"{name}-120x40-en") for name in LARGE),
]


@pytest.mark.parametrize(("scene", "spoken"), CASES)
def test_screen(
    scene: Scene,
    spoken: str,
    store: Store,
    clock: Clock,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    snap_compare: Callable[..., bool],
    request: pytest.FixtureRequest,
) -> None:
    language.use(spoken)
    trouble: Trouble | None = request.getfixturevalue("trouble") if scene.trouble else None
    if trouble:
        trouble.is_now(scene.trouble)
    if not scene.token_is_there:
        shutil.rmtree(home / "softhsm" / "tokens")
        (home / "softhsm" / "tokens").mkdir()
    if not scene.enrolled:
        database.execute_sql("DROP TRIGGER journal_is_never_deleted")
        JournalRecord.delete().where(JournalRecord.action == "enroll").execute()
    if scene.second_token:
        request.getfixturevalue("deputy")
    if scene.other_token:
        shutil.rmtree(home / "softhsm" / "tokens")
        request.getfixturevalue("deputy")
        monkeypatch.setenv("SPERRE_TOKEN", "")
    if scene.revoked:
        request.getfixturevalue("revoked")
    if scene.expired:
        use_soft_token(home / "softhsm")
        put(TokenSettings(find_softhsm() or "", TOKEN_LABEL), derive_private_key(1905, SECP256R1()), expired=True)
    if scene.visits:
        (home / "visits.csv").write_text(scene.visits)
        monkeypatch.chdir(home)
    if scene.unsent:
        Outbox.create(zone=Zone.get(Zone.name == "Blokk A"), version=2, written=True, failure=scene.unsent)
    if scene.no_history:
        Visit.delete().execute()
    clock.now += timedelta(days=scene.days_later)
    if scene.put_back:
        (home / "heads").write_text(f"99:{'0' * 64}\n")
        monkeypatch.chdir(home)
        store = replace(store, heads_file=Path("heads"))
    # A token never signs twice alike, so no two heads are alike.
    monkeypatch.setattr("console.screens.journal.head", lambda: Head(head().number, "9f3a02bc77d1e0a455c2"))
    app = SperreApp(
        replace(
            store,
            list_limit=scene.list_limit,
            tokens_required=scene.tokens_required,
            plan_limit=timedelta(hours=scene.plan_hours),
        ),
        Settings(site=SITE),
    )
    seen: list[str] = []

    async def drive(pilot: Pilot[None]) -> None:
        await press(pilot)
        for key in scene.keys:
            if trouble and key.startswith("trouble:"):
                trouble.is_now(key.removeprefix("trouble:"))
            elif trouble and key.startswith("hang:"):
                monkeypatch.setattr(wizard, "PATIENCE_SECONDS", 0.05)
                trouble.is_now("hang-sign")
                await pilot.press("enter")
                while not re.search(key.removeprefix("hang:"), screen_text(app)):
                    await pilot.pause(0.01)
            else:
                await press(pilot, key)
        seen.append(screen_text(app))

    pictured = snap_compare(app, run_before=drive, terminal_size=scene.size)
    twin = FOLDER / f"{request.node.callspec.id}.txt"
    if request.config.getoption("update_snapshots"):
        twin.write_text(seen[0])
    assert twin.exists(), f"{twin.name} is missing: make snapshots"
    assert seen[0].splitlines() == twin.read_text().splitlines()
    assert pictured, f"{twin.stem}.svg shows another picture: look at it, then make snapshots"


def test_no_snapshot_is_left_over() -> None:
    scenes = {case.id for case in CASES}
    assert {path.stem for path in FOLDER.glob("*.svg")} == scenes
    assert {path.stem for path in FOLDER.glob("*.txt")} == scenes
