"""The rendered film as a clip with a reference."""

import numpy as np
import pytest

from landmark_annotator.annotator.protocols.datasets.clips import rendered_clip
from landmark_annotator.projects.samples.rendered_heads.heads import rendered_heads


def test_the_embedded_film_comes_in_order_and_with_its_truth() -> None:
    film = [head for head in rendered_heads() if head.frame is not None]
    clip = rendered_clip(None, 5)
    assert clip.points == pytest.approx(np.stack([head.shape.points for head in film[:5]]))
    assert clip.read[3]().shape == (384, 384, 3)


def test_only_what_the_hand_hides_counts_as_hidden() -> None:
    clip = rendered_clip(None, None)
    film = [head for head in rendered_heads() if head.frame is not None]
    without = [n for n, head in enumerate(film) if head.truth["occluder"] == "none"]
    assert clip.hidden.any()
    assert not clip.hidden[without].any()
