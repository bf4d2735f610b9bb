"""What may be said of images without labels: one word in all backends."""

import pytest

from landmark_annotator.backends.heatmap.settings import Settings as HeatmapSettings
from landmark_annotator.backends.laplace.settings import Settings
from landmark_annotator.projects.vocabulary.errors import ActionableError


@pytest.mark.parametrize(
    ("given", "written"), [(500, "most_unlabelled=500"), (0, "unlabelled=off")]
)
def test_a_number_where_there_is_a_word_now_is_told_what_to_write(given: int, written: str) -> None:
    with pytest.raises(ActionableError) as refused:
        Settings.of({"unlabelled": given})
    assert written in refused.value.remedy
    name, value = written.split("=")
    Settings.of({name: int(value) if value.isdigit() else value})


@pytest.mark.parametrize("settings", [Settings, HeatmapSettings])
def test_the_word_is_the_same_for_both(settings: type[Settings] | type[HeatmapSettings]) -> None:
    settings.of({"unlabelled": "auto"})
    assert not settings.of({"unlabelled": "off"}).learns_unlabelled
    with pytest.raises(ActionableError, match='unlabelled images "of"'):
        settings.of({"unlabelled": "of"})


def test_without_a_weight_of_the_discriminator_nothing_is_learned_from_them() -> None:
    assert not Settings.of({}).learns_unlabelled
    assert Settings.of({"adversarial": 0.001}).learns_unlabelled
