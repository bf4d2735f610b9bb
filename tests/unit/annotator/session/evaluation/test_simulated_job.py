"""A whole job on drawn heads: it learns as it goes, and goes on where it was stopped."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.evaluation import simulated_job
from landmark_annotator.annotator.session.evaluation.simulated_job import JobSettings, simulate_job
from landmark_annotator.annotator.session.models import training_schedule
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.backends.registry import Backend, backend_named
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.vocabulary import SILENT, Box, LabelledInstance, Provenance, Scheme
from tests.drawn_heads import drawn_head
from tests.known_priors import blindly

SCHEME = Scheme.named("face68")
NAMED = Scheme("heads", SCHEME.landmarks, partners=SCHEME.partners, normaliser=SCHEME.normaliser)


@pytest.fixture(scope="module")
def heads(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledInstance]:
    folder = tmp_path_factory.mktemp("job")
    found = []
    for seed in range(12):
        pixels, shape = drawn_head(seed)
        path = folder / f"{seed}.png"
        Image.fromarray(pixels).save(path)
        box = Box.square_around(shape.points)
        found.append(LabelledInstance(path.name, box, shape, partial(read_pixels, path)))
    return found


class _StoppedAt:
    """`Progress` that is cancelled once so many images are done."""

    def __init__(self, images: int) -> None:
        self._left = images

    def start(self, stage: str, total: int | None) -> None:
        pass

    def advance(self, steps: int = 1, note: str = "") -> None:
        self._left -= steps

    def cancelled(self) -> bool:
        return self._left <= 0


def test_the_first_image_is_clicked_by_hand_and_the_prior_helps_from_the_second_on(
    heads: list[LabelledInstance], tmp_path: Path
) -> None:
    job = simulate_job(NAMED, heads[:4], tmp_path, JobSettings(), SILENT)

    assert job.clicks[0] == job.drags[0] == 68
    assert max(job.clicks[1:]) < 60
    assert job.proposers == ["none"] + ["prior"] * 3
    assert all(error <= 2.5 for error in job.errors)


@pytest.mark.usefixtures("shipped_weights")
def test_a_model_to_start_from_proposes_from_the_first_image_on(
    heads: list[LabelledInstance], tmp_path: Path
) -> None:
    start = backend_named("heatmap").weights("face68")
    job = simulate_job(NAMED, heads[:2], tmp_path, JobSettings(start=start), SILENT)

    assert job.proposers == ["heatmap"] * 2
    assert max(job.clicks) < 40


@pytest.fixture
def learned(monkeypatch: pytest.MonkeyPatch) -> list[list[LabelledInstance]]:
    """What each training was given, which comes with half a dozen labels; none takes place, and
    the prior that proposes before it is made without registration, which takes seconds a label."""
    given: list[list[LabelledInstance]] = []

    def train(
        backend: Backend,
        labelled: Sequence[LabelledInstance],
        library: ModelLibrary,
        settings: JobSettings,
    ) -> float:
        given.append(list(labelled))
        return 2.0

    monkeypatch.setattr(PriorModel, "load", blindly)
    monkeypatch.setattr(simulated_job, "_train", train)
    monkeypatch.setattr(training_schedule, "FEWEST_TO_TRAIN", 6)
    return given


def test_the_network_is_trained_on_accepted_labels_with_their_provenance(
    heads: list[LabelledInstance], tmp_path: Path, learned: list[list[LabelledInstance]]
) -> None:
    settings = JobSettings(backend=backend_named("heatmap"))

    job = simulate_job(NAMED, heads[:8], tmp_path, settings, SILENT)

    assert job.trained_on == [6]
    assert job.training_minutes == 2.0
    (given,) = learned
    assert set(given[0].shape.provenance) == {Provenance.CLICKED}
    assert set(given[5].shape.provenance) == {Provenance.CLICKED, Provenance.INFERRED}
    off = np.linalg.norm(given[5].shape.points - heads[5].shape.points, axis=1)
    assert off.max() > 0.1


def test_trainings_are_told_what_the_job_is(
    heads: list[LabelledInstance], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Mapping[str, Any]] = []
    monkeypatch.setattr(Backend, "train", lambda _, *given: told.append(given[3]))
    monkeypatch.setattr(simulated_job, "compare_with_prior", lambda *_: None)
    settings = JobSettings(backend=backend_named("heatmap"), seed=4, training={"epochs": 2})

    simulated_job._train(
        backend_named("heatmap"), heads[:12], ModelLibrary(tmp_path, NAMED, None), settings
    )

    assert told == [{"seed": 4, "epochs": 2}]


def test_truthful_models_learn_from_the_truth(
    heads: list[LabelledInstance], tmp_path: Path, learned: list[list[LabelledInstance]]
) -> None:
    settings = JobSettings(backend=backend_named("heatmap"), truthful=True)

    simulate_job(NAMED, heads[:7], tmp_path, settings, SILENT)

    for given, truth in zip(learned[0], heads, strict=False):
        np.testing.assert_array_equal(given.shape.points, truth.shape.points)


def test_a_job_that_was_stopped_ends_as_if_it_had_not_been(
    heads: list[LabelledInstance], tmp_path: Path, learned: list[list[LabelledInstance]]
) -> None:
    settings = JobSettings(backend=backend_named("heatmap"))
    heads = heads[:8]
    whole = simulate_job(NAMED, heads, tmp_path / "whole", settings, SILENT)

    with pytest.raises(simulated_job.Cancelled):
        simulate_job(NAMED, heads, tmp_path / "parts", settings, _StoppedAt(7))
    resumed = simulate_job(NAMED, heads, tmp_path / "parts", settings, SILENT)

    assert resumed == whole
    assert len(learned) == 2  # the second run did not train again
