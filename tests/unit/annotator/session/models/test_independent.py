"""A second opinion begins from nothing that has learned from the first one."""

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.batch_proposals import propose_all
from landmark_annotator.annotator.session.models.independent import image_to_avoid, independent
from landmark_annotator.annotator.session.models.library import KeptModel, ModelLibrary, Origin
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.models.proposers import (
    Proposer,
    best_proposer,
    proposer_recipe,
)
from landmark_annotator.annotator.session.models.related_instances import image_key
from landmark_annotator.annotator.session.models.training import labelled_instances
from landmark_annotator.annotator.session.review.second_opinions import ask_for_second_opinions
from landmark_annotator.backends.registry import Backend, TrainedModel, backend_named
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import InstanceRecord, Project, Role
from landmark_annotator.projects.vocabulary import SILENT, Box, Progress
from landmark_annotator.projects.vocabulary.own_boxes import OwnBoxes, UsualBox
from tests.known_priors import blindly

SOON = 3600.0


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without registration, which takes seconds."""
    monkeypatch.setattr(PriorModel, "load", blindly)


@pytest.fixture
def asked(project: Project) -> InstanceRecord:
    first = project.instances()[3]
    [second] = ask_for_second_opinions(project, 1, seed=0, who="ada", among=[first.id])
    return project.instance(second)


def trained(project: Project, *held_out: str, later: float = SOON) -> Proposer:
    """By a network whose training held these out and ended so many seconds from now."""
    folder = project.folder / "models" / "heatmap"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "card.json").write_text(json.dumps({"held_out_keys": held_out}))
    ended = (folder / "card.json").stat().st_mtime + later
    os.utime(folder / "card.json", (ended, ended))
    source = KeptModel(backend_named("heatmap"), folder, Origin.TRAINED, project.scheme)
    return replace(best_proposer(project), source=source)


def test_the_prior_leaves_out_the_label_of_the_very_image(
    project: Project, asked: InstanceRecord
) -> None:
    proposer = best_proposer(project)
    avoided = image_to_avoid(project, proposer, asked)
    assert avoided == image_key(project.image(asked.image_id))
    found = independent(proposer, avoided)
    assert "11 labelled shapes" in found.reason
    pixels = pixels_of(project.image(asked.image_id))
    assert asked.box is not None
    own, apart = (one.propose(pixels, asked.box) for one in (proposer, found))
    assert own is not None
    assert apart is not None
    assert not np.allclose(own.mixture.mean, apart.mixture.mean)


def test_where_people_label_blindly_one_prior_serves_for_all_second_opinions(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To load it takes seconds."""
    project.set_person("ada", Role.LEAD, who="ada")
    firsts = [record.id for record in project.instances()[3:5]]
    asked = ask_for_second_opinions(project, 2, seed=0, who="ada", among=firsts)
    loaded: list[int] = []

    def load(prior: PriorModel, progress: Progress = SILENT) -> TrainedModel:
        loaded.append(prior.learned_from)
        return prior.blind()

    monkeypatch.setattr(PriorModel, "load", load)
    proposer = best_proposer(project)
    loaded.clear()
    for second in asked:
        avoided = image_to_avoid(project, proposer, project.instance(second))
        assert "10 labelled shapes" in independent(proposer, avoided).reason
    assert loaded == [10]


def test_at_first_a_prior_proposes_that_takes_no_look_at_images_either(
    project: Project, asked: InstanceRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposer = proposer_recipe(project, at_once=True).at_once()
    assert proposer is not None
    monkeypatch.setattr(PriorModel, "load", lambda *_: pytest.fail("this takes seconds"))
    found = independent(proposer, image_to_avoid(project, proposer, asked))
    assert "11 labelled shapes" in found.reason
    assert found.model is not None


def test_what_is_stored_for_it_by_the_command_has_not_learned_from_the_first_one(
    project: Project, asked: InstanceRecord
) -> None:
    waiting = project.instances()[-1]
    proposer = best_proposer(project)
    done = propose_all(project, SILENT)
    assert (done.count, done.unknown) == (3, 0)
    for record in (asked, waiting):
        avoided = image_to_avoid(project, proposer, record)
        pixels = pixels_of(project.image(record.image_id))
        assert record.box is not None
        expected = independent(proposer, avoided).propose(pixels, record.box)
        stored = project.proposal(record.id)
        assert expected is not None
        assert stored is not None
        np.testing.assert_allclose(stored.points, expected.given([]).points, atol=1e-3)


def exclude_all_but(project: Project, asked: InstanceRecord) -> None:
    """And the object that it is a second opinion on."""
    pair = (asked.id, asked.second_opinion_on)
    others = [record.id for record in project.instances() if record.id not in pair]
    project.exclude(instances=others, why="alone", who="ada")


def test_the_command_stores_nothing_where_the_first_opinion_is_all_there_is(
    project: Project, asked: InstanceRecord
) -> None:
    exclude_all_but(project, asked)
    done = propose_all(project, SILENT)
    assert (done.count, done.unknown) == (0, 1)
    assert project.proposal(asked.id) is None


def test_nothing_is_proposed_where_the_first_opinion_is_all_there_is(
    project: Project, asked: InstanceRecord
) -> None:
    exclude_all_but(project, asked)
    proposer = best_proposer(project)
    found = independent(proposer, image_to_avoid(project, proposer, asked))
    pixels = pixels_of(project.image(asked.image_id))
    assert asked.box is not None
    assert found.propose(pixels, asked.box) is None


def test_other_instances_are_proposed_for_as_ever(project: Project) -> None:
    proposer = best_proposer(project)
    waiting = project.instances()[-1]
    assert image_to_avoid(project, proposer, waiting) is None
    assert independent(proposer, None) is proposer


def key_of_the_first(project: Project) -> str:
    keys = {each.key for each in labelled_instances(project)}
    [own] = [k for k in keys if Path(k.split("#")[0]).stem == "head3"]
    return own


def test_a_network_that_was_trained_since_may_know_the_label(
    project: Project, asked: InstanceRecord
) -> None:
    assert image_to_avoid(project, trained(project), asked) is not None


def test_a_network_that_held_the_image_out_does_not_know_it(
    project: Project, asked: InstanceRecord
) -> None:
    assert image_to_avoid(project, trained(project, key_of_the_first(project)), asked) is None


def test_the_labelled_image_beside_it_does(project: Project, asked: InstanceRecord) -> None:
    first = key_of_the_first(project)
    beside = tuple(each for each in labelled_instances(project) if each.key == first)
    proposer = replace(trained(project, first), beside=beside)
    assert image_to_avoid(project, proposer, asked) is not None


def test_a_network_that_was_trained_anew_is_asked_anew(
    project: Project, asked: InstanceRecord
) -> None:
    assert image_to_avoid(project, trained(project), asked) is not None
    again = trained(project, key_of_the_first(project), later=2 * SOON)
    assert image_to_avoid(project, again, asked) is None


def test_nor_does_one_that_is_older_than_the_label(project: Project, asked: InstanceRecord) -> None:
    assert asked.second_opinion_on is not None
    project.place(asked.second_opinion_on, 0, (3.0, 4.0), who="ada")
    assert image_to_avoid(project, trained(project, later=-SOON), asked) is None


def test_nor_do_weights_that_came_with_the_program(project: Project, asked: InstanceRecord) -> None:
    proposer = trained(project)
    assert isinstance(proposer.source, KeptModel)
    shipped = replace(proposer, source=replace(proposer.source, origin=Origin.SHIPPED))
    assert image_to_avoid(project, shipped, asked) is None


def test_they_propose_in_the_place_of_a_network_that_may(
    project: Project, asked: InstanceRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposer = trained(project)
    assert isinstance(proposer.source, KeptModel)
    shipped = replace(proposer.source, origin=Origin.SHIPPED, folder=project.folder)
    monkeypatch.setattr(ModelLibrary, "kept", lambda _: iter([proposer.source, shipped]))
    monkeypatch.setattr(Backend, "load", lambda _, folder, *rest: folder)
    found = independent(proposer, image_to_avoid(project, proposer, asked))
    assert found.source == shipped
    assert found.model == project.folder


def test_its_errors_are_told_in_the_size_of_the_projects_objects(
    project: Project, asked: InstanceRecord
) -> None:
    proposer = replace(
        best_proposer(project), measured_in=OwnBoxes(UsualBox((0.0, 0.0), (0.3, 0.3)))
    )
    found = independent(proposer, image_to_avoid(project, proposer, asked))
    pixels = pixels_of(project.image(asked.image_id))
    proposal = found.propose(pixels, Box.whole_image(pixels.shape[1], pixels.shape[0]))
    assert proposal is not None
    assert proposal.object_box is not None
