"""A token that can be made to fail: shim.c, built once, in front of SoftHSM."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.background import NAME
from pkcs11_token.module import loaded_module
from pkcs11_token.session import TokenSettings
from pkcs11_token.soft_token import find_softhsm, use_soft_token
from tests.fixed_token import PIN


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


@contextmanager
def behind_shim(shim: Path, folder: Path, label: str, control: Path) -> Iterator[Trouble]:
    """The soft token in `folder` with the shim in front of it; SoftHSM is one library, so it is initialised anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPERRE_SHIM_MODULE", find_softhsm() or "")
        patch.setenv("SPERRE_SHIM_CONTROL", str(control))
        patch.setenv("SPERRE_SHIM_PIN", PIN)
        patch.setenv("SOFTHSM2_CONF", "")
        use_soft_token(folder)
        loaded_module(find_softhsm() or "").finalize()
        settings = TokenSettings(str(shim), label)
        trouble = Trouble(control, settings)
        loaded_module(settings.module, fresh=True)
        yield trouble
        trouble.is_now("")
        for thread in threading.enumerate():
            if thread.name == NAME:
                thread.join()
        loaded_module(settings.module).finalize()
