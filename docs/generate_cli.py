"""Write docs/cli.md from the command line's own help: `python docs/generate_cli.py`.

tests/cli/test_cli_docs.py holds the file to what this returns.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import click

from searcher.cli.app import COMMANDS, PROGRAM, cli

TARGET = Path(__file__).parent / "cli.md"
_COLUMNS = 88
CLICK = ".".join(version("click").split(".")[:2])
"""Another click may lay the help out another way."""

INTRODUCTION = """\
# The command line

<!-- Written by docs/generate_cli.py with click CLICK; change the help or that file, not this. -->

Results go to standard output, everything else to standard error. The query language is in
[query-language.md](query-language.md), the JSON in [json.md](json.md), the formats of articles in
[formats.md](formats.md).

## Exit codes

| Code | Means |
| --- | --- |
| 0 | hits, or done |
| 1 | no hits; for `show`, no such id; for `new`, nothing new |
| 2 | wrong usage, or a query that can't be read or costs too much |
| 3 | no index, or one that can't be used |
| 4 | done, but some input was skipped because it can't be read |
| 70 | anything else: an internal error, a full disk |
| 130 | Ctrl-C |
| 141 | the reader of standard output left before the end, as in `searcher query … \\| head -1` |
| 143 | SIGTERM |

An error is one line; `--traceback` adds where in the code it arose.

## Environment

| Variable | Means |
| --- | --- |
| `SEARCHER_INDEX` | the index folder, unless `-i` names one; else it is `index` |
| `SEARCHER_TODAY` | what `today` means, as `YYYY-MM-DD`; else it is today |
| `NO_COLOR` | no colour; `--color` overrules it |
| `FORCE_COLOR` | colour into a pipe too; `NO_COLOR` and `--color` overrule it |
| `PAGER` | what long results on a terminal go through; else it is `less` |
| `NO_PAGER` | no pager |
| `COLUMNS` | width of the text, 40 to 100 |

## Words and the shell

The words of a query are the arguments, joined by spaces: `searcher query climate date:last-week`.
A shell removes quotes, and options start with a dash. These rules give both back:

- **`-Geneva` leaves a word out.** An argument with one dash is an option only where it reads as one
  from end to end: letters of options without a value (`-cq`), or a value behind the letter that
  can't be a word (`-n5`, `-C2`, `-i./index`). So `-climate`, `-iran` and `-EU` are words; write
  `-i iran` for an index of that name. Behind `--` everything is words.
- **Of several arguments, one with spaces came in quotes.** If it starts with a field or a dash it
  gets them back: `climate section:"Breakthrough Elusive"` and `-"political will"` mean what they
  say. An argument that holds quotes, brackets, `OR`, `AND`, `NOT` or a second field is left alone.
- **A lone argument is the query as typed**: `'desk:cocoa price'` is a desk and a word. Only when
  the whole value is one that the field has in the index does it get quotes, and a line on standard
  error says so: `section:"Breakthrough Elusive"`. To be sure, quote for the shell as well:
  `'section:"Breakthrough Elusive"'`.
- **`-` alone** reads a query from each line of standard input, passes over empty lines, and exits 0
  if any had hits, or 2 if one couldn't be read.
- **`--plain`** takes everything as words, so that any text can be pasted.

## Output

- Text is 40 to 100 columns wide. The first line of a hit says when, where and under which headline;
  `(lead)` is what stands before the first heading. The last line is the id that `searcher show`
  takes. With `-C`, a bar marks the hit among its neighbours.
- Control characters, bidi controls and lone surrogates of an article, a path or a query are
  shown as escapes (`\\x1b`, `\\u202e`) in every format, and as `\\uXXXX` in JSON, where they stay
  data. A tab or newline in a text is a space, in a path an escape. Only `-0` prints a path's own
  bytes.
- `--fields` in text parts the columns by tabs.
- CSV is RFC 4180. A text that a spreadsheet would run as a formula (it starts with `= + - @`) gets
  an apostrophe in front; the exact text is in JSON.
- Markdown and HTML are escaped, matches are `**bold**` and `<mark>`. The page runs no script and
  loads nothing; the only links are web addresses of articles.
- What a format has no place for is refused: `--facet` in csv and jsonl, `-C` in csv, `--fields` in
  md and html. So is `-c` with `-l`, `-0` or `-q`.
- A PAGER that fails at once is passed over, and the results are printed.
- `-c` counts paragraphs, with `--group article` articles. `-l` lists every file with a hit once,
  unless `-n` says how many.
"""


def document() -> str:
    """Return the whole page."""
    return "\n".join([INTRODUCTION.replace("CLICK", CLICK), *_sections()])


def _sections() -> list[str]:
    commands = {PROGRAM: cli, **{f"{PROGRAM} {name}": _command(name) for name in COMMANDS}}
    return [_section(path, command) for path, command in commands.items()]


def _command(name: str) -> click.Command:
    command = cli.get_command(click.Context(cli), name)
    if command is None:
        raise LookupError(name)
    return command


def _section(path: str, command: click.Command) -> str:
    context = click.Context(
        command,
        info_name=path,
        terminal_width=_COLUMNS,
        max_content_width=_COLUMNS,
        help_option_names=["-h", "--help"],
    )
    return f"## {path}\n\n```text\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="utf-8")
