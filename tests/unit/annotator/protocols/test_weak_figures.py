"""What the protocol `weak` makes of its cells."""

from pathlib import Path

import pytest

from landmark_annotator.annotator.protocols import weak
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.weak import VARIANTS, margins
from landmark_annotator.projects.vocabulary import SILENT
from landmark_annotator.projects.vocabulary.errors import ActionableError


def test_a_margin_is_what_the_searched_format_has_less_of_error() -> None:
    found = {"network/5/m19/nme": 5.25, "network/5/aflw19/nme": 5.5, "network/10/m19/nme": 5.0}
    assert margins(found) == {"margin/5/m19/network": 0.25}


def test_margins_of_the_fill_are_by_way() -> None:
    found = {"fill/5/m19/heatmap/nme": 2.0, "fill/5/aflw19/heatmap/nme": 3.0}
    assert margins(found) == {"margin/5/m19/fill/heatmap": 1.0}


def test_an_unknown_variant_is_refused_with_the_closest_one() -> None:
    with pytest.raises(ActionableError, match='Did you mean "fill"'):
        Options(variants=("fil",)).variants_among(VARIANTS)


def test_cells_of_other_options_are_kept_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Kept:
        def __init__(self, options: Options, work: Path, progress: object) -> None:
            self.work = work

        def figures(self) -> Path:
            return self.work

    monkeypatch.setattr(weak, "_Run", Kept)
    others = ({}, {"images": 5}, {"jitter": 0.1}, {"training": {"epochs": 1}}, {"seed": 1})
    places = [weak.run(Options(work=str(tmp_path), **other), SILENT) for other in others]
    assert places[0] == tmp_path / "weak-seed0"
    assert len(set(places)) == len(others)
