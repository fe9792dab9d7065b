"""Every screen, wizard step and refusal, in both languages, as a picture and as plain text."""

import re
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion

from console import language
from console.app import SperreApp
from console.configuration import Settings
from console.screens import wizard
from pkcs11_token.chain import Head
from pkcs11_token.session import TokenSettings
from pkcs11_token.soft_token import find_softhsm, use_soft_token
from store.database import Store
from store.journal import head
from store.models import JournalRecord, database
from tests.console.conftest import SITE
from tests.console.driving import press, resize, screen_text
from tests.fixed_token import TOKEN_LABEL
from tests.snapshots.kept import in_folder, keep, kept_files, kept_pictures, kept_shows, record_path, text_path
from tests.snapshots.picture import Shown, shown
from tests.snapshots.scenes import LARGE, SCENES, Scene, variants_of
from tests.snapshots.shows import hear_explained, what_it_shows
from tests.snapshots.staging import STAGES, Stage
from tests.token.test_keys import put
from tests.token.trouble import Trouble

CASES = [
    *(pytest.param(scene, spoken, id=f"{name}-{spoken}") for name, scene in SCENES.items() for spoken in ("en", "nb")),
]


@pytest.mark.parametrize(("scene", "spoken"), CASES)
async def test_screen(
    scene: Scene,
    spoken: str,
    store: Store,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    snapshot: SnapshotAssertion,
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
    if scene.writes:
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.chdir(home)
    if scene.put_back:
        (home / "heads").write_text(f"99:{'0' * 64}\n")
        monkeypatch.chdir(home)
        store = store._replace(heads_file=Path("heads"))
    if scene.staged:
        stage = Stage(store, home, monkeypatch, request)
        STAGES[scene.staged](stage)
        store = stage.store
    # A token never signs twice alike, so no two heads are alike.
    monkeypatch.setattr("console.screens.journal.head", lambda: Head(head().number, "9f3a02bc77d1e0a455c2"))
    app = SperreApp(
        store._replace(list_limit=scene.list_limit, tokens_required=scene.tokens_required), Settings(site=SITE)
    )
    explained = hear_explained(monkeypatch)
    pictures: dict[str, Shown] = {}
    async with app.run_test(size=scene.size) as pilot:
        await press(pilot)
        hangs = False
        for key in scene.keys:
            if trouble and key.startswith("trouble:"):
                trouble.is_now(key.removeprefix("trouble:"))
            elif trouble and key.startswith("hang-"):
                hang, _, words = key.partition(":")
                monkeypatch.setattr(wizard, "PATIENCE_SECONDS", 0.05)
                trouble.is_now(hang)
                await pilot.press("enter")
                while not re.search(words, screen_text(app)):
                    await pilot.pause(0.01)
                hangs = True
            elif key.startswith("token:"):
                monkeypatch.setenv("SPERRE_TOKEN", key.removeprefix("token:"))
            elif hangs:
                await pilot.press(key)
                await pilot.pause()
            else:
                await press(pilot, key)
        pictures[spoken] = shown(app)
        shows = what_it_shows(app, pictures[spoken].text, explained)
        svg = app.export_screenshot(title=app.title, simplify=True)
        if spoken == "en":
            pictures["mono"] = shown(app, color="none")
            pictures["ascii"] = shown(app, "ascii", "none")
        if spoken == "en" and "120x40" in variants_of(scene):
            await resize(pilot, *LARGE)
            pictures["120x40"] = shown(app)
    assert app.failure is None
    pictured = svg == snapshot(extension_class=SVGImageExtension)
    name = request.node.callspec.id.rpartition("-")[0]
    if request.config.getoption("update_snapshots"):
        keep(name, spoken, shows, pictures)
    kept = kept_pictures(in_folder, name)
    for variant, picture in pictures.items():
        where = f"{name}, {variant}: make snapshots"
        assert variant in kept, where
        assert picture.text.splitlines() == kept[variant].text.splitlines(), where
        assert picture.runs == kept[variant].runs, where
    assert kept_shows(in_folder, name, spoken) == shows, f"{name}: make snapshots"
    assert pictured, f"{name}-{spoken}.svg shows another picture: look at it, then make snapshots"


def test_no_snapshot_is_left_over() -> None:
    pictures = {f"{name}-{spoken}.svg" for name in SCENES for spoken in ("en", "nb")}
    texts = {str(text_path(name, variant)) for name, scene in SCENES.items() for variant in variants_of(scene)}
    records = {str(record_path(name)) for name in SCENES}
    assert kept_files() == pictures | texts | records
