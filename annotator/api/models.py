"""What models say of instances, and what they learn from them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from landmark_annotator.annotator.api.instances import Instance, each, instances
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.annotator.session.models.related_instances import image_key
from landmark_annotator.annotator.session.models.training import train_project
from landmark_annotator.backends.registry import DEFAULT_BACKEND
from landmark_annotator.backends.shapes import Posterior, Proposal
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import (
    SILENT,
    ActionableError,
    Evidence,
    LabelledInstance,
    Progress,
)
from landmark_annotator.projects.vocabulary.arguments import told
from landmark_annotator.projects.vocabulary.arrays import floats
from landmark_annotator.projects.vocabulary.errors import Cancelled

if TYPE_CHECKING:
    from landmark_annotator.backends.dataset import LandmarkDataset


@told
def propose(
    project: Project,
    chosen: Iterable[Instance] | Instance | None = None,
    *,
    progress: Progress = SILENT,
) -> Iterator[tuple[Instance, Proposal]]:
    """The distribution over shapes of each instance that has a box, by the model that proposes in
    the project; nothing is stored. chosen: of `instances`, by default those that are not accepted.
    Ends at once where nothing is labelled and no model is there. Where no network is trained, the
    first one is waited for, up to half a minute: what proposes learns from the labels then. Raises
    ImageError, and Cancelled."""
    proposer = best_proposer(project, progress)
    count = len(chosen) if isinstance(chosen, Sized) else None
    if chosen is None:
        count = sum(one.state is not InstanceState.ACCEPTED for one in project.instances())
        chosen = (one for one in instances(project) if not one.labelled)
    progress.start("proposing", count)
    for one in each(chosen):
        if progress.cancelled():
            raise Cancelled("Stopped while proposing.", kept="Nothing was stored.")
        if one.box is not None:
            proposal = proposer.propose(one.read_pixels(), one.box)
            if proposal is not None:
                yield one, proposal
        progress.advance(note=one.name)


@told
def condition(
    proposal: Proposal, clicks: Mapping[int, Sequence[float] | npt.NDArray[Any]]
) -> Posterior:
    """What is believed after clicks, by the number of the landmark, (x, y) in image pixels: all
    points and how sure they are. `query` of the answer is the landmark to ask for next. The order
    of clicks is of no matter; one is taken back by leaving it out. Raises ActionableError for
    landmarks that there are not."""
    if not isinstance(clicks, Mapping):
        raise ActionableError(
            f"Clicks are a dict from landmarks to positions, not {type(clicks).__name__}.",
            remedy="For example {30: (120.0, 90.0)}.",
        )
    deviation = proposal.click_deviation
    return proposal.given(
        [Evidence.click(mark, floats(at, "A position"), deviation) for mark, at in clicks.items()]
    )


@told
def dataset(
    project: Project,
    chosen: Iterable[Instance] | Instance | None = None,
    *,
    size: int = 128,
    mirror: bool = False,
    seed: int = 0,
) -> "LandmarkDataset":
    """A PyTorch dataset of square crops; `in_image` of it leads from points in a crop back to
    pixels of the image. chosen: of `instances`, by default the accepted ones; those without a box
    are left out, and of what is not labelled nothing is `known`. size, mirror, seed: see
    `LandmarkDataset`."""
    from landmark_annotator.backends.dataset import LandmarkDataset

    if chosen is None:
        chosen = (one for one in instances(project) if one.labelled)
    learned = [
        LabelledInstance(
            f"{one.name}#{one.id}", one.box, one.shape, one.read_pixels, image_key(one.image)
        )
        for one in each(chosen)
        if one.box is not None
    ]
    return LandmarkDataset(learned, project.scheme, size=size, mirror=mirror, seed=seed)


@told
def train(
    project: Project,
    backend: str = DEFAULT_BACKEND,
    *,
    who: str,
    progress: Progress = SILENT,
    **settings: Any,
) -> Mapping[str, Any]:
    """Trains a model on what the project holds and leaves it there, with a record. The card of the
    model. settings: see `annotator train --list-settings`. Raises TooFewLabels, DiskFull,
    Cancelled."""
    return train_project(project, backend, settings, progress, who)
