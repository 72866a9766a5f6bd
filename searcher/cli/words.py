r"""The words after `searcher query`, as the shell hands them over, to one query string.

A shell eats quotes, and an option parser eats dashes.  Two rules give them
back, and docs/cli.md tells them to the reader:

*Dashes.*  `-Geneva` means NOT Geneva.  An argument with one dash is an option
only where it reads as one from end to end: known letters, and a value that a
reader would write without a space (`-n5`, `-C2`, `-i./index`).

*Quotes.*  Of several arguments, one that holds spaces came in quotes; where it
starts with a field or a dash it gets them back, because the quotes bound the
value to it.  A lone argument is the query as typed; see lone_value().

    >>> as_query(["climate", "section:Breakthrough Elusive"])
    'climate section:"Breakthrough Elusive"'
    >>> as_query(["desk:cocoa price"])
    'desk:cocoa price'
    >>> lone_value(["section:Breakthrough Elusive"])
    ('section', 'Breakthrough Elusive')
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import click

# No argument of a process can hold a NUL, so the mark can't be anyone's text.
_WORD_MARK = "\0"

_BOUND = re.compile(r"(-?(?:[a-z_]+:)?)(\S.*)", re.DOTALL)
# Quotes, brackets, an operator or a second field: the argument is a query of its own.
_COMPOSED = re.compile(
    r"""["“”„«»()\[\]] | (?:^|\s)(?:OR|AND|NOT)(?:\s|$) | \s-?[a-z_]+:\S | \s-\w""", re.X
)
_SEPARATORS = frozenset("/\\")


def as_query(arguments: Sequence[str]) -> str:
    """Return the arguments as one query string, with the quotes that the shell ate."""
    if len(arguments) == 1:
        return arguments[0]
    return " ".join(map(requoted, arguments))


def requoted(argument: str) -> str:
    """Put the value of `field:two words` or `-two words` in quotes; else return it as it is."""
    match = _BOUND.fullmatch(argument)
    if match and match[1] and " " in match[2].strip() and not _COMPOSED.search(argument):
        return f'{match[1]}"{match[2].strip()}"'
    return argument


def lone_value(arguments: Sequence[str]) -> tuple[str, str] | None:
    """Return (field, value) where a lone argument may be a value whose quotes the shell ate.

    `section:"Breakthrough Elusive"` and `'desk:cocoa price'` arrive alike: as
    one argument, without quotes.  Only the index can tell which is meant.
    """
    if len(arguments) != 1 or requoted(arguments[0]) == arguments[0]:
        return None
    field, _, value = arguments[0].partition(":")
    return (field, value.strip()) if value and field.isidentifier() else None


def with_marks(arguments: Sequence[str], options: Sequence[click.Parameter]) -> list[str]:
    """Return the arguments with `-Geneva` marked, so that no option parser takes it."""
    return list(_marked(iter(arguments), _by_name(options)))


def without_marks(words: Sequence[str]) -> list[str]:
    """Return the words as they were typed."""
    return [word.removeprefix(_WORD_MARK) for word in words]


def _by_name(options: Sequence[click.Parameter]) -> dict[str, click.Option]:
    named = (option for option in options if isinstance(option, click.Option))
    return {name: option for option in named for name in (*option.opts, *option.secondary_opts)}


def _marked(arguments: Iterator[str], options: dict[str, click.Option]) -> Iterator[str]:
    for argument in arguments:
        if argument == "--":
            yield argument
            yield from arguments
        elif argument.startswith("--") or not argument.startswith("-") or argument == "-":
            yield argument
            yield from _value(arguments, options.get(argument))
        elif (waiting := _waiting_option(argument, options)) is None:
            yield _WORD_MARK + argument
        else:
            yield argument
            yield from _value(arguments, waiting)


def _value(arguments: Iterator[str], option: click.Option | None) -> Iterator[str]:
    """Pass on the value of an option, which may start with a dash."""
    if option and not option.is_flag and (value := next(arguments, None)) is not None:
        yield value


def _waiting_option(argument: str, options: dict[str, click.Option]) -> click.Option | None:
    """Return the option of a cluster such as `-cq`, `-n5` that may want a value next.

    None when the argument is a word; a flag when nothing more is wanted.
    """
    option = _FLAG
    for at, letter in enumerate(argument[1:], start=2):
        if "-" + letter not in options:
            # `-x` is sooner a mistyped option than the word x; the option parser says so.
            return _FLAG if len(argument) == 2 and letter.isalpha() else None
        option = options["-" + letter]
        if not option.is_flag and at < len(argument):
            return _FLAG if _could_be_value(argument[at:], option) else None
    return option


def _could_be_value(text: str, option: click.Option) -> bool:
    """Say whether someone would write `text` behind the letter without a space."""
    if isinstance(option.type, click.types.IntParamType):
        return text.lstrip("-").isdigit()
    return not _SEPARATORS.isdisjoint(text)


_FLAG = click.Option(["--flag"], is_flag=True)
