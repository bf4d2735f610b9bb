"""What signs of hidden landmarks become."""

import numpy as np

from landmark_annotator.backends.densities.augmentation import Patch
from landmark_annotator.backends.densities.hidden_calibration import (
    fit_hidden,
    judged,
    label_rate,
)
from landmark_annotator.projects.vocabulary import Box


def test_probabilities_rise_with_the_signs_and_are_those_that_happen() -> None:
    random = np.random.default_rng(0)
    signs = random.normal(2.0, 3.0, (400, 5, 2))
    true = 1 / (1 + np.exp(-(0.8 * signs[..., 0] - 3.0)))
    hidden = random.random(true.shape) < true
    found = fit_hidden(signs, hidden.astype(float))
    assert (found.slopes >= 0).all()
    np.testing.assert_allclose(found.probabilities(signs), true, atol=0.12)
    grid = np.stack([np.linspace(-9, 9, 40), np.full(40, 2.0)], axis=-1)
    rising = found.probabilities(np.repeat(grid[:, None], 5, axis=1))
    assert (np.diff(rising, axis=0) > 0).all()


def test_a_sign_that_points_the_wrong_way_says_nothing() -> None:
    random = np.random.default_rng(1)
    signs = random.normal(size=(200, 4, 1))
    hidden = random.random((200, 4)) < 1 / (1 + np.exp(2 * signs[..., 0] + 1))
    found = fit_hidden(signs, hidden.astype(float))
    assert found.slopes[0] == 0
    assert np.allclose(found.probabilities(signs).mean(), hidden.mean(), atol=0.02)


def test_what_is_not_known_does_not_count_and_a_landmark_never_hidden_stays_possible() -> None:
    random = np.random.default_rng(2)
    signs = random.normal(size=(100, 3, 1))
    hidden = signs[..., 0] + random.normal(size=(100, 3)) > 1
    hidden[:, 2] = False
    known = random.random((100, 3)) < 0.5
    found = fit_hidden(signs, np.where(known, hidden, np.nan))
    garbled = np.where(known[..., None], signs, 1e3)
    again = fit_hidden(garbled, np.where(known, hidden, np.nan))
    np.testing.assert_allclose(found.slopes, again.slopes)
    probabilities = found.probabilities(signs)
    assert ((probabilities > 0) & (probabilities < 1)).all()
    assert probabilities[:, 2].mean() < probabilities[:, :2].mean() / 2


def test_signs_learned_where_much_is_covered_tell_true_odds_where_little_is_hidden() -> None:
    random = np.random.default_rng(3)

    def seen(rate: float) -> tuple[np.ndarray, np.ndarray]:
        hidden = random.random((2000, 3)) < rate
        return hidden[..., None] * 2.0 + random.normal(size=(2000, 3, 1)), hidden

    signs, covered = seen(0.3)
    found = fit_hidden(signs, covered.astype(float), rate=0.02)
    signs, hidden = seen(0.02)
    probabilities = found.probabilities(signs)
    assert abs(probabilities.mean() - hidden.mean()) < 0.01
    assert probabilities[hidden].mean() > 5 * probabilities[~hidden].mean()


def test_the_labels_say_how_much_is_hidden_and_where_none_says_it_next_to_nothing_is() -> None:
    def patch(hidden: np.ndarray | None) -> Patch:
        points = np.array([[1.0, 1.0], [np.nan, np.nan], [2.0, 2.0], [3.0, 3.0]])
        box = Box(2, 2, 4, 4)
        return Patch(np.zeros((4, 4, 3), np.uint8), points, np.ones(4), box, hidden)

    assert 0 < label_rate([patch(None)] * 10) < 0.02
    told = [patch(np.array([1.0, 1.0, 0.0, 0.0]))] * 10
    assert abs(label_rate(told) - 1 / 3) < 0.01
    assert label_rate([*told, *[patch(None)] * 10]) == label_rate(told)


def _patch(hidden: list[float], known: int) -> Patch:
    """Of which so many landmarks have a place, the first ones."""
    points = np.full((len(hidden), 2), np.nan)
    points[:known] = 4.0
    pixels = np.zeros((8, 8, 3), np.uint8)
    return Patch(pixels, points, np.ones(len(hidden)), Box(4, 4, 8, 8), np.array(hidden))


def _judged(held_out: list[Patch]) -> tuple[list[str], np.ndarray]:
    """As if a cover lay over the first landmark."""
    first = np.arange(len(held_out[0].points)) == 0
    shown, truths, _ = judged([], held_out, lambda _: "bare", lambda _: ("covered", first))
    return shown, truths


def test_hidden_landmarks_without_a_place_do_not_tell_enough() -> None:
    shown, truths = _judged([_patch([0.0, 1.0], known=1)] * 30)
    assert set(shown) == {"covered"}
    assert (truths[:, 0] == 1).all()


def test_beside_the_cover_is_hidden_what_the_label_says_is() -> None:
    _, truths = _judged([_patch([0.0, 1.0, 0.0, 0.0], known=3)])
    np.testing.assert_array_equal(truths, [[1, 1, 0, np.nan]] * len(truths))
