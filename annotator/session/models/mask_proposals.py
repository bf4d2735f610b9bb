"""Masks proposed for many instances at once, stored for whoever looks at them."""

from dataclasses import dataclass, field

import numpy as np

from landmark_annotator.annotator.session.models.library import KeptModel, ModelLibrary, Origin
from landmark_annotator.annotator.session.models.training import numbered_instances
from landmark_annotator.backends.parsers import HAIR, PARSING, load_parsers
from landmark_annotator.backends.region_masks import found_masks
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.wording import counted, say_once


@dataclass
class ProposedMasks:
    """count: instances that masks were proposed for. reason: by which model, or why by none; empty
    where the scheme has no regions. unreadable: one sentence for each image that could not be read.
    """

    count: int = 0
    reason: str = ""
    unreadable: list[str] = field(default_factory=list)


def propose_masks(project: Project, progress: Progress, device: str = "cpu") -> ProposedMasks:
    """For every instance that lacks the mask of a region that the model knows, accepted or not:
    whose landmarks are right may still have no masks. Stopped, it keeps what is done."""
    done = ProposedMasks()
    if not project.scheme.regions or progress.cancelled():
        return done
    kept = kept_parsers(ModelLibrary.of(project, device))
    if not kept:
        done.reason = (
            "No masks are proposed: no parsing network is trained yet. Draw some, then: "
            "annotator train PROJECT --backend parsing."
        )
        return done
    folders = {each.name: each.folder for each in kept}
    model = load_parsers(folders, project.scheme, device)
    names = {region.name for region in project.scheme.regions} & set(model.regions())
    if not names:
        done.reason = f"{kept[0].subject} knows none of the scheme's regions."
        return done
    done.reason = f"{kept[0].subject} proposes masks of {counted(len(names), 'region')}."
    if len(kept) > 1:
        done.reason += f" {kept[1].subject} has its own word about one of them."
    maker = ", ".join(each.maker(each.name) for each in kept)
    waiting = _waiting(project, names)
    progress.start("proposing masks", len(waiting))
    for number, instance in waiting:
        try:
            pixels = instance.read_pixels()
        except ActionableError as error:
            say_once(done.unreadable, error.happened)
        else:
            points, covariances = _landmarks(project, number, instance.shape)
            found = model.segment(pixels, instance.box, points, {}, (), covariances)
            masks = found_masks(found, pixels.shape[1], pixels.shape[0])
            own = {name: mask for name, mask in masks.items() if name in names}
            project.store_mask_proposal(number, own, model=maker)
            done.count += 1
        progress.advance()
        if progress.cancelled():
            break
    return done


def _landmarks(project: Project, number: int, shape: Shape) -> tuple[Floats, Floats]:
    """(L, 2) and (L, 2, 2): as they are stored, where nothing is as they are proposed."""
    open_ones = ~(shape.known | shape.absent)
    proposal = project.proposal(number) if open_ones.any() else None
    if proposal is None:
        return shape.points, shape.covariances
    return (
        np.where(open_ones[:, None], proposal.points, shape.points),
        np.where(open_ones[:, None, None], proposal.covariances, shape.covariances),
    )


def kept_parsers(library: ModelLibrary) -> list[KeptModel]:
    """Trained in the project, else as they came with the program: one, or the network of all
    regions and that of one of them."""
    found = []
    own, hair = library.own(PARSING), library.own(HAIR)
    shipped = PARSING.shipped(library.scheme)
    if own.is_there:
        found.append(own)
    elif shipped is not None:
        found.append(KeptModel(PARSING, shipped, Origin.SHIPPED, own.scheme, own.device))
    return [*found, hair] if hair.is_there else found


def _waiting(project: Project, names: set[str]) -> list[tuple[int, LabelledInstance]]:
    with project.snapshot():
        numbered = numbered_instances(project)
        stored = dict(project.masks_of([number for number, _ in numbered]))
    return [
        (number, instance) for number, instance in numbered if names - set(stored.get(number, {}))
    ]
