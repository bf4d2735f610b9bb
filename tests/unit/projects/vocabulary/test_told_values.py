"""What scripts make of wrong things is told by the name of the argument, whatever they make."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import landmark_annotator as la
from landmark_annotator.backends.shapes import ShapeMixture
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Role, Verdict, read_at_once
from landmark_annotator.projects.vocabulary import Curve, MaskProvenance, Region

NAMES = ("base", "fork", "tip")
BOX = la.Box(10, 10, 20, 20)
POINTS = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]])
SHAPE = la.Shape(POINTS)
SCHEME = la.Scheme("wing", NAMES)
MIXTURE = ShapeMixture(np.zeros(1), np.zeros((1, 3, 2)), 1e-3 * np.eye(6))
WRONG: tuple[Any, ...] = (None, 3, "x", ["a"], Path("nowhere"), float("nan"), np.array(["a", "b"]))


def of_scheme(part: str, *also: object, right: type | None = None) -> list[Any]:
    wrong = [*also, *(one for one in WRONG if right is None or not isinstance(one, right))]
    return [pytest.param(part, one, id=f"{part}={one!r}") for one in wrong]


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        *of_scheme("colours", [3], [(0, 3)]),
        *of_scheme("definitions", [3], [(0, 3)]),
        *of_scheme("curves", [3]),
        *of_scheme("regions", [3]),
        *of_scheme("name", [], b"x", right=str),
        *of_scheme("title", right=str),
        *of_scheme("version", 1.5, right=int),
    ],
)
def test_a_scheme_says_which_of_its_parts_is_none(part: str, wrong: Any) -> None:
    given: Any = {"name": "wing", "landmarks": NAMES, part: wrong}
    with pytest.raises(la.ActionableError, match=part):
        la.Scheme(**given)


def test_what_no_database_holds_makes_no_project(tmp_path: Path) -> None:
    for scheme in (la.Scheme("wing", NAMES, version=10**30), la.Scheme("wing", ("a", "\ud800"))):
        with pytest.raises(la.ActionableError):
            la.Project.create(tmp_path / "wings", scheme)
        assert not (tmp_path / "wings").exists()


def test_lists_make_the_colours_curves_and_regions_that_tuples_make() -> None:
    parts: Any = [(0, "#ff0000")], [Curve("edge", (0, 1, 2))], [Region("blade")]
    made = [
        la.Scheme("wing", NAMES, colours=kind(a), curves=kind(b), regions=kind(c))
        for a, b, c in [parts]
        for kind in (list, tuple)
    ]
    assert made[0] == made[1]
    assert hash(made[0]) == hash(made[1])


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(
    "doing",
    [
        lambda wrong: la.Box.from_corner(wrong, 0, [], 1),
        lambda wrong: la.Box.whole_image([], wrong),
        lambda wrong: la.Box.square_around(wrong),
        lambda wrong: BOX.to_frame(wrong),
        lambda wrong: BOX.to_image(wrong),
        lambda wrong: BOX.overlap(wrong),
        lambda wrong: BOX.moved(wrong),
        lambda wrong: la.Evidence.on_contour(0, (1, 2), (1, 0), [], wrong),
        lambda wrong: la.Shape(POINTS, [wrong]),
        lambda wrong: la.Shape.unknown([wrong]),
        lambda wrong: SHAPE.mirrored(wrong, 0),
        lambda wrong: la.Scheme.named([wrong]),
        lambda wrong: la.Split((90, 10), group=[wrong]),
        lambda wrong: la.Split((90, 10)).parts(wrong),
        lambda wrong: la.Proposal(BOX, MIXTURE, "prior").given(wrong),
        lambda wrong: la.LandmarkDataset([], wrong),
    ],
)
def test_no_error_of_pythons_comes_out_of_what_a_script_makes(doing: Any, wrong: Any) -> None:
    with pytest.raises(la.ActionableError):
        doing(wrong)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("box", 5),
        ("mixture", POINTS),
        ("backend", 5),
        ("degrees", "x"),
        ("degrees", -1),
        ("degrees", float("nan")),
        ("turns", 5),
        ("turns", ()),
        ("turns", [float("nan")]),
        ("widened", 0.5),
        ("widened", float("inf")),
        ("before", 5),
        ("novelty", "x"),
        ("unlearned", ["tip"]),
        ("unlearned", {3}),
        ("object_box", POINTS),
        ("kinds", "no"),
    ],
)
def test_a_proposal_says_which_of_its_fields_is_none(field: str, wrong: Any) -> None:
    given: Any = {"box": BOX, "mixture": MIXTURE, "backend": "prior", field: wrong}
    with pytest.raises(la.ActionableError, match=f"Proposal takes as {field} "):
        la.Proposal(**given).given([])
    with pytest.raises(la.ActionableError, match=f"Proposal takes as {field} "):
        la.condition(la.Proposal(**given), {0: (1.0, 2.0)})


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("points", 5),
        ("points", np.zeros((3, 3))),
        ("covariances", np.zeros((2, 2, 2))),
        ("drops", [1.0]),
        ("degrees", 0),
        ("unlearned", 7),
        ("unlearned", [-1]),
    ],
)
def test_a_posterior_says_which_of_its_fields_is_none(field: str, wrong: Any) -> None:
    given: Any = {"points": POINTS, "covariances": np.zeros((3, 2, 2)), "drops": np.zeros(3)}
    with pytest.raises(la.ActionableError, match=f"Posterior takes as {field} "):
        la.Posterior(**{**given, field: wrong})


def test_lists_make_a_posterior_that_arrays_make() -> None:
    made = la.Posterior([[1, 2]], [[[1, 0], [0, 1]]], [3], unlearned=[0])  # type: ignore[arg-type]

    assert made.query == 0
    assert np.isnan(made.positions).all()


@pytest.mark.parametrize(
    "making",
    [
        lambda: ShapeMixture(5, 5, 5),  # type: ignore[arg-type]
        lambda: ShapeMixture(np.zeros(2), np.zeros((1, 3, 2)), np.eye(6)),
        lambda: ShapeMixture(np.zeros(1), np.zeros((1, 3, 2)), np.eye(5)),
        lambda: ShapeMixture(np.zeros(1), np.zeros((3, 2)), np.eye(6)),
    ],
)
def test_a_mixture_says_what_it_is_made_of(making: Any) -> None:
    with pytest.raises(la.ActionableError, match=r"log_weights|exemplars|residual"):
        making()


@pytest.mark.parametrize(
    ("kind", "wrong", "members"),
    [
        (la.Provenance, "clik", 'Did you mean "clicked"'),
        (la.Provenance, ["clicked"], "clicked, confirmed"),
        (la.Visibility, 7, "not_labelled, occluded, visible"),
        (la.InstanceState, "acc", "untouched, started, accepted"),
        (MaskProvenance, None, "drawn, accepted"),
        (Verdict, 5, "There are: "),
        (Role, "boss", "There are: "),
    ],
)
def test_an_enumeration_says_what_members_it_has(kind: Any, wrong: Any, members: str) -> None:
    with pytest.raises(la.ActionableError, match=f"is no {kind.__name__}.*{members}"):
        kind(wrong)
    with pytest.raises(ValueError, match=f"is no {kind.__name__}"):  # as those of Python's own
        kind(wrong)


def test_a_member_is_made_of_its_name_too() -> None:
    assert la.Visibility("occluded") is la.Visibility.OCCLUDED  # type: ignore[arg-type]
    assert la.Visibility(1) is la.Visibility.OCCLUDED


def test_a_list_of_positions_is_taken_where_an_array_is() -> None:
    np.testing.assert_array_equal(BOX.to_frame(POINTS.tolist()), BOX.to_frame(POINTS))
    assert la.Box.square_around(POINTS.tolist()) == la.Box.square_around(POINTS)


def test_a_record_in_place_of_its_number_is_told_by_the_name_of_the_argument(
    tmp_path: Path,
) -> None:
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
    with la.Project.create(tmp_path / "wings", SCHEME) as project:
        image = project.add_image(tmp_path / "a.png", examine(tmp_path / "a.png"))
        record = project.add_instance(image.id, BOX, source="one", who="ada")
        for doing in (
            lambda wrong: project.fill_instance(wrong, BOX, SHAPE, who="ada"),
            lambda wrong: project.instance(wrong),
        ):
            with pytest.raises(la.ActionableError, match="takes as instance_id a whole number"):
                doing(record)


def test_a_function_that_reads_at_once_takes_its_project_by_name(tmp_path: Path) -> None:
    @read_at_once
    def size(project: la.Project, more: int = 0) -> int:
        return len(project.scheme) + more

    with la.Project.create(tmp_path / "wings", SCHEME) as project:
        assert size(project=project, more=1) == size(project, 1) == 4
        report = la.export_set(project=project, target=tmp_path / "a.csv", format="csv")
        assert report.instances == 0
        for target in ("a\0b.csv", "a\ud800.csv"):
            with pytest.raises(la.ActionableError, match="is no place for an export"):
                la.export_labels(project, target, format="csv")
