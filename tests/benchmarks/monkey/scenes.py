"""The projects that the monkey works in: small, drawn from a seed, one for each way of working."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from landmark_annotator.annotator.session.setup.demonstration import make_demonstration
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import (
    Assignment,
    ImageRecord,
    InstanceState,
    Project,
    Role,
    Verdict,
)
from landmark_annotator.projects.vocabulary import Box, Provenance, Region, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from tests.unit.projects.video.encoded import encode

WHO = "monkey"
_OTHER = "ada"
_WIDTH, _HEIGHT = 240, 200
_KITE = Scheme(
    "kite",
    ("top", "right", "bottom", "left", "centre", "tail"),
    edges=((0, 1), (1, 2), (2, 3), (3, 0), (2, 5)),
    partners=((1, 3),),
    normaliser=(1, 3),
)
_MANY = 80
_RING = Scheme("ring", tuple(f"p{number:02}" for number in range(_MANY)))


def _kite(random: np.random.Generator) -> Floats:
    wide, high, lean = random.uniform(25, 45), random.uniform(40, 60), random.normal(0, 4)
    corners = [(lean, -high), (wide, 0), (0, high), (-wide, 0), (0, 0), (-lean, high + 15)]
    return np.asarray(np.array(corners) + np.array([120, 95]) + random.normal(0, 4, 2))


def _ring(random: np.random.Generator) -> Floats:
    angle = np.linspace(0, 2 * np.pi, _MANY, endpoint=False)
    wide, high = random.uniform(40, 80, 2)
    return np.stack([120 + wide * np.cos(angle), 100 + high * np.sin(angle)], axis=1)


def _add_image(project: Project, number: int, random: np.random.Generator) -> ImageRecord:
    path = project.folder.parent / f"{project.folder.name}_{number:02}.png"
    tiles = random.integers(60, 190, (_HEIGHT // 20, _WIDTH // 20, 3), dtype=np.uint8)
    Image.fromarray(tiles.repeat(20, axis=0).repeat(20, axis=1)).save(path)
    return project.add_image(path, examine(path))


def _drawn(
    folder: Path,
    seed: int,
    *,
    scheme: Scheme = _KITE,
    drawn: Callable[[np.random.Generator], Floats] = _kite,
    labelled: int = 6,
    waiting: int = 4,
    boxes: bool = True,
) -> Project:
    random = np.random.default_rng(seed)
    project = Project.create(folder, scheme)
    with project.transaction():
        for number in range(waiting + labelled):
            image = _add_image(project, number, random)
            shape = Shape(drawn(random)).with_provenance(Provenance.IMPORTED)
            done = number >= waiting
            box = Box.square_around(shape.points, 1.1) if boxes or done else None
            project.add_instance(image.id, box, shape=shape if done else None, who="import")
    return project


def _empty(folder: Path, seed: int) -> None:
    Project.create(folder, _KITE).close()


def _plain(folder: Path, seed: int) -> None:
    _drawn(folder, seed).close()


def _no_box(folder: Path, seed: int) -> None:
    _drawn(folder, seed, labelled=0, boxes=False).close()


def _several(folder: Path, seed: int) -> None:
    """Objects an image, some of them done."""
    random = np.random.default_rng(seed)
    with _drawn(folder, seed) as project, project.transaction():
        for image in project.images():
            for _ in range(int(random.integers(0, 4))):
                shape = Shape(_kite(random) * 0.5 + random.uniform(0, 90, 2))
                box = Box.square_around(shape.points, 1.2)
                found = shape if random.random() < 0.5 else None
                project.add_instance(image.id, box, shape=found, who="import")


def _regions(folder: Path, seed: int) -> None:
    parts = (Region("cloth"), Region("frame"), Region("bow", overlaps=True))
    _drawn(folder, seed, scheme=replace(_KITE, regions=parts)).close()


def _dense(folder: Path, seed: int) -> None:
    _drawn(folder, seed, scheme=_RING, drawn=_ring).close()


def _video(folder: Path, seed: int) -> None:
    with Project.create(folder, Scheme("bar", ("start", "end"), edges=((0, 1),))) as project:
        clip = encode(folder.with_suffix(".mp4"), 40)
        images = add_frames(project, clip, (2, 9, 20, 31), who=_OTHER).added
        (video,) = project.videos()
        tracks = [project.add_track(video.id, name, who=_OTHER).id for name in ("red", "blue")]
        box = Box(40.0, 30.0, 40.0, 40.0)
        for image in images[:3]:
            frame = image.frame or 0
            shape = Shape(np.array([[20.0 + frame, 20.0], [50.0, 40.0 + frame / 2]]))
            (first,) = project.instances_of(image.id)
            project.fill_instance(first.id, box, shape, who=_OTHER)
            second = project.add_instance(image.id, box, shape=shape, who=_OTHER)
            for record, track in zip((first, second), tracks, strict=True):
                project.assign_track([record.id], track, who=_OTHER)


def _reviewed(folder: Path, seed: int) -> None:
    """Two people who label some images blindly, flags, verdicts, and what is left out."""
    with _drawn(folder, seed, labelled=8) as project:
        project.set_person(WHO, Role.LEAD, who=WHO)
        project.set_person(_OTHER, Role.ANNOTATOR, who=WHO)
        project.set_assignment(Assignment(twice=0.4, seed=seed), who=WHO)
        # Without the second opinions that wait.
        done = [r.id for r in project.instances() if r.state is InstanceState.ACCEPTED]
        project.flag(done[0], "is this a kite?", who=_OTHER)
        project.review(done[1], Verdict.SENT_BACK, "the tail", who=WHO)
        project.review(done[2], Verdict.ACCEPTED, who=WHO)
        project.exclude(instances=[done[3]], why="blurred", who=WHO)


def _annotator(folder: Path, seed: int) -> None:
    """As `_reviewed`, of somebody who may do less."""
    with _drawn(folder, seed) as project:
        project.set_person(_OTHER, Role.LEAD, who=_OTHER)
        project.set_person(WHO, Role.ANNOTATOR, who=_OTHER)
        project.set_assignment(Assignment(twice=0.5, seed=seed), who=_OTHER)


def _broken(folder: Path, seed: int) -> None:
    """Files that are gone, cut, empty, or are no images any more."""
    with _drawn(folder, seed) as project:
        paths = [image.path for image in project.images()]
    paths[0].unlink()
    paths[1].write_bytes(paths[1].read_bytes()[:200])
    paths[2].write_bytes(b"")
    paths[-1].write_text("no image")


def _sample(folder: Path, seed: int) -> None:
    """The sample project, with a model that is shipped."""
    make_demonstration(folder)


SCENES: dict[str, Callable[[Path, int], None]] = {
    "plain": _plain,
    "empty": _empty,
    "no_box": _no_box,
    "several": _several,
    "regions": _regions,
    "dense": _dense,
    "video": _video,
    "reviewed": _reviewed,
    "annotator": _annotator,
    "broken": _broken,
    "read_only": _plain,
    "sample": _sample,
}
"""Each makes a project in a folder that is not there yet, of a seed."""
