"""Labels of a video's frames, with their tracks, into a project and out of one."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pytest

from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.exchange import export_labels, import_labels, import_proposals
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.store.safety.checking import check
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import FormatError, ProjectError
from tests.unit.projects.video.encoded import encode

SCHEME = Scheme("dots", ("one", "two"))
BOX = Box(20.0, 20.0, 30.0, 30.0)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return encode(tmp_path / "clip.mp4", 12)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", SCHEME) as project:
        yield project


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "other", SCHEME) as project:
        yield project


def shape(n: int) -> Shape:
    return Shape(np.array([[10.0 + n, 20.0], [30.0, 40.0 + n]]))


def label(project: Project, video: Path) -> None:
    """Two tracks that swap places in the file's order, and an object of none."""
    from landmark_annotator.projects.images.source import frame_facts, video_sha256

    record = project.add_video(video, video_sha256(video), 25.0)
    red, blue = (project.add_track(record.id, name, who="ada").id for name in ("red", "blue"))
    facts = {n: frame_facts(video, n) for n in (2, 5, 9)}
    for image in project.add_frames(record.id, facts):
        n = image.frame or 0
        for track in (red, blue) if n != 5 else (blue, red):
            project.add_instance(image.id, BOX, track=track, shape=shape(n + track), who="ada")
    project.add_instance(image.id, BOX, shape=shape(50), who="ada")


def written_as_images(project: Project, other: Project, video: Path, target: Path) -> None:
    """The labelled frames, of which the other project has two already."""
    label(project, video)
    export_labels(project, target, format="deeplabcut-project", frames=True)
    add_frames(other, video, [2, 5], who="bob")


def told(project: Project) -> list[tuple[int | None, str, float]]:
    names = {track.id: track.name for track in project.tracks()}
    frames = {image.id: image.frame for image in project.images()}
    return sorted(
        (frames[r.image_id], names.get(r.track_id or 0, ""), float(s.points[0, 0]))
        for r, s in project.shapes()
    )  # type: ignore[return-value]


@pytest.mark.parametrize("format", ["sleap", "csv", "deeplabcut", "deeplabcut-h5", "cvat-video"])
def test_out_and_in_again_is_the_same(
    project: Project, other: Project, video: Path, tmp_path: Path, format: str
) -> None:
    label(project, video)
    target = tmp_path / "clip labels"
    export_labels(project, target, format=format)
    report = import_labels(other, target, who="bob", format=format)
    assert (report.unreadable, report.images_added) == ([], 3)
    assert told(other) == told(project)
    again = import_labels(other, target, who="bob", format=format)
    assert (again.added, again.unchanged) == (0, 7)


def left_in(target: Path, tag: str) -> dict[str, list[tuple[int, bool]]]:
    """By the name of its track each keyframe of CVAT, and whether the object has left in it."""
    found = {}
    for track in Xml.parse(target).getroot().iter("track"):
        if track.find(tag) is None:
            continue
        keys = [
            (
                int(key.get("frame", "")),
                all(each.get("outside") == "1" for each in (key.findall("points") or [key])),
            )
            for key in track.findall(tag)
        ]
        name = track.find("skeleton/attribute[@name='track']")
        found[track.get("group_id", "") if name is None else name.text or ""] = keys
    return found


_ACCEPTED = [(0, "blue"), (0, "red"), (2, "red"), (5, "blue"), (11, "blue"), (11, "red")]


def label_what_leaves(project: Project, video: Path) -> None:
    """red is in frames 0 to 11 but 4 to 6; blue in 0, 5 and 11. In frame 9 nobody has accepted
    anything, in 7 red alone is not accepted; frames 1, 3 and 8 are not labelled."""
    added = add_frames(project, video, [0, 2, 4, 5, 6, 7, 9, 11], who="ada").added
    record = project.videos()[0].id
    red, blue = (project.add_track(record, name, who="ada").id for name in ("red", "blue"))
    for image in added:
        n = image.frame or 0
        for track, frames in ((red, (0, 2, 7, 9, 11)), (blue, (0, 5, 11))):
            if n in frames:
                begun = n == 9 or (n == 7 and track == red)
                each = project.add_instance(image.id, BOX, track=track, who="ada")
                project.place(each.id, 0, (20.0, 20.0), who="ada")
                if not begun:
                    project.accept(each.id, shape(n + 20 * track), who="ada")
        if n in (4, 6, 7):
            project.add_instance(image.id, BOX, shape=shape(n), who="ada")


def test_cvat_does_not_lead_over_frames_in_which_an_object_has_left(
    project: Project, other: Project, video: Path, tmp_path: Path
) -> None:
    """CVAT put it between its last place and the next one, in frames that somebody had labelled;
    and it refuses files that name a frame after the last one of the video."""
    label_what_leaves(project, video)
    target = tmp_path / "labels.xml"
    export_labels(project, target, format="cvat-video")
    told_of = left_in(target, "skeleton")
    assert told_of["red"] == [(0, False), (2, False), (4, True), (11, False)]
    assert told_of["blue"] == [(0, False), (2, True), (5, False), (6, True), (11, False)]
    boxes = [keys for keys in left_in(target, "box").values() if len(keys) > 2]
    assert boxes == [told_of["red"], told_of["blue"]]
    import_labels(other, target, who="bob")
    tracked = [each for each in told(other) if each[1]]
    assert len(told(other)) == 9
    assert [each[:2] for each in tracked] == _ACCEPTED


def test_cvat_does_so_too_after_frames_that_are_not_exported(
    project: Project, video: Path, tmp_path: Path
) -> None:
    label_what_leaves(project, video)
    (image,) = (image for image in project.images() if image.frame == 2)
    (red,) = (r for r in project.instances_of(image.id) if r.track_id is not None)
    project.place(red.id, 0, (21.0, 21.0), who="ada")
    project.set_visibility(red.id, 1, Visibility.NOT_LABELLED, who="ada")
    project.set_visibility(red.id, 1, Visibility.VISIBLE, who="ada")  # which reopens it
    assert project.instance(red.id).state is InstanceState.STARTED
    target = tmp_path / "labels.xml"
    export_labels(project, target, format="cvat-video")
    assert left_in(target, "skeleton")["red"] == [(0, False), (4, True), (11, False)]


def test_an_object_that_ends_before_the_video_has_left_then(
    project: Project, video: Path, tmp_path: Path
) -> None:
    label(project, video)
    target = tmp_path / "labels.xml"
    export_labels(project, target, format="cvat-video")
    assert left_in(target, "skeleton")["red"][-1] == (10, True)
    video.unlink()
    export_labels(project, target, format="cvat-video")
    assert left_in(target, "skeleton")["red"][-1] == (10, True)


def test_cvat_for_video_says_that_frames_need_not_be_written(
    project: Project, video: Path, tmp_path: Path
) -> None:
    """It said that the labels were of photographs."""
    label(project, video)
    with pytest.raises(FormatError, match=r"PNG files.*Leave out that frames are written"):
        export_labels(project, tmp_path / "labels.xml", format="cvat-video", frames=True)


def test_a_video_that_is_not_as_large_as_cvat_says_is_told(
    project: Project, other: Project, video: Path, tmp_path: Path
) -> None:
    label(project, video)
    target = tmp_path / "clip.xml"
    export_labels(project, target, format="cvat-video")
    said = "<original_size><width>7</width><height>9</height></original_size></task>"
    target.write_text(target.read_text().replace("</task>", said))
    notes = import_labels(other, target, who="bob").notes
    assert "pixels, not 7 x 9" in " ".join(notes)


def test_coco_with_frames_as_images_knows_the_video(
    project: Project, other: Project, video: Path, tmp_path: Path
) -> None:
    label(project, video)
    export_labels(project, tmp_path / "clip.json", format="coco", frames=True)
    import_labels(other, tmp_path / "clip.json", who="bob")
    assert told(other) == told(project)


def test_frames_that_wait_get_their_labels_and_tracks(
    project: Project, other: Project, video: Path, tmp_path: Path
) -> None:
    label(project, video)
    export_labels(project, tmp_path / "clip.csv", format="csv")
    add_frames(other, video, [2, 5, 9], who="bob")
    report = import_labels(other, tmp_path / "clip.csv", who="bob")
    assert (report.filled, report.added) == (3, 4)
    assert told(other) == told(project)
    # Of both tracks: a part of what came in would be a state that nobody has seen.
    other.undo("bob")
    without = [name for _, name, _ in told(other)].count("")
    assert without == [name for _, name, _ in told(project)].count("") + 3


def test_labels_of_a_frame_whose_adding_was_undone_come_in(
    project: Project, other: Project, video: Path, tmp_path: Path
) -> None:
    """They were left out as of a frame that somebody has excluded."""
    label(project, video)
    export_labels(project, tmp_path / "clip.csv", format="csv")
    add_frames(other, video, [2], who="bob")
    [clip] = other.videos()
    [facts] = [
        ImageFacts(image.width, image.height, image.sha256)
        for image in project.images()
        if image.frame == 5
    ]
    begun = other.begin_frame(clip.id, 5, facts, who="bob")
    other.undo("bob")
    look = import_labels(other, tmp_path / "clip.csv", who="bob", dry_run=True)
    assert other.image(begun).excluded is not None
    report = import_labels(other, tmp_path / "clip.csv", who="bob")
    assert (look.excluded, report.excluded) == (0, 0)
    assert told(other) == told(project)


@pytest.mark.parametrize("undone", ["adding", "click"])
def test_labels_of_objects_whose_start_was_undone_go_into_them(
    project: Project, other: Project, video: Path, tmp_path: Path, undone: str
) -> None:
    """Each became a second object of the frame, which was of no track."""
    label(project, video)
    export_labels(project, tmp_path / "clip.csv", format="csv")
    add_frames(other, video, [2], who="bob")
    [clip] = other.videos()
    [there] = [image for image in project.images() if image.frame == 5]
    facts = ImageFacts(there.width, there.height, there.sha256)
    objects = [(BOX, other.add_track(clip.id, name, who="bob").id) for name in ("red", "blue")]
    image = other.begin_frame(clip.id, 5, facts, objects=objects, who="bob")
    if undone == "click":
        for record in other.instances_of(image):
            other.place(record.id, 0, (12.0, 20.0), who="bob")
            other.undo("bob")
    else:
        other.undo("bob")
    look = import_labels(other, tmp_path / "clip.csv", who="bob", dry_run=True)
    report = import_labels(other, tmp_path / "clip.csv", who="bob")
    assert (look.added, look.filled) == (report.added, report.filled)
    assert told(other) == told(project)
    assert import_labels(other, tmp_path / "clip.csv", who="bob").added == 0
    assert check(other.folder) == []


@pytest.mark.parametrize("tracked", [True, False])
def test_labels_of_objects_that_a_model_found_go_into_them_and_undo_leaves_them(
    project: Project, other: Project, video: Path, tmp_path: Path, tracked: bool
) -> None:
    label(project, video)
    export_labels(project, tmp_path / "clip.csv", format="csv")
    add_frames(other, video, [5], who="bob")
    [frame] = other.images()
    [found] = other.add_found({frame.id: [BOX]}, who="bob")
    if tracked:
        other.gather_tracks(other.videos()[0].id, {"red": [found]}, who="bob")
    look = import_labels(other, tmp_path / "clip.csv", who="bob", dry_run=True)
    report = import_labels(other, tmp_path / "clip.csv", who="bob")
    assert (look.added, look.filled) == (report.added, report.filled)
    assert told(other) == told(project)
    assert import_labels(other, tmp_path / "clip.csv", who="bob").added == 0
    for _ in range(2):
        with suppress(ProjectError):
            other.undo("bob")
    assert other.instance(found).state is not InstanceState.UNTOUCHED
    assert other.instance(found).excluded is None
    assert check(other.folder) == []


def test_frames_that_were_written_as_images_come_back_as_frames_with_their_tracks(
    project: Project, other: Project, video: Path, tmp_path: Path
) -> None:
    written_as_images(project, other, video, tmp_path / "dlc")
    report = import_labels(other, tmp_path / "dlc", who="bob")
    assert (report.filled, report.added, report.images_added) == (2, 5, 1)
    assert told(other) == told(project)
    with Project.create(tmp_path / "bare", SCHEME) as bare:
        report = import_labels(bare, tmp_path / "dlc", who="bob")
        assert {(frame, track) for frame, track, _ in told(bare)} == {(None, "")}
        assert "3 images of clip came in without tracks" in " ".join(report.notes)


def test_predictions_for_frames_that_were_written_as_images_are_of_the_frames(
    project: Project, other: Project, video: Path, tmp_path: Path
) -> None:
    written_as_images(project, other, video, tmp_path / "dlc")
    report = import_proposals(other, tmp_path / "dlc", who="bob")
    assert report.images_added == 1
    assert {image.frame for image in other.images()} == {2, 5, 9}
    assert {track.name for track in other.tracks()} == {track.name for track in project.tracks()}
    with Project.create(tmp_path / "bare", SCHEME) as bare:
        notes = import_proposals(bare, tmp_path / "dlc", who="bob").notes
        assert "3 images of clip came in without tracks" in " ".join(notes)


def test_an_image_that_shows_something_else_is_no_frame(
    project: Project, other: Project, video: Path, tmp_path: Path
) -> None:
    written_as_images(project, other, video, tmp_path / "dlc")
    folder = tmp_path / "dlc" / "labeled-data" / "clip"
    (folder / "img0000009.png").replace(folder / "img0000002.png")
    import_labels(other, tmp_path / "dlc", who="bob")
    assert {other.image(record.image_id).frame for record, _ in other.shapes()} == {None, 5}


def test_tracked_predictions_become_proposals(
    project: Project, video: Path, tmp_path: Path
) -> None:
    head = "scorer,net,net,net,net,net,net\nindividuals,a,a,a,a,a,a\n"
    parts = "bodyparts,one,one,one,two,two,two\ncoords,x,y,likelihood,x,y,likelihood\n"
    rows = "0,10,10,0.9,30,30,0.8\n1,11,10,0.9,31,30,0.8\n"
    (tmp_path / "clipDLC_net.csv").write_text(head + parts + rows)
    report = import_proposals(project, tmp_path / "clipDLC_net.csv", who="ada")
    assert report.proposed == 2
    (track,) = project.tracks()
    found = project.instances_of_track(track.id)
    assert (track.name, [frame for frame, _ in found]) == ("a", [0, 1])
    proposal = project.proposal(found[1][1].id)
    assert proposal is not None
    assert proposal.points[0].tolist() == [11, 10]


def test_a_video_that_is_not_here_is_asked_for_once(
    project: Project, other: Project, video: Path, tmp_path: Path
) -> None:
    label(project, video)
    export_labels(project, tmp_path / "labels.csv", format="csv")
    (tmp_path / "elsewhere").mkdir()
    moved = video.rename(tmp_path / "elsewhere" / "of another name.mp4")
    report = import_labels(other, tmp_path / "labels.csv", who="bob")
    assert len(report.unreadable) == 1
    assert "clip.mp4 was not found" in report.notes[0]
    assert "--images" in report.notes[0]
    import_labels(other, tmp_path / "labels.csv", who="bob", images=moved)
    assert told(other) == told(project)


def test_a_table_without_names_of_videos_holds_one(project: Project, tmp_path: Path) -> None:
    label(project, encode(tmp_path / "a.mp4", 12))
    label(project, encode(tmp_path / "b.mp4", 10))
    with pytest.raises(FormatError, match="of several"):
        export_labels(project, tmp_path / "clip.csv", format="deeplabcut")


def test_what_cvat_put_between_keyframes_is_passed_over(
    project: Project, video: Path, tmp_path: Path
) -> None:
    points = "".join(
        f'<points label="{name}" outside="0" occluded="0" points="1,2"/>'
        for name in SCHEME.landmarks
    )
    gone = points.replace('outside="0"', 'outside="1"')
    (tmp_path / "clip.xml").write_text(
        "<annotations><meta><task><source>clip.mp4</source></task></meta>"
        '<track id="3" label="dots">'
        f'<skeleton frame="0" keyframe="1">{points}</skeleton>'
        f'<skeleton frame="1" keyframe="0">{points}</skeleton>'
        f'<skeleton frame="2" keyframe="1">{gone}</skeleton>'
        "</track></annotations>"
    )
    report = import_labels(project, tmp_path / "clip.xml", who="ada")
    assert told(project) == [(0, "dots 3", 0.5)]
    assert "1 shape between keyframes" in report.notes[0]
