"""The console as a conversation, for terminals that write one line after the other and for those who listen."""
