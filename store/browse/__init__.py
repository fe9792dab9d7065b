"""The tables that an operator browses, each with its rows, its columns and the words of its filter."""
