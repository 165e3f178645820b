"""The program `dealix-lint`: finds the command, turns errors into messages and exit codes."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from difflib import get_close_matches
from importlib import import_module
from types import TracebackType
from typing import Final

import click

from dealix_lint import __version__
from dealix_lint.faces.cli.status import CLEAN, INTERRUPTED, TROUBLE
from dealix_lint.model.errors import DealixError

_READER_OR_SPACE_GONE: Final = frozenset({errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EIO})
_COMMANDS: Final = {
    "cache": "Show or clear what is remembered of earlier runs.",
    "catalog": "Show, check and try what is known of providers and frameworks.",
    "check": "Report what breaks the policy.",
    "explain": "Say what a code means, why, and how to fix it.",
    "graph": "Print the call graph.",
    "inventory": "List every external effect and what leads to it.",
    "why": "Print the shortest call path between two functions.",
}


class _Commands(click.Group):
    """Imports a command when it is used: `--version` and `--help` stay fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"dealix_lint.faces.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As usual, with what may have been meant: `dealix-lint chekc`, `dealix-lint src`."""
        name = args[0]
        if name in _COMMANDS or name.startswith("-"):
            return super().resolve_command(ctx, args)
        near = get_close_matches(name, _COMMANDS, n=1) or ([f"check {name}"] if os.path.exists(name) else [])
        advice = f"did you mean `dealix-lint {near[0]}`?" if near else f"there are {', '.join(_COMMANDS)}"
        raise click.UsageError(f"No command {name!r}; {advice}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="dealix-lint", message="%(prog)s %(version)s")
def app() -> None:
    """Check that every path to an external effect is classified, traceable, approved and owned.

    Settings stand in pyproject.toml under [tool.dealix-lint]. The code under analysis is never imported or run."""


def main() -> None:
    """Run the command line of this process and exit: 0 clean, 1 findings, 2 the job could not be done."""
    _provide_streams()
    with _Boundary():
        status = app.main(prog_name="dealix-lint", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(status if isinstance(status, int) else CLEAN)


def program() -> None:
    """The same as a program of its own, which ends at once: taking an analysis apart value by value would take seconds."""
    try:
        main()
    except SystemExit as end:
        status = end.code
        if isinstance(status, int) and _are_flushed():
            os._exit(status)
        raise


def _are_flushed() -> bool:
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        return False
    return True


class _Boundary:
    """Where exceptions end. A mistake of the user's is one message; anything else is a defect of ours, with its
    traceback, and must not look like findings: Python would exit with 1."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, SystemExit):
            return
        if isinstance(error, click.exceptions.Exit):
            sys.exit(error.exit_code)
        if isinstance(error, (KeyboardInterrupt, click.Abort)):
            print("dealix-lint: interrupted", file=sys.stderr)
            sys.exit(INTERRUPTED)
        if isinstance(error, OSError) and error.errno in _READER_OR_SPACE_GONE:
            if error.errno != errno.EPIPE:
                print(f"dealix-lint: the output cannot be written: {error.strerror}", file=sys.stderr)
            _drop_output()
            sys.exit(TROUBLE)
        _tell(error)
        sys.exit(TROUBLE)


def _tell(error: BaseException) -> None:
    if isinstance(error, click.ClickException):
        error.show()
    elif isinstance(error, DealixError):
        print(f"dealix-lint: {error}", file=sys.stderr)
    else:
        traceback.print_exception(error)
        print("dealix-lint: this is a defect in dealix-lint; please report it with the text above", file=sys.stderr)


def _provide_streams() -> None:
    """Where a stream was closed before we were started (`>&-`), what would be written to it goes nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


def _drop_output() -> None:
    """Nobody reads us any more; without this, closing standard output would complain about it once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
