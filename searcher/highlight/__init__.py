"""Which excerpt of a paragraph to show, how to mark what matched, and how to show it safely.

snippet.py chooses the excerpt, formats.py marks it, display.py makes text
safe to show.  Nothing is imported here: the command line's help needs the
last alone.
"""
