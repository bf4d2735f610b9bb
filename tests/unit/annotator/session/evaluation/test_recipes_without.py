"""What a prior is fitted to that a simulation judges."""

from pathlib import Path

import numpy as np

from landmark_annotator.annotator.session.evaluation.simulation_work import recipes_without
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.proposers import ProposerRecipe
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels


def _unread() -> Pixels:
    raise AssertionError("No image is looked at.")


def test_of_many_labels_it_has_some_of_all_and_none_of_the_judged_ones(tmp_path: Path) -> None:
    """In the order of the project they are one video after the other."""
    scheme, shape = Scheme("two", ("a", "b")), Shape(np.array([[1.0, 1.0], [5.0, 5.0]]))
    labelled = [LabelledInstance(f"{i}", Box(3, 3, 6, 6), shape, _unread) for i in range(40)]
    folds = [i % 5 for i in range(40)]
    recipe = ProposerRecipe(ModelLibrary(tmp_path, scheme), tuple(labelled[::4]))
    for fold, without in recipes_without(recipe, labelled, folds).items():
        chosen = [int(each.key) for each in without.labelled]
        assert all(folds[each] != fold for each in chosen)
        assert len(chosen) <= len(recipe.labelled)
        assert chosen[-1] > 30
