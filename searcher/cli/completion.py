"""`searcher completion`: the script that teaches a shell what Tab offers.

click writes the scripts and reads the words that they send back.  bash parts
words at colons, so `section:Bre` arrives as three words and has to leave as
the part behind the colon; that is put right here.
"""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Iterator

import click
from click.shell_completion import BashComplete, CompletionItem, ShellComplete, get_completion_class

from searcher.cli import output

HELP = """Print the completion script of SHELL: bash, zsh or fish.

\b
Examples:
  eval "$(searcher completion bash)"
  searcher completion fish > ~/.config/fish/completions/searcher.fish

Put the line for your shell into its start-up file.  Tab then offers
commands, options, fields such as `section:`, and the sections and desks of
the index.  Exits 0, or 2 for another shell.
"""

_PROGRAM = "searcher"
_VARIABLE = "_SEARCHER_COMPLETE"
_SHELLS = ("bash", "zsh", "fish")


class ColonBash(BashComplete):
    """bash, with the words that it parted at a colon put together again."""

    name = "bash"
    # As click's script, but the words come as bash has them in the line, and
    # `read -r` leaves the backslash before a space alone.
    source_template = """\
%(complete_func)s() {
    local IFS=$'\\n' response completion kind value
    response=$(COMP_LINE="${COMP_LINE:0:COMP_POINT}" \\
        %(complete_var)s=bash_complete "$1" 2>/dev/null)
    for completion in $response; do
        kind="${completion%%%%,*}"
        value="${completion#*,}"
        if [[ $kind == dir ]]; then
            COMPREPLY=()
            compopt -o dirnames
        elif [[ $kind == file ]]; then
            COMPREPLY=()
            compopt -o default
        else
            COMPREPLY+=("$value")
            [[ $value == *: ]] && compopt -o nospace
        fi
    done
    return 0
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

    def source(self) -> str:
        """Return the script; click's own looks at bash's version first, which costs a process."""
        return self.source_template % self.source_vars()

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the cursor, and the one at it, from the line itself."""
        line = os.environ.get("COMP_LINE", "")
        words = _split(line)
        at_space = line.endswith(" ") and not line.endswith("\\ ")
        incomplete = "" if at_space or len(words) < 2 else words.pop()
        return words[1:], incomplete

    def format_completion(self, item: CompletionItem) -> str:
        """Return the item as bash inserts it: escaped, without what it has already."""
        _, incomplete = self.get_completion_args()
        quote, known = _open_quote(os.environ.get("COMP_LINE", ""))
        if not quote:  # bash replaces what stands behind the last colon
            known = incomplete[: incomplete.rfind(":") + 1]
        value = _requoted(item.value, incomplete).removeprefix(known)
        return f"{item.type},{escaped(value, quote)}"


def _open_quote(line: str) -> tuple[str, str]:
    """Return the quote that is open at the end of the line, and its word as far as there.

    bash replaces what stands behind the quote, colons and all, and closes it.

    >>> _open_quote('searcher query section:"Break')
    ('"', 'section:')
    """
    quote, opened, escaped = "", 0, False
    for at, char in enumerate(line):
        if escaped:
            escaped = False
        elif char == "\\" and quote != "'":
            escaped = True
        elif char in (quote or "'\""):
            quote, opened = ("" if quote else char), at
    return quote, _last_word(line[:opened]) if quote else ""


def _last_word(line: str) -> str:
    return "" if line[-1:].isspace() else _split(line)[-1]


def _requoted(value: str, incomplete: str) -> str:
    """Return the value with the quotes of the query language that were typed before it.

    >>> _requoted("section:Breakthrough Elusive", 'section:"Break')
    'section:"Breakthrough Elusive"'
    """
    field, quote, _ = incomplete.partition(':"')
    return f'{field}:"{value.removeprefix(f"{field}:")}"' if quote else value


def _split(line: str) -> list[str]:
    """Split a line as a shell does; its last word may have an open quote."""
    words = shlex.shlex(line, posix=True, punctuation_chars=False)
    words.whitespace_split, words.commenters = True, ""
    return list(_while_closed(words))


def _while_closed(words: shlex.shlex) -> Iterator[str]:
    try:
        yield from words
    except ValueError:
        yield words.token


def escaped(value: str, quote: str = "") -> str:
    """Return the value as bash reads it back, outside quotes or inside an open one."""
    if quote == "'":
        return value.replace("'", r"'\''")
    special = '"$`\\' if quote else " '\"$`\\&;|<>()!*?[]#"
    return "".join(f"\\{char}" if char in special else char for char in value)


def _shell_class(shell: str) -> type[ShellComplete]:
    found = ColonBash if shell == "bash" else get_completion_class(shell)
    assert found is not None  # noqa: S101  # click knows the three of _SHELLS
    return found


def complete(cli: click.Command, instruction: str) -> int:
    """Answer the script's question, quietly whatever happens."""
    shell, _, what = instruction.partition("_")
    if shell not in _SHELLS or what != "complete":
        return 1
    completer = _shell_class(shell)(cli, {}, _PROGRAM, _VARIABLE)
    with contextlib.suppress(Exception), _stderr_shut():
        if offers := completer.complete():
            output.write(offers + "\n")
    return 0


@contextlib.contextmanager
def _stderr_shut() -> Iterator[None]:
    with open(os.devnull, "w") as nothing, contextlib.redirect_stderr(nothing):  # noqa: PTH123
        yield


@click.command(name="completion", help=HELP)
@click.argument("shell", type=click.Choice(_SHELLS), metavar="SHELL")
def command(shell: str) -> int:
    """Print the script."""
    from searcher.cli.app import cli

    output.write(_shell_class(shell)(cli, {}, _PROGRAM, _VARIABLE).source().strip() + "\n")
    return 0
