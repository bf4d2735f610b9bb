"""Videos with a reference for every frame: a rendered one with exact truth, and flies as another
program has predicted them, which is no truth but something to compare with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.images.source import Frame, frame_facts
from landmark_annotator.projects.samples.rendered_heads.heads import rendered_heads
from landmark_annotator.projects.store import ImageRecord
from landmark_annotator.projects.vocabulary import Box, Scheme, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.sides import partners_by_name


@dataclass(frozen=True, eq=False)
class ReferenceClip:
    """One object through T frames. points: (T, L, 2) image pixels, NaN where unknown. lengths: (T,)
    what errors are compared with, in pixels. hidden: (T, L) what a hand passes before. scores:
    (T, L) how sure a reference that is another program's says it is, NaN where unknown; None for
    exact truth."""

    scheme: Scheme
    read: Sequence[Callable[[], Pixels]]
    points: Floats
    lengths: Floats
    hidden: npt.NDArray[np.bool_]
    scores: Floats | None = None

    @property
    def surer_half(self) -> Floats:
        """The points, NaN where the reference is less sure than it usually is of that landmark."""
        assert self.scores is not None  # asked of another program's reference alone
        usual = np.nanmedian(self.scores, axis=0)
        return np.where((self.scores >= usual)[..., None], self.points, np.nan)


def embedded_clip(count: int | None) -> ReferenceClip:
    """The film that comes with the program, or its first frames."""
    found = [(h.picture, h.truth) for h in rendered_heads() if h.frame is not None]
    return _rendered(found[:count])


def rendered_clips(folder: Path) -> dict[str, ReferenceClip]:
    """By their names, those that `python -m landmark_annotator.projects.rendering film` has put
    into a folder. Raises ActionableError where there are none."""
    clips = {}
    for film in sorted(path for path in folder.glob("*") if path.is_dir()):
        paths = sorted(film.glob("acted_*.json"))
        found = [(path.with_suffix(".jpg"), orjson.loads(path.read_bytes())) for path in paths]
        if found:
            clips[film.name] = _rendered(found)
    if not clips:
        raise ActionableError(
            f"There is no rendered film in {folder}.",
            kept="Nothing was written.",
            remedy=f"python -m landmark_annotator.projects.rendering film {folder} --count 300",
        )
    return clips


def _rendered(found: Sequence[tuple[Path, dict[str, Any]]]) -> ReferenceClip:
    """Of pictures and what is known of them."""
    scheme = Scheme.named("face68")
    points = np.stack([np.array(truth["points"], dtype=np.float64) for _, truth in found])
    return ReferenceClip(
        scheme,
        [partial(read_pixels, path) for path, _ in found],
        points,
        np.array([scheme.normaliser_length(p, Box.square_around(p)) for p in points]),
        np.stack([_behind_hand(truth) for _, truth in found]),
    )


def _behind_hand(truth: dict[str, Any]) -> npt.NDArray[np.bool_]:
    hidden = np.array(truth["visibility"]) == Visibility.OCCLUDED
    return np.asarray(hidden & (truth["occluder"] == "hand"))


def fly_clips(count: int) -> list[ReferenceClip]:
    """Both flies of `flies13` in its first frames; lengths are those of the body from head to
    abdomen, on average over the clip. Needs sleap-io."""
    path, names, tracks = predicted_tracks("flies13")
    scheme = fly_scheme("flies13", names)
    ends = [names.index("head"), names.index("abdomen")]
    clips = []
    for _, shapes in sorted(tracks.items()):
        points, scores = (
            np.full((count, len(names), 2), np.nan),
            np.full((count, len(names)), np.nan),
        )
        for frame, shape in shapes.items():
            if frame < count:
                points[frame], scores[frame] = shape.points, shape.scores
        body = np.linalg.norm(points[:, ends[0]] - points[:, ends[1]], axis=1)
        clips.append(
            ReferenceClip(
                scheme,
                [Frame(path, number).pixels for number in range(count)],
                points,
                np.full(count, float(np.nanmedian(body))),
                np.zeros(points.shape[:2], dtype=bool),
                scores,
            )
        )
    return clips


def fly_images(count: int) -> list[ImageRecord]:
    """The first frames of `flies13` as a project records them."""
    path, _, _ = predicted_tracks("flies13")
    facts = [frame_facts(path, number) for number in range(count)]
    return [
        ImageRecord(n, path, each.sha256, each.width, each.height, n, frame=n)
        for n, each in enumerate(facts)
    ]


def fly_detections(
    count: int,
) -> tuple[Scheme, list[Callable[[], Pixels]], list[list[Floats]], list[list[str]]]:
    """Of the first frames of `flies24`: the scheme, what reads each frame, the shapes (L, 2) that
    were predicted in it, and the track that the other program gave each."""
    path, names, tracks = predicted_tracks("flies24")
    scheme = fly_scheme("flies24", names)
    shapes: list[list[Floats]] = [[] for _ in range(count)]
    given: list[list[str]] = [[] for _ in range(count)]
    for track, found in sorted(tracks.items()):
        for frame, shape in found.items():
            if frame < count:
                shapes[frame].append(shape.points)
                given[frame].append(track)
    return scheme, [Frame(path, number).pixels for number in range(count)], shapes, given


def fly_scheme(name: str, names: tuple[str, ...]) -> Scheme:
    """As a project has it that reads the file: left and right by their names."""
    heading = names.index("abdomen"), names.index("head")
    return Scheme(name, names, partners=partners_by_name(names), heading=heading)


@dataclass(frozen=True, eq=False)
class PredictedShape:
    """points: (L, 2) image pixels, scores: (L,) how sure the other program is of each; NaN where it
    has none."""

    points: Floats
    scores: Floats


def predicted_tracks(
    name: str,
) -> tuple[Path, tuple[str, ...], dict[str, dict[int, PredictedShape]]]:
    """The video, the landmarks, and what was predicted by track and frame."""
    import sleap_io

    folder = faces300w.data_folder() / "video" / name
    labels = sleap_io.load_slp(str(folder / "predictions.slp"), open_videos=False)
    tracks: dict[str, dict[int, PredictedShape]] = {}
    for frame in labels:
        for each in frame.instances:
            track = "" if each.track is None else each.track.name
            shapes = tracks.setdefault(track, {})
            points = np.asarray(each.numpy(), dtype=np.float64)
            scores = np.full(len(points), np.nan)
            if "score" in each.points.dtype.names:  # People have placed the others.
                known = np.isfinite(points).all(axis=1)
                scores[known] = each.points["score"][known]
            shapes[int(frame.frame_idx)] = PredictedShape(points, scores)
    return folder / f"{name}.mp4", tuple(labels.skeletons[0].node_names), tracks
