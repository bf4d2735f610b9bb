"""Importing into a real project: what is added, what is reported, and that twice is once."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import Connection

from landmark_annotator.projects.exchange import export_labels, import_labels
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError, ProjectReadOnly

SCHEME = Scheme("triangle", ("top", "left", "right"))
PTS = "version: 1\nn_points: 3\n{\n11 11\n21 41\n31 26\n}\n"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", SCHEME) as opened:
        yield opened


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Three labelled images of different content."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(3):
        Image.new("RGB", (50, 60), (number, 0, 0)).save(folder / f"{number}.png")
        (folder / f"{number}.pts").write_text(PTS)
    return folder


class Recorder:
    """A progress that asks to stop after some steps."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.stop_after = stop_after
        self.steps = 0
        self.total: int | None = None

    def start(self, stage: str, total: int | None) -> None:
        self.steps, self.total = 0, total

    def advance(self, steps: int = 1, note: str = "") -> None:
        self.steps += steps

    def cancelled(self) -> bool:
        return self.steps >= self.stop_after


def everything(project: Project) -> list[object]:
    return [
        project.images(),
        project.instances(),
        [(s.points.tolist(), s.provenance) for _, s in project.shapes(None)],
        list(project.journal()),
    ]


def test_a_folder_of_images_with_pts(project: Project, photos: Path) -> None:
    report = import_labels(project, photos, who="anna")

    assert (report.added, report.images_added, report.unreadable) == (3, 3, [])
    record, shape = next(project.shapes())
    assert shape.points.tolist() == [[10, 10], [20, 40], [30, 25]]
    assert shape.provenance == (Provenance.IMPORTED,) * 3
    assert record.box == Box(20, 25, 30, 30)


def test_twice_changes_nothing(project: Project, photos: Path) -> None:
    import_labels(project, photos, who="anna")
    before = everything(project)

    report = import_labels(project, photos, who="anna")

    assert (report.added, report.unchanged, report.differing, report.images_added) == (0, 3, 0, 0)
    assert everything(project) == before


def test_two_imports_at_once_bring_everything_in_once(
    project: Project, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = Project.transaction

    def beside(self: Project) -> AbstractContextManager[Connection]:
        monkeypatch.setattr(Project, "transaction", begin)
        with Project.open(tmp_path / "project") as other:
            import_labels(other, photos, who="bert")
        return begin(self)

    monkeypatch.setattr(Project, "transaction", beside)
    report = import_labels(project, photos, who="anna")

    assert (report.added, report.unchanged) == (0, 3)
    assert len(project.instances()) == 3


def test_a_shape_that_a_person_has_changed_is_kept_and_reported(
    project: Project, photos: Path
) -> None:
    import_labels(project, photos, who="anna")
    instance = project.instances()[1]
    project.place(instance.id, 0, (12.0, 13.0), who="bert")
    before = everything(project)

    report = import_labels(project, photos, who="anna")

    assert (report.added, report.unchanged, report.differing) == (0, 2, 1)
    assert report.differing_sources == ["1.pts#0"]
    assert everything(project) == before


def test_the_folder_may_be_spelled_differently(
    project: Project, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_labels(project, photos, who="anna")
    monkeypatch.chdir(photos.parent)

    for source in (Path("photos"), Path("photos/../photos/1.pts")):
        assert import_labels(project, source, who="anna").added == 0


def test_bad_files_are_reported_and_the_rest_is_imported(project: Project, photos: Path) -> None:
    (photos / "0.pts").write_text(PTS.replace("11 11", "11,0 11,0"))
    (photos / "1.png").write_bytes((photos / "1.png").read_bytes()[:60])
    (photos / "alone.pts").write_text(PTS)

    report = import_labels(project, photos, who="anna")

    assert report.added == 1
    reasons = {bad.path.name: bad.reason for bad in report.unreadable}
    assert set(reasons) == {"0.pts", "1.png", "alone.pts"}
    assert "comma" in reasons["0.pts"]
    assert "damaged" in reasons["1.png"]
    assert "no image" in reasons["alone.pts"]


def test_a_folder_of_images(project: Project, photos: Path) -> None:
    report = import_labels(project, photos, format="images", who="anna")

    assert report.added == 3
    assert {r.state for r in project.instances()} == {InstanceState.UNTOUCHED}
    assert {r.box for r in project.instances()} == {None}


def test_labels_among_images_are_not_passed_over_without_a_word(
    project: Project, photos: Path
) -> None:
    for file in photos.glob("*.pts"):
        file.unlink()
    (photos / "more").mkdir()
    name = next(photos.glob("*.png")).name
    (photos / "more" / "labels.csv").write_text(f"image,nose_x,nose_y\n../{name},1,2\n")
    notes = import_labels(project, photos, who="anna").notes
    assert any("more/labels.csv" in note for note in notes)
    (photos / "more" / "labels.csv").write_text("what was done, and when\n")
    assert import_labels(project, photos, who="anna").notes == []


def test_the_same_shape_in_a_file_of_another_name_is_the_same_instance(
    project: Project, photos: Path
) -> None:
    import_labels(project, photos, who="anna")
    (photos / "again.csv").write_text("image,x0,y0,x1,y1,x2,y2\n1.png,10,10,20,40,30,25\n")

    report = import_labels(project, photos / "again.csv", who="anna")

    assert (report.added, report.unchanged) == (0, 1)


def test_a_second_object_in_an_image_is_another_instance(project: Project, photos: Path) -> None:
    import_labels(project, photos, who="anna")
    (photos / "more.csv").write_text("image,x0,y0,x1,y1,x2,y2\n1.png,1,1,2,4,3,2\n")

    report = import_labels(project, photos / "more.csv", who="anna")

    assert (report.added, report.images_added, len(project.images())) == (1, 0, 3)


def test_an_image_that_has_an_instance_gets_no_empty_one(project: Project, photos: Path) -> None:
    import_labels(project, photos, who="anna")

    report = import_labels(project, photos, format="images", who="anna")

    assert (report.added, report.unchanged) == (0, 3)


def test_labels_that_arrive_after_their_images_fill_the_empty_instances(
    project: Project, photos: Path
) -> None:
    import_labels(project, photos, format="images", who="anna")

    report = import_labels(project, photos, who="anna")

    assert (report.added, report.filled, report.images_added) == (0, 3, 0)
    assert [r.state for r in project.instances()] == [InstanceState.ACCEPTED] * 3
    assert import_labels(project, photos, who="anna").unchanged == 3


def test_an_instance_with_a_box_is_not_filled(project: Project, photos: Path) -> None:
    import_labels(project, photos, format="images", who="anna")
    project.set_box(project.instances()[0].id, Box(5, 5, 4, 4), who="anna")

    report = import_labels(project, photos, who="anna")

    assert (report.added, report.filled) == (1, 2)


def test_an_own_export_fills_the_instances_of_the_same_images(
    project: Project, photos: Path, tmp_path: Path
) -> None:
    import_labels(project, photos, format="images", who="anna")
    shape = Shape(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    project.accept(project.instances()[0].id, shape, who="anna")
    export_labels(project, photos / "out.csv", format="csv")
    with Project.create(tmp_path / "other", SCHEME) as other:
        import_labels(other, photos, format="images", who="bert")

        report = import_labels(other, photos / "out.csv", who="bert")

        assert (report.added, report.filled, report.differing) == (0, 1, 0)
        assert other.shape(other.instances()[0].id).points.tolist() == shape.points.tolist()


def test_two_entries_of_one_key_are_two_instances(project: Project, photos: Path) -> None:
    (photos / "labels.csv").write_text(
        "image,source,top.x,top.y\n0.png,same,1,2\n0.png,same,3,4\n0.png,same,1,2\n"
    )

    first = import_labels(project, photos / "labels.csv", who="anna")
    again = import_labels(project, photos / "labels.csv", who="anna")

    assert (first.added, first.unchanged, first.differing) == (2, 1, 0)
    assert [r.source for r in project.instances()] == ["same", "same (2)"]
    assert (again.added, again.unchanged, again.differing) == (0, 3, 0)


def test_a_dry_run_tells_what_an_import_does_and_writes_nothing(
    project: Project, photos: Path
) -> None:
    import_labels(project, photos / "0.pts", who="anna")
    import_labels(project, photos / "1.png", who="anna")
    (photos / "again.csv").write_text(
        "image,x0,y0,x1,y1,x2,y2\n2.png,10,10,20,40,30,25\n9.png,1,1,1,1,1,1\n"
    )
    before = repr(everything(project))

    for source in (photos, photos / "again.csv"):
        with Project.open(project.folder, read_only=True) as reading:
            foreseen = import_labels(reading, source, who="anna", dry_run=True)
        assert repr(everything(project)) == before
        assert import_labels(project, source, who="anna") == foreseen
        before = repr(everything(project))


def test_a_part_of_a_shape_is_started_and_not_accepted(project: Project, photos: Path) -> None:
    (photos / "labels.csv").write_text("image,x0,y0,x1,y1,x2,y2\n0.png,1,2,,,5,9\n")

    import_labels(project, photos / "labels.csv", who="anna")

    (record,) = project.instances()
    assert record.state is InstanceState.STARTED
    assert record.box == Box(3, 5.5, 7, 7)


def test_one_known_landmark_makes_no_box(project: Project, photos: Path) -> None:
    (photos / "labels.csv").write_text("image,x0,y0,x1,y1,x2,y2\n0.png,1,2,,,,\n")

    import_labels(project, photos / "labels.csv", who="anna")

    assert project.instances()[0].box is None


def test_two_copies_of_an_image_are_one_image(project: Project, photos: Path) -> None:
    (photos / "copy.png").write_bytes((photos / "0.png").read_bytes())
    (photos / "copy.pts").write_text(PTS.replace("11 11", "12 12"))

    report = import_labels(project, photos, who="anna")

    assert (report.added, report.images_added) == (4, 3)
    assert import_labels(project, photos, who="anna").unchanged == 4


@pytest.mark.parametrize("format", ["csv", "coco"])
def test_an_own_export_that_comes_back_adds_nothing(
    project: Project, photos: Path, format: str
) -> None:
    shape = Shape(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    for image in sorted(photos.glob("*.png")):
        record = project.add_image(image, examine(image))
        project.add_instance(record.id, None, shape=shape, who="anna")
    export_labels(project, photos / "out", format=format)
    project.place(project.instances()[0].id, 0, (0.5, 0.5), who="anna")

    report = import_labels(project, photos / "out", who="anna")

    assert (report.added, report.unchanged, report.differing) == (0, 2, 1)


def test_progress_counts_the_entries(project: Project, photos: Path) -> None:
    progress = Recorder()

    import_labels(project, photos, who="anna", progress=progress)

    assert (progress.steps, progress.total) == (3, 3)


def test_a_cancelled_import_keeps_what_it_has_and_goes_on_next_time(
    project: Project, photos: Path
) -> None:
    report = import_labels(project, photos, who="anna", progress=Recorder(stop_after=2))

    assert report.cancelled
    assert report.added == len(project.instances()) == 2
    assert import_labels(project, photos, who="anna").added == 1


def test_an_image_that_moved_is_found_again(project: Project, photos: Path) -> None:
    import_labels(project, photos, who="anna")
    moved = photos.rename(photos.with_name("moved"))

    report = import_labels(project, moved, who="anna")

    assert (report.added, report.images_added) == (0, 0)
    assert all(record.path.is_file() for record in project.images())


def test_a_project_that_can_only_be_read(project: Project, photos: Path) -> None:
    with Project.open(project.folder, read_only=True) as reading, pytest.raises(ProjectReadOnly):
        import_labels(reading, photos, who="anna")


def test_images_that_are_elsewhere(project: Project, photos: Path, tmp_path: Path) -> None:
    (tmp_path / "labels").mkdir()
    content = {
        "images": [{"id": 1, "file_name": "0.png"}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "keypoints": [1, 2, 2, 3, 4, 2, 5, 6, 2]}
        ],
        "categories": [{"id": 1, "keypoints": list(SCHEME.landmarks)}],
    }
    (tmp_path / "labels" / "train.json").write_text(json.dumps(content))

    report = import_labels(project, tmp_path / "labels" / "train.json", images=photos, who="anna")

    assert (report.added, report.unreadable) == (1, [])


def test_an_unknown_format(project: Project, photos: Path) -> None:
    with pytest.raises(FormatError, match='Did you mean "pts"'):
        import_labels(project, photos, format="ptz", who="anna")


@pytest.mark.parametrize(
    ("format", "ending"), [("deeplabcut", ".csv"), ("tps", ".tps"), ("wflw", ".txt"), ("pts", "")]
)
def test_what_a_format_without_visibilities_gives_back_is_there_already(
    project: Project, photos: Path, format: str, ending: str
) -> None:
    image = project.add_image(photos / "0.png", examine(photos / "0.png"))
    points = np.array([[11.0, 11.0], [21.0, 41.0], [31.0, 26.0]])
    shape = Shape(points, np.array([1, 2, 2], dtype=np.int8), [Provenance.CLICKED] * 3)
    record = project.add_instance(image.id, Box(20, 20, 40, 40), shape=shape, who="ada")
    project.accept(record.id, shape, who="ada")
    for old in photos.glob("*.pts"):
        old.unlink()
    target = photos / f"out{ending}" if ending else photos
    export_labels(project, target, format=format)

    report = import_labels(project, target, who="ada", format=format, images=photos)

    assert (report.added, report.filled, report.unchanged) == (0, 0, 1)
    assert project.shape(record.id).visibility.tolist() == [1, 2, 2]
