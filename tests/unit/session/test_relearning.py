import pytest

from annotator.session.relearning import prior_due, training_due


@pytest.mark.parametrize(
    ("labels", "learned_from", "due"),
    [(1, 0, True), (5, 4, True), (21, 20, False), (22, 20, True), (104, 100, False)],
)
def test_a_prior_follows_each_label_at_first_then_every_tenth_more(
    labels: int, learned_from: int, due: bool
) -> None:
    assert prior_due(labels, learned_from) is due


@pytest.mark.parametrize(
    ("labels", "learned_from", "due"),
    [(11, 0, False), (12, 0, True), (17, 12, False), (18, 12, True), (149, 100, False)],
)
def test_a_network_is_trained_from_a_dozen_on_and_when_labels_grew_by_half(
    labels: int, learned_from: int, due: bool
) -> None:
    assert training_due(labels, learned_from) is due
