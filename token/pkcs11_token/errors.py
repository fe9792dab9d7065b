"""The family of errors that an operator can act on, and those of the token."""

from typing import ClassVar


def N_(message: str) -> str:
    """Mark a message for the catalogues; it is translated where it is shown."""
    return message


class SperreError(Exception):
    """Something was refused or failed, nothing was changed, and the message says what to do.

    `template` is the English message with named fields, `values` fills them. `str()` of the error is the
    English text; the console translates the template and writes times and words in the operator's language.
    `exit_code` is what the command `sperre` ends with: 3 refused by a rule or a failed check, 4 the token,
    5 the store or a file cannot be used.
    """

    template: ClassVar[str] = ""
    exit_code: ClassVar[int] = 3

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.template.format(**values))


class TokenError(SperreError):
    """The token cannot do what was asked."""

    exit_code = 4
