"""Which clicks moved what the same person had just placed."""

import kites

from landmark_annotator.projects.store import InstanceRecord, Project


def test_only_the_same_persons_click_right_after_is_a_repetition(
    project: Project, kite: InstanceRecord
) -> None:
    def click(landmark: int, x: float, who: str) -> None:
        project.place(kite.id, landmark, (x, 5.5), who=who)

    click(kites.TOP, 1.0, "ada")
    click(kites.TAIL, 9.0, "ada")
    click(kites.TOP, 2.5, "ada")
    click(kites.TOP, 3.0, "bob")
    click(kites.TOP, 4.0, "ada")
    project.undo("ada")
    click(kites.TOP, 6.0, "ada")
    click(kites.TAIL, 8.0, "ada")
    project.clear(kite.id, kites.TAIL, who="ada")
    click(kites.TAIL, 7.0, "ada")
    assert project.placed_again() == [
        (kite.id, (1.0, 5.5), (2.5, 5.5)),
        (kite.id, (9.0, 5.5), (8.0, 5.5)),
    ]
