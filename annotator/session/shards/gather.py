"""Putting the results of all parts into a project."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from landmark_annotator.annotator.session.shards import fill_shards, find_shards, proposal_shards
from landmark_annotator.annotator.session.shards.checked_lines import Line, damaged
from landmark_annotator.annotator.session.shards.checked_values import Unfit
from landmark_annotator.annotator.session.shards.fill_shards import FilledParts
from landmark_annotator.annotator.session.shards.find_shards import FindShards
from landmark_annotator.annotator.session.shards.manifest import (
    Manifest,
    Shard,
    manifest_of,
)
from landmark_annotator.annotator.session.shards.proposal_shards import ProposalShards
from landmark_annotator.annotator.session.shards.result_file import GatheredWork, Put, results_of
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled


@dataclass(frozen=True)
class Gathered:
    """missing: the parts without results. shards: how many parts there are."""

    command: str
    put: Put
    missing: tuple[int, ...]
    shards: int
    tasks: int


def gather(project: Project, folder: Path, *, who: str, progress: Progress) -> Gathered:
    """All or nothing of what is there, in one transaction, which is one step for undo where the
    command has any. Done again, nothing changes.

    Raises ActionableError where the parts are of another project or model, or one is damaged;
    Cancelled.
    """
    manifest = manifest_of(project, folder)
    shards = manifest.parts
    missing = tuple(shard.number for shard in shards if not shard.file(folder).exists())
    place = _Place(folder)
    progress.start("gathering", len(manifest.tasks))
    try:
        work = _work(manifest, project, who)
        work.check_model(manifest)
        project.back_up_before("gather")
        with project.transaction():
            put = work.put_in(_results(manifest, shards, folder, place, progress))
    except Unfit as error:
        raise damaged(place.file, f"of result {place.number}, {error}") from error
    return Gathered(manifest.asked.command, put, missing, len(shards), len(manifest.tasks))


def _work(manifest: Manifest, project: Project, who: str) -> GatheredWork:
    command = manifest.asked.command
    if command == proposal_shards.NAME:
        return ProposalShards(project)
    if command == find_shards.NAME:
        return FindShards(project, who)
    if command == fill_shards.NAME:
        return FilledParts(project, manifest, who)
    raise ActionableError(
        f'The parts are of "{command}", which this version of the program does not know.',
        kept="Nothing was changed.",
    )


@dataclass
class _Place:
    """Of the result that is looked at."""

    file: Path
    number: int = 0


def _results(
    manifest: Manifest, shards: list[Shard], folder: Path, place: _Place, progress: Progress
) -> Iterator[tuple[Line, Line]]:
    for shard in shards:
        place.file = shard.file(folder)
        for number, result in enumerate(results_of(manifest, shard, folder), 1):
            place.number = number
            yield result
            progress.advance()
            if progress.cancelled():
                raise Cancelled("Gathering was stopped.", kept="Nothing was changed.")
