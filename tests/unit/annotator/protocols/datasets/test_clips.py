"""The rendered film as a clip with a reference."""

import shutil
from pathlib import Path

import numpy as np
import orjson
import pytest

from landmark_annotator.annotator.protocols.datasets.clips import (
    embedded_clip,
    fly_clips,
    rendered_clips,
)
from landmark_annotator.projects.samples.rendered_heads.heads import rendered_heads
from landmark_annotator.projects.vocabulary.errors import ActionableError


def test_the_embedded_film_comes_in_order_and_with_its_truth() -> None:
    film = [head for head in rendered_heads() if head.frame is not None]
    clip = embedded_clip(5)
    assert clip.points == pytest.approx(np.stack([head.shape.points for head in film[:5]]))
    assert clip.read[3]().shape == (384, 384, 3)


def test_only_what_the_hand_hides_counts_as_hidden() -> None:
    clip = embedded_clip(None)
    film = [head for head in rendered_heads() if head.frame is not None]
    without = [n for n, head in enumerate(film) if head.truth["occluder"] == "none"]
    assert clip.hidden.any()
    assert not clip.hidden[without].any()


def test_films_in_a_folder_are_clips_by_their_names(tmp_path: Path) -> None:
    film = [head for head in rendered_heads() if head.frame is not None]
    for name, frames in (("person1", film[:3]), ("person2", film[3:5])):
        (tmp_path / name).mkdir()
        for number, head in enumerate(frames):
            file = tmp_path / name / f"acted_{number:05}.jpg"
            shutil.copyfile(head.picture, file)
            file.with_suffix(".json").write_bytes(orjson.dumps(head.truth))
    clips = rendered_clips(tmp_path)
    assert list(clips) == ["person1", "person2"]
    assert clips["person2"].points == pytest.approx(
        np.stack([head.shape.points for head in film[3:5]])
    )
    assert clips["person1"].read[2]().shape == (384, 384, 3)


def test_a_folder_without_films_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match="no rendered film"):
        rendered_clips(tmp_path)


def test_where_another_program_is_surer_than_usual_is_half_of_each_landmark() -> None:
    for clip in fly_clips(200):
        known = np.isfinite(clip.points[..., 0])
        surer = np.isfinite(clip.surer_half[..., 0])
        assert clip.scores is not None
        assert (np.isfinite(clip.scores) == known).all()
        assert (surer.sum(axis=0) / known.sum(axis=0)) == pytest.approx(0.5, abs=0.01)
        assert clip.surer_half[surer] == pytest.approx(clip.points[surer])
        assert clip.scores[surer].mean() > clip.scores[known & ~surer].mean()
