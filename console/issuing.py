"""Issuing what was ordered: the site's list key, its outbox, and the hook that hands the files on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from console.configuration import places, settings, token_settings
from pkcs11_token.errors import N_, SperreError
from store.database import Store
from store.models import Outbox

if TYPE_CHECKING:
    from store.crl import Issuer


class HookUnreadable(SperreError):
    template = N_("The setting hook cannot be read as a command: {why}.")
    exit_code = 5


def flush_outbox(store: Store) -> int:
    """Write every list that waits and hand it on; returns how many. Raises SperreError; what failed goes on waiting."""
    with store.connected():
        if not Outbox.select().exists():
            return 0
    import shlex

    from store import outbox

    try:
        hook = shlex.split(settings().hook)
    except ValueError as error:
        unreadable = HookUnreadable(why=error)
        outbox.put_off(store, unreadable)
        raise unreadable from None
    return outbox.flush(store, partial(issuer_of, store), hook, places().log)


def make_list_key(store: Store) -> None:
    """Make the list key while a site is set up, unless a token's key signs. Raises ListKeyUnusable."""
    if not settings().list_key:
        with issuer_of(store):
            pass


@contextmanager
def issuer_of(store: Store) -> "Iterator[Issuer]":
    """Who signs the site's lists: the key in a file, or the one in a token that the setting list_key names."""
    from store import crl

    chosen, folder = settings(), store.path.parent
    if not chosen.list_key:
        yield crl.issuer(crl.file_key(folder), folder, store.clock())
        return
    from pkcs11_token.issuer_key import TokenPrivateKey
    from pkcs11_token.pin import read_pin_file
    from pkcs11_token.session import login

    named = replace(token_settings(), token=chosen.list_key)
    with login(named, read_pin_file(Path(chosen.list_key_pin_file))) as token:
        yield crl.issuer(TokenPrivateKey(token), folder, store.clock())
