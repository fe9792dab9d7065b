"""What must be so before a scene that keys alone do not bring about; a scene names it in `staged`."""

import asyncio
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP521R1, EllipticCurvePrivateKey, derive_private_key

from console.configuration import token_settings
from console.export import Stopped
from console.operator_token import OperatorToken
from pkcs11_token.chain import Details
from pkcs11_token.errors import PinLengthRefused, TokenFailed
from pkcs11_token.session import TokenSettings, login
from pkcs11_token.soft_token import find_softhsm, use_soft_token
from store import blocklist
from store.database import Store
from store.errors import StoreBusy, StoreUnusable
from store.models import Key, Outbox, Person, RightKey, Visit, Zone
from store.outbox import FOLDER
from store.terms import KeyState, Reason, RemovalReason
from store.trust import commit_token_change, prepare_enrolment
from tests.fixed_token import DEPUTY_LABEL, PIN, TOKEN_LABEL
from tests.token.test_keys import put

HEADER = b"at;lock_serial;key;result;lock_version\n"


@dataclass
class Stage:
    """The site before the console opens on it."""

    store: Store
    home: Path
    monkeypatch: pytest.MonkeyPatch
    request: pytest.FixtureRequest

    def setting(self, name: str, value: str) -> None:
        """A setting by its variable."""
        self.monkeypatch.setenv(f"SPERRE_{name.upper()}", value)

    def here(self) -> None:
        """Let messages name the site's files without the folder that is another in each run."""
        self.monkeypatch.chdir(self.home)
        self.store = self.store._replace(path=Path("store.sqlite"))

    def file(self, content: bytes) -> None:
        """A file of visits."""
        self.monkeypatch.chdir(self.home)
        Path("visits.csv").write_bytes(content)

    def deputy(self) -> None:
        """A second token in the reader."""
        shutil.copytree(self.home / "deputy" / "tokens", self.home / "softhsm" / "tokens", dirs_exist_ok=True)

    def deputy_key(self, *keys: EllipticCurvePrivateKey) -> None:
        """A second token, with these keys on it in place of its own."""
        self.deputy()
        use_soft_token(self.home / "softhsm")
        put(TokenSettings(find_softhsm() or "", DEPUTY_LABEL), *keys)

    def fails(self, place: str, error: Exception) -> None:
        """Let a call fail that does so only when something else goes wrong on this machine."""

        def fail(*_args: object, **_options: object) -> None:
            raise error

        self.monkeypatch.setattr(place, fail)

    def overtaken(self, action: str) -> None:
        """Ola does something, once, right after the token's first signature."""
        real, ola = OperatorToken.sign, self.store._replace(operator="ola")

        async def sign(token: OperatorToken, removal: Details, pin: str | None = None) -> str:
            statement = await real(token, removal, pin)
            self.monkeypatch.setattr(OperatorToken, "sign", real)
            if action == "add":
                await asyncio.to_thread(blocklist.add, ola, ["N-214"], order=True, reason=Reason.LOST)
            else:
                his = blocklist.prepare_removal(ola, ["N-17"], order=False, reason=RemovalReason.REPAIRED)
                await asyncio.to_thread(blocklist.remove, ola, his, [await real(token, his, pin)])
            return statement

        self.monkeypatch.setattr(OperatorToken, "sign", sign)


def both_enrolled(stage: Stage) -> None:
    """The second token is enrolled as well, and the settings name neither."""
    stage.deputy()
    with login(replace(token_settings(), token=DEPUTY_LABEL), PIN) as deputy:
        enrolment = prepare_enrolment(stage.store, deputy.public_key, DEPUTY_LABEL, "ola")
    with login(token_settings(), PIN) as token:
        commit_token_change(stage.store, enrolment, [token.sign(enrolment)])
    stage.setting("token", "")


def no_signing_key_shown(stage: Stage) -> None:
    """Two tokens that show no key without their PIN."""
    stage.deputy_key()
    put(TokenSettings(find_softhsm() or "", TOKEN_LABEL))
    stage.setting("token", "")


def login_held(stage: Stage) -> None:
    """A login that was given up has come about all the same."""
    stage.request.addfinalizer(login(token_settings(), PIN).logout)


def list_key_broken(stage: Stage) -> None:
    """The key that signs the lists is no key any more."""
    stage.here()
    Path("list-key.pem").write_text("no key")


def outbox_is_no_folder(stage: Stage) -> None:
    """A file stands where the outbox is."""
    stage.here()
    shutil.rmtree(FOLDER)
    Path(FOLDER).write_text("")


def heads_unreadable(stage: Stage) -> None:
    """The noted heads are something else."""
    stage.monkeypatch.chdir(stage.home)
    Path("heads").write_text("no head")
    stage.store = stage.store._replace(heads_file=Path("heads"))


def nothing_left_to_block(stage: Stage) -> None:
    """All keys of Ada were returned."""
    person = Person.select().order_by(Person.sort_nb).first()
    Key.update(state=KeyState.RETURNED).where(Key.person == person).execute()


def list_not_sent(stage: Stage) -> None:
    """An ordered list is written, and the hook could not hand it on."""
    zone = Zone.get(Zone.name == "Blokk A")
    Outbox.create(zone=zone, version=2, written=True, failure="kortleser: no line to the locks")


def file_there(stage: Stage) -> None:
    """The zones were written to a file before, on the day of the scenes."""
    file = stage.home / "zones-2026-11-24.csv"
    file.write_text("Zone\n")
    written = stage.store.clock().timestamp()
    os.utime(file, (written, written))


def eight_days_later(stage: Stage) -> None:
    """Nobody has touched the site for eight days."""
    stage.request.getfixturevalue("clock").now += timedelta(days=8)


STAGES: dict[str, Callable[[Stage], None]] = {
    "both-enrolled": both_enrolled,
    "a-sheet-holds-three": lambda stage: stage.monkeypatch.setattr("console.export.XLSX_ROWS", 3),
    "disk-full": lambda stage: stage.fails("tempfile.mkstemp", OSError(28, "No space left on device")),
    "writing-stopped": lambda stage: stage.fails("console.screens.export.ExportWizard.progress", Stopped()),
    "config-wrong": lambda stage: stage.setting("plan_hours", "soon"),
    "deputy-with-another-curve": lambda stage: stage.deputy_key(derive_private_key(1905, SECP521R1())),
    "deputy-without-key": lambda stage: stage.deputy_key(),
    "eight-days-later": eight_days_later,
    "file-there": file_there,
    "heads-unreadable": heads_unreadable,
    "hook-fails": lambda stage: stage.setting("hook", "sh -c 'echo The mail server does not answer. >&2; false'"),
    "hook-unreadable": lambda stage: stage.setting("hook", "'"),
    "list-key-broken": list_key_broken,
    "list-not-sent": list_not_sent,
    "login-held": login_held,
    "module-missing": lambda stage: stage.setting("token_module", "/usr/lib/no-such-module.so"),
    "no-module": lambda stage: stage.setting("token_module", ""),
    "no-right": lambda stage: RightKey.delete().where(RightKey.key == Key.get(Key.label == "N-214")).execute(),
    "no-signing-key-shown": no_signing_key_shown,
    "nobody-seen": lambda stage: Visit.delete().execute(),
    "nothing-left-to-block": nothing_left_to_block,
    "outbox-is-no-folder": outbox_is_no_folder,
    "overtaken-by-addition": lambda stage: stage.overtaken("add"),
    "overtaken-by-removal": lambda stage: stage.overtaken("remove"),
    "pin-too-short": lambda stage: stage.fails("pkcs11_token.session.checked_pin", PinLengthRefused()),
    "plan-is-fresh": lambda stage: setattr(stage, "store", stage.store._replace(plan_limit=timedelta(hours=24))),
    "root-differs": lambda stage: setattr(stage, "store", stage.store._replace(root="0" * 64)),
    "store-busy": lambda stage: stage.fails("store.blocklist.order", StoreBusy()),
    "store-full": lambda stage: stage.fails(
        "store.blocklist.order", StoreUnusable(path=Path("store.sqlite"), why="database or disk is full")
    ),
    "token-fails": lambda stage: stage.fails(
        "pkcs11_token.session.LoggedInToken.sign", TokenFailed(what="DeviceError")
    ),
    "uri-with-pin": lambda stage: stage.setting("token", "pkcs11:token=Vaktleder?pin-value=1"),
    "uri-wrong": lambda stage: stage.setting("token", "pkcs11:token=Vaktleder;colour=red"),
    "visits-empty": lambda stage: stage.file(b""),
    "visits-nul": lambda stage: stage.file(HEADER + b"2026-11-24T06:10;1A0013;N-17;avvist\0;\n"),
    "visits-undecodable": lambda stage: stage.file(HEADER + b"2026-11-24T06:10;1A0013;N-17;\x81\x8d;\n"),
    "visits-open-quotation": lambda stage: stage.file(HEADER + b'2026-11-24T06:10;1A0013;"N-17;avvist;\n'),
    "visits-without-end": lambda stage: stage.file(HEADER + b"2026-11-24T06:10;" + b"1" * 200_000 + b";N-17;avvist;\n"),
    "visits-wrong-columns": lambda stage: stage.file(b"time;lock;key;result\n2026-11-24T06:10;1A0013;N-17;avvist\n"),
    "visits-wrong-cells": lambda stage: stage.file(HEADER + b"today;1A0013;N-17;avvist;\n2026-11-24T06:10;1A0013\n"),
    "visits-unknown-key": lambda stage: stage.file(HEADER + b"2026-11-24T06:10;1A0013;N-999;avvist;\n"),
    "visits-wrong-version": lambda stage: stage.file(HEADER + b"2026-11-24T06:10;1A0013;N-17;avvist;99\n"),
}
