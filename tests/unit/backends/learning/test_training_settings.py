"""Settings of a training, checked by the kinds of their fields."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from landmark_annotator.backends.cropnet.settings import Settings as CropNetSettings
from landmark_annotator.backends.hair.settings import Settings as HairSettings
from landmark_annotator.backends.learning.settings import checked, one_of
from landmark_annotator.backends.parsing.settings import Settings as ParsingSettings
from landmark_annotator.projects.vocabulary.errors import ActionableError


@dataclass(frozen=True)
class Chosen:
    seed: int = 0
    epochs: int = 10
    levels: int = field(default=7, metadata={"least": 0})
    rate: float = 0.1
    shares: tuple[float, ...] = (0.1, 0.2)
    landmarks: tuple[int, ...] = ()
    name: str = "small"
    fresh: bool = False
    side: int = field(default=64, metadata={"unit": "px"})


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"seed": 0, "epochs": 1, "levels": 0},
        {"rate": 1},
        {"shares": [0.5, 0.5], "landmarks": []},
        {"landmarks": [3, 0], "name": "large", "fresh": True},
    ],
)
def test_what_makes_sense_is_taken_and_lists_become_tuples(given: dict[str, Any]) -> None:
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    assert checked(Chosen, given, "network") == Chosen(**values)


@pytest.mark.parametrize(
    "given",
    [
        {"seed": -1},
        {"seed": True},
        {"seed": 2**32},
        {"side": 4097},
        {"epochs": 0},
        {"epochs": 2.0},
        {"levels": -1},
        {"rate": 0},
        {"rate": 1.5},
        {"shares": []},
        {"shares": [2.0]},
        {"shares": 0.5},
        {"landmarks": [1, 1]},
        {"landmarks": [-1]},
        {"landmarks": [0.5]},
        {"name": 3},
        {"fresh": 1},
    ],
)
def test_another_kind_is_refused_with_the_default(given: dict[str, Any]) -> None:
    [name] = given
    with pytest.raises(ActionableError, match=f"The setting {name} cannot be") as raised:
        checked(Chosen, given, "network")
    default = getattr(Chosen(), name)
    said = json.dumps(list(default) if isinstance(default, tuple) else default)
    assert f"It is {said} by default" in str(raised.value.remedy)


@pytest.mark.parametrize(
    ("given", "fits"),
    [
        ({"epochs": "many"}, "a whole number, 1 or more."),
        ({"side": 5000}, "a whole number, 1 or more, 4,096 at most."),
        ({"rate": 2}, "a number above 0, up to 1."),
        ({"fresh": "yes"}, "true or false."),
        ({"landmarks": 3}, "whole numbers, each once, such as [0, 5, 9]."),
    ],
)
def test_what_fits_is_told(given: dict[str, Any], fits: str) -> None:
    with pytest.raises(ActionableError) as raised:
        checked(Chosen, given, "network")
    assert str(raised.value.remedy).endswith(f"give {fits}")


def test_an_unknown_name_is_refused_with_the_closest_one() -> None:
    with pytest.raises(ActionableError, match=r'The network has no setting "epoch".*"epochs"'):
        checked(Chosen, {"epoch": 3}, "network")


def test_a_choice_that_is_not_known_is_refused_with_the_known_ones() -> None:
    one_of("loss", "l1", ["l1", "l2"])
    with pytest.raises(ActionableError, match='no loss "l3"') as raised:
        one_of("loss", "l3", ["l1", "l2"])
    assert raised.value.remedy == "Known losses: l1, l2."


@pytest.mark.parametrize(
    ("settings", "name"),
    [(HairSettings, "features"), (ParsingSettings, "features"), (CropNetSettings, "width")],
)
def test_networks_have_eight_channels_or_more(settings: Any, name: str) -> None:
    with pytest.raises(ActionableError, match=f"{name} cannot be 4") as refused:
        settings.of({name: 4})
    assert "8 or more" in refused.value.remedy
    assert getattr(settings.of({name: 8}), name) == 8
