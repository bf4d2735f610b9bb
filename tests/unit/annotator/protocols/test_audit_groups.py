"""The sets of related images that the audit splits."""

from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.protocols import audit_groups, audit_spoiled
from landmark_annotator.annotator.protocols.datasets.campaign_sets import set_named

pytestmark = pytest.mark.usefixtures("landmark_data")


def test_views_of_one_person_are_one_group() -> None:
    [views] = [one for one in audit_groups.SETS if one.name == "imm-like"]
    instances = audit_groups._with_groups(views.read(views.scheme())[:60])
    groups = {each.split_key for each in instances}
    assert len(groups) == 12
    for each in instances:
        assert Path(each.group).stem[:9] == Path(each.key).stem[:9]


def test_a_view_shows_its_landmarks_where_they_are() -> None:
    [views] = [one for one in audit_groups.SETS if one.name == "imm-like"]
    first, second = views.read(views.scheme())[:2]
    assert not np.allclose(first.shape.points, second.shape.points)
    # What is around the landmarks of the eyes is alike in both.
    cut = []
    for each in (first, second):
        x, y = each.shape.points[36:48].mean(axis=0).round().astype(int)
        cut.append(each.read_pixels()[y - 8 : y + 8, x - 8 : x + 8].mean(axis=2).ravel())
    assert np.corrcoef(*cut)[0, 1] > 0.5


def test_the_ratio_says_how_much_its_splits_differ() -> None:
    found = np.array([2.0, 3.0, 2.5, 4.0])
    assert audit_groups._ratio(1.1 * found, found) == pytest.approx((1.1, 1.1, 1.1))
    ratio, low, high = audit_groups._ratio(found[::-1], found)
    assert ratio == pytest.approx(1.0)
    assert low < 0.8
    assert high > 1.2


def test_the_flies_that_come_with_mistakes_are_among_the_flies() -> None:
    flies = set_named("fly32")
    instances = flies.read(flies.scheme())
    own = audit_spoiled._own_mistakes("fly32", instances)
    named = audit_spoiled._OWN_MISTAKES["fly32"].split()
    assert len(own) == len(named)
    assert {instances[n].key[-9:-6] for n in own} == set(named)
