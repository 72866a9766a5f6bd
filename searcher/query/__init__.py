"""The query language: a string to a tree, with errors that point at the column."""
