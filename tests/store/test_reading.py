"""A read that nobody waits for any more ends soon, wherever it is."""

from threading import Event, Thread

import pytest
from peewee import OperationalError, fn

from store.browse.keys import KeyRow, key_table
from store.database import Store
from store.listing import Everything, Listing
from store.models import Key, database
from store.reading import ReadCancelled, Reads

ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"


class Reader(Thread):
    """Reads without end in a thread of its own, and notes how it ended."""

    def __init__(self, store: Store, reads: Reads) -> None:
        super().__init__(daemon=True)
        self.reads_now = Event()
        self.ended: BaseException | None = None
        self._store = store
        self._reads = reads

    def run(self) -> None:
        try:
            with self._store.connected(), self._reads.one():
                self.reads_now.set()
                database.execute_sql(ENDLESS).fetchall()
        except ReadCancelled as error:
            self.ended = error


def test_reads_of_other_threads_end_when_they_are_cancelled(site: Store) -> None:
    reads = Reads()
    readers = [Reader(site, reads) for _ in range(3)]
    for reader in readers:
        reader.start()
        assert reader.reads_now.wait(10)
    reads.cancel()
    for reader in readers:
        reader.join(10)
        assert isinstance(reader.ended, ReadCancelled)


def test_a_listing_cancels_only_its_own_reads_and_reads_again(site: Store) -> None:
    other = Reads()
    reader = Reader(site, other)
    reader.start()
    assert reader.reads_now.wait(10)
    listing = key_table(site)
    listing.cancel()
    assert len(listing.after(Everything("label"), None, 9)) == 8
    assert reader.is_alive()
    other.cancel()
    reader.join(10)
    assert isinstance(reader.ended, ReadCancelled)


def test_a_listing_can_be_cancelled_from_another_thread(site: Store) -> None:
    ticks = 0

    def slow(text: str) -> str:
        """Called for each row: the second one calls from elsewhere, as typing on does."""
        nonlocal ticks
        ticks += 1
        if ticks == 2:
            thread = Thread(target=listing.cancel)
            thread.start()
            thread.join()
        return text

    database.register_function(slow, "slow", 1)
    sorts = {"label": Key.sort_label}
    pairs = Key.select().join(Key.alias(), on=True)
    many = pairs.join(Key.alias(), on=True).join(Key.alias(), on=True).join(Key.alias(), on=True)
    rows = many.where(fn.SLOW(Key.name) != "")
    listing: Listing[KeyRow] = Listing(site, rows, (Key.id,), sorts, Key.search, KeyRow)
    with pytest.raises(ReadCancelled):
        listing.count(Everything("label"))


def test_another_error_stays_what_it_is(site: Store) -> None:
    with pytest.raises(OperationalError, match="no such table"), Reads().one():
        database.execute_sql("SELECT * FROM nowhere")
