"""The comparison with another program's smoother, which is not installed with ours."""

import sys

import numpy as np
import pytest

from landmark_annotator.annotator.protocols.video_ensemble_kalman import ensemble_kalman
from landmark_annotator.projects.vocabulary.errors import ActionableError


def test_without_the_package_it_says_what_to_install(monkeypatch):
    for name in ("eks", "eks.core"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ActionableError) as refused:
        ensemble_kalman(np.zeros((3, 2, 2)), np.ones((3, 2, 1, 1)) * np.eye(2))
    assert "pip install ensemble-kalman-smoother" in refused.value.remedy
