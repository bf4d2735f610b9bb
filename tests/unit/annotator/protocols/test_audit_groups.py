"""The sets of related images that the audit splits."""

from dataclasses import replace
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


def splits(reported: np.ndarray, found: np.ndarray) -> list[audit_groups._Split]:
    """Of six instances, errors (6,) and (splits, 6); each split holds two out, and sees the two
    after them for the first time."""
    made = []
    for n, each in enumerate(found):
        out, unseen = ((np.arange(2) + 2 * (n + k)) % 6 for k in (0, 1))
        made.append(
            audit_groups._Split(
                held_out={str(i): float(reported[i]) for i in out},
                unseen={str(i): float(each[i]) for i in unseen},
                reported=0.0,
                found=0.0,
                groups=2,
                holds=True,
                alarms=0.0,
                caught=1.0,
            )
        )
    return made


EASY_AND_HARD = np.array([1.0, 2.0, 5.0, 3.0, 40.0, 9.0])


def test_the_ratio_is_that_of_the_same_instances_however_much_these_differ() -> None:
    same = np.tile(EASY_AND_HARD, (6, 1))
    assert audit_groups._ratio(splits(EASY_AND_HARD, same)) == pytest.approx((1.0, 1.0, 1.0))


def test_a_report_that_is_too_good_shows_in_the_ratio() -> None:
    same = np.tile(EASY_AND_HARD, (6, 1))
    assert audit_groups._ratio(splits(0.8 * EASY_AND_HARD, same)) == pytest.approx((0.8,) * 3)


def test_networks_that_differ_leave_the_ratio_as_it_is() -> None:
    good_and_bad = np.array([1.0, 0.5, 4.0, 1.0, 0.8, 1.2])
    found = np.outer(good_and_bad, EASY_AND_HARD)
    made = splits(EASY_AND_HARD, found)
    made = [
        replace(one, held_out={key: 0.9 * worse * e for key, e in one.held_out.items()})
        for one, worse in zip(made, good_and_bad, strict=True)
    ]
    assert audit_groups._ratio(made) == pytest.approx((0.9,) * 3, rel=1e-3)


def test_the_ratio_says_how_much_its_splits_differ() -> None:
    noise = np.random.default_rng(0).uniform(0.5, 1.5, (6, 6))
    _, low, high = audit_groups._ratio(splits(EASY_AND_HARD, EASY_AND_HARD * noise))
    assert high > 1.2 * low


def test_the_flies_that_come_with_mistakes_are_among_the_flies() -> None:
    flies = set_named("fly32")
    instances = flies.read(flies.scheme())
    own = audit_spoiled._own_mistakes("fly32", instances)
    named = audit_spoiled._OWN_MISTAKES["fly32"].split()
    assert len(own) == len(named)
    assert {instances[n].key[-9:-6] for n in own} == set(named)
