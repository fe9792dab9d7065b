"""What is installed: every package with its data, and pinned dependencies without addresses."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PIN = re.compile(r"^([a-z0-9-]+)==[^ ]+ \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


@pytest.fixture(scope="module")
def project() -> dict[str, dict]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def lock_lines() -> list[str]:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_the_lock_file_holds_names_versions_and_hashes_and_nothing_else() -> None:
    assert [line for line in lock_lines() if not PIN.match(line) and not HASH.match(line)] == []
    assert "://" not in (ROOT / "requirements.lock").read_text()


def test_every_dependency_is_pinned(project: dict[str, dict]) -> None:
    pinned = {match[1] for line in lock_lines() if (match := PIN.match(line))}
    wanted = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["dev"]]
    assert {re.split("[>=<]", name)[0].lower() for name in wanted} <= pinned


def test_every_package_is_installed(project: dict[str, dict]) -> None:
    folders = {
        init.parent.relative_to(ROOT) for top in ("console", "store") for init in (ROOT / top).rglob("__init__.py")
    }
    named = set(project["tool"]["setuptools"]["packages"]) - {"pkcs11_token"}
    assert {".".join(folder.parts) for folder in folders} == named


def test_every_file_that_is_not_code_is_installed(project: dict[str, dict]) -> None:
    patterns = project["tool"]["setuptools"]["package-data"]["console"]
    installed = {path for pattern in patterns for path in (ROOT / "console").glob(pattern)}
    present = {path for path in (ROOT / "console").rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert present == installed
