"""Tracks in CVAT's files of videos that are none of the scheme's objects, and those of models."""

from pathlib import Path

from landmark_annotator.projects.exchange.codecs import cvat_video
from landmark_annotator.projects.exchange.codecs.common.entries import Contents
from landmark_annotator.projects.vocabulary import Scheme

SCHEME = Scheme("fly", ("head", "tail"))
ABOUT = 'frame="3" keyframe="1" outside="0" occluded="0"'
POINTS = "".join(f'<points label="{name}" points="1,2"/>' for name in SCHEME.landmarks)
FLY = f'<skeleton frame="3" keyframe="1">{POINTS}</skeleton>'


def read(tmp_path: Path, tracks: str) -> Contents:
    labels = "".join(
        f"<label><name>{name}</name><parent>fly</parent></label>" for name in SCHEME.landmarks
    )
    (tmp_path / "labels.xml").write_text(
        f"<annotations><meta><task><labels>{labels}</labels><source>a.mp4</source></task></meta>"
        f"{tracks}</annotations>"
    )
    return cvat_video.read(tmp_path / "labels.xml", SCHEME)


def test_tracks_of_other_things_are_told_and_are_no_objects(tmp_path: Path) -> None:
    """Boxes of each label came in as objects, and contours were lost without a word."""
    contents = read(
        tmp_path,
        f'<track id="0" label="fly">{FLY}</track>'
        f'<track id="1" label="cup"><box {ABOUT} xtl="1" ytl="1" xbr="5" ybr="5"/></track>'
        f'<track id="2" label="wing"><polygon {ABOUT} points="1,1;2,2;3,1"/></track>',
    )

    assert [one.track for one in contents.instances] == ["fly 0"]
    assert contents.notes[-1].endswith("of fly and did not come in: cup (1), polygon (1).")


def test_boxes_of_a_skeletons_group_are_no_objects_whatever_their_label(tmp_path: Path) -> None:
    contents = read(
        tmp_path,
        f'<track id="0" label="fly" group_id="4">{FLY}</track>'
        f'<track id="1" label="outline" group_id="4"><box {ABOUT} xtl="1" ytl="1" xbr="5" ybr="5"/>'
        "</track>",
    )

    assert [one.box and one.box.centre_x for one in contents.instances] == [2.5]


def test_tracks_that_a_model_made_are_not_accepted(tmp_path: Path) -> None:
    contents = read(
        tmp_path, "".join(f'<track label="fly" source="{by}">{FLY}</track>' for by in ("auto", "x"))
    )

    assert [one.started for one in contents.instances] == [True, False]
