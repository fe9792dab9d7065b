"""Snapshots lie in snapshots/, each as a picture (SVG) and as plain text beside it."""

import re
from pathlib import Path
from typing import Any

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.location import PyTestLocation

from tests.console.conftest import clock, console, deputy, home, prepared_home, revoked, shim, store, trouble

__all__ = ["clock", "console", "deputy", "home", "prepared_home", "revoked", "shim", "store", "trouble"]

SNAPSHOTS = Path(__file__).parents[2] / "snapshots"


@pytest.fixture(autouse=True, scope="session")
def snapshots_in_one_folder() -> None:
    """Name each picture after its scene, and let it need nothing from elsewhere."""
    serialize = SVGImageExtension.serialize

    def self_contained(self: SVGImageExtension, *args: Any, **options: Any) -> Any:
        svg = serialize(self, *args, **options)
        return (
            re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
            .replace("Fira Code", "DejaVu Sans Mono")
            .replace("<text ", '<text xml:space="preserve" ')
        )

    SVGImageExtension.serialize = self_contained
    SVGImageExtension.get_snapshot_name = classmethod(lambda _cls, *, test_location, index: _scene(test_location))
    SVGImageExtension.dirname = classmethod(lambda _cls, *, test_location: str(SNAPSHOTS))


def _scene(location: PyTestLocation) -> str:
    return str(location.item.callspec.id)
