"""Only an instance of which nothing was ever recorded can be removed."""

import kites
import numpy as np
import pytest

from landmark_annotator.projects.store import InstanceRecord, Project
from landmark_annotator.projects.vocabulary.errors import ProjectError


def test_an_untouched_instance_goes_with_its_proposal(
    project: Project, kite: InstanceRecord
) -> None:
    project.store_proposal(
        kite.id, kites.POINTS, np.zeros((5, 2, 2)), predicted_error=1.0, model="test"
    )
    project.remove_instance(kite.id)
    assert project.instances() == []


def test_what_has_a_journal_stays_even_after_undo(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    project.undo("ada")
    with pytest.raises(ProjectError, match="cannot be removed"):
        project.remove_instance(kite.id)
    assert [record.id for record in project.instances()] == [kite.id]


def test_what_the_project_does_not_have_cannot_be_removed(project: Project) -> None:
    with pytest.raises(ProjectError, match="no instance 7"):
        project.remove_instance(7)
