"""Labels with boxes around their landmarks, beside images that are boxes themselves."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.evaluation import simulation_work
from landmark_annotator.annotator.session.evaluation.simulated_project import (
    Settings,
    plan_simulation,
)
from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.proposers import best_proposer, proposer_recipe
from landmark_annotator.annotator.session.models.training import (
    labelled_instances,
    placed_instances,
)
from landmark_annotator.annotator.session.models.whole_images import keep, learned_from
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.own_boxes import own_boxes_of
from landmark_annotator.projects.vocabulary import Box, Provenance, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from tests.unit.backends.registration.textures import SCHEME, SIDE, bent

WHOLE = Box.whole_image(SIDE, SIDE)
PIXELS, TRUTH = bent(9)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Three shapes from a file."""
    with Project.create(tmp_path / "drawn", SCHEME) as made:
        for seed in range(3):
            points = bent(seed)[1]
            add(made, seed, Box.square_around(points), points)
        yield made


def add(project: Project, seed: int, box: Box, points: Floats | None = None) -> int:
    path = project.folder.parent / f"{seed}.png"
    Image.fromarray(bent(seed)[0]).save(path)
    shape = None if points is None else Shape(points).with_provenance(Provenance.IMPORTED)
    image = project.add_image(path, examine(path))
    return project.add_instance(image.id, box, shape=shape, who="import").id


def off(points: Floats) -> float:
    return float(np.linalg.norm(points - TRUTH, axis=1).mean())


def test_what_is_proposed_in_a_whole_image_is_found_as_in_a_drawn_box(project: Project) -> None:
    found = best_proposer(project).propose(PIXELS, WHOLE)
    assert found is not None
    assert off(found.given([]).points) < 3


def test_before_images_are_looked_at_it_is_where_labelled_objects_mostly_are(
    project: Project,
) -> None:
    at_once = proposer_recipe(project, at_once=True).at_once()
    assert at_once is not None
    found = at_once.propose(PIXELS, WHOLE)
    assert found is not None
    assert off(found.given([]).points) < 15


def test_a_whole_image_that_is_labelled_teaches_by_the_square_round_its_landmarks(
    project: Project,
) -> None:
    points = bent(5)[1]
    add(project, 5, WHOLE, points)
    assert labelled_instances(project)[-1].box == Box.square_around(points)


def test_around_part_of_a_shape_there_is_no_box(project: Project) -> None:
    begun = add(project, 5, WHOLE)
    for landmark in range(2):
        project.place(begun, landmark, (100.0 + landmark, 100.0), who="ada")
    typical = placed_instances(project)[-1].box
    assert 80 < typical.side < 120


def test_where_all_labelled_objects_fill_their_images_boxes_are_what_they_are(
    tmp_path: Path,
) -> None:
    with Project.create(tmp_path / "drawn", SCHEME) as project:
        add(project, 0, WHOLE, bent(0)[1])
        assert own_boxes_of(project) is None
        assert labelled_instances(project)[0].box == WHOLE


def test_a_network_is_asked_by_the_boxes_that_it_has_learned_from(project: Project) -> None:
    now = own_boxes_of(project)
    assert now is not None
    kept = ModelLibrary.of(project).own(backend_named("heatmap"))
    assert learned_from(kept.folder, now) == now
    kept.folder.mkdir(parents=True)
    keep(kept, None)
    assert learned_from(kept.folder, now) is None
    keep(kept, now)
    assert learned_from(kept.folder, None) == now


def test_errors_are_told_in_the_size_of_objects_by_the_window_and_a_simulation(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = add(project, 9, WHOLE)
    proposal = best_proposer(project).propose(PIXELS, WHOLE)
    assert proposal is not None
    believed = proposal.given([])
    seen = LabellingSession(project, who="ada").open(opened, proposal, believed).predicted_error
    around = Box.square_around(believed.points)
    assert seen == pytest.approx(believed.predicted_error(SCHEME, around))

    points = bent(5)[1]
    accepted = add(project, 5, WHOLE, points)
    plan = plan_simulation(project, Settings("mixture", "worst", 0, 9, 0))
    lengths = []
    real = simulation_work.simulate_clicks
    monkeypatch.setattr(
        simulation_work,
        "simulate_clicks",
        lambda *given, **named: lengths.append(named["normaliser_length"]) or real(*given, **named),
    )
    plan.work.make()(plan.tasks[plan.ids.index(accepted)])
    assert lengths == [pytest.approx(Box.square_around(points).diagonal)]
