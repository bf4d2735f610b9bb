"""Which images and which objects are meant by rows of a list."""

from landmark_annotator.annotator.session.review.exclusion_choice import to_restore, whole_images
from landmark_annotator.projects.store import QueueRow


def row(instance: int, image: int, excluded: str | None = None) -> QueueRow:
    return QueueRow(instance, image, f"{image}.jpg", "untouched", None, excluded)


ROWS = [row(1, 10), row(2, 11), row(3, 11), row(4, 12), row(5, 12, "dark")]


def test_an_image_whose_only_object_is_chosen_goes_whole() -> None:
    assert whole_images(ROWS, [1]) == ([10], [])


def test_one_of_several_objects_goes_alone() -> None:
    assert whole_images(ROWS, [3]) == ([], [3])


def test_all_objects_take_their_image_along() -> None:
    assert whole_images(ROWS, [3, 1, 2]) == ([10, 11], [])


def test_objects_that_are_out_already_do_not_count() -> None:
    assert whole_images(ROWS, [4, 5]) == ([12], [])
    assert whole_images(ROWS, [5]) == ([], [])


def test_what_is_restored_comes_with_its_image() -> None:
    assert to_restore(ROWS, [4, 5]) == ([12], [5])


def test_what_counts_is_not_restored() -> None:
    assert to_restore(ROWS, [1, 4]) == ([], [])
