"""Makes a project that is kept, so that every later version opens it.

Run once a schema, by the code of a commit whose newest schema it is:

    PYTHONPATH=CHECKOUT/.root python make_kept_project.py FOLDER

The earlier ones were made so by earlier forms of this file, by the code of 31ae68f (0001),
038d170 (0002), e3d8400 (0003), 90cd1dd (0004), 8aa7631 (0005),
a6d0fdf (0006), 0297a7d (0007), aea2ce0 (0008), fa0301a (0009), b6e34c7 (0010),
5eb96c7 (0011), 398a93d (0012), 94066e1 (0013) and 13f1acd (0014).

Writes schema_NNNN.sql, the database as statements, and schema_NNNN.json, what that code itself
says of it: the shapes, the journal, and the shapes once everybody has undone everything, and once
they have redone it. Projects kept already are never made again.
"""

import json
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Plan, Project, Verdict, fill_shapes
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape, Visibility

SCHEME = Scheme("kite", ("top", "right", "bottom", "left", "tail"), partners=((1, 3),))
TOP, RIGHT, BOTTOM, LEFT, TAIL = range(5)
POINTS = np.array([[50.0, 10.5], [80.0, 40.0], [50.0, 70.0], [20.0, 40.0], [50.0, 79.0]])
BOX = Box(50.0, 40.0, 60.0, 60.0, 0.25)
COVARIANCES = np.tile([[4.0, 1.0], [1.0, 2.25]], (5, 1, 1))
PEOPLE = ("ada", "bob")


def kite(**given: Any) -> Shape:
    return Shape(POINTS + given.pop("by", 0.0), **given)


def draw(path: Path, shade: int) -> None:
    """A kite on grey, 100 by 80 pixels."""
    picture = Image.new("RGB", (100, 80), (shade, shade, shade))
    corners = [(float(x), float(y)) for x, y in POINTS[:4]]
    ImageDraw.Draw(picture).polygon(corners, fill=(200, 60, 40))
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path)


def label(project: Project) -> None:
    """Every kind of action that this version of the program has."""
    images = []
    for number, shade in enumerate((90, 150, 210)):
        path = project.folder / "images" / f"kite{number}.png"
        draw(path, shade)
        images.append(project.add_image(path, examine(path)).id)

    clicked = project.add_instance(images[0], BOX, who="ada").id
    for landmark in (TOP, RIGHT, LEFT):
        project.place(
            clicked, landmark, POINTS[landmark], who="ada", proposed=(50.0, 40.0), duration=1.5
        )
    project.place(
        clicked, BOTTOM, POINTS[BOTTOM], provenance=Provenance.CONFIRMED, who="ada", duration=0.5
    )
    project.set_visibility(clicked, TAIL, Visibility.NOT_LABELLED, who="ada")
    project.set_box(clicked, BOX.moved((0.1, 0.0), 1.25), who="ada")
    stored = project.shape(clicked)
    project.accept(clicked, stored, who="ada", duration=2.0)

    inferred = project.add_instance(images[1], BOX, source="kites.json#7", who="bob").id
    project.place(inferred, TOP, POINTS[TOP] + 1, who="bob")
    project.set_visibility(inferred, TAIL, Visibility.OCCLUDED, who="bob")
    marks = (Provenance.CLICKED, *[None] * 4)
    accepted = Shape(POINTS, provenance=marks, covariances=COVARIANCES)
    project.accept(inferred, accepted, who="bob")
    project.place(inferred, LEFT, POINTS[LEFT] - 2, who="bob")
    project.review(inferred, Verdict.SENT_BACK, "the left is off", who="bob")
    project.clear(inferred, LEFT, who="bob")

    whole = project.add_instance(
        images[1], BOX.moved((0.5, 0.0)), shape=kite(by=30.0), who="ada"
    ).id
    part = POINTS.copy()
    part[BOTTOM:] = np.nan
    project.add_instance(images[2], None, source="kites.pts#0", shape=Shape(part), who="ada")
    second = project.add_instance(images[0], BOX, second_opinion_on=clicked, who="bob").id
    project.accept(second, kite(by=0.5), who="bob")

    about = {"points": POINTS, "covariances": COVARIANCES, "predicted_error": 3.25}
    project.store_proposal(inferred, **about, model="exemplar", own=True)
    project.store_proposal(second, **about, imported_from="kites.results.json")
    project.set_plan(Plan("k2", (TOP, TAIL), clicks=40), who="ada")
    swapped = Shape(POINTS[[TOP, LEFT, BOTTOM, RIGHT, TAIL]])
    project.reshape(whole, swapped, title="swap of left and right", who="bob")
    fill_shapes(project, {inferred: kite(covariances=COVARIANCES)}, who="ada")
    project.flag(clicked, "where is the tail?", who="bob")
    project.resolve_flag(clicked, who="ada")
    project.flag(second, "blurred", who="ada")
    project.review(whole, Verdict.ACCEPTED, who="ada")
    project.review(second, Verdict.SENT_BACK, "look at the tail", who="ada")
    project.review(clicked, Verdict.ACCEPTED, "fine", who="bob")
    project.undo("bob")
    project.exclude(images=[images[2]], instances=[whole, second], why="blurred", who="bob")
    project.restore(instances=[whole], who="ada")
    video = project.add_video(project.folder / "kites.mp4", "hash of kites.mp4", 25.0)
    red = project.add_track(video.id, "red", who="ada")
    blue = project.add_track(video.id, "blue", who="bob")
    project.rename_track(red.id, "crimson", who="bob")
    project.remove_track(blue.id, who="ada")
    last = project.add_instance(images[2], BOX, who="ada").id
    project.place(last, TOP, POINTS[TOP] + 0.25, who="ada")
    project.undo("ada")
    project.redo("ada")
    project.undo("ada")


def told(shape: Shape) -> dict[str, Any]:
    def numbers(values: np.ndarray) -> list[Any]:
        return [None if np.isnan(v) else float(v) for v in values.ravel()]

    return {
        "points": numbers(shape.points),
        "visibility": shape.visibility.tolist(),
        "provenance": [mark and mark.value for mark in shape.provenance],
        "covariances": numbers(shape.covariances),
    }


def shapes(project: Project) -> list[dict[str, Any]]:
    return [
        {"id": record.id, "state": record.state.value, "source": record.source, **told(shape)}
        for record, shape in sorted(
            project.shapes(None, excluded=True), key=lambda pair: pair[0].id
        )
    ]


def undo_all(project: Project) -> list[str]:
    """The newest action first, whoever did it; returns what was undone."""
    titles = []
    while tops := [top for who in PEOPLE if (top := project.undoable(who)) is not None]:
        newest = max(tops, key=lambda top: top.id)
        project.undo(newest.who)
        titles.append(f"{newest.who}: {newest.title}")
    return titles


def redo_all(project: Project) -> list[str]:
    """The oldest action first, whoever did it; returns what was redone."""
    titles = []
    while tops := [top for who in PEOPLE if (top := project.redoable(who)) is not None]:
        oldest = min(tops, key=lambda top: top.id)
        project.redo(oldest.who)
        titles.append(f"{oldest.who}: {oldest.title}")
    return titles


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "kept"
        with Project.create(folder, SCHEME) as project:
            label(project)
            found = {
                "shapes": shapes(project),
                "journal": [[e.id, e.who, e.kind.value, e.title] for e in project.journal()],
            }
        with closing(sqlite3.connect(folder / "project.db")) as database:
            [(revision,)] = database.execute("SELECT version_num FROM alembic_version")
            dump = "\n".join(database.iterdump())
        with Project.open(folder) as project:
            found["undone"] = undo_all(project)
            found["shapes_undone"] = shapes(project)
            found["redone"] = redo_all(project)
            found["shapes_redone"] = shapes(project)
        (target / f"schema_{revision}.sql").write_text(dump + "\n")
        (target / f"schema_{revision}.json").write_text(json.dumps(found, indent=1) + "\n")
        shutil.copytree(folder / "images", target / "images", dirs_exist_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
