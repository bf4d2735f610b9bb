"""A video of two textured things that move, and a project of its frames."""

from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.models.training import labelled_instances
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.annotator.session.tracking import video_tracks
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

FRAMES, WIDTH, HEIGHT = 8, 192, 128
POINTS = np.array([[-18.0, -12.0], [18.0, -12.0], [18.0, 12.0], [-18.0, 12.0]])
SCHEME = Scheme("cards", ("a", "b", "c", "d"))


def truth(thing: int, frame: int) -> Floats:
    """(4, 2) the corners: one goes to the right, the other to the left below it."""
    middle = [(40 + 5 * frame, 36 + frame), (150 - 4 * frame, 92)][thing]
    return POINTS + middle


def _texture(seed: int, shape: tuple[int, int]) -> Pixels:
    noise = np.random.default_rng(seed).uniform(0, 255, shape).astype(np.float32)
    blurred = cv2.GaussianBlur(noise, (0, 0), 2)
    return np.asarray(cv2.normalize(blurred, None, 0, 255, cv2.NORM_MINMAX), dtype=np.uint8)


def _drawn(frame: int) -> Pixels:
    pixels = (_texture(9, (HEIGHT, WIDTH)) // 4).astype(np.uint8)
    for thing in (0, 1):
        left, top = (truth(thing, frame).min(axis=0) - 4).astype(int)
        pixels[top : top + 33, left : left + 45] = _texture(thing, (33, 45))
    return np.repeat(pixels[..., None], 3, axis=2)


@pytest.fixture(scope="session")
def cards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cards") / "cards.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(FRAMES):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(_drawn(number), "rgb24")))
        container.mux(stream.encode())
    return path


def blind_proposer(project: Project) -> Proposer:
    """The prior that looks at no image: all else is in boxes and flow."""
    labelled = tuple(labelled_instances(project))
    return Proposer("The prior proposes.", None, PriorModel(labelled, SCHEME).blind())


def label_both(project: Project, frame: int) -> None:
    """The things, in a frame in which nothing is labelled."""
    image = next(image for image in project.images() if image.frame == frame)
    first = project.instances_of(image.id)[0]
    for thing, instance in ((0, first.id), (1, None)):
        points = truth(thing, frame)
        box, shape = Box.square_around(points, 1.2), Shape(points)
        shape = shape.with_provenance(Provenance.CLICKED)
        if instance is None:
            project.add_instance(image.id, box, shape=shape, who="ann")
        else:
            project.fill_instance(instance, box, shape, who="ann")


@pytest.fixture
def unlabelled(tmp_path: Path, cards: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """All frames; once something is labelled, the prior proposes."""
    monkeypatch.setattr(video_tracks, "best_proposer", blind_proposer)
    with Project.create(tmp_path / "filmed", SCHEME) as project:
        add_frames(project, cards, range(FRAMES), who="ann")
        yield project


@pytest.fixture
def filmed(unlabelled: Project) -> Project:
    """In the first frame both things are labelled."""
    label_both(unlabelled, 0)
    return unlabelled
