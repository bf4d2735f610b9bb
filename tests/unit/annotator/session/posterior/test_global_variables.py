"""The global variables of what is believed of an object."""

from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.posterior.global_variables import Reading, readings
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import Box, Evidence, Scheme

FACE = Scheme.named("face68")
ARROW = Scheme("arrow", ("start", "end"), heading=(0, 1))
BOX = Box(100.0, 100.0, 50.0, 50.0)


def arrows(*degrees: float, box: Box = BOX) -> Proposal:
    """Arrows of these directions, equally likely, each point off by one percent of the box."""
    turns = np.radians(degrees)
    ends = 0.4 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    shapes = np.stack([-ends, ends], axis=1)
    residual = 1e-4 * np.eye(4)
    return Proposal(box, ShapeMixture(np.zeros(len(degrees)), shapes, residual), "exemplar")


def heading(proposal: Proposal, *evidence: Evidence) -> Reading:
    (found,) = readings(ARROW, proposal, evidence)
    return found


def test_a_scheme_without_variables_has_no_readings() -> None:
    plain = Scheme("plain", ("start", "end"))
    assert readings(plain, arrows(0.0, 30.0), []) == []


def test_a_reading_is_the_mean_and_spread_of_the_belief() -> None:
    found = heading(arrows(-30.0, 30.0))
    assert found.mean == pytest.approx(0.0, abs=4.0)
    assert found.deviation == pytest.approx(30.0, abs=2.0)
    assert found.unit == "\N{DEGREE SIGN}"


def test_a_click_moves_and_narrows_it() -> None:
    proposal = arrows(-30.0, 30.0)
    end = BOX.to_image(proposal.mixture.means()[1, 1])
    found = heading(proposal, Evidence.click(1, end, proposal.click_deviation))
    assert found.mean == pytest.approx(30.0, abs=0.5)
    assert found.deviation < 2.0


def test_the_bars_keep_their_place_while_clicks_come_in() -> None:
    proposal = arrows(-30.0, 30.0)
    end = BOX.to_image(proposal.mixture.means()[1, 1])
    before = heading(proposal)
    after = heading(proposal, Evidence.click(1, end, proposal.click_deviation))
    assert (before.low, before.high) == (after.low, after.high)
    assert before.shares.sum() == after.shares.sum() == pytest.approx(1.0)
    assert after.shares[:12].sum() == 0.0


def test_angles_are_those_in_the_image() -> None:
    turned = Box(100.0, 100.0, 50.0, 50.0, angle=np.radians(40.0))
    assert heading(arrows(10.0, box=turned)).mean == pytest.approx(50.0, abs=0.5)


def test_angles_on_both_sides_of_half_a_turn_are_near_each_other() -> None:
    found = heading(arrows(170.0, -170.0))
    assert abs(found.mean) > 170
    assert found.deviation == pytest.approx(10.0, abs=2.0)


@pytest.mark.parametrize("pairs", [((0, 1), (2, 3)), ((1, 0), (3, 2))])
def test_an_upright_person_reads_a_roll_near_zero_from_the_front_and_from_behind(
    pairs: tuple[tuple[int, int], ...],
) -> None:
    names = ("left shoulder", "right shoulder", "left hip", "right hip")
    scheme = Scheme("person", names, partners=pairs)
    front = np.array([[0.3, -0.4], [-0.3, -0.4], [0.2, 0.4], [-0.2, 0.4]])
    for side in (front, front * [-1, 1]):
        for lean in (-4.0, 4.0):
            box = Box(100.0, 100.0, 50.0, 50.0, angle=np.radians(lean))
            mixture = ShapeMixture(np.zeros(1), side[None], 1e-3 * np.eye(8))
            (found,) = readings(scheme, Proposal(box, mixture, "prior"), [])
            assert found.name == "roll"
            assert found.mean == pytest.approx(lean, abs=1.0)
            assert found.deviation < 10
            assert found.high - found.low < 60


def test_a_shape_that_is_known_leaves_the_pitch_to_the_person(landmark_data: Path) -> None:
    file = sorted((landmark_data / "faces68" / "helen-test").glob("*.pts"))[0]
    numbers = file.read_text().split("{")[1].split("}")[0].split()
    points = np.array(numbers, dtype=float).reshape(-1, 2)
    box = Box.square_around(points)
    mixture = ShapeMixture(np.zeros(1), box.to_frame(points)[None], 1e-12 * np.eye(136))
    found = {one.name: one for one in readings(FACE, Proposal(box, mixture, "prior"), [])}
    assert found["pitch"].deviation == pytest.approx(6.85, abs=0.1)
    assert found["roll"].deviation < 0.1


def test_a_face_has_five(landmark_data: Path) -> None:
    file = sorted((landmark_data / "faces68" / "helen-test").glob("*.pts"))[0]
    numbers = file.read_text().split("{")[1].split("}")[0].split()
    points = np.array(numbers, dtype=float).reshape(-1, 2)
    box = Box.square_around(points)
    mixture = ShapeMixture(np.zeros(1), box.to_frame(points)[None], 1e-4 * np.eye(136))
    names = [found.name for found in readings(FACE, Proposal(box, mixture, "prior"), [])]
    assert names == ["yaw", "roll", "pitch", "mouth opening", "eye opening"]


def test_an_object_that_lies_the_other_way_round_reads_so() -> None:
    shape = np.array([[-0.3, -0.3], [0.3, -0.3], [0.3, 0.3], [-0.3, 0.3], [0.0, 0.1]])
    scheme = Scheme("square", ("a", "b", "c", "d", "e"), heading=(3, 1))
    near = np.exp(-((shape[:, None] - shape[None]) ** 2).sum(axis=2) / 0.5)
    residual = np.kron(4e-4 * (0.9 * near + 0.1 * np.eye(5)), np.eye(2))
    proposal = Proposal(BOX, ShapeMixture(np.zeros(1), shape[None], residual), "test")
    truth = BOX.to_image(-shape)
    clicks = [Evidence.click(j, truth[j], proposal.click_deviation) for j in (0, 2, 4)]

    (before,), (after,) = readings(scheme, proposal, []), readings(scheme, proposal, clicks)

    assert (after.mean - before.mean) % 360.0 == pytest.approx(180.0, abs=10.0)


def test_half_a_turn_from_what_was_proposed_it_is_as_sure_as_elsewhere() -> None:
    proposal = arrows(-10.0, 0.0, 10.0, 180.0)
    end = BOX.to_image(proposal.mixture.means()[3, 1])
    found = heading(proposal, Evidence.click(1, end, proposal.click_deviation))
    assert abs(found.mean) == pytest.approx(180.0, abs=1.0)
    assert found.deviation < 2.0
