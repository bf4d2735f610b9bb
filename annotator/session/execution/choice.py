"""Where slow work runs, as people say it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from landmark_annotator.annotator.session.execution.dask_cluster import QUEUES, DaskCluster, jobs
from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS, Executor
from landmark_annotator.annotator.session.execution.processes import LocalProcesses
from landmark_annotator.projects.vocabulary.errors import ActionableError, closest, why

_ADDRESSES = ("tcp", "tls", "ucx", "ws", "wss")
_KNOWN = (
    "local:N (N processes of this machine), tcp://HOST:PORT (a Dask scheduler), "
    f"{', '.join(QUEUES)} (jobs, with --scheduler-settings)"
)


def executor_named(
    name: str | None,
    settings: Path | None = None,
    tell: Callable[[str], None] = lambda text: None,
) -> Executor:
    """None is this process alone. settings: a YAML or JSON file with the settings of a queueing
    system. tell: gets what is waited for as the executor is entered, before it is. Raises
    ActionableError for what is no scheduler."""
    if settings is not None and name not in QUEUES:
        raise ActionableError(
            "--scheduler-settings are the settings of a queueing system.",
            remedy=f"Name that as well: --scheduler {' or '.join(QUEUES)}.",
        )
    if name is None:
        return THIS_PROCESS
    kind, _, rest = name.partition(":")
    if kind == "local" and rest.isascii() and rest.isdigit() and 1 <= int(rest) <= 1024:
        return LocalProcesses(int(rest))
    if name in QUEUES:
        chosen = {} if settings is None else read_settings(settings)
        return DaskCluster(name, lambda: jobs(name, chosen))
    if kind in _ADDRESSES and rest.startswith("//") and rest.strip("/"):
        return DaskCluster(name, tell=tell)
    raise ActionableError(
        f'There is no scheduler "{name}".{closest(name, QUEUES)}', remedy=f"Say one of: {_KNOWN}."
    )


def read_settings(file: Path) -> Mapping[str, Any]:
    """Raises ActionableError where it is no such file."""
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ActionableError(f"The settings {file} cannot be read: {why(error)}.") from error
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise ActionableError(
            f"{file} holds no settings.",
            remedy='One on each line, such as "queue: gpu" and "jobs: 10".',
        )
    return found
