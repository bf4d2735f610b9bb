"""The command that the card of the shipped finder names trains what the card describes."""

import json
import re
from pathlib import Path

import pytest

from landmark_annotator.annotator.protocols.datasets import photographs
from landmark_annotator.backends.finder.settings import Settings
from landmark_annotator.backends.finder.training import _held_out
from landmark_annotator.backends.finders import FINDER

WEIGHTS = Path(__file__).parents[4] / "backends" / "finder" / "weights" / "face68"
CARD = json.loads((WEIGHTS / "card.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def settings() -> Settings:
    """As the protocol gives those of the command to the training."""
    text = (WEIGHTS / "README.md").read_text(encoding="utf-8")
    command = re.findall(r"`annotator evaluate finder --work \S+ (--set [^`]*)`", text)[0]
    said = dict(part.split("=") for part in re.findall(r"--set (\S+)", command))
    read = {name: json.loads(value) for name, value in said.items()}
    return Settings.of({"seed": 0, **FINDER.from_nothing, **read})


def test_its_settings_are_those_of_the_weights(settings: Settings) -> None:
    assert settings == Settings.of(CARD["settings"])


def test_it_holds_the_same_images_out(settings: Settings, landmark_data: Path) -> None:
    images = photographs.training_images()
    held_out = _held_out(images, settings)
    assert {images[i].key for i in held_out} == set(CARD["held_out_keys"])
    assert len(images) - len(held_out) == CARD["instances"]["training"]
