"""A soft token of the site's own, kept by SoftHSM in a folder that only its owner can enter."""

import os
import secrets
import subprocess
from pathlib import Path
from shutil import rmtree, which
from typing import Any

from pkcs11_token.errors import SoftTokenExists, SoftTokenFailed, SoftTokenMissing
from pkcs11_token.module import loaded_module, speaking_to
from pkcs11_token.pin import checked_pin
from pkcs11_token.session import TokenSettings, find_tokens

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
KEY_LABEL = "sperre"
CONFIGURATION = "SOFTHSM2_CONF"


def find_softhsm() -> str | None:
    """Where SoftHSM's PKCS#11 module lies, or None."""
    return next((module for module in MODULES if Path(module).exists()), None)


def use_soft_token(directory: Path) -> None:
    """Let SoftHSM use the tokens in `directory`; to be called before its module is loaded."""
    os.environ[CONFIGURATION] = str(directory / "softhsm2.conf")


def create_soft_token(directory: Path, label: str, pin: str, module: str | None = None) -> TokenSettings:
    """Make a token in `directory` with an EC P-256 key pair that never leaves it; returns how to reach it.

    Raises SoftTokenMissing, SoftTokenExists, SoftTokenFailed, PinLengthRefused or WrongPin; then nothing is left of it.
    """
    module = module or find_softhsm()
    tool = which("softhsm2-util")
    if module is None or tool is None:
        raise SoftTokenMissing
    checked_pin(pin)
    if directory.exists():
        raise SoftTokenExists(directory=directory)
    used_before = os.environ.get(CONFIGURATION, "")
    try:
        return _create(directory, label, pin, module, tool)
    except BaseException:
        rmtree(directory, ignore_errors=True)
        os.environ[CONFIGURATION] = used_before
        raise


def _create(directory: Path, label: str, pin: str, module: str, tool: str) -> TokenSettings:
    (directory / "tokens").mkdir(mode=0o700, parents=True)
    directory.chmod(0o700)
    conf = directory / "softhsm2.conf"
    conf.touch(mode=0o600)
    conf.write_text(
        f"directories.tokendir = {directory / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n", "utf-8"
    )
    use_soft_token(directory)
    settings = TokenSettings(module, label)
    # Arguments can be read by everybody on the machine, so the token is born with PINs that are changed at once.
    first_pin, first_so_pin = secrets.token_hex(8), secrets.token_hex(8)
    command = [tool, "--init-token", "--free", "--label", label, "--pin", first_pin, "--so-pin", first_so_pin]
    made = subprocess.run([*command, "--module", module], capture_output=True, text=True, check=False)  # noqa: S603  # no shell
    if made.returncode:
        raise SoftTokenFailed(what=made.stderr.strip().rpartition("\n")[2] or made.returncode)
    loaded_module(module, fresh=True)
    (token,) = find_tokens(settings)
    with speaking_to(label):
        with token.slot_token.open(rw=True, so_pin=first_so_pin) as session:
            session.set_pin(first_so_pin, secrets.token_hex(16))
        with token.slot_token.open(rw=True, user_pin=first_pin) as session:
            session.set_pin(first_pin, pin)
        with token.slot_token.open(rw=True, user_pin=pin) as session:
            _generate_key(session)
    for path in directory.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return settings


def _generate_key(session: Any) -> None:
    from pkcs11 import Attribute, KeyType
    from pkcs11.util.ec import encode_named_curve_parameters

    curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
    parameters = session.create_domain_parameters(KeyType.EC, curve, local=True)
    parameters.generate_keypair(
        store=True,
        label=KEY_LABEL,
        id=b"\x01",
        private_template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
    )
