"""Verdicts by list."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.review.listed_verdicts import (
    instances_listed,
    judge_listed,
)
from landmark_annotator.annotator.session.review.row_names import row_names
from landmark_annotator.projects.store import InstanceState, Project, Verdict
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError

SCHEME = Scheme("bar", ("start", "end"))
POINTS = np.array([[10.0, 20.0], [50.0, 20.0]])


class Facts:
    width, height = 100, 80

    def __init__(self, sha256):
        self.sha256 = sha256


@pytest.fixture
def project(tmp_path):
    """Three images; the second has two instances."""
    with Project.create(tmp_path / "bars", SCHEME) as opened:
        for name, instances in (("a.png", 1), ("b.png", 2), ("c.png", 1)):
            image = opened.add_image(opened.folder / name, Facts(name))
            for _ in range(instances):
                opened.add_instance(image.id, Box(30, 20, 60, 60), shape=Shape(POINTS), who="ada")
        yield opened


def test_a_line_is_an_id_an_image_or_what_the_list_prints(project):
    assert instances_listed(project, ["4", "b.png", "a.png #1", "", "# done", "4"]) == [4, 2, 3, 1]


def test_an_object_has_the_number_that_it_has_in_its_image(project):
    assert instances_listed(project, ["b.png  #2", "b.png #1"]) == [3, 2]
    assert row_names(project, [2, 3, 1]) == {2: "b.png  #1", 3: "b.png  #2", 1: "a.png"}


def test_an_unknown_name_is_refused_with_its_line(project):
    with pytest.raises(ActionableError, match=r"Line 2 names no instance and no image: \"d.png\""):
        instances_listed(project, ["a.png", "d.png"])


@pytest.mark.parametrize("line", ["d.png  #4", "a.png #3"])
def test_a_number_behind_a_name_means_no_object_of_another_image(project, line):
    with pytest.raises(ActionableError, match="Line 1 names no instance and no image"):
        instances_listed(project, [line])


def test_behind_its_image_an_object_may_have_its_id(project):
    assert instances_listed(project, ["b.png 3", "c.png #4"]) == [3, 4]


def test_what_is_listed_passes(project):
    assert judge_listed(project, [1, 3], None, who="rex").instances == [1, 3]
    assert {i: r.verdict for i, r in project.reviews().items()} == {
        1: Verdict.ACCEPTED,
        3: Verdict.ACCEPTED,
    }


def test_what_is_listed_is_sent_back_with_the_comment(project):
    judge_listed(project, [2], "look at the end", who="rex")
    assert project.reviews()[2].comment == "look at the end"
    assert project.instance(2).state is not InstanceState.ACCEPTED


def test_each_verdict_is_one_step_that_is_undone(project):
    judge_listed(project, [1, 2], "look at the end", who="rex")
    project.undo(who="rex")
    assert list(project.reviews()) == [1]
    assert project.instance(2).state is InstanceState.ACCEPTED


def test_what_cannot_pass_is_said_and_the_rest_passes(project):
    project.review(2, Verdict.SENT_BACK, "the end", who="rex")
    done = judge_listed(project, [2, 3], None, who="rex")
    assert done.instances == [3]
    assert done.refused[0].startswith("b.png  #1: Somebody is still at work")


def test_of_what_has_no_shape_yet_nothing_is_sent_back(project):
    image = project.instance(1).image_id
    waits = project.add_instance(image, Box(30, 20, 60, 60), second_opinion_on=1, who="rex").id
    done = judge_listed(project, instances_listed(project, ["a.png"]), "the end", who="rex")
    assert done.instances == [1]
    assert done.refused == ["a.png  #2: There is no shape yet, so there is nothing to send back."]
    assert waits not in project.reviews()
