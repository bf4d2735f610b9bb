"""What annotator train says of a training."""

import json
from pathlib import Path

import pytest

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.session.models import training
from landmark_annotator.projects.samples import create_sample_project

CARD = {
    "instances": {"training": 18, "held_out": 5, "unreadable": []},
    "figures": {"held_out_error": 3.0},
    "minutes": 1.5,
    "related": "",
    "earlier_instances": 12,
    "learned": ["0a1b2c3d"],
}


def test_it_says_from_which_network_it_went_on_and_how_to_begin_anew(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    create_sample_project(tmp_path / "heads").close()
    monkeypatch.setattr(training, "train_project", lambda *_: CARD)
    capfd.readouterr()

    assert run(["train", str(tmp_path / "heads"), "--json"]) == 0

    out, err = capfd.readouterr()
    assert "network of 12 instances; --fresh begins anew" in err
    facts = json.loads(out)
    assert facts["earlier_instances"] == 12
    assert "learned" not in facts
