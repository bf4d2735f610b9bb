"""A file's masks come into a shared project: a lead brings and undoes them, nobody else does."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import export_labels, import_labels
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import InstanceState, Project, Role
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.vocabulary import Box, Mask, Region, RegionMask, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import NotAllowed
from tests.postgres_server import Server

SCHEME = Scheme("face", ("nose", "chin"), regions=(Region("hair"), Region("skin")))
SHAPE = Shape(np.array([[30.0, 30.0], [31.0, 42.0]]))
HAIR = Mask.of(np.ones((10, 30), dtype=bool), 15, 5)
DATABASE = "brought"


def fill(project: Project, pictures: list[Path], who: str, **masks: Mask) -> None:
    given = {name: RegionMask(mask) for name, mask in masks.items()}
    for path in pictures:
        image = project.add_image(path, examine(path))
        box = Box(30, 30, 40, 40)
        project.add_instance(image.id, box, shape=SHAPE, masks=given, who=who)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two faces with masks of hair, beside their pictures."""
    folder = tmp_path_factory.mktemp("faces")
    pictures = [folder / f"face{n}.png" for n in range(2)]
    for n, path in enumerate(pictures):
        Image.fromarray(np.full((50, 60, 3), 90 + n, dtype=np.uint8)).save(path)
    with Project.create(folder / "from", SCHEME) as source:
        fill(source, pictures, "eve", hair=HAIR)
        export_labels(source, folder / "faces.json", format="coco")
    return folder / "faces.json"


@pytest.fixture(scope="module")
def shared(
    postgres: Server, tmp_path_factory: pytest.TempPathFactory, file: Path
) -> Iterator[Project]:
    """The same faces, accepted by ann, without masks."""
    postgres.run(f"CREATE DATABASE {DATABASE}")
    folder = tmp_path_factory.mktemp("brought") / "owner"
    write_address(folder, postgres.address(DATABASE))
    with Project.create(folder, SCHEME) as project:
        for name, role in (("ada", Role.LEAD), ("ann", Role.ANNOTATOR)):
            project.set_person(name, role, who="ada")
        fill(project, sorted(file.parent.glob("*.png")), "ann")
        yield project


@pytest.fixture
def opened(postgres: Server, shared: Project, tmp_path: Path) -> Iterator[Callable[[str], Project]]:
    there: list[Project] = []

    def open_as(name: str) -> Project:
        write_address(tmp_path / name, postgres.address(DATABASE, name))
        there.append(Project.open(tmp_path / name))
        return there[-1]

    yield open_as
    for project in there:
        project.close()


def masks(project: Project) -> list[dict[str, Mask]]:
    ids = [record.id for record in project.instances()]
    return [{name: one.mask for name, one in project.masks(i).items()} for i in ids]


def test_a_lead_brings_them_to_an_annotators_shapes_and_takes_them_back(
    shared: Project, opened: Callable[[str], Project], file: Path
) -> None:
    lead, ann = opened("ada"), opened("ann")
    report = import_labels(lead, file, who="ada")
    assert (report.masked, report.added) == (2, 0)
    assert masks(ann) == [{"hair": HAIR}] * 2
    [first, *_] = ann.instances()
    ann.place(first.id, 0, (31.0, 29.0), who="ann")
    assert ann.instance(first.id).state is InstanceState.ACCEPTED
    lead.undo("ada")
    assert masks(ann) == [{}, {}]
    lead.redo("ada")
    assert masks(ann) == [{"hair": HAIR}] * 2
    lead.undo("ada")


def test_an_annotator_brings_none_neither_by_the_program_nor_in_sql(
    shared: Project, opened: Callable[[str], Project], postgres: Server, file: Path
) -> None:
    ann = opened("ann")
    with pytest.raises(NotAllowed, match="import images or labels"):
        import_labels(ann, file, who="ann")
    [first, *_] = ann.instances()
    given, now = {"hair": RegionMask(HAIR)}, datetime.now(UTC)
    with pytest.raises(NotAllowed, match="import masks"):
        ann.bring_masks(first.id, given, title="m", who="ann", drawn_by="ann", at=now)
    assert masks(shared) == [{}, {}]
    said = "INSERT INTO journal (at, who, kind, title) VALUES (now(), 'ann', 'masks', 'masks')"
    with pytest.raises(RuntimeError, match="a lead does this"):
        postgres.run(said, DATABASE, "ann")
