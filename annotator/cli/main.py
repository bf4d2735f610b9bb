"""The program `annotator`: its commands, and what becomes of failures."""

import errno
import inspect
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from itertools import pairwise
from typing import Any

import typer
from typer.main import get_command

from landmark_annotator.annotator.cli.commands.agreement import agreement
from landmark_annotator.annotator.cli.commands.assign import assign
from landmark_annotator.annotator.cli.commands.backup import backup
from landmark_annotator.annotator.cli.commands.budget import budget
from landmark_annotator.annotator.cli.commands.certify import certify
from landmark_annotator.annotator.cli.commands.check import check
from landmark_annotator.annotator.cli.commands.clip import clip
from landmark_annotator.annotator.cli.commands.compact import compact
from landmark_annotator.annotator.cli.commands.completion import completion
from landmark_annotator.annotator.cli.commands.copy import copy
from landmark_annotator.annotator.cli.commands.decide import decide
from landmark_annotator.annotator.cli.commands.demo import demo
from landmark_annotator.annotator.cli.commands.evaluate import evaluate
from landmark_annotator.annotator.cli.commands.exclude import exclude
from landmark_annotator.annotator.cli.commands.export import export
from landmark_annotator.annotator.cli.commands.fill import fill
from landmark_annotator.annotator.cli.commands.find import find
from landmark_annotator.annotator.cli.commands.formats import formats
from landmark_annotator.annotator.cli.commands.frames import frames
from landmark_annotator.annotator.cli.commands.gather import gather
from landmark_annotator.annotator.cli.commands.groups import groups
from landmark_annotator.annotator.cli.commands.import_labels import import_labels
from landmark_annotator.annotator.cli.commands.imports import imports
from landmark_annotator.annotator.cli.commands.interpret import interpret
from landmark_annotator.annotator.cli.commands.join import join
from landmark_annotator.annotator.cli.commands.locate import locate
from landmark_annotator.annotator.cli.commands.new import new
from landmark_annotator.annotator.cli.commands.open import open_window, start
from landmark_annotator.annotator.cli.commands.package import package
from landmark_annotator.annotator.cli.commands.people import people
from landmark_annotator.annotator.cli.commands.plan import plan
from landmark_annotator.annotator.cli.commands.plugins import plugins
from landmark_annotator.annotator.cli.commands.predict import predict
from landmark_annotator.annotator.cli.commands.propose import propose
from landmark_annotator.annotator.cli.commands.restore import restore
from landmark_annotator.annotator.cli.commands.review import review
from landmark_annotator.annotator.cli.commands.rule import rule
from landmark_annotator.annotator.cli.commands.scale import scale
from landmark_annotator.annotator.cli.commands.scheme import scheme
from landmark_annotator.annotator.cli.commands.simulate import simulate
from landmark_annotator.annotator.cli.commands.sources import sources
from landmark_annotator.annotator.cli.commands.status import status
from landmark_annotator.annotator.cli.commands.track import track
from landmark_annotator.annotator.cli.commands.train import train
from landmark_annotator.annotator.cli.commands.trainings import trainings
from landmark_annotator.annotator.cli.support.ending_signals import EndingSignals
from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.annotator.cli.support.output import failure, note, told
from landmark_annotator.projects.priority import give_way

_EPILOG = (
    "Exit status: 0 done, 1 a mistake of the program, 2 wrong usage, 3 the input cannot be used, "
    "4 something was left out and --strict was given, 130 stopped by Ctrl+C "
    "(129 as its terminal was closed, 143 as something else asked it to end), "
    "141 done, but nobody reads the result."
)

app = typer.Typer(epilog=_EPILOG, add_completion=False)
app.callback(invoke_without_command=True)(start)
app.command()(new)
app.command()(join)
app.command("import")(import_labels)
app.command()(imports)
app.command()(frames)
app.command()(train)
app.command()(trainings)
app.command()(find)
app.command()(propose)
app.command()(gather)
app.command()(predict)
app.command()(package)
app.command()(track)
app.command()(clip)
app.command("open")(open_window)
app.command()(status)
app.command()(scheme)
app.command()(scale)
app.command()(people)
app.command()(assign)
app.command()(review)
app.command()(certify)
app.command()(rule)
app.command()(agreement)
app.command()(decide)
app.command()(budget)
app.command()(plan)
app.command()(fill)
app.command()(exclude)
app.command()(groups)
app.command()(export)
app.command()(formats)
app.command()(plugins)
app.command()(copy)
app.command()(backup)
app.command()(restore)
app.command()(check)
app.command()(locate)
app.command()(sources)
app.command()(compact)
app.command()(simulate)
app.command()(evaluate)
app.command()(interpret)
app.command()(completion)
app.command()(demo)
for command in app.registered_commands:
    # A paragraph is one line, which breaks where the terminal ends.
    paragraphs = (inspect.getdoc(command.callback) or "").split("\n\n")
    command.help = "\n\n".join(paragraph.replace("\n", " ") for paragraph in paragraphs)


def run(arguments: Sequence[str]) -> int:
    """Runs one command and returns the exit status. Failures have been told by then.

    Where a result as JSON was asked for there is one in any case: that of the command, or one that
    says what happened. What other packages add and could not be used is told at the end.
    """
    try:
        return _run(arguments)
    except KeyboardInterrupt:  # before the command itself has begun, or after it has ended
        code = _stopped()
        if "--json" in arguments and not told.answered:
            failure(told.last)
        return code
    finally:
        _tell_of_plugins(arguments)


def _run(arguments: Sequence[str]) -> int:
    program = get_command(app)
    as_json = _wants_json(program, arguments)
    told.reset()
    try:
        with told.result_alone() if as_json and sys.stdout is not None else nullcontext():
            program(args=list(arguments), prog_name="annotator")
    except SystemExit as end:
        code = int(end.code or 0)
        if isinstance(getattr(end.__context__, "__cause__", None), KeyboardInterrupt):
            code = _stopped()
        elif isinstance(end.__context__, BrokenPipeError):
            code = ExitCode.UNREAD
        if as_json and code not in (ExitCode.DONE, ExitCode.UNREAD) and not told.answered:
            said = getattr(end.__context__, "format_message", lambda: told.last)()
            failure(said or f"The command ended with the status {code}.")
        return code
    except KeyboardInterrupt:
        code = _stopped()
        if as_json and not told.answered:
            failure(told.last)
        return code
    except Exception as error:  # noqa: BLE001 - every bug ends here: told once, and logged
        # Loaded only now: a command that succeeds needs none of it.
        from landmark_annotator.annotator.cli.support.failures import (
            log_path,
            tell_actionable,
            tell_bug,
        )
        from landmark_annotator.projects.vocabulary.errors import (
            ActionableError,
            Cancelled,
            DiskFull,
        )

        if isinstance(error, OSError) and DiskFull.is_meant_by(error):
            error = DiskFull(
                f"{error.filename or 'The output, or a file,'} cannot be written: "
                f"{error.strerror}.",
                kept="What was finished before is stored.",
                remedy="Free some space, and run the command again.",
            )
        elif isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            error = ActionableError(
                f"{error.filename} is no name that a file can have: it is too long.",
                remedy="Choose a shorter one.",
            )
        if isinstance(error, ActionableError):
            tell_actionable(error)
            if as_json and not told.answered:
                failure(error.happened, error.kept, error.remedy)
            stopped = isinstance(error, Cancelled)
            return ExitCode.INTERRUPTED if stopped else ExitCode.UNUSABLE
        tell_bug(error, list(arguments))
        if as_json and not told.answered:
            failure(
                f"Something went wrong inside the program: {type(error).__name__}: {error}",
                "What was finished before is stored.",
                f"The details are at the end of {log_path()}.",
            )
        return ExitCode.BUG
    return ExitCode.DONE


def _tell_of_plugins(arguments: Sequence[str]) -> None:
    # Where nothing asked for plug-ins, none was left out, and help is to be there at once.
    plugins = sys.modules.get("landmark_annotator.projects.vocabulary.plugins")
    if plugins is not None and "plugins" not in arguments[:1]:
        for sentence in plugins.told(plugins.left_out()):
            note(sentence)


_GIVING_WAY = ("import", "backup")
"""Commands of which people who label a shared project on this machine are to notice nothing."""


def main() -> None:
    # The threads of numpy's BLAS spin while they wait, and take the cores from torch's: on two
    # cores a proposal took twice as long.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if sys.argv[1:2] and sys.argv[1] in _GIVING_WAY:
        give_way()
    if "--json" in sys.argv and sys.stdout is not None:
        _keep_output()
    ending = EndingSignals()
    ending.heed()
    code = ending.status(run(sys.argv[1:]))
    # All is done: nothing is left that Ctrl+C could stop, and nothing that could not be written.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ending.drop()
    try:
        if sys.stdout is not None:  # as where a service closes it
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _keep_output() -> None:
    """For results alone: what other processes and native code print goes to standard error."""
    kept = os.fdopen(os.dup(1), "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors)
    os.dup2(2, 1)
    sys.stdout = kept


def _wants_json(program: Any, arguments: Sequence[str]) -> bool:
    """Whether the command has a flag --json, and was given it, or was to print what others write
    into the file of that option."""
    commands = getattr(program, "commands", {})
    command = next((commands[word] for word in arguments if word in commands), None)
    flags = [o for p in getattr(command, "params", ()) if getattr(p, "is_flag", 0) for o in p.opts]
    return ("--json" in flags and "--json" in arguments) or ("--json", "-") in pairwise(arguments)


def _stopped() -> int:
    note("Stopped. What was finished before is stored.")
    return ExitCode.INTERRUPTED
