"""Work off the screen's thread that may never end: a hung card must not keep the console from closing."""

import asyncio
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

T = TypeVar("T")
NAME = "sperre-background"


def soon(work: Callable[[], object], patience: float) -> None:
    """Do `work` in a thread of its own, and wait for it no longer than `patience` seconds."""
    thread = Thread(target=work, daemon=True, name=NAME)
    thread.start()
    thread.join(patience)


async def in_background(work: Callable[[], T]) -> T:
    """The result of `work`, done in a daemon thread of its own; the caller may stop waiting for it.

    Unlike asyncio.to_thread, a call that never returns holds up neither later calls nor the end of the process.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def finish(result: T | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is None:
            done.set_result(result)  # type: ignore[arg-type]  # a result comes without an error
        else:
            done.set_exception(error)

    def run() -> None:
        try:
            outcome: tuple[T | None, BaseException | None] = (work(), None)
        except BaseException as error:  # noqa: BLE001  # handed to the one who waits
            outcome = (None, error)
        if not loop.is_closed():
            loop.call_soon_threadsafe(finish, *outcome)

    Thread(target=run, daemon=True, name=NAME).start()
    return await done
