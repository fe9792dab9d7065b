"""The operator's language: English in the source, catalogues in locale/ beside it."""

import gettext as _gettext
import locale
import os
from pathlib import Path

CATALOGUES = Path(__file__).parent / "locale"
LANGUAGES = ("en", "nb")

_catalogue: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en"


def use(language: str) -> None:
    """Speak `language` ("en" or "nb") from now on, in messages of click as well."""
    global _catalogue, _language  # one operator, one language in a process
    _language = language
    _catalogue = _gettext.translation("sperre", CATALOGUES, [language], fallback=True)
    os.environ["LANGUAGE"] = language
    _gettext.bindtextdomain("sperre", CATALOGUES)
    _gettext.textdomain("sperre")


def current() -> str:
    """The language in use: "en" or "nb"."""
    return _language


def of_locale() -> str:
    """The language of the process's locale: "nb" for Norwegian (nb, nn, no), otherwise "en"."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name = next((name for name in names if name), locale.getlocale()[0] or "")
    return "nb" if name.lower().startswith(("nb", "nn", "no")) else "en"


def _(message: str) -> str:
    """`message` in the operator's language."""
    return _catalogue.gettext(message)


def ngettext(singular: str, plural: str, count: int, **values: str) -> str:
    """The form for `count` in the operator's language, with {count} and `values` filled in."""
    return _catalogue.ngettext(singular, plural, count).format(count=number(count), **values)


def in_every_language(message: str) -> set[str]:
    """`message` in each language, for words that an operator may type in any of them."""
    catalogues = (_gettext.translation("sperre", CATALOGUES, [name], fallback=True) for name in LANGUAGES)
    return {catalogue.gettext(message) for catalogue in catalogues}


def number(count: int) -> str:
    """A count as people write it: a thin grouping of thousands, by language."""
    grouped = f"{count:,}"
    return grouped.replace(",", "\N{NO-BREAK SPACE}") if _language == "nb" else grouped
