"""Paths as an operator types them, and as they are said to an operator."""

from contextlib import suppress
from pathlib import Path


def typed_path(text: str) -> Path:
    """The path that was typed; `~` is somebody's home where there is one, as in a shell, and otherwise a name."""
    path = Path(text.strip().replace("\0", ""))  # which no path can hold
    with suppress(RuntimeError):
        return path.expanduser()
    return path


def named(path: Path) -> str:
    """A path as one says it: from the operator's home on where it is there."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) and path != home else str(path)


def is_file(path: Path) -> bool:
    """Whether a file is there; it is not where nobody may look, or where no name is that long."""
    try:
        return path.is_file()
    except OSError:
        return False
