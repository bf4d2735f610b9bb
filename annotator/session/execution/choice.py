"""Where slow work runs, as people say it."""

from pathlib import Path

from annotator.session.execution.executor import THIS_PROCESS, Executor
from annotator.session.execution.processes import LocalProcesses
from projects.vocabulary.errors import ActionableError

_KNOWN = "local:N (N processes of this machine)"


def executor_named(name: str | None, settings: Path | None = None) -> Executor:
    """None is this process alone. Raises ActionableError for what is no scheduler."""
    if name is None:
        return THIS_PROCESS
    kind, _, rest = name.partition(":")
    if kind == "local" and rest.isascii() and rest.isdigit() and 1 <= int(rest) <= 1024:
        return LocalProcesses(int(rest))
    raise ActionableError(f'There is no scheduler "{name}".', remedy=f"Say one of: {_KNOWN}.")
