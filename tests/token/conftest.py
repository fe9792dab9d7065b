"""Tokens that are really there (SoftHSM), and one that can be made to fail (shim.c)."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pkcs11_token.session import TokenSettings, loaded_module
from pkcs11_token.soft_token import create_soft_token, find_softhsm, use_soft_token
from tests.fixed_token import PIN


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TokenSettings:
    """A soft token `Vakt` with a P-256 key."""
    monkeypatch.setenv("SOFTHSM2_CONF", "")
    return create_soft_token(tmp_path / "softhsm", "Vakt", PIN)


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim, built once."""
    built = tmp_path_factory.mktemp("shim") / "shim.so"
    source = Path(__file__).with_name("shim.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", built, source, "-ldl"], check=True)
    return built


class Trouble:
    """What is wrong with the token from now on."""

    def __init__(self, control: Path, settings: TokenSettings) -> None:
        self.control = control
        self.settings = settings
        self.is_now("")

    def is_now(self, *words: str) -> None:
        """Nothing else is wrong any more."""
        beside = self.control.with_suffix(".new")
        beside.write_text(" ".join(words))
        beside.replace(self.control)


@pytest.fixture
def trouble(settings: TokenSettings, shim: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trouble]:
    """The token behind the shim, with nothing wrong yet."""
    monkeypatch.setenv("SPERRE_SHIM_MODULE", find_softhsm() or "")
    monkeypatch.setenv("SPERRE_SHIM_CONTROL", str(tmp_path / "control"))
    monkeypatch.setenv("SPERRE_SHIM_PIN", PIN)
    # SoftHSM is one library in this process: the shim initialises it anew.
    real = loaded_module(settings.module)
    real.finalize()
    shimmed = replace(settings, module=str(shim))
    trouble = Trouble(tmp_path / "control", shimmed)
    use_soft_token(tmp_path / "softhsm")
    loaded_module(shimmed.module, fresh=True)
    yield trouble
    trouble.is_now("")
    loaded_module(shimmed.module).finalize()
    os.environ.pop("SOFTHSM2_CONF", None)
