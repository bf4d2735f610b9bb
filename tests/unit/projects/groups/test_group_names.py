"""What file names say of related images."""

import pytest

from landmark_annotator.projects.groups.names import in_sequence, keys_of, plausible


def test_names_agree_up_to_their_last_number() -> None:
    stems = [f"person_{p:02}_{view:03}" for p in range(5) for view in range(4)]
    assert keys_of(stems) == [f"person_{p:02}_" for p in range(5) for _ in range(4)]


def test_letters_after_the_number_tell_views_of_one_person_apart() -> None:
    stems = [f"i{p:03}q{camera}-fn" for p in range(6) for camera in "abc"]
    assert keys_of(stems) == [f"i{p:03}" for p in range(6) for _ in range(3)]


@pytest.mark.parametrize(
    "stems",
    [
        [f"image_{n:04}" for n in range(50)],
        [f"{n:03}" for n in range(50)],
        [f"{n:03}_03" for n in range(50)],
        [f"{name}" for name in ("anna", "ben", "carla", "dora")],
        [f"left_{n}" for n in range(25)] + [f"right_{n}" for n in range(25)],
    ],
    ids=["one prefix", "numbers", "each on its own", "no numbers", "two halves"],
)
def test_names_that_only_count_say_nothing_of_groups(stems: list[str]) -> None:
    assert keys_of(stems) is None or not plausible(keys_of(stems) or [])


def test_a_group_of_most_images_is_not_plausible() -> None:
    assert plausible(["a", "a", "b", "b", "c"])
    assert not plausible(["a"] * 4 + ["b", "b", "c"])


def test_frames_differ_in_their_last_number_alone() -> None:
    assert in_sequence(["img007", "img012", "img001"]) == [7, 12, 1]
    assert in_sequence(["img007", "picture012"]) is None
    assert in_sequence(["left", "right"]) is None
