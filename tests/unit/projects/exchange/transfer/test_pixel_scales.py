"""What a pixel measures comes in with labels, and never over what somebody has said."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import export_labels, import_labels
from landmark_annotator.projects.exchange.transfer.import_report import ImportReport
from landmark_annotator.projects.store import Project, Role
from landmark_annotator.projects.vocabulary import Scheme

SCHEME = Scheme("bar", ("start", "end"))
SIZES = {"0.png": 0.02, "1.png": 0.00314159265358979}


@pytest.fixture
def wings(tmp_path: Path) -> Path:
    entries = []
    for n, (name, size) in enumerate(SIZES.items()):
        pixels = np.full((30, 40, 3), 50 + n, dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / name)
        entries.append(f"LM=2\n1 2\n3 {4 + n}\nIMAGE={name}\nID={n}\nSCALE={size}\n")
    (tmp_path / "wings.tps").write_text("".join(entries))
    return tmp_path / "wings.tps"


def brought(project: Project, source: Path, **options: bool) -> ImportReport:
    return import_labels(project, source, who="ada", **options)


def known(project: Project) -> dict[str, float | None]:
    sizes = project.pixel_sizes()
    return {image.path.name: sizes.of(image.id) for image in project.images()}


def test_an_export_comes_back_with_its_scales(wings: Path, tmp_path: Path) -> None:
    with Project.create(tmp_path / "first", SCHEME) as project:
        report = brought(project, wings)
        assert known(project) == SIZES
        assert "What a pixel measures is taken from the file for 2 images." in report.notes
        export_labels(project, tmp_path / "again.tps", format="tps")

    with Project.create(tmp_path / "second", SCHEME) as project:
        brought(project, tmp_path / "again.tps")
        assert known(project) == SIZES


def test_labels_that_are_there_already_get_their_scale_once(wings: Path, tmp_path: Path) -> None:
    with Project.create(tmp_path / "p", SCHEME) as project:
        without = tmp_path / "without.tps"
        without.write_text("\n".join(wings.read_text().split("SCALE=0.02\n")))
        brought(project, without)
        assert known(project)["0.png"] is None

        again = brought(project, wings)

        assert known(project) == SIZES
        assert "What a pixel measures is taken from the file for 1 image." in again.notes
        assert not any("pixel measures" in note for note in brought(project, wings).notes)


def test_a_lead_brings_them_with_labels_of_others(wings: Path, tmp_path: Path) -> None:
    with Project.create(tmp_path / "p", SCHEME) as project:
        for name, role in (("ada", Role.LEAD), ("ann", Role.ANNOTATOR)):
            project.set_person(name, role, who="ada")
        report = import_labels(project, wings, who="ann", by="ada")
        assert report.added == 2
        assert known(project) == SIZES


def test_what_the_project_knows_stays_and_is_told(wings: Path, tmp_path: Path) -> None:
    with Project.create(tmp_path / "p", SCHEME) as project:
        project.set_pixel_size(0.02, who="ada")

        report = brought(project, wings)

        assert known(project) == {"0.png": 0.02, "1.png": 0.02}
        told = [note for note in report.notes if "which stays" in note]
        assert len(told) == 1
        assert "1.png (0.02 mm, in the file 0.00314159 mm)" in told[0]
        assert "0.png" not in told[0]


def test_two_scales_of_one_image(wings: Path, tmp_path: Path) -> None:
    text = wings.read_text().split("LM=2")[1]
    wings.write_text(f"LM=2{text}LM=2{text.replace('3 4', '7 4').replace('0.02', '0.5')}")
    with Project.create(tmp_path / "p", SCHEME) as project:
        report = brought(project, wings)

        assert known(project) == {"0.png": 0.02}
        assert any("0.png (0.02 mm, in the file 0.5 mm)" in note for note in report.notes)


def test_a_look_tells_and_keeps_nothing(wings: Path, tmp_path: Path) -> None:
    with Project.create(tmp_path / "p", SCHEME) as project:
        project.set_pixel_size(0.02, who="ada")
        project.set_pixel_size(None, who="ada")

        report = brought(project, wings, dry_run=True)

        assert "What a pixel measures would be taken from the file for 2 images." in report.notes
        assert project.pixel_sizes().of_images == {}
