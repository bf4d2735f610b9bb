"""Plan errors: those of what proposes in the project, on instances that it has not learned from."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.evaluation import held_out_errors as judging
from landmark_annotator.annotator.session.evaluation.held_out_errors import (
    held_out_errors,
    prior_errors,
    why_unknown,
)
from landmark_annotator.annotator.session.models import library
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.models.related_instances import judging as judging_keys
from landmark_annotator.annotator.session.models.training import labelled_instances
from landmark_annotator.annotator.session.planning.offer import labelled_shapes
from landmark_annotator.annotator.session.simulation.hand import BOX_ERROR, jittered
from landmark_annotator.backends.learning.model_cards import mark
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import GroupRule, GroupsBy, ImageRecord, Project
from landmark_annotator.projects.vocabulary import (
    SILENT,
    Box,
    Progress,
    Provenance,
    Scheme,
    Shape,
)
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError
from tests.known_priors import blindly

SCHEME = Scheme("bar", tuple("abcd"))
FORMATS = [(), (0,), (0, 1, 2, 3)]


facts = partial(ImageFacts, 400, 400)


def bar(seed: int) -> Floats:
    random = np.random.default_rng(seed)
    corners = np.array([[0, 0], [100, 0], [100, 60], [0, 60]])
    return np.asarray(corners + 60 + random.normal(0, 8, (4, 2)))


@dataclass
class Oracle:
    """Knows every shape, but for the ones that it has learned from: there it is far off."""

    held_out_numbers: range
    name: str = "oracle"
    title: str = "oracle"

    def shipped(self, scheme: Scheme) -> None:
        return None

    def held_out(self, folder: Path) -> list[str]:
        return [f"{i}.png#0 {i}" for i in self.held_out_numbers]

    def learned_elsewhere(self, folder: Path) -> str:
        return ""

    def load(self, folder: Path, scheme: Scheme, device: str = "cpu") -> "Oracle":
        return self

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        seed = int(pixels[0, 0, 0])
        off = 0.0 if seed in self.held_out_numbers else 50.0
        mean = box.to_frame(bar(seed) + off)[None]
        return Proposal(box, ShapeMixture(np.zeros(1), mean, 1e-4 * np.eye(8)), self.name)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "bars", SCHEME) as opened:
        for i in range(40):
            image = opened.add_image(tmp_path / f"{i}.png", facts(str(i)))
            box = Box.square_around(bar(i))
            opened.add_instance(image.id, box, shape=Shape(bar(i)), who="importer")
        yield opened


@pytest.fixture
def train(project: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[[range], None]:
    def trained(held_out: range) -> None:
        oracle = Oracle(held_out)
        own = project.folder / "models" / "oracle"
        own.mkdir(parents=True)
        (own / "card.json").write_text("{}")
        monkeypatch.setattr(library, "all_backends", lambda: (oracle,))
        monkeypatch.setattr(
            "landmark_annotator.annotator.session.models.training.pixels_of",
            lambda image: np.full((1, 1, 3), int(image.path.stem), dtype=np.uint8),
        )

    return trained


def errors(project: Project) -> tuple[tuple[float, ...], str]:
    found = held_out_errors(project, labelled_shapes(project)[0], FORMATS, 0, SILENT)
    assert found is not None
    return found.errors, found.source


def test_without_a_model_they_are_the_priors(project: Project) -> None:
    found, source = errors(project)
    assert "prior from labelled shapes" in source
    assert found[0] > found[1] > found[2]


def test_an_error_without_a_click_is_that_of_boxes_as_hands_draw_them() -> None:
    shape, box = bar(0), Box.square_around(bar(0))
    random = np.random.default_rng(1)
    labelled = [(box, Shape(shape + random.normal(0, 0.1, shape.shape))) for _ in range(60)]
    found = prior_errors(labelled, SCHEME, [()], 0, SILENT)
    assert found is not None
    drawn = [jittered(box, BOX_ERROR, 1, number) for number in range(4000)]
    away = [each.to_image(box.to_frame(shape)) - shape for each in drawn]
    expected = 100 * np.linalg.norm(away, axis=2).mean() / box.diagonal
    assert found.errors[0] == pytest.approx(expected, rel=0.06)


def test_who_can_do_with_a_rough_answer_has_a_model_judged_on_fewer(
    project: Project, train: Callable[[range], None]
) -> None:
    train(range(20))
    rough = held_out_errors(project, labelled_shapes(project)[0], FORMATS, 0, SILENT, most=6)
    assert rough is not None
    assert "on 6 labelled instances" in rough.source


@pytest.mark.usefixtures("few_judged")
def test_where_images_show_the_landmarks_the_prior_is_judged_with_them(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it proposes: the shapes alone looked far worse than what people are shown."""

    def drawn(image: ImageRecord) -> Pixels:
        pixels = np.full((400, 400, 3), 30, dtype=np.uint8)
        for j, corner in enumerate(bar(int(image.path.stem))):
            x, y = corner.round().astype(int).tolist()
            pixels[y - 9 : y + 1, x - 9 : x + 10 - 4 * j] = 120 + 40 * j
            pixels[y : y + 10, x - 3 : x + 10] = 250 - 50 * j
        return pixels

    blind, source = errors(project)
    assert "and their images" not in source
    monkeypatch.setattr("landmark_annotator.annotator.session.models.training.pixels_of", drawn)
    seen, source = errors(project)
    assert "prior from labelled shapes and their images, on 8" in source
    assert seen[0] < 0.5 * blind[0]


@pytest.mark.usefixtures("few_judged")
def test_an_object_that_is_nowhere_in_its_image_has_no_error(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody has said so of every landmark, and accepted that."""
    nowhere = Shape(np.full((4, 2), np.nan), provenance=[Provenance.CLICKED] * 4)
    for record in project.instances()[::2]:
        project.accept(record.id, nowhere, who="ada")
    monkeypatch.setattr(
        "landmark_annotator.annotator.session.models.training.pixels_of",
        lambda image: np.full((400, 400, 3), 30, dtype=np.uint8),
    )
    monkeypatch.setattr(judging, "looks_at_images", lambda _: True)
    found, source = errors(project)
    assert "and their images, on 8 " in source
    assert np.isfinite(found).all()


def test_while_priors_learn_it_is_told_how_far_they_are_and_they_can_be_stopped(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 102 faces with 189 landmarks each takes a minute."""
    told: list[tuple[str, int]] = []

    class Told:
        def start(self, stage: str, total: int | None) -> None:
            told.append((stage, 0))

        def advance(self, steps: int = 1, note: str = "") -> None:
            told[-1] = (told[-1][0], told[-1][1] + steps)

        def cancelled(self) -> bool:
            return False

    progress, heard = Told(), []

    def load(prior: PriorModel, progress: Progress = SILENT) -> TrainedModel:
        heard.append(progress)
        return prior.blind()

    monkeypatch.setattr(PriorModel, "load", load)
    monkeypatch.setattr(judging, "looks_at_images", lambda _: True)
    monkeypatch.setattr(
        "landmark_annotator.annotator.session.models.training.pixels_of",
        lambda _: np.zeros((400, 400, 3), dtype=np.uint8),
    )
    held_out_errors(project, labelled_shapes(project)[0], FORMATS, 0, progress)
    assert told[0] == ("priors", len(heard))
    assert told[1][0] == "errors"
    assert len(heard) > 1
    assert all(each is progress for each in heard)


def test_a_trained_model_is_judged_on_what_it_has_not_learned_from(
    project: Project, train: Callable[[range], None]
) -> None:
    train(range(10, 25))
    found, source = errors(project)
    assert source == (
        "Errors are those of the oracle, on 15 labelled instances that it has not learned from."
    )
    assert found[0] < 0.1


def test_what_somebody_has_since_said_to_be_related_to_what_it_learned_from_judges_it_no_more(
    project: Project, train: Callable[[range], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report said that no group is on both sides of a split, and they were."""
    monkeypatch.setattr(PriorModel, "load", blindly)
    train(range(10, 25))
    card = {"learned": [mark(f"{i}.png#0 {i}") for i in (*range(10), *range(25, 40))]}
    (project.folder / "models" / "oracle" / "card.json").write_text(json.dumps(card))
    images = {int(image.path.stem): image.id for image in project.images()}

    def say(pairs: dict[int, str]) -> None:
        names = {images[i]: name for i, name in pairs.items()}
        project.set_group_rule(GroupRule(GroupsBy.NAMES, names=names), who="lead")

    say({10: "a", 11: "a", 24: "b", 26: "b"})  # Both held out; the other one learned from.
    assert errors(project)[1] == (
        "Errors are those of the oracle, on 14 labelled instances that it has not learned from. "
        "1 held-out label is related to what the oracle has learned from, as somebody has said "
        "since its training, and not counted: the next one keeps them apart."
    )
    say({i: str(i % 15) for i in range(40)})
    source = errors(project)[1]
    assert "prior from labelled shapes" in source
    assert " 15 held-out labels are related to what the oracle has learned from" in source
    project.set_group_rule(GroupRule(GroupsBy.NOTHING), who="lead")
    assert errors(project)[1].endswith("on 15 labelled instances that it has not learned from.")


def test_nor_does_what_is_related_to_what_stands_beside_it(
    project: Project, train: Callable[[range], None]
) -> None:
    """Registration learns from later labels of a held-out person's other photographs."""
    train(range(10, 25))
    kept = next(library.ModelLibrary.of(project).kept())
    labelled = labelled_instances(project)
    ids = [image.id for image in project.images()]
    names = {ids[10]: "a", ids[30]: "a", ids[11]: "b"}
    project.set_group_rule(GroupRule(GroupsBy.NAMES, names=names), who="lead")
    alone = judging_keys(project, kept, labelled)
    together = judging_keys(project, kept, labelled, [labelled[30]])
    assert len(alone) == 15
    assert alone - together == {"10.png#0 10"}


def test_what_came_with_the_program_is_judged_on_any_instance(
    project: Project, train: Callable[[range], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    train(range(40))
    shutil.rmtree(project.folder / "models" / "oracle")
    shipped = project.folder / "elsewhere"
    monkeypatch.setattr(Oracle, "shipped", lambda self, scheme: shipped)
    monkeypatch.setattr(Oracle, "held_out", lambda self, folder: [])
    found, source = errors(project)
    assert source == (
        "Errors are those of the oracle as it came with the program, on 40 labelled instances."
    )
    assert found[0] < 0.1


def test_they_say_where_some_photographs_are_no_measure(
    project: Project, train: Callable[[range], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    train(range(40))
    monkeypatch.setattr(
        Oracle, "learned_elsewhere", lambda self, folder: "the training pictures of Mars"
    )
    assert errors(project)[1].endswith(
        " If your photographs are among the training pictures of Mars, which the oracle has "
        "learned from, its errors here are too small."
    )


def test_all_points_clicked_leave_the_error_of_the_hand(
    project: Project, train: Callable[[range], None]
) -> None:
    train(range(40))
    # A normal of 1.5 pixels of the screen, where the box fills 700, is 0.15 % of the diagonal
    # along each axis, and 0.19 % away on average.
    assert errors(project)[0][2] == pytest.approx(0.19, abs=0.03)


def test_on_few_such_instances_a_model_is_judged_roughly(
    project: Project, train: Callable[[range], None]
) -> None:
    train(range(4))
    assert errors(project)[1] == (
        "Errors are those of the oracle, on 4 labelled instances that it has not learned from. "
        "They are few, so the errors are rough."
    )


def test_with_hardly_any_such_instances_they_are_the_priors(
    project: Project, train: Callable[[range], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PriorModel, "load", blindly)
    train(range(3))
    assert "prior from labelled shapes" in errors(project)[1]


def test_without_the_photographs_they_are_the_priors(
    project: Project, train: Callable[[range], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(image: ImageRecord) -> Pixels:
        raise ImageError(f"{image.path.name} is gone.")

    train(range(40))
    monkeypatch.setattr("landmark_annotator.annotator.session.models.training.pixels_of", gone)
    source = errors(project)[1]
    assert "prior from labelled shapes" in source
    assert "could not be judged: " in source
    assert "png is gone." in source


def test_where_images_were_moved_it_is_said_that_more_may_be_known_with_them(
    project: Project,
) -> None:
    """On a disk that was not there the budget recommended points that nobody needs, unsaid."""
    said = "The images of 40 labelled shapes are not where they were"
    assert said in errors(project)[1]
    for image in project.images():
        Image.new("RGB", (400, 400)).save(image.path)
    assert "not where they were" not in errors(project)[1]


def test_a_model_is_judged_without_the_photographs_that_are_gone(
    project: Project, train: Callable[[range], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def some_gone(image: ImageRecord) -> Pixels:
        if image.path.stem in ("3", "5"):
            raise ImageError(f"{image.path.name} is gone.")
        return np.full((1, 1, 3), int(image.path.stem), dtype=np.uint8)

    train(range(40))
    monkeypatch.setattr("landmark_annotator.annotator.session.models.training.pixels_of", some_gone)
    _, source = errors(project)
    assert "the oracle, on 40 labelled instances" in source
    assert "2 of them were left out: " in source


def test_with_too_few_shapes_there_are_none(project: Project) -> None:
    few = labelled_shapes(project)[0][:9]
    assert prior_errors(few, SCHEME, FORMATS, 0, SILENT) is None


def proposed(labelled: Sequence[tuple[Box, Shape]]) -> list[tuple[Box, Shape]]:
    """As accepted where the prior has placed all but the first landmark."""
    marks = [Provenance.CLICKED, *[Provenance.INFERRED] * (len(SCHEME) - 1)]
    return [(box, Shape(shape.points, provenance=marks)) for box, shape in labelled]


def test_a_prior_is_not_judged_on_what_it_placed_itself(project: Project) -> None:
    labelled = labelled_shapes(project)[0]
    few = labelled[:1] + proposed(labelled[1:12])
    assert prior_errors(few, SCHEME, FORMATS, 0, SILENT) is None
    assert "not known yet: in 11 of 12 labelled shapes a model placed" in why_unknown(few)
    some = proposed(labelled[:15]) + labelled[15:30]
    found = prior_errors(some, SCHEME, FORMATS, 0, SILENT)
    assert found is not None
    assert "on 15 of them that were held out" in found.source
