"""A Textual app with a list, a dialogue and an input, in a pseudo-terminal: `sample_app.py plain|ENCODING COLOR`."""

import sys

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.events import Event, Key
from textual.screen import ModalScreen, Screen
from textual.widgets import Checkbox, Input, OptionList, Static

from console.terminal import Color, DifferenceDriver, Encoding, driver_class


class Counted(Screen[None]):
    """A screen whose last line says how many keys the app has had."""

    def compose(self) -> ComposeResult:
        yield Static(id="keys")

    def on_mount(self) -> None:
        assert isinstance(self.app, SampleApp)
        self.app.show_keys()


class List(Counted):
    def compose(self) -> ComposeResult:
        yield Static("Basic data › Browse [b]blocklist[/b] ✓ 日本語 e\u0301 [link='https://example.org']Help[/link]")
        yield OptionList(*[f"Fob {n:>4}  N-{n * 7 % 1000:<5} Åse Ødegård {n}  ● Ordered" for n in range(100)])
        yield from super().compose()


class Dialogue(Counted):
    BINDINGS = [("escape", "app.pop_screen", "Back")]

    def compose(self) -> ComposeResult:
        yield Static("Which key is to be blocked?\n" + "─" * 40)
        yield Input(placeholder="Search")
        yield Checkbox("Order blocklist")
        yield from super().compose()


class Question(ModalScreen[None], Counted):
    BINDINGS = [("escape", "app.pop_screen", "Back")]
    CSS = "Question { align: center middle; } Vertical { width: 30; height: 7; border: round green; }"

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static("Really?")
            yield from super().compose()


class SampleApp(App[None]):
    CSS = "OptionList { height: 1fr; }"
    BINDINGS = [
        ("f2", "dialogue", "Add"),
        ("f3", "question", "Ask"),
        ("f4", "suspend_process", "Stop"),
        ("f5", "fail", "Fail"),
        ("f6", "leave", "Leave"),
        ("ctrl+l", "repaint", "Repaint"),
    ]

    keys = 0

    def on_mount(self) -> None:
        self.push_screen(List())

    async def on_event(self, event: Event) -> None:
        first = isinstance(event, Key) and not event.is_forwarded
        await super().on_event(event)
        if first:
            self.keys += 1
            self.call_after_refresh(self.show_keys)

    def show_keys(self) -> None:
        for screen in self.screen_stack:
            for line in screen.query("#keys").results(Static):
                line.update(f"keys: {self.keys}.")

    def action_dialogue(self) -> None:
        self.push_screen(Dialogue())

    def action_question(self) -> None:
        self.push_screen(Question())

    def action_fail(self) -> None:
        raise RuntimeError("asked to fail")

    def action_leave(self) -> None:
        self.action_repaint()
        with self.suspend():
            print("An editor.", flush=True)

    def action_repaint(self) -> None:
        if isinstance(self._driver, DifferenceDriver):
            self._driver.repaint()


def main(encoding: str, color: str = "true") -> None:
    chosen: Encoding = "ascii" if encoding == "ascii" else "latin-1" if encoding == "latin-1" else "utf-8"
    depth: Color = "none" if color == "none" else "true"
    app = SampleApp(driver_class=None if encoding == "plain" else driver_class(chosen, depth), ansi_color=True)
    app.animation_level = "none"
    app.run(mouse=False)
    sys.exit(app.return_code or 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
