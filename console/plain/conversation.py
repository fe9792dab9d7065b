"""Questions and answers, one line each: no cursor is moved, and what was written stays."""

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from getpass import GetPassWarning, getpass
from typing import TYPE_CHECKING, TextIO, TypeVar

from console.characters import spelled
from console.language import _
from console.widgets.text import inert, wrap
from console.wording import explain
from pkcs11_token.errors import SperreError

if TYPE_CHECKING:
    from console.terminal import Encoding

T = TypeVar("T")
KEYS = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O.|.)?|[\x00-\x1f\x7f-\x9f]")  # arrows and the like, typed by mistake
SIGN = re.compile("([●○–✓✗!]) (?=\\w)")
TIED = "\N{NO-BREAK SPACE}"
NARROWEST = 20


class Back(Exception):  # it is an answer, no error
    """The operator goes back to the question before."""


@dataclass
class Conversation:
    """With whom: what is typed, what is shown, and how many columns and which characters that has.

    `done` is what was done so far, `asked` how often a question was asked.
    """

    typed: TextIO
    shown: TextIO
    columns: int = 80
    encoding: "Encoding" = "utf-8"
    done: list[str] = field(default_factory=list)
    asked: int = 0

    def say(self, text: str = "", indent: int = 0) -> None:
        """Write a paragraph; nothing in it acts on the terminal."""
        for line in self._lines(text, indent):
            self.shown.write(f"{line}\n")

    def warn(self, text: str) -> None:
        """Write what is wrong, marked with `!`."""
        self.say(f"! {text}")

    def number(self, lines: Sequence[str]) -> None:
        """Write a list, each entry with the number that chooses it."""
        for number, line in enumerate(lines, 1):
            first, *more = self._lines(line, indent=4)
            self.shown.write(f"{number:>2}  {first.lstrip()}\n")
            for text in more:
                self.shown.write(f"{text}\n")

    def ask(self, question: str, explanation: str) -> str:
        """The answer, without blanks around it; `?` writes the explanation.

        Raises Back at 0 and at Ctrl+C, and EOFError when nothing more will be typed.
        """
        while True:
            line = self._answer(question)
            answer = KEYS.sub("", line).strip()
            if answer == "0":
                raise Back
            if answer == "?":
                self.say(explanation)
            elif answer or not line.strip():
                return answer

    def choose(self, question: str, choices: Sequence[tuple[T, str]], explanation: str, chosen: Sequence[T] = ()) -> T:
        """What stands beside the number that is typed; an empty line keeps the one that was `chosen` before.

        Raises Back at 0 and Ctrl+C, and at an empty line when none was chosen; EOFError when nothing will be typed.
        """
        if question:
            self.say(question)
        kept = next((value for value, _words in choices if value in chosen), None)
        mark = _("(chosen)")
        self.number([f"{words} {mark}" if value in chosen else words for value, words in choices])
        prompt = (
            _("Number, empty line keeps the chosen one, 0 back, ? help:") if chosen else _("Number, 0 back, ? help:")
        )
        while True:
            answer = self.ask(prompt, explanation)
            if not answer and kept is not None:
                return kept
            if not answer:
                raise Back
            if (place := chosen_place(answer, len(choices))) is not None:
                return choices[place][0]
            self.say(no_such_number(answer, len(choices)))

    def ask_hidden(self, question: str) -> str:
        """What is typed without being shown, as it is; only where `can_hide`.

        Raises Back at an empty line and Ctrl+C, and EOFError.
        """
        *lines, last = self._lines(question)
        for line in lines:
            self.shown.write(f"{line}\n")
        self.shown.flush()
        self.asked += 1
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", GetPassWarning)  # it would read with echo
                typed = getpass(f"{last} ")
        except KeyboardInterrupt:
            self.shown.write("\n")
            raise Back from None
        if not typed:
            raise Back
        return typed

    @property
    def can_hide(self) -> bool:
        """Whether there is a terminal that can be told not to show what is typed."""
        return self.typed.isatty()

    def _answer(self, question: str) -> str:
        *lines, last = self._lines(question)
        for line in lines:
            self.shown.write(f"{line}\n")
        self.asked += 1
        try:  # from when the question can be read: Ctrl+C may come at once
            self.shown.write(f"{last} ")
            self.shown.flush()
            line = self.typed.readline()
        except KeyboardInterrupt:
            self.shown.write("\n")
            raise Back from None
        if not line:
            self.shown.write("\n")
            raise EOFError
        if not self.typed.isatty():
            typed = inert(KEYS.sub("", line).strip())
            self.shown.write(f"{spelled(typed, self.encoding)}\n")  # as a terminal echoes it
        return line

    def _lines(self, text: str, indent: int = 0) -> list[str]:
        width = max(self.columns, NARROWEST) - indent - 1  # the last column stays free: terminals differ there
        parts = SIGN.sub(rf"\1{TIED}", inert(text)).split(TIED)  # a sign stays with its word
        tied = TIED.join(spelled(part, self.encoding) for part in parts)
        return [f"{' ' * indent}{line}".replace(TIED, " ").rstrip() for line in wrap(tied, width)]


def explained(choice: str, explanation: str) -> str:
    """A choice with what it means after it."""
    return f"{choice}: {explanation}"


def chosen_place(answer: str, count: int) -> int | None:
    """The 0-based place that a number from 1 to `count` means, or None."""
    return int(answer) - 1 if re.fullmatch(r"[0-9]{1,9}", answer) and 1 <= int(answer) <= count else None


def no_such_number(answer: str, count: int) -> str:
    """Why an answer chooses nothing."""
    if not count:
        return _("! There is nothing to choose.")
    return _("! {answer} is not here: type a number from 1 to {count}.").format(answer=answer, count=count)


def in_turn(talk: Conversation, *questions: Callable[[], None]) -> None:
    """Ask one after the other; Back asks the one before again, and what an answer meets is said before it is asked
    again. Raises Back when the first one was left so, and SperreError when a question cannot even be asked.
    """
    place = 0
    while place < len(questions):
        asked = talk.asked
        try:
            questions[place]()
        except Back:
            if place == 0:
                raise
            place -= 1
        except SperreError as error:
            if talk.asked == asked:
                raise
            talk.warn(explain(error))
        else:
            place += 1
