"""Ellipses that follow the labels, on few images of one set, without a network."""

import pytest

from landmark_annotator.annotator.protocols import newsource
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.projects.vocabulary import SILENT


@pytest.fixture(scope="module", autouse=True)
def _data(landmark_data: object) -> None:
    """The sets are there."""


def test_the_same_images_are_looked_at_before_and_after_labels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(newsource, "_OTHERS_ACCEPTED", (0, 6))
    figures = newsource.run(Options(sets=("ceph19",), images=3), SILENT)
    place = "newsource/ceph19"
    assert figures[f"{place}/images"] == 3
    assert figures[f"{place}/accepted0/widened"] == 1
    assert figures[f"{place}/accepted6/widened"] != 1
    assert 0 < float(figures[f"{place}/accepted6/inside68"]) <= 100  # type: ignore[arg-type]


def test_every_order_of_labelling_is_whole_however_many_images_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    followed: list[int] = []

    def counted(labelled: list[int], looked_at: list[int], *_: object) -> dict[str, float]:
        followed.append(len(labelled))
        return {}

    monkeypatch.setattr(newsource, "_trained", lambda *_: None)
    monkeypatch.setattr(newsource, "_proposed", lambda model, instances, *_: list(instances))
    monkeypatch.setattr(newsource, "_followed", counted)
    figures = newsource.run(Options(sets=("helen",), images=800), SILENT)
    assert followed == [100] * 5
    assert figures["newsource/images"] == 370
