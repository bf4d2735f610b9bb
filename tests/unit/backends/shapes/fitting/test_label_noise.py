"""What a prior learns of a landmark depends on who placed it."""

import numpy as np

from landmark_annotator.backends.shapes import Proposal, shape_prior
from landmark_annotator.backends.shapes.fitting.label_noise import label_deviations
from landmark_annotator.projects.vocabulary import Box, Evidence, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats

BOX = Box(100, 100, 100, 100)
BASE = np.array([[60.0, 60.0], [140.0, 60.0], [140.0, 140.0], [60.0, 140.0]])


def test_the_surer_the_hand_the_smaller_the_deviation() -> None:
    marks = [Provenance.CLICKED, Provenance.CONFIRMED, Provenance.INFERRED, None]
    points = BASE.copy()
    points[3] = np.nan

    clicked, confirmed, inferred, unknown = label_deviations(Shape(points, None, marks))

    assert clicked < confirmed < inferred < unknown == np.inf


def shapes(mark: Provenance, last: Floats) -> list[tuple[Box, Shape]]:
    """The last landmark of each is where a model or a person put it; the others are clicked."""
    random = np.random.default_rng(2)
    found = []
    for x in last:
        points = BASE + random.normal(0, 3, BASE.shape)
        points[3, 0] = 60 + x
        marks = [Provenance.CLICKED] * 3 + [mark]
        found.append((BOX, Shape(points, None, marks)))
    return found


def test_guesses_of_the_model_that_agree_do_not_make_it_sure() -> None:
    # The model has put the landmark on the same place in every image.
    def doubt(mark: Provenance) -> float:
        """Of x of that landmark once the others are clicked."""
        proposal = Proposal(BOX, shape_prior(shapes(mark, np.zeros(40))), "prior")
        clicks = [Evidence.click(j, BASE[j], proposal.click_deviation) for j in range(3)]
        return float(proposal.given(clicks).covariances[3, 0, 0])

    assert doubt(Provenance.INFERRED) > 1.2 * doubt(Provenance.CLICKED)


def test_partners_count_for_each_other() -> None:
    scheme = Scheme("square", ("a", "b", "c", "d"), partners=((0, 1), (2, 3)))
    # Only the first and the fourth landmark vary; their partners never do.
    random = np.random.default_rng(3)
    labelled = []
    for _ in range(60):
        points = BASE.copy()
        points[[0, 3]] += random.normal(0, 5, (2, 2))
        labelled.append((BOX, Shape(points)))

    alone, both = shape_prior(labelled), shape_prior(labelled, scheme)

    variances = [np.trace(one.landmark_covariances[1]) for one in (alone, both)]
    assert variances[1] > 1.3 * variances[0]
