"""What people do to an instance, done beside the window before they do it.

SQLAlchemy writes the text of a question or a change once in a process, whatever thread asks, and
of the dozens behind a click or an acceptance that takes longer than the disk does.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.review.open_issues import remarks
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Visibility

_SCHEME = Scheme("rehearsal", ("left", "right", "top"), partners=((0, 1),))
_BOX = Box(8, 8, 8, 8)
_WHO = "rehearsal"


@cache
def rehearse() -> None:
    """In any thread, once a process, in a project of its own that is gone afterwards."""
    with TemporaryDirectory() as passing:
        folder = Path(passing)
        with Project.create(folder / "project", _SCHEME) as project:
            for name in ("one", "two"):
                image = project.add_image(folder / name, ImageFacts(16, 16, name))
                project.add_instance(image.id, _BOX, who=_WHO)
            _label(project)


def _label(project: Project) -> None:
    session = LabellingSession(project, who=_WHO)
    first = session.following()
    assert first is not None
    session.open(first)
    for landmark in range(len(_SCHEME)):
        session.click(landmark, (4.0 + landmark, 6.0))
    gestures: list[Callable[[], object]] = [
        lambda: session.set_visibility(2, Visibility.OCCLUDED),
        lambda: session.clear(2),
        lambda: session.move({0: (3.0, 3.0), 2: (5.0, 5.0)}),
        session.swap,
        lambda: session.set_box(Box(9, 9, 8, 8)),
        session.accept,
    ]
    for gesture in gestures:
        gesture()
        project.titles(_WHO)
        session.undo()
        session.open(first)
        session.redo()
        session.open(first)
    _look(project, first)
    following = session.following()
    assert following is not None
    session.open(following)
    project.some_to_label([first, following], who=_WHO)
    project.flag(following, "why", who=_WHO)
    project.exclude(instances=[following], why="why", who=_WHO)
    for _ in range(2):
        session.undo()


def _look(project: Project, instance_id: int) -> None:
    """What the window shows of an instance beside its photograph."""
    image_id = project.instance(instance_id).image_id
    for excluded in (False, True):
        project.instances_of(image_id, excluded=excluded)
    project.rows([instance_id])
    remarks(project, [instance_id])
    project.done_since(instance_id, 0)
    project.waiting_counts()
    project.count_of(InstanceState.ACCEPTED)
    project.found_in(image_id)
    project.offered(_WHO, instance_id, 3)
