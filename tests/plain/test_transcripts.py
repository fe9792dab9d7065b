"""Every flow on a line terminal, in both languages: what was asked, typed and answered, pinned as text."""

import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from pkcs11_token.session import TokenSettings
from pkcs11_token.soft_token import find_softhsm, use_soft_token
from tests.console.conftest import SITE
from tests.fixed_token import PIN, TOKEN_LABEL
from tests.plain.dialogue import CTRL_C, Dialogue
from tests.plain.flows import FILES, FLOWS, Flow
from tests.token.test_keys import put
from tests.token.trouble import Trouble

FOLDER = Path(__file__).parents[2] / "snapshots" / "plain"
CASES = [pytest.param(flow, spoken, id=f"{name}-{spoken}") for name, flow in FLOWS.items() for spoken in ("en", "nb")]


@pytest.mark.parametrize(("flow", "spoken"), CASES)
def test_flow(
    flow: Flow, spoken: str, home: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble: Trouble | None = request.getfixturevalue("trouble") if flow.trouble else None
    if trouble:
        trouble.is_now(flow.trouble)
    prepare(flow, home, request)
    for name, text in FILES.items():
        (home / name).write_text(text)
    with Dialogue(columns=flow.columns, **variables(flow, spoken)) as dialogue:
        for answer in flow.answers:
            if answer.startswith("trouble:") and trouble:
                assert dialogue.until_asked(), dialogue.said
                trouble.is_now(answer.removeprefix("trouble:"))
                continue
            assert dialogue.until_asked(), dialogue.said
            dialogue.answer(answer)
        if flow.hang and trouble:
            assert dialogue.until(flow.hang)
            dialogue.answer(CTRL_C)
            assert dialogue.until_asked()
            trouble.is_now("")
        assert dialogue.ended() == 0
        assert dialogue.echoes
    said = masked(dialogue.said)
    pinned = FOLDER / f"{request.node.callspec.id}.txt"
    if request.config.getoption("update_snapshots"):
        pinned.write_text(said)
    assert pinned.exists(), f"{pinned.name} is missing: make snapshots"
    assert said.splitlines() == pinned.read_text().splitlines()
    assert PIN not in said
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", said) is None
    assert "Traceback" not in said


def prepare(flow: Flow, home: Path, request: pytest.FixtureRequest) -> None:
    """Let the site and its tokens be as the flow wants them."""
    if not flow.token_is_there:
        shutil.rmtree(home / "softhsm" / "tokens")
        (home / "softhsm" / "tokens").mkdir()
    for name in flow.needs:
        request.getfixturevalue(name)
    if not flow.enrolled:
        with sqlite3.connect(home / "store.sqlite") as store:
            store.execute("DROP TRIGGER journal_is_never_deleted")
            store.execute("DELETE FROM journal WHERE action = 'enroll'")
    if flow.expired:
        use_soft_token(home / "softhsm")
        put(TokenSettings(find_softhsm() or "", TOKEN_LABEL), derive_private_key(1905, SECP256R1()), expired=True)
    if flow.put_back:
        (home / "heads").write_text(f"99:{'0' * 64}\n")


def variables(flow: Flow, spoken: str) -> dict[str, str]:
    heads = {"SPERRE_HEADS_FILE": "heads"} if flow.put_back else {}
    return {"SPERRE_LANGUAGE": spoken, "SPERRE_SITE": SITE, **heads, **flow.settings}


def masked(said: str) -> str:
    """Without what differs from one machine and one run to another, and without blanks at the ends of lines."""
    said = re.sub(r"/\S*/libsofthsm2\.so", "/usr/lib/softhsm/libsofthsm2.so", said)
    said = re.sub(r"\b[0-9a-f]{16}\b", "0123456789abcdef", said)
    return "\n".join(line.rstrip() for line in said.splitlines()) + "\n"


def test_no_transcript_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*")} == {case.id for case in CASES}
