"""What the operator sees: Textual screens and widgets, and the same verbs as commands."""
