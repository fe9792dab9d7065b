"""The trigram index of a table: which of its rows hold some words, without reading their texts."""

from collections.abc import Sequence

from peewee import SQL

from store.models import database

TRIGRAM = 3
FEW = 5_000
SHORT_WORD = 32  # trigrams that may begin with a short word; with more it is so common that walking finds rows sooner
NOWHERE = "\ue000"  # for private use: it makes a trigram that no text has


class TextIndex:
    """The index `name` over the column `text` of `table`, whose ids are those of the rows; see migration 0004."""

    def __init__(self, name: str, table: str, text: str) -> None:
        self.name = name
        self.table = table
        self.text = text

    def expression(self, words: Sequence[str]) -> str | None:
        """What finds `words`, and nothing else, in the index; None when one is too short and common for that."""
        found = [self._of_long(word) if len(word) >= TRIGRAM else self._of_short(word) for word in words]
        return None if None in found else " AND ".join(str(part) for part in found)

    def rows(self, expression: str) -> SQL:
        """The ids of the rows that `expression` finds, as a subquery."""
        return SQL(f"(SELECT rowid FROM {self.name}_search WHERE {self.name}_search MATCH ?)", [expression])  # noqa: S608  # names of ours

    def has_few(self, expression: str) -> bool:
        """Whether `expression` finds so few rows that all of them can be sorted at once."""
        return self._number(f"SELECT COUNT(*) FROM {self._found} LIMIT {FEW + 1})", expression) <= FEW  # noqa: S608

    def count(self, words: Sequence[str]) -> int:
        """How many rows hold all `words`."""
        expression = self.expression(words)
        if expression is not None:
            return self._number(f"SELECT COUNT(*) FROM {self._found})", expression)  # noqa: S608
        holds = " AND ".join(f"INSTR({self.text}, ?)" for _ in words)
        return self._number(f"SELECT COUNT(*) FROM {self.table} WHERE {holds}", *words)  # noqa: S608

    @property
    def _found(self) -> str:
        return f"(SELECT 1 FROM {self.name}_search WHERE {self.name}_search MATCH ?"  # noqa: S608

    def _of_long(self, word: str) -> str:
        return _phrase(word)

    def _of_short(self, word: str) -> str | None:
        """A short word is found by the trigrams that begin with it: two blanks follow on each text."""
        trigrams = database.execute_sql(
            f"SELECT term FROM {self.name}_trigram WHERE term >= ? AND term < ? LIMIT {SHORT_WORD + 1}",  # noqa: S608
            (word, f"{word}\U0010ffff"),
        ).fetchall()
        if len(trigrams) > SHORT_WORD:
            return None
        return f"({' OR '.join(_phrase(term) for (term,) in trigrams) or _phrase(word.ljust(TRIGRAM, NOWHERE))})"

    def _number(self, statement: str, *values: str) -> int:
        return int(database.execute_sql(statement, values).fetchone()[0])


def _phrase(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


KEYS = TextIndex("key", "key_text", "text")
LOCKS = TextIndex("lock", "lock", "search")
PEOPLE = TextIndex("person", "person", "search")
