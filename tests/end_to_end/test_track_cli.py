"""annotator track, as it is typed."""

import json
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.unit.projects.video.encoded import encode


def test_a_square_is_followed_from_its_one_label(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    video = encode(tmp_path / "clip.mp4", frames=8)
    with Project.create(tmp_path / "p", Scheme("square", ("one", "two", "three"))) as made:
        image = add_frames(made, video, [0], who="ann").added[0]
        points = np.array([[0.0, 0.0], [15.0, 0.0], [15.0, 15.0]])
        own = made.instances_of(image.id)[0]
        made.fill_instance(own.id, Box.square_around(points, 1.5), Shape(points), who="ann")
    asked = ["track", str(made.folder), str(video), "--last", "3", "--add", "--json"]
    assert run(asked) == 0
    done = json.loads(capsys.readouterr().out)
    assert done["frames"] == 4
    assert done["proposed"] == 3
    assert done["tracks"] == {"1": 4}
    with Project.open(made.folder) as opened:
        stored = [opened.proposal(record.id) for record in opened.instances()]
    assert [None if each is None else each.model for each in stored] == [None, *["tracking"] * 3]
