"""What the weights that a training starts from have learned the same landmarks from."""

from landmark_annotator.backends.heatmap.pretrained import learned_elsewhere, shapes_elsewhere
from landmark_annotator.projects.vocabulary import Scheme


def test_photographs_count_as_learned_from_for_the_same_landmarks_only(
    shipped_weights: None,
) -> None:
    assert "Helen" in learned_elsewhere("shipped", Scheme.named("face68"))
    assert learned_elsewhere("shipped", Scheme("leaf", ("stem", "tip"))) == ""
    assert learned_elsewhere("none", Scheme.named("face68")) == ""


def test_weights_for_the_same_landmarks_know_how_these_lie(shipped_weights: None) -> None:
    scheme = Scheme.named("face68")
    prior = shapes_elsewhere("shipped", scheme)
    assert prior is not None
    assert prior.size == len(scheme)
    assert shapes_elsewhere("shipped", Scheme("leaf", ("stem", "tip"))) is None
    assert shapes_elsewhere("none", scheme) is None
