"""The command `searcher` itself: finds its commands late, and ends every run in one place.

`searcher --help` has to feel instant, so the summaries stand here and a
command's module is imported when it is called.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from searcher.cli import failures, output
from searcher.cli.session import Session

PROGRAM = "searcher"
COMPLETE_VARIABLE = "_SEARCHER_COMPLETE"

COMMANDS = {
    "index": "Read the articles under PATH into the index.",
    "query": "Print the paragraphs that match QUERY, best first.",
    "show": "Print the article ID, or the paragraph ID in its context.",
    "similar": "Print what is like the article or paragraph ID, the likest first.",
    "save": "Save QUERY as NAME, so that `searcher new` tells what comes in.",
    "saved": "List the saved searches, with what each finds now, or delete some.",
    "new": "Print what came in since the last time, for saved searches.",
    "kwic": "Print every occurrence of QUERY with what stands left and right of it.",
    "trend": "Print how much is written about each QUERY, period by period.",
    "quotes": "Print what NAME is quoted saying, or who is quoted most.",
    "facet": "Count the paragraphs that match QUERY by FIELD.",
    "suggest": "Print the archive's words that begin with PREFIX.",
    "export": "Write all paragraphs that match QUERY to a file or a folder.",
    "backup": "Copy the index to DEST, as the newest commit has it.",
    "stats": "Say what the index holds.",
    "fields": "List the fields that a query can name.",
    "completion": "Print the completion script of SHELL: bash, zsh or fish.",
}
"""The commands with the first words of their help; a test holds the two equal."""

HELP = """Search an archive of news articles, paragraph by paragraph.

\b
Examples:
  searcher index ~/archive
  searcher query climate date:last-week
  searcher show seeds/000.txt#p7 --query '"political will"'

`searcher COMMAND --help` says what a command takes, with examples.

\b
Environment: SEARCHER_INDEX (the index folder), SEARCHER_TODAY (YYYY-MM-DD,
what "today" means), NO_COLOR, FORCE_COLOR, PAGER, NO_PAGER.
"""


class LateGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they are learnt."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of that name and return its command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"searcher.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a word that is none may be a query without `query`."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"no command {args[0]!r}. To search for it: {PROGRAM} query {args[0]}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(  # type: ignore[override]  # ends the process, whatever standalone_mode says
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        """Run the command in `args` and exit with its code."""
        output.prepare()
        session = Session()
        try:
            code = self._run(list(sys.argv[1:] if args is None else args), session)
            output.flush()
        except BaseException as error:  # each kind has its exit code
            code = failures.report(error, session)
            output.finish()
        sys.exit(code)

    def _run(self, args: list[str], session: Session) -> int:
        if instruction := os.environ.get(COMPLETE_VARIABLE):
            from searcher.cli.completion import complete

            return complete(self, instruction)
        with self.make_context(PROGRAM, args, obj=session) as ctx:
            return int(self.invoke(ctx) or 0)


def _print_version(ctx: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        from searcher.cli.software import software

        output.write(f"{PROGRAM} {software()}\n")
        ctx.exit()


@click.group(
    cls=LateGroup,
    name=PROGRAM,
    help=HELP,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version, and those of the core, Whoosh and Python, and exit.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Print the help when no command was named."""
    if ctx.invoked_subcommand is None:
        output.write(ctx.get_help() + "\n")
