"""Laws of formats that name frames: what goes out comes back, of the same frames and tracks."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landmark_annotator.projects.exchange import formats
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.exchange.registry import by_name
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from tests.unit.projects.video.encoded import HEIGHT, WIDTH, encode

SCHEME = Scheme("bar", ("start", "middle", "end"), edges=((0, 1), (1, 2)))
FORMATS = [
    card.name
    for card in formats()
    if card.frames and card.carries is not None and card.carries.tracks != "no"
]
"""Others hold frames as pictures of their own."""
numbers = st.floats(-500, 500).map(lambda x: round(x, 3))
names = st.text("abcdefgh 12", min_size=1, max_size=6).map(str.strip).filter(bool)


@cache
def video() -> Path:
    """Named so that the table of any name finds it."""
    return encode(Path(tempfile.mkdtemp(prefix="track-formats-")) / "clip.mp4", 8)


@st.composite
def labels(draw: st.DrawFn) -> list[ExportedInstance]:
    """Of some frames of the video; a track is one object of a frame, and some are of none."""
    tracks = draw(st.lists(names, max_size=3, unique=True))
    found = []
    for frame in sorted(draw(st.sets(st.integers(0, 7), min_size=1, max_size=4))):
        for track in draw(st.lists(st.sampled_from([*tracks, ""]), min_size=1, max_size=3)):
            if track and any(i.frame == frame and i.track == track for i in found):
                continue
            points = np.array(draw(st.lists(numbers, min_size=6, max_size=6))).reshape(3, 2)
            points[draw(st.integers(0, 3)) :] = np.nan
            if np.isnan(points).all():
                points[0] = 1.0, 2.0
            shape = Shape(points).with_provenance(Provenance.IMPORTED)
            box = Box(10.0, 20.0, 30.0, 40.0)
            source = f"label {len(found)}"
            about: dict[str, Any] = {"video": video(), "frame": frame, "track": track}
            instance = ExportedInstance(video(), WIDTH, HEIGHT, shape, box, source, **about)
            found.append(instance)
    return found


def told(entries: Any) -> list[Any]:
    """In an order of their own: formats keep the frames together, some also the tracks."""
    return sorted(
        (
            str(entry.image),
            entry.frame,
            entry.track,
            np.nan_to_num(np.round(entry.shape.points, 6), nan=-1e9).tolist(),
        )
        for entry in entries
    )


@pytest.mark.parametrize("name", FORMATS)
@given(exported=labels())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_frames_and_tracks_come_back(name: str, exported: list[ExportedInstance]) -> None:
    card = by_name(name)
    assert card.writer is not None
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"clip labels{card.suffix}"
        card.writer().write(target, exported, SCHEME)
        contents = card.reader().read(target, SCHEME, images=video())
    assert contents.unreadable == []
    assert told(contents.instances) == told(exported)
