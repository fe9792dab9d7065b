"""A terminal of its own for a program under test."""

import fcntl
import pty
import signal
import struct
import termios


def open_terminal(width: int = 80, height: int = 24) -> tuple[int, int]:
    """Two descriptors of a new pseudo-terminal: the far end, where keys are typed, and the one for the program."""
    far, near = pty.openpty()
    set_size(near, width, height)
    return far, near


def set_size(terminal: int, width: int, height: int) -> None:
    """Give the terminal another size; the program that it belongs to is told."""
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))


def take_terminal() -> None:
    """In a new process: make its stdin the terminal that is its own, and let Ctrl+C act as for an operator.

    A process inherits that SIGINT is ignored, which a shell has it be for what runs in the background.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
