"""The operator's language: English in the source, catalogues in locale/ beside it."""

import locale
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

CATALOGUES = Path(__file__).parent / "locale"
LANGUAGES = ("en", "nb")

_catalogue: "NullTranslations | None" = None
_language = "en"


def use(language: str) -> None:
    """Speak `language` ("en" or "nb") from now on, in messages of click as well."""
    global _catalogue, _language  # one operator, one language in a process
    _language = language
    _catalogue = None
    os.environ["LANGUAGE"] = language
    if language != "en":  # the source is English, and so is click
        import gettext

        gettext.bindtextdomain("sperre", CATALOGUES)
        gettext.textdomain("sperre")
        _catalogue = _catalogue_of(language)


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
    return _catalogue.gettext(message) if _catalogue else message


def ngettext(singular: str, plural: str, count: int, **values: str) -> str:
    """The form for `count` in the operator's language, with {count} and `values` filled in."""
    english = singular if count == 1 else plural
    form = _catalogue.ngettext(singular, plural, count) if _catalogue else english
    return form.format(count=number(count), **values)


def in_every_language(message: str) -> set[str]:
    """`message` in each language, for words that an operator may type in any of them."""
    return {message, *(_catalogue_of(language).gettext(message) for language in LANGUAGES if language != "en")}


def _catalogue_of(language: str) -> "NullTranslations":
    import gettext

    return gettext.translation("sperre", CATALOGUES, [language], fallback=True)


def number(count: int) -> str:
    """A count as people write it: a thin grouping of thousands, by language."""
    grouped = f"{count:,}"
    return grouped.replace(",", "\N{NO-BREAK SPACE}") if _language == "nb" else grouped
