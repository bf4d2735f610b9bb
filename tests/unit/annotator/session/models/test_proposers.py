import builtins
import json
from importlib import util
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.models.batch_proposals import propose_all
from landmark_annotator.annotator.session.models.library import KeptModel, ModelLibrary
from landmark_annotator.annotator.session.models.model_identity import identity_of
from landmark_annotator.annotator.session.models.prior_comparison import Comparison
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.models.proposers import best_proposer, proposer_recipe
from landmark_annotator.annotator.session.models.training import labelled_instances, train_project
from landmark_annotator.backends.registration import Accompanied
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels

BLACK = np.zeros((8, 8, 3), np.uint8)


def test_an_empty_project_has_no_proposer_and_says_why(tmp_path: Path) -> None:
    with Project.create(tmp_path / "empty", Scheme.named("face68")) as project:
        proposer = best_proposer(project)
        assert proposer.propose(BLACK, Box(4, 4, 8, 8)) is None
        assert "No shape is labelled" in proposer.reason


def test_labelled_shapes_make_a_prior(project: Project) -> None:
    proposer = best_proposer(project)
    assert proposer.name == "prior"
    assert "12 labelled shapes" in proposer.reason


def test_a_damaged_model_gives_way_to_the_prior_and_says_so(project: Project) -> None:
    folder = project.folder / "models" / "exemplar"
    folder.mkdir(parents=True)
    (folder / "card.json").write_text("{")
    proposer = best_proposer(project)
    assert proposer.name == "prior"
    assert "cannot be read" in proposer.reason


def test_while_what_proposes_is_made_a_network_that_is_no_better_keeps_nobody_waiting(
    project: Project,
) -> None:
    own = ModelLibrary.of(project).own(backend_named("heatmap"))
    own.folder.mkdir(parents=True)
    (own.folder / "card.json").write_text("{}")
    assert proposer_recipe(project, at_once=True).at_once() is None, "it is loaded in no time"
    own.comparison_file.write_text(json.dumps({"instances": 5, "network": 8.5, "prior": 8.3}))
    at_once = proposer_recipe(project, at_once=True).at_once()
    assert at_once is not None
    assert at_once.reason == "The prior from 12 labelled shapes proposes at first."


def test_without_torch_the_prior_proposes_and_the_command_is_named(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project.folder / "models" / "exemplar"
    folder.mkdir(parents=True)
    (folder / "card.json").write_text("{}")
    find = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name: None if name == "torch" else find(name))
    importing = builtins.__import__

    def refuse(name: str, *rest: object, **more: object) -> object:
        if name.split(".")[0] == "torch":
            raise ImportError(name)
        return importing(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    proposer = best_proposer(project)
    assert proposer.name == "prior"
    assert "pip install torch" in proposer.reason


def test_proposals_are_stored_for_all_that_is_not_accepted(project: Project) -> None:
    done = propose_all(project, SILENT)
    assert done.count == 2
    for record in project.instances():
        if record.state is not InstanceState.ACCEPTED:
            assert record.predicted_error is not None
            assert project.proposal(record.id) is not None


def test_an_image_that_has_gone_is_named_and_the_rest_is_proposed(
    project: Project, tmp_path: Path
) -> None:
    lost = tmp_path / "lost.png"
    Image.fromarray(np.full((20, 20, 3), 9, np.uint8)).save(lost)
    image = project.add_image(lost, examine(lost))
    project.add_instance(image.id, Box(10, 10, 10, 10), who="anna")
    lost.unlink()
    done = propose_all(project, SILENT)
    assert done.count == 2
    assert "lost.png" in done.unreadable[0]


def test_an_image_of_many_objects_that_has_gone_is_named_once(
    project: Project, tmp_path: Path
) -> None:
    for name in ("one.png", "two.png"):
        Image.fromarray(np.full((20, 20, 3), len(name) + ord(name[0]), np.uint8)).save(
            tmp_path / name
        )
        image = project.add_image(tmp_path / name, examine(tmp_path / name))
        for x in (5, 10, 15):
            project.add_instance(image.id, Box(x, 10, 5, 5), who="anna")
        (tmp_path / name).unlink()
    done = propose_all(project, SILENT)
    assert [Path(why.rstrip(".")).name for why in done.unreadable] == ["one.png", "two.png"]


def test_keys_of_instances_follow_their_content_not_their_order(project: Project) -> None:
    keys = [instance.key for instance in labelled_instances(project)]
    assert len(set(keys)) == len(keys) == 12
    assert keys[0].startswith("head0.png#0 ")


@pytest.fixture
def bigger(project: Project) -> Project:
    """Enough accepted shapes for a training: the twelve heads, each a second time."""
    for record, shape in list(project.shapes()):
        project.add_instance(record.image_id, record.box, shape=shape, source="copy", who="anna")
    return project


def verdict(project: Project, network: float, prior: float) -> None:
    """What cross-validation found, in place of what it found."""
    found = {"instances": 4, "network": network, "prior": prior}
    (project.folder / "models" / "exemplar" / "clicks_against_prior.json").write_text(
        json.dumps(found)
    )


@pytest.mark.usefixtures("short_epochs", "uncompared")
def test_a_trained_model_that_does_better_takes_over_from_the_prior(bigger: Project) -> None:
    train_project(bigger, "exemplar", {"epochs": 1, "size": 32, "levels": 0}, SILENT)
    verdict(bigger, 3.0, 6.0)

    proposer = best_proposer(bigger)

    assert proposer.name == "exemplar"
    assert "On 4 held-out shapes it costs 3.0 clicks" in proposer.reason
    proposal = proposer.propose(BLACK, Box(4, 4, 8, 8))
    assert proposal is not None
    assert np.isfinite(proposal.given([]).points).all()


@pytest.mark.usefixtures("blind_priors")
def test_a_model_that_costs_more_clicks_leaves_the_prior_to_propose(bigger: Project) -> None:
    (bigger.folder / "models" / "exemplar").mkdir(parents=True)
    (bigger.folder / "models" / "exemplar" / "card.json").write_text("{}")
    verdict(bigger, 5.9, 2.0)

    proposer = best_proposer(bigger)

    assert proposer.name == "prior"
    assert "not better yet" in proposer.reason
    assert "the prior 2.0" in proposer.reason


@pytest.mark.usefixtures("short_epochs")
def test_training_compares_both_on_the_instances_that_neither_learned_from(
    bigger: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    priors: list[PriorModel] = []
    # It looks at no image: only what it has learned from is asked here.
    monkeypatch.setattr(PriorModel, "load", lambda self, *_: priors.append(self) or self.blind())

    card = train_project(bigger, "exemplar", {"epochs": 1, "size": 32, "levels": 0}, SILENT)

    found = Comparison.read(ModelLibrary.of(bigger).own(backend_named("exemplar")))
    assert found is not None
    held_out = set(card["held_out_keys"])
    assert found.instances == len(held_out)
    everyone = labelled_instances(bigger)
    # Each head is there twice: who has learned from one of the two knows the other.
    heads = {each.group for each in everyone if each.key in held_out}
    (prior,) = priors
    assert {i.key for i in prior.labelled} == {i.key for i in everyone if i.group not in heads}


class Network:
    """In the place of a trained one."""

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        mixture = ShapeMixture(np.zeros(1), np.zeros((1, 6, 2)), np.eye(12) * 0.01)
        return Proposal(box, mixture, "heatmap")


@pytest.fixture
def accompanied(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Its network has held out the first four, and labelled images beside it help."""
    folder = project.folder / "models" / "heatmap"
    folder.mkdir(parents=True)
    (folder / "card.json").write_text("{}")
    held_out = [each.key for each in labelled_instances(project)[:4]]
    monkeypatch.setattr(KeptModel, "load", lambda self: Network())
    monkeypatch.setattr(KeptModel, "not_learned_from", lambda self, keys: held_out)
    found = {"instances": 4, "network": 3.0, "prior": 6.0, "together": 2.0}
    (folder / "clicks_against_prior.json").write_text(json.dumps(found))
    return project


def test_what_a_network_is_judged_by_does_not_stand_beside_it(accompanied: Project) -> None:
    proposer = best_proposer(accompanied)

    assert isinstance(proposer.model, Accompanied)
    assert "with the labelled images beside it, 2.0 clicks" in proposer.reason
    keys = [each.key for each in labelled_instances(accompanied)]
    assert [each.key for each in proposer.beside] == keys[4:]


def test_a_label_that_stands_beside_it_makes_it_another_model(accompanied: Project) -> None:
    before = identity_of(best_proposer(accompanied))
    assert identity_of(best_proposer(accompanied)) == before
    record, shape = list(accompanied.shapes())[-1]
    accompanied.accept(record.id, Shape(shape.points + 1), who="anna")
    assert identity_of(best_proposer(accompanied)) != before
