"""The command `sperre` at a moment that stands still, with kari at the keyboard: the same words every time."""

import os
from datetime import datetime
from functools import partial

from console import cli, configuration
from console.plain import tables
from pkcs11_token.chain import Head
from store.database import open_store

if __name__ == "__main__":
    now = datetime.fromisoformat(os.environ["TEST_NOW"])
    head = tables.head
    configuration.open_store = partial(open_store, clock=lambda: now)
    configuration.login_name = lambda: "kari"
    # A token never signs twice alike, so no two heads are alike.
    tables.head = lambda: Head(head().number, "9f3a02bc77d1e0a455c2")
    cli.main()
