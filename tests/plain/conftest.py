"""The demo site at its fixed moment, as for the screens."""

import shutil
from pathlib import Path

import pytest

from pkcs11_token.session import TokenSettings, loaded_module, login
from pkcs11_token.soft_token import find_softhsm, use_soft_token
from store.database import Store
from store.trust import commit_token_change, prepare_enrolment
from tests.console.conftest import clock, deputy, home, prepared_home, revoked, shim, store, trouble
from tests.fixed_token import DEPUTY_LABEL, PIN, TOKEN_LABEL

__all__ = ["clock", "deputy", "home", "prepared_home", "revoked", "shim", "store", "trouble"]


@pytest.fixture
def two_tokens(home: Path, store: Store) -> None:
    """A second token is in the reader, enrolled as well."""
    shutil.copytree(home / "deputy" / "tokens", home / "softhsm" / "tokens", dirs_exist_ok=True)
    use_soft_token(home / "softhsm")
    module = find_softhsm() or ""
    loaded_module(module, fresh=True)
    with login(TokenSettings(module, DEPUTY_LABEL), PIN) as second:
        enrolment = prepare_enrolment(store, second.public_key, second.label, "ola")
    with login(TokenSettings(module, TOKEN_LABEL), PIN) as first:
        commit_token_change(store, enrolment, [first.sign(enrolment)])
