"""What a plan is told of a fill that will want more whole labels."""

from pathlib import Path

import pytest

from landmark_annotator.annotator.session.filling.project_fill import lacking
from landmark_annotator.projects.vocabulary import Provenance
from tests.unit.annotator.session.planning.worm_projects import made


@pytest.mark.parametrize(
    ("labelled", "provenance", "said"),
    [(9, None, "there are 9."), (1, None, "there is 1."), (12, Provenance.INFERRED, "are 0.")],
)
def test_too_few_whole_labels_are_told_of(
    tmp_path: Path, labelled: int, provenance: Provenance | None, said: str
) -> None:
    with made(tmp_path, labelled, provenance=provenance) as project:
        assert lacking(project).endswith(said)


def test_of_enough_nothing_is_said(tmp_path: Path) -> None:
    with made(tmp_path, 10) as project:
        assert lacking(project) == ""
