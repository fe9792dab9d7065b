"""Reads that another thread can cancel: a filter is typed on before its rows are there."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from threading import get_ident

from peewee import OperationalError

from store.models import database

STEPS = 50_000  # of SQLite between two looks whether to go on: a millisecond or two


class ReadCancelled(CancelledError):
    """Nobody waits any more for what was being read."""


class Read:
    """What one thread is reading."""

    def __init__(self, thread: int) -> None:
        self.thread = thread
        self.cancelled = False


class Reads:
    """What several threads are reading."""

    def __init__(self) -> None:
        self._running: set[Read] = set()

    @contextmanager
    def one(self) -> Iterator[None]:
        """A read of this thread, with the connection that is open. Raises ReadCancelled soon after `cancel`."""
        read = Read(get_ident())
        connection = database.connection()
        connection.set_progress_handler(lambda: read.cancelled, STEPS)
        self._running.add(read)
        try:
            yield
        except (OperationalError, sqlite3.OperationalError) as error:
            if read.cancelled:
                raise ReadCancelled from error
            raise
        finally:
            self._running.discard(read)
            connection.set_progress_handler(None, STEPS)

    def cancel(self) -> None:
        """End the reads of all other threads."""
        for read in self._running.copy():
            if read.thread != get_ident():
                read.cancelled = True
