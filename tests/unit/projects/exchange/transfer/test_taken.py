"""What an export takes is said once: for its files, its data sheet, and tracks of second labels."""

import json
from pathlib import Path

import numpy as np

from landmark_annotator.projects.exchange import export_set
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Mask, Region, RegionMask, Scheme, Shape

SCHEME = Scheme("face", ("nose", "chin"), regions=(Region("hair"),))
HAIR = RegionMask(Mask.of(np.ones((10, 30), dtype=bool), 15, 5))
POINTS = Shape([[30.0, 30.0], [31.0, 42.0]])


def test_an_object_with_a_mask_alone_is_in_the_data_sheet_as_in_the_file(tmp_path: Path) -> None:
    with Project.create(tmp_path / "faces", SCHEME) as project:
        image = project.add_image(tmp_path / "a.png", ImageFacts(60, 50, "a"))
        project.add_instance(image.id, Box(30, 30, 40, 40), shape=POINTS, who="ada")
        project.add_instance(image.id, None, masks={"hair": HAIR}, who="ada")
        project.add_instance(image.id, None, who="ada")
        report = export_set(project, tmp_path / "a.json", format="coco", include_unaccepted=True)
    sheet = json.loads((tmp_path / "a.datasheet.json").read_text())
    assert report.instances == 2
    assert sheet["parts"]["all"]["instances"] == 2


def test_a_second_label_has_the_track_of_a_first_one_that_is_empty(tmp_path: Path) -> None:
    with Project.create(tmp_path / "faces", SCHEME) as project:
        video = project.add_video(tmp_path / "clip.mp4", "clip", 25.0)
        (frame,) = project.add_frames(video.id, {0: ImageFacts(60, 50, "0")})
        track = project.add_track(video.id, "left", who="ada")
        first = project.add_instance(frame.id, None, track=track.id, who="ada")
        project.add_instance(
            frame.id, Box(9, 9, 9, 9), second_opinion_on=first.id, shape=POINTS, who="bob"
        )
        export_set(project, tmp_path / "a.csv", format="csv", include_unaccepted=True)
    header, *rows = (tmp_path / "a.csv").read_text().splitlines()
    assert [row.split(",")[header.split(",").index("track")] for row in rows] == ["left"]
