"""A frame of a video between those that are labelled: what is known of it, and its beginning."""

from landmark_annotator.annotator.session.labelling.carried_marks import REACH_S
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.images.source import frame_sha256
from landmark_annotator.projects.store import (
    FrameObject,
    ImageRecord,
    InstanceRecord,
    InstanceState,
    Project,
    VideoRecord,
)
from landmark_annotator.projects.store.rows.records import BY_ITSELF
from landmark_annotator.projects.vocabulary import Shape


def begin_frame(
    project: Project, video: VideoRecord, number: int, like: ImageRecord, who: str
) -> int:
    """The frame comes into the project, as one step for undo; the instance to be labelled first.

    like: another frame of the video, which has its size. The frame gets the objects of the nearest
    one within a second, with their boxes and tracks, else one object without a box. Nobody drew
    these boxes here: they are found ones.
    """
    facts = ImageFacts(like.width, like.height, frame_sha256(video.sha256, number))
    beside = boxed_beside(project, video, number)
    objects = [(None, record.track_id) for _, record in beside] or [(None, None)]
    with project.transaction():
        image_id = project.begin_frame(video.id, number, facts, objects=objects, who=who)
        there = project.instances_of(image_id)
        boxes = [record.box for _, record in beside if record.box is not None]
        if boxes and len(there) == len(boxes) and all(each.box is None for each in there):
            title = f"box as in frame {beside[0][0].frame:,}"
            project.add_found({image_id: boxes}, title=title, who=BY_ITSELF)
        return there[0].id if there else project.add_instance(image_id, None, who=who).id


def boxed_beside(
    project: Project, video: VideoRecord, number: int
) -> list[tuple[FrameObject, InstanceRecord]]:
    """The objects with a box of the nearest other frame within a second that has such objects, of
    two the earlier. Frames that nobody has looked at yet lie between the labelled ones."""
    reach = int(REACH_S * (video.frame_rate or 0.0))
    there = project.objects_of_video(video.id, first=number - reach, last=number + reach)
    near = {each.instance_id: each for each in there if each.frame != number}
    boxed = [
        (near[record.id], record)
        for record in project.some_instances(sorted(near))
        if record.box is not None and record.second_opinion_on is None
    ]
    frames = {each.frame for each, _ in boxed}
    nearest = min(frames, key=lambda frame: (abs(frame - number), frame), default=number)
    return [(each, record) for each, record in boxed if each.frame == nearest]


def seen_shape(project: Project, seen: FrameObject) -> Shape:
    """What is stored of the object, or else what is proposed."""
    stored = project.shape(seen.instance_id)
    proposal = project.proposal(seen.instance_id)
    if seen.state is InstanceState.UNTOUCHED and proposal is not None:
        return Shape(proposal.points)
    return stored
