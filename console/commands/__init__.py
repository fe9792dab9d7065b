"""The subcommands of `sperre`: every verb of the console without a screen."""
