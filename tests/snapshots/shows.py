"""What a scene shows: which screen, which page of a wizard, which tab, whose keys, and which errors in their words."""

import importlib
import pkgutil
from collections.abc import Sequence
from types import ModuleType
from typing import Any, TypedDict

import pytest
from textual.app import App

import console
from console import wording
from console.screens.help import HelpScreen
from console.screens.record import RecordScreen
from console.screens.wizard import Wizard
from pkcs11_token.errors import SperreError


class Shows(TypedDict, total=False):
    """Names of classes; `tab` and `step` are counted from 0 and from 1, `explains` is the screen that help is of."""

    screen: str
    page: str
    step: int
    tab: int
    explains: str
    errors: list[str]


def modules_of(package: ModuleType) -> list[ModuleType]:
    """Every module of `package`."""
    names = [found.name for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    return [importlib.import_module(name) for name in names]


def hear_explained(monkeypatch: pytest.MonkeyPatch) -> list[SperreError]:
    """The errors that the console puts into words from now on; those within others are among them."""
    heard: list[SperreError] = []
    explain = wording.explain

    def heard_and_explained(error: SperreError) -> str:
        heard.append(error)
        return explain(error)

    for module in modules_of(console):
        if vars(module).get("explain") is explain:
            monkeypatch.setattr(module, "explain", heard_and_explained)
    return heard


def what_it_shows(app: App[Any], text: str, explained: Sequence[SperreError]) -> Shows:
    """What stands on the screen; of the errors that were explained, those whose words are all in `text`."""
    screen = app.screen
    shows = Shows(screen=type(screen).__name__)
    if isinstance(screen, Wizard) and screen.trail:
        shows["page"] = type(screen.page).__name__
        shows["step"] = screen.page.step
    if isinstance(screen, RecordScreen):
        shows["tab"] = screen.present
    if isinstance(screen, HelpScreen):
        shows["explains"] = screen.explained.__name__
    words = " ".join(text.split())
    told = {type(error).__name__ for error in tuple(explained) if " ".join(wording.explain(error).split()) in words}
    return Shows(**shows, errors=sorted(told))
