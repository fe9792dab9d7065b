"""Tokens that are really there (SoftHSM), and one that can be made to fail."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pkcs11_token.session import TokenSettings
from pkcs11_token.soft_token import create_soft_token
from tests.fixed_token import PIN
from tests.token.trouble import Trouble, behind_shim, shim

__all__ = ["settings", "shim", "trouble"]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TokenSettings:
    """A soft token `Vakt` with a P-256 key."""
    monkeypatch.setenv("SOFTHSM2_CONF", "")
    return create_soft_token(tmp_path / "softhsm", "Vakt", PIN)


@pytest.fixture
def trouble(settings: TokenSettings, shim: Path, tmp_path: Path) -> Iterator[Trouble]:
    """The token behind the shim, with nothing wrong yet."""
    with behind_shim(shim, tmp_path / "softhsm", settings.token, tmp_path / "control") as trouble:
        yield trouble
