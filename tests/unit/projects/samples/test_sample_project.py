"""The sample project: labelled for the most part, ready to be worked on."""

from pathlib import Path

import pytest

from landmark_annotator.projects.samples import create_sample_project
from landmark_annotator.projects.samples.projects import drawn
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary.errors import ProjectError


@pytest.fixture(autouse=True)
def _few_heads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "LABELLED", 2)
    monkeypatch.setattr(drawn, "UNTOUCHED", 1)


def test_labelled_heads_come_first_and_the_rest_waits_with_boxes(tmp_path: Path) -> None:
    with create_sample_project(tmp_path / "samples") as project:
        instances = project.instances()
        assert [i.state for i in instances] == [
            InstanceState.ACCEPTED,
            InstanceState.ACCEPTED,
            InstanceState.UNTOUCHED,
        ]
        assert all(i.box is not None for i in instances)
        assert all(image.path.is_file() for image in project.images())


def test_boxes_hold_most_of_the_shape_but_are_not_exact(tmp_path: Path) -> None:
    with create_sample_project(tmp_path / "samples") as project:
        for instance, shape in project.shapes():
            assert instance.box is not None
            framed = instance.box.to_frame(shape.points)
            assert (abs(framed) <= 0.5).mean() > 0.9
            assert instance.box.side != pytest.approx(
                max(shape.points.max(0) - shape.points.min(0))
            )


def test_an_interrupted_call_leaves_no_project_and_can_be_repeated(tmp_path: Path) -> None:
    class Interrupting:
        def start(self, stage: str, total: int | None) -> None:
            pass

        def advance(self, steps: int = 1, note: str = "") -> None:
            raise KeyboardInterrupt

        def cancelled(self) -> bool:
            return False

    folder = tmp_path / "samples"
    with pytest.raises(KeyboardInterrupt):
        create_sample_project(folder, progress=Interrupting())
    assert not folder.exists()
    create_sample_project(folder).close()
    with Project.open(folder) as project:
        assert len(project.images()) == 3


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ProjectError, match="something is there already"):
        create_sample_project(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"
