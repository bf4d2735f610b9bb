"""A network with labelled images beside it."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from landmark_annotator.backends.registration import Accompanied, RegistrationModel
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from tests.unit.backends.registration.textures import SCHEME, bent, noisy

UNSEEN = noisy(bent(20), 70)
TRUTH = UNSEEN.shape.points
BOX = Box.square_around(TRUTH, 1.2).moved((0.03, 0.02), 1.1, 0.4)


@dataclass(frozen=True)
class Network:
    """Off by so many pixels, each landmark in another direction."""

    off: float
    novelty: float = 0.5

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        random = np.random.default_rng(0)
        points = box.to_frame(TRUTH + random.normal(0, self.off, TRUTH.shape))
        residual = np.eye(TRUTH.size) * (self.off / box.side) ** 2
        mixture = ShapeMixture(np.zeros(1), points[None], residual)
        return Proposal(box, mixture, "network", novelty=self.novelty)


@pytest.fixture(scope="module")
def registration() -> RegistrationModel:
    return RegistrationModel.of([noisy(bent(i), 50 + i) for i in range(4)], SCHEME)


def points(proposal: Proposal) -> Floats:
    return proposal.given([]).points


def test_landmarks_are_nearer_to_where_they_are_and_it_is_surer(
    registration: RegistrationModel,
) -> None:
    network, pixels = Network(5.0), UNSEEN.read_pixels()
    alone = network.propose(pixels, BOX)
    found = Accompanied(network.propose, registration).propose(pixels, BOX)
    off = [np.linalg.norm(points(each) - TRUTH, axis=1).mean() for each in (found, alone)]
    assert off[0] < off[1] / 2
    assert np.trace(found.mixture.residual) < np.trace(alone.mixture.residual)
    assert (found.box, found.backend) == (alone.box, alone.backend)


def test_a_turned_box_makes_no_difference(registration: RegistrationModel) -> None:
    both, pixels = Accompanied(Network(5.0).propose, registration), UNSEEN.read_pixels()
    one, other = (both.propose(pixels, BOX.moved(turn=turn)).given([]) for turn in (0.0, 1.0))
    assert np.allclose(one.points, other.points)
    assert np.allclose(one.covariances, other.covariances)


def test_two_that_say_the_same_are_together_as_sure_as_one(
    registration: RegistrationModel,
) -> None:
    network, pixels = Network(5.0), UNSEEN.read_pixels()
    own = registration.propose_around(pixels, points(network.propose(pixels, BOX)), BOX)

    class Same:
        def propose_around(self, pixels: Pixels, points: Floats, box: Box) -> Proposal:
            return own

    found = Accompanied(lambda *asked: own, Same()).propose(pixels, BOX)  # type: ignore[arg-type]
    assert np.allclose(points(found), points(own), atol=1e-6)
    assert np.allclose(found.given([]).covariances, own.given([]).covariances, rtol=1e-3)


def test_where_the_network_has_never_seen_the_like_it_is_left_alone(
    registration: RegistrationModel,
) -> None:
    lost = replace(Network(5.0), novelty=3.0)
    pixels = UNSEEN.read_pixels()
    found = Accompanied(lost.propose, registration).propose(pixels, BOX)
    assert np.array_equal(points(found), points(lost.propose(pixels, BOX)))


@pytest.mark.parametrize("novelty", [0.5, 3.0])
def test_whether_the_object_is_there_is_told_by_what_stands_beside_the_network(
    registration: RegistrationModel, novelty: float
) -> None:
    pixels = UNSEEN.read_pixels()
    odds = {}
    for off in (2.0, 60.0):
        found = Accompanied(Network(off, novelty).propose, registration).propose(pixels, BOX)
        assert found.sight is not None
        odds[off] = found.sight.odds
    assert odds[2.0] is not None
    assert odds[60.0] is not None
    assert odds[60.0] < 0 < odds[2.0]
