"""A thing that goes, and what the frames without it get."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.annotator.session.tracking import video_tracks
from landmark_annotator.annotator.session.tracking.ended_tracks import Ending
from landmark_annotator.annotator.session.tracking.video_tracks import Tracked, follow_video
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Provenance, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from tests.unit.annotator.session.tracking.conftest import (
    HEIGHT,
    POINTS,
    SCHEME,
    WIDTH,
    blind_proposer,
)

FRAMES = 20
_Frames = list[int]


def _texture(seed: int, shape: tuple[int, int]) -> Pixels:
    noise = np.random.default_rng(seed).uniform(0, 255, shape).astype(np.float32)
    blurred = cv2.GaussianBlur(noise, (0, 0), 2)
    return np.asarray(cv2.normalize(blurred, None, 0, 255, cv2.NORM_MINMAX), dtype=np.uint8)


def _places(film: str) -> Floats:
    """(T, 2) the middle of the thing."""
    far = 200.0 if film == "leaves" else 90.0
    across = np.minimum(np.linspace(60.0, far, FRAMES), WIDTH - 8.0 if film == "border" else np.inf)
    return np.stack([across, np.full(FRAMES, 60.0)], axis=1)


_HIDDEN = {"goes": range(10, FRAMES), "hidden": range(8, 13), "comes": range(6)}


def _film(film: str, path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        ground = (_texture(9, (HEIGHT, 2 * WIDTH)) // 4).astype(np.uint8)
        for number, (x, y) in enumerate(_places(film).astype(int).tolist()):
            pixels = ground.copy()
            if number not in _HIDDEN.get(film, ()):
                pixels[y - 16 : y + 17, x - 22 : x + 23] = _texture(0, (33, 45))
            frame = np.repeat(pixels[:, :WIDTH, None], 3, axis=2)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, "rgb24")))
        container.mux(stream.encode())


@pytest.fixture
def follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["_Follow"]:
    monkeypatch.setattr(video_tracks, "best_proposer", blind_proposer)
    with Project.create(tmp_path / "going", SCHEME) as project:
        yield _Follow(project, tmp_path)


class _Follow:
    def __init__(self, project: Project, folder: Path) -> None:
        self.project, self._folder = project, folder

    def __call__(self, film: str, labelled: int = 0, step: int = 1) -> Tracked:
        path = self._folder / f"{film}.mp4"
        _film(film, path)
        add_frames(self.project, path, range(0, FRAMES, step), who="ann")
        image = next(i for i in self.project.images() if i.frame == labelled)
        (first,) = self.project.instances_of(image.id)
        points = POINTS + _places(film)[labelled]
        shape = Shape(points).with_provenance(Provenance.CLICKED)
        self.project.fill_instance(first.id, Box.square_around(points, 1.2), shape, who="ann")
        return self.again()

    def again(self) -> Tracked:
        return follow_video(self.project, self.project.videos()[0], SILENT, who="ann")[0]

    @property
    def frames(self) -> _Frames:
        (track,) = self.project.tracks()
        return [frame for frame, _ in self.project.instances_of_track(track.id)]


def _familiar(monkeypatch: pytest.MonkeyPatch, film: str) -> None:
    """What proposes knows the thing when it sees it."""
    known, places = Proposer.propose, _places(film)

    def propose(self: Proposer, pixels: Pixels, box: Box) -> Proposal | None:
        found = known(self, pixels, box)
        near = np.linalg.norm(places - box.centre, axis=1).min() < 12
        light = pixels[int(box.centre_y) - 8 : int(box.centre_y) + 8]
        x = int(box.centre_x)
        seen = near and light[:, max(x - 8, 0) : x + 8].mean() > 70
        return None if found is None else replace(found, novelty=0.5 if seen else 1.5)

    monkeypatch.setattr(Proposer, "propose", propose)


def test_a_thing_that_is_gone_ends_where_it_was_seen_last(follow: _Follow) -> None:
    done = follow("goes")
    assert done.endings == [Ending("1", 9, None, 10)]
    assert follow.frames == list(range(10))
    assert "Track 1 ends at frame 9" in done.ends
    assert "hidden or gone" in done.ends


def test_over_gaps_it_is_said_that_it_may_have_moved_too_far(follow: _Follow) -> None:
    """Of two flies in sight it was said that they are hidden or gone."""
    done = follow("goes", step=3)
    (ending,) = done.endings
    assert ending.apart == 3
    assert "or moved too far between frames that are up to 3 apart" in done.ends
    assert done.ends.endswith("follow from there, or follow through all frames between.")


def test_a_thing_that_leaves_the_picture_is_said_to(follow: _Follow) -> None:
    done = follow("leaves")
    (ending,) = done.endings
    assert ending.left
    assert follow.frames[-1] == ending.last
    assert "it leaves the picture there" in done.ends


def test_a_thing_that_stays_at_the_border_is_followed_on(follow: _Follow) -> None:
    done = follow("border")
    assert (done.endings, done.ends) == ([], "")
    assert follow.frames == list(range(FRAMES))


def test_before_a_thing_comes_into_sight_there_is_nothing(follow: _Follow) -> None:
    done = follow("comes", labelled=12)
    assert done.endings == [Ending("1", None, 6, 6)]
    assert follow.frames == list(range(6, FRAMES))
    assert "Track 1 begins at frame 6" in done.ends


def test_it_goes_on_where_it_looks_again_as_it_did(
    follow: _Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    _familiar(monkeypatch, "hidden")
    done = follow("hidden")
    (ending,) = done.endings
    assert ending.last == 7
    assert ending.next is not None
    assert follow.frames == [*range(8), *range(ending.next, FRAMES)]
    assert done.tracks == {"1": FRAMES - ending.frames}


def test_what_was_labelled_later_is_not_left_out(follow: _Follow) -> None:
    follow("goes")
    image = next(i for i in follow.project.images() if i.frame == FRAMES - 1)
    (last,) = follow.project.instances_of(image.id)
    follow.project.set_box(last.id, Box(*_places("goes")[-1], 43.2, 43.2), who="ann")
    (track,) = follow.project.tracks()
    follow.project.assign_track([last.id], track.id, who="ann")
    follow.again()
    assert follow.frames[-1] == FRAMES - 1
