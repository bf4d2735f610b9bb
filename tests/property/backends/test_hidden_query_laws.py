"""Laws of asking where some landmarks may be hidden."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from landmark_annotator.annotator.session.simulation.simulated_clicks import simulate_clicks
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.queries import worth_asking
from landmark_annotator.backends.tracking import Clip, FlowField, clip_query, smoothed
from landmark_annotator.projects.vocabulary import Box, Scheme

LANDMARKS = 5
SCHEME = Scheme("made up", tuple("abcde"))

seeds = st.integers(0, 10_000)
gains = arrays(float, LANDMARKS, elements=st.floats(0, 100))
probabilities = arrays(float, LANDMARKS, elements=st.floats(0, 1))


def _proposal(seed: int, hidden: np.ndarray | None) -> Proposal:
    random = np.random.default_rng(seed)
    root = random.normal(size=(2 * LANDMARKS, 2 * LANDMARKS))
    covariance = (root @ root.T + np.eye(2 * LANDMARKS)) * 0.02**2
    mean = random.uniform(-0.5, 0.5, (1, LANDMARKS, 2))
    mixture = ShapeMixture(np.zeros(1), mean, covariance)
    return Proposal(Box(100, 80, 60, 50), mixture, "made up", hidden=hidden)


def _asked(seed: int, hidden: np.ndarray | None) -> tuple[int, ...]:
    """In which order, of all landmarks."""
    random = np.random.default_rng((seed, 1))
    run = simulate_clicks(
        _proposal(seed, hidden),
        random.uniform(70, 130, (LANDMARKS, 2)),
        SCHEME,
        rule="mixture",
        policy="query",
        clicks=LANDMARKS,
        normaliser_length=50.0,
        click_noise=random.normal(size=(LANDMARKS, 2)),
    )
    return run.clicked


@given(gains, probabilities)
def test_no_question_is_worth_more_than_its_click(gain: np.ndarray, hidden: np.ndarray) -> None:
    worth = worth_asking(gain, hidden)
    assert (worth <= gain).all()
    assert (worth >= 0).all()
    assert (worth[hidden == 1] == 0).all()


@given(gains)
def test_what_is_surely_seen_is_worth_its_click_bit_for_bit(gain: np.ndarray) -> None:
    for unhidden in (None, np.zeros(LANDMARKS), np.full(LANDMARKS, np.nan)):
        assert worth_asking(gain, unhidden).tobytes() == gain.tobytes()


@settings(max_examples=25)
@given(seeds)
def test_where_nothing_is_hidden_the_same_is_asked_in_the_same_order(seed: int) -> None:
    assert _asked(seed, np.zeros(LANDMARKS)) == _asked(seed, None)


@settings(max_examples=25)
@given(seeds, st.sets(st.integers(0, LANDMARKS - 1), min_size=1, max_size=LANDMARKS - 1))
def test_what_is_surely_hidden_is_asked_for_last(seed: int, sunk: set[int]) -> None:
    hidden = np.isin(np.arange(LANDMARKS), list(sunk)).astype(float)
    assert set(_asked(seed, hidden)[-len(sunk) :]) == sunk


@settings(max_examples=10)
@given(seeds, st.integers(0, 2), st.integers(0, LANDMARKS - 1))
def test_in_a_clip_a_landmark_is_hidden_in_its_own_frame_alone(
    seed: int, frame: int, landmark: int
) -> None:
    there = np.full((8, 8, 2), 1.0, dtype=np.float16)
    flow = FlowField(np.array([-100.0, -100.0]), 60.0, there, -there)
    proposals = [_proposal(seed + t, None) for t in range(3)]

    def query(hidden: np.ndarray | None) -> object:
        seen = [replace(p, hidden=hidden if t == frame else None) for t, p in enumerate(proposals)]
        return clip_query(smoothed(Clip(LANDMARKS, seen, [flow, flow])), {})

    before, alone = query(None), np.eye(LANDMARKS)[landmark]
    assert query(np.zeros(LANDMARKS)) == before
    after = query(alone)
    assert (after.frame, after.landmark) != (frame, landmark)  # type: ignore[attr-defined]
    # What is seen in other frames is asked for there.
    assert query(np.ones(LANDMARKS)).frame != frame  # type: ignore[attr-defined]
