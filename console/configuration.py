"""Where everything of a site lies and how it is set: config.toml, overridden by SPERRE_* variables."""

import os
import pwd
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pkcs11_token.errors import N_, SperreError
from store.database import LIST_LIMIT, Store, open_store

if TYPE_CHECKING:
    from pkcs11_token.session import TokenSettings

NO_LOGIN = 4294967295
TABLES = "tables"  # how they are shown: console/table_views.py
OFFERED = {
    "color": ("auto", "none", "16", "256", "true"),
    "ascii": ("auto", "yes", "no"),
    "mouse": ("on", "off"),
    "plain": ("auto", "yes", "no"),
    "theme": ("auto", "dark", "light"),
}


class ConfigurationUnusable(SperreError):
    template = N_("The configuration cannot be used: {where}: {why}.")
    exit_code = 5


class SettingUnknown(SperreError):
    template = N_("The configuration {path} has no setting {name}. The settings are: {names}.")
    exit_code = 5


class SettingWrong(SperreError):
    template = N_("The setting {name} holds {value}, but a whole number above 0 was expected ({where}).")
    exit_code = 5


class SettingNotOffered(SperreError):
    template = N_("The setting {name} holds {value}, but one of these was expected: {offered} ({where}).")
    exit_code = 5


class Settings(NamedTuple):
    """What config.toml may hold; each setting is also a variable, such as SPERRE_LIST_LIMIT.

    `token_module` is the path of the PKCS#11 module, `token` a label or a PKCS#11 URI (RFC 7512), `token_root`
    the fingerprint of the site's first token, `tokens_required` how many different tokens sign a removal, and
    `token_idle_minutes` how long a login lasts without a key pressed. `heads_file` is a file, best on another
    machine, in which the journal's heads are noted; with `heads_to_syslog = "yes"` they go to the system log, too.
    A plan that nobody ordered for `plan_hours` is told of loudly. `hook` is a command that is run after each issue,
    with the files' paths; `list_key` a PKCS#11 URI when lists are signed by a key in a token, whose PIN stands in
    `list_key_pin_file`. `color`, `ascii`, `mouse`, `plain` and `theme` take one of OFFERED: docs/terminal.md and
    docs/plain.md say what each means.
    """

    site: str = ""
    language: str = ""
    list_limit: int = LIST_LIMIT
    token_module: str = ""
    token: str = ""
    token_root: str = ""
    tokens_required: int = 1
    token_idle_minutes: int = 5
    heads_file: str = ""
    heads_to_syslog: str = ""
    plan_hours: int = 4
    hook: str = ""
    list_key: str = ""
    list_key_pin_file: str = ""
    color: str = "auto"
    ascii: str = "auto"
    mouse: str = "off"
    plain: str = "auto"
    theme: str = "auto"


class Places(NamedTuple):
    """The files of a site."""

    config: Path
    store: Path
    log: Path
    soft_token: Path


def places() -> Places:
    """Everything under SPERRE_HOME when it is set, otherwise in the platform's folders."""
    home = os.environ.get("SPERRE_HOME")
    if home:
        folder = Path(home).expanduser().absolute()
        config = data = log = folder
    else:
        import platformdirs

        config = platformdirs.user_config_path("sperre")
        data = platformdirs.user_data_path("sperre")
        log = platformdirs.user_log_path("sperre")
    return Places(config / "config.toml", data / "store.sqlite", log / "sperre.log", data / "softhsm")


def settings() -> Settings:
    """The settings in force. Raises ConfigurationUnusable, SettingUnknown, SettingWrong or SettingNotOffered."""
    path = places().config
    known = Settings._fields
    try:
        given: dict[str, object] = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        given = {}
    except (OSError, ValueError) as error:
        raise ConfigurationUnusable(where=path, why=error) from error
    given.pop(TABLES, None)
    for name in given:
        if name not in known:
            raise SettingUnknown(path=path, name=name, names=", ".join(known))
    where = dict.fromkeys(given, str(path))
    for name in known:
        variable = f"SPERRE_{name.upper()}"
        if variable in os.environ:
            given[name], where[name] = os.environ[variable], variable
    return Settings(**{name: _typed(name, value, where[name]) for name, value in given.items()})  # type: ignore[arg-type]  # _typed gives each field its type


def _typed(name: str, value: object, where: str) -> str | int:
    if name in OFFERED:
        word = str(value).lower()
        if word not in OFFERED[name]:
            raise SettingNotOffered(name=name, value=value, offered=", ".join(OFFERED[name]), where=where)
        return word
    if not isinstance(Settings._field_defaults[name], int):
        return str(value)
    if not str(value).isdecimal() or int(str(value)) < 1:
        raise SettingWrong(name=name, value=value, where=where)
    return int(str(value))


def change_settings(**values: str | int) -> None:
    """Write `values` to config.toml (0600), keeping what else stands in it."""
    rewrite(lambda document: document.update(values))


def rewrite(change: Callable[[dict[str, Any]], None]) -> None:
    """Let `change` alter what config.toml holds, and write it (0600), keeping what else stands in it."""
    import tomlkit

    path = places().config
    make_folder(path.parent)
    document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
    change(document)
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    beside.write_text(tomlkit.dumps(document), "utf-8")
    beside.replace(path)


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def open_site(*, create: bool = False) -> Store:
    """Open the site's store for the operator who is logged in to the operating system."""
    chosen = settings()
    return open_store(
        places().store,
        login_name(),
        list_limit=chosen.list_limit,
        root=chosen.token_root or None,
        tokens_required=chosen.tokens_required,
        heads_file=Path(chosen.heads_file).expanduser() if chosen.heads_file else None,
        heads_to_syslog=chosen.heads_to_syslog == "yes",
        plan_limit=timedelta(hours=chosen.plan_hours),
        create=create,
    )


def token_settings() -> "TokenSettings":
    """Which token the site uses; a soft token of this site is made reachable first."""
    from pkcs11_token.session import TokenSettings
    from pkcs11_token.soft_token import use_soft_token

    chosen = settings()
    if places().soft_token.is_dir():
        use_soft_token(places().soft_token)
    return TokenSettings(module=chosen.token_module, token=chosen.token)


def login_name() -> str:
    """The operating system's login name: of the session's login where the kernel knows it, else of the user."""
    try:
        login = int(Path("/proc/self/loginuid").read_text("ascii"))
    except (OSError, ValueError):
        login = NO_LOGIN
    user = os.getuid() if login == NO_LOGIN else login
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)
