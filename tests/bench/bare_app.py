"""A Textual app with one line of text: the least that a program in Textual costs."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class BareApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("The first row.")


BareApp().run()
