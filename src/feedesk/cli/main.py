"""From arguments to an exit status: find the command, run it, print its answer or the one line that says what is wrong.

Exit status: 0 done; 1 refused for a reason of the business; 2 wrong usage; 3 `verify` found the ledger wrong;
4 the environment; beyond the contract 70 a bug and 130 interrupted. No command at all opens the window.
"""

import importlib
import io
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from feedesk import __version__
from feedesk.cli.arguments import Parser, Shared, WrongUsage, add_shared_options, ledger_url, split_command
from feedesk.cli.commands import COMMANDS, module_of
from feedesk.cli.faults import Interrupted, ProgramFault, fault_of
from feedesk.cli.garbage import collected_rarely
from feedesk.cli.output import Answer, detail_lines, error_document, write_now
from feedesk.errors import EnvironmentFault, FeedeskError, UsageError, UserError
from feedesk.texts import DEFAULT_LANGUAGE, _, use_language

if TYPE_CHECKING:
    from feedesk.cli.desk import Programs

DONE, REFUSED, WRONG_USAGE, ENVIRONMENT = 0, 1, 2, 4
PROGRAM_FAULT, INTERRUPTED = 70, 130


def main(arguments: Sequence[str], programs: "Programs") -> int:
    """Runs what the arguments ask for and returns the exit status."""
    use_language(DEFAULT_LANGUAGE)
    _speak_utf8()
    wants_json = "--json" in arguments
    try:
        with collected_rarely():
            answer = _answer(arguments, programs)
        write_now(answer, wants_json)
        return answer.status
    except SystemExit as shown:  # argparse has printed help or the version
        return int(shown.code or DONE)
    except OSError as error:
        return _print_error(fault_of(error), wants_json)
    except FeedeskError as error:
        return _print_error(error, wants_json)
    except KeyboardInterrupt:
        return _print_error(Interrupted(), wants_json)


def _answer(arguments: Sequence[str], programs: "Programs") -> Answer:
    name, others = split_command(arguments, COMMANDS)
    if name is None:
        options = _read_arguments(_root_parser(), others)
        return Answer(None, status=programs.open_window(ledger_url(options.database), options.today))
    if name not in COMMANDS:
        raise _unknown(name)
    command: Any = importlib.import_module(module_of(name))
    parser = Parser(f"feedesk {name}", _(COMMANDS[name]))
    command.define(parser)
    add_shared_options(parser)
    options = _read_arguments(parser, others)

    from feedesk.cli.desk import CommandDesk  # the database, which a wrong argument need not wait for

    desk = CommandDesk(options, programs)
    try:
        answer: Answer = command.run(desk)
        return answer
    finally:
        desk.close()


def _unknown(name: str) -> WrongUsage:
    longer = [command.removeprefix(f"{name} ") for command in COMMANDS if command.startswith(f"{name} ")]
    if longer:
        problem = _("“{name}” needs one of: {choices}").format(name=name, choices=" ".join(longer))
    else:
        problem = _("there is no command “{name}”").format(name=name)
    return WrongUsage(problem=problem, command="feedesk")


def _root_parser() -> Parser:
    parser = Parser("feedesk", _("The cashier desk of a residential property company. Without a command: the window."))
    parser.add_argument("--version", action="version", version=f"feedesk {__version__}", help=_("shows the version"))
    commands = parser.add_argument_group(_("commands (feedesk COMMAND --help tells more)"))
    for name, purpose in COMMANDS.items():
        # Only listed here: `split_command` has found the command before this parser is asked.
        commands.add_argument(name, help=_(purpose), nargs="?", metavar=name)
    add_shared_options(parser)
    parser.usage = _("feedesk [COMMAND …]")
    return parser


def _read_arguments(parser: Parser, arguments: Sequence[str]) -> Shared:
    try:
        return parser.parse_args(arguments, Shared())
    except UserError as error:  # a value that says something impossible, e.g. three decimals
        raise _Miswritten(error) from error


class _Miswritten(UsageError):
    """A wrongly written value: the sentence and code of the error, the status of wrong usage."""

    def __init__(self, error: UserError) -> None:
        super().__init__(details=error.details, **error.facts)
        self.message = error.message  # type: ignore[misc]
        self.code = error.code  # type: ignore[misc]


def _print_error(error: FeedeskError, wants_json: bool) -> int:
    write_now(Answer(error_document(error), detail_lines(error.details)), wants_json)
    if not wants_json:
        print(f"feedesk: {error}", file=sys.stderr)
    match error:
        case UserError():
            return REFUSED
        case UsageError():
            return WRONG_USAGE
        case EnvironmentFault():
            return ENVIRONMENT
        case Interrupted():
            return INTERRUPTED
        case _:
            return PROGRAM_FAULT


def tell_program_fault(log: str, wants_json: bool) -> int:
    """Says that the program itself failed and where the log is; returns the exit status."""
    return _print_error(ProgramFault(log=log or "stderr"), wants_json)


def _speak_utf8() -> None:
    """Files and pipes get UTF-8 on every system; a terminal keeps its own encoding, whatever it cannot show escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
