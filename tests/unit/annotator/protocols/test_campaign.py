"""Whole labelling jobs from zero labels, on some flies: they have a heading."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.protocols import campaign, evaluate
from landmark_annotator.annotator.protocols.campaign_picture import smoothed
from landmark_annotator.annotator.protocols.datasets.campaign_sets import SETS, set_named
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Result
from landmark_annotator.annotator.session.execution.processes import LocalProcesses
from landmark_annotator.projects.vocabulary import SILENT
from landmark_annotator.projects.vocabulary.errors import ActionableError

IMAGES = 6


@pytest.fixture(scope="module")
def flies(tmp_path_factory: pytest.TempPathFactory, landmark_data: Path) -> tuple[Path, Result]:
    work = tmp_path_factory.mktemp("campaign")
    with LocalProcesses(2) as beside:
        options = Options(
            work=str(work),
            backend="prior",
            images=IMAGES,
            sets=("fly32",),
            variants=("worst", "strict", "nothing"),
            executor=beside,
        )
        return work, evaluate("campaign", options, "annotator evaluate campaign", SILENT)


def test_clicks_fall_below_what_dragging_costs(flies: tuple[Path, Result]) -> None:
    figures = flies[1].figures
    tenths = figures["campaign/fly32/clicks_by_tenth"]

    assert isinstance(tenths, list)
    assert figures["campaign/fly32/by_hand_per_image"] == 32
    # The first image is clicked by hand; in the last ones most landmarks follow.
    assert tenths[-1] < 25 < figures["campaign/fly32/drags_per_image"]


def test_accepted_labels_are_as_good_as_the_simulated_hand_demands(
    flies: tuple[Path, Result],
) -> None:
    figures = flies[1].figures

    assert 0 < figures["campaign/fly32/accepted_nme"] <= 2.5
    strict = figures["campaign/fly32/strict/accepted_nme"]
    assert 0 < strict <= 1.8
    assert figures["campaign/fly32/strict/clicks_total"] > figures["campaign/fly32/clicks_total"]


def test_jobs_that_are_done_are_not_done_again(flies: tuple[Path, Result]) -> None:
    work = flies[0]
    kept = work / f"campaign-prior-fly32-worst-{IMAGES}-0.json"
    content = json.loads(kept.read_text())
    content["clicks"] = [7] * IMAGES
    kept.write_text(json.dumps(content))

    options = Options(
        work=str(work), backend="prior", images=IMAGES, sets=("fly32",), variants=("worst",)
    )
    again = evaluate("campaign", options, "annotator evaluate campaign", SILENT)

    assert again.figures["campaign/fly32/clicks_per_image"] == 7


def test_a_job_in_other_boxes_is_another_one(
    flies: tuple[Path, Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Begun(Exception):
        pass

    def begin(*_: object) -> None:
        raise Begun

    monkeypatch.setattr(campaign, "simulate_job", begin)
    options = Options(
        work=str(flies[0]), backend="prior", images=IMAGES, sets=("fly32",), variants=("worst",)
    )
    with pytest.raises(Begun):
        evaluate("campaign", replace(options, jitter=0.1), "", SILENT)


def test_the_picture_is_beside_the_jobs(flies: tuple[Path, Result]) -> None:
    assert (flies[0] / "campaign.png").stat().st_size > 1000


def test_an_unknown_set_names_the_closest(tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match="fly32"):
        evaluate("campaign", Options(sets=("fly23",)), "annotator evaluate campaign", SILENT)


@pytest.mark.parametrize(("name", "images", "size"), [("ceph19", 200, 19), ("london189", 102, 189)])
def test_sets_hold_what_the_protocol_says(
    landmark_data: Path, name: str, images: int, size: int
) -> None:
    one = set_named(name)
    job = one.job(seed=0, jitter=0.05, images=None)

    assert (len(job), one.count, len(one.scheme())) == (images, images, size)
    assert len({each.key for each in job}) == images
    assert all(each.shape.complete for each in job)


def test_partners_lie_on_both_sides(landmark_data: Path) -> None:
    """In the frame of the heading for flies, upright for faces."""
    for name, across in (("fly32", 1), ("london189", 0)):
        one = set_named(name)
        scheme = one.scheme()
        frames = []
        for each in one.job(seed=0, jitter=0.0, images=40):
            points = each.shape.points
            if scheme.heading is not None:
                start, end = points[list(scheme.heading)]
                angle = np.arctan2(*(end - start)[::-1])
                turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
                points = points @ turn
            frames.append((points - points.mean(axis=0)) / each.box.side)
        mean = np.mean(frames, axis=0)
        left, right = (mean[list(side)] for side in zip(*scheme.partners, strict=True))
        sums = left[:, across] + right[:, across] - 2 * mean[:, across].mean()
        assert np.abs(sums).max() < 0.12, name


def test_four_sets_are_known() -> None:
    assert [one.name for one in SETS] == ["helen", "fly32", "ceph19", "london189"]


def test_the_curve_averages_over_the_images_before() -> None:
    assert smoothed([68, 10, 20]) == [10.0, 20.0]
