"""Regular expressions of people, looked for in a process of its own."""

import re

import pytest

from landmark_annotator.projects.apart import matching
from landmark_annotator.projects.apart.matching import found_in
from landmark_annotator.projects.vocabulary.errors import ActionableError


def test_what_is_found_is_what_python_finds() -> None:
    texts = ["person_01_a.jpg", "person_02_b.jpg", "b\udcff_03", "none"]

    assert found_in(r"_(\d+)", texts) == ["01", "02", "03", None]
    assert found_in(r"_\d+|(none)", texts) == ["_01", "_02", "_03", "none"]
    assert found_in(r"x", []) == []


def test_a_pattern_that_takes_for_ever_is_stopped_and_told_with_the_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(matching, "SECONDS", 0.5)

    with pytest.raises(ActionableError, match=r"takes more than \d s"):
        found_in(r"(a+)+$", ["a" * 40 + "!"])

    assert found_in("a", ["a"]) == ["a"]


@pytest.mark.parametrize("pattern", ["(", "*", "(?P<1>a)", "[", "a{99999999999}"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises((re.error, OverflowError)):
        re.compile(pattern)
    with pytest.raises(ActionableError, match="no regular expression") as refused:
        found_in(pattern, ["a"])
    assert r"such as (person_\d+)_" in refused.value.remedy
    assert re.search(r"(person_\d+)_", "person_12_left.jpg")
    assert refused.value.kept == "Nothing was changed."
