"""A table in pages of numbered lines, to look through, to search, and to choose from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from console.language import _, number
from console.plain.conversation import Back, Conversation, chosen_place, no_such_number
from console.wording import explain
from pkcs11_token.errors import N_, SperreError
from store.collation import search_text, search_words
from store.listing import Everything, Query

PAGE = 10

R = TypeVar("R")


class Source(Protocol[R]):
    """Rows that are fetched page by page."""

    def count(self, query: Query) -> int: ...
    def after(self, query: Query, row: R | None, limit: int) -> list[R]: ...


@dataclass(frozen=True)
class Table(Generic[R]):
    """Rows under a title, and how one of them reads as a line."""

    title: str
    source: Source[R]
    line: Callable[[R], str]
    sort: str = ""
    descending: bool = False
    nothing: str = N_("Nothing here yet.")
    summary: str = ""


class Pages(Generic[R]):
    """A table at the page where one left it, with the words that were searched for."""

    def __init__(self, talk: Conversation, table: Table[R]) -> None:
        self.talk = talk
        self.table = table
        self.words = ""
        self.starts: list[R | None] = [None]  # the row before each page up to the present one

    def pick(self, question: str = "") -> R:
        """The row that the operator chooses. Raises Back and EOFError."""
        while True:
            try:
                rows, total = self._fetch()
            except SperreError as error:
                if not self.words:
                    raise
                self.talk.warn(explain(error))  # these words cannot be searched for
                self.words, self.starts = "", [None]
                continue
            self._tell(question, rows, total)
            row = self._answered(rows, total)
            if row is not None:
                return row

    def _fetch(self) -> tuple[list[R], int]:
        query = Everything(self.table.sort, self.table.descending, self.words)
        rows = self.table.source.after(query, self.starts[-1], PAGE)
        if not rows and len(self.starts) > 1:  # they went since
            self.starts = [None]
            rows = self.table.source.after(query, None, PAGE)
        return rows, self.table.source.count(query)

    def _tell(self, question: str, rows: Sequence[R], total: int) -> None:
        talk, before = self.talk, self._before
        heading = question or self.table.title
        if self.words:
            heading = _("{heading} Search: {words}").format(heading=heading, words=self.words)
        talk.say()
        talk.say(heading)
        if self.table.summary:
            talk.say(self.table.summary)
        if not rows:
            talk.say(_("Nothing is found by these words.") if self.words else _(self.table.nothing))
            return
        talk.number([self.table.line(row) for row in rows])
        talk.say(
            _("{first} to {last} of {total}").format(
                first=number(before + 1), last=number(before + len(rows)), total=number(total)
            )
        )

    @property
    def _before(self) -> int:
        return PAGE * (len(self.starts) - 1)

    def _answered(self, rows: Sequence[R], total: int) -> R | None:
        """The row that was chosen; None when another page is to be shown. Raises Back and EOFError."""
        more = self._before + len(rows) < total
        while True:
            answer = self.talk.ask(self._prompt(more=more), self._help())
            if not answer:
                raise Back
            match answer.casefold():
                case "n" if more:
                    self.starts.append(rows[-1])
                    return None
                case "n":
                    self.talk.say(_("! This is the last page."))
                case "p" if len(self.starts) > 1:
                    self.starts.pop()
                    return None
                case "p":
                    self.talk.say(_("! This is the first page."))
                case _ if (place := chosen_place(answer, len(rows))) is not None:
                    return rows[place]
                case _ if answer.isdecimal():
                    self.talk.say(no_such_number(answer, len(rows)))
                case _:
                    self.words, self.starts = answer.removeprefix("/").strip(), [None]
                    return None

    def _prompt(self, *, more: bool) -> str:
        if more:
            return _("Number, n next page, words to search, 0 back, ? help:")
        return _("Number, words to search, 0 back, ? help:")

    @staticmethod
    def _help() -> str:
        return _(
            "A number chooses that line. n shows the next page, p the page before. Words search for the lines that"
            " hold each of them; for a number or a single letter put / before it, and / alone shows all again."
            " 0 or an empty line goes back."
        )


class Lines(Generic[R]):
    """Rows that are all in memory, in their order; words are looked for in their lines."""

    def __init__(self, rows: Sequence[R], line: Callable[[R], str]) -> None:
        self._rows = list(rows)
        self._line = line

    def count(self, query: Query) -> int:
        """How many rows there are."""
        return len(self._found(query))

    def after(self, query: Query, row: R | None, limit: int) -> list[R]:
        """The next ones after `row`, or the first ones."""
        rows = self._found(query)
        if row is None:
            return rows[:limit]
        return rows[rows.index(row) + 1 :][:limit] if row in rows else []

    def _found(self, query: Query) -> list[R]:
        words = search_words(query.filter)
        return [row for row in self._rows if all(word in search_text(self._line(row)) for word in words)]


def in_memory(title: str, rows: Sequence[R], line: Callable[[R], str], nothing: str, summary: str = "") -> Table[Any]:
    """A table of rows that are all there."""
    return Table(title, Lines(rows, line), line, nothing=nothing, summary=summary)
