"""How many crops a course shows, and in how large steps."""

from dataclasses import replace

import pytest

from landmark_annotator.backends.learning.course import Course

WHOLE = Course(batch=16, least=256, each=3.6, fewest=400, most=6000)
PARTS = replace(WHOLE, part=4)


def crops(course: Course, instances: int) -> int:
    order = course.order(instances)
    return course.epochs(instances) * order.steps * order.size


@pytest.mark.parametrize("instances", [12, 48, 100, 255])
def test_few_instances_make_smaller_steps_of_as_many_crops(instances: int) -> None:
    assert PARTS.order(instances).size == 4
    # To an epoch, of which there are whole ones only.
    assert abs(crops(PARTS, instances) / crops(WHOLE, instances) - 1) < 0.1


@pytest.mark.parametrize("instances", [256, 1505])
def test_many_instances_are_learned_from_as_before(instances: int) -> None:
    assert PARTS.order(instances) == WHOLE.order(instances)
    assert PARTS.epochs(instances) == WHOLE.epochs(instances)
