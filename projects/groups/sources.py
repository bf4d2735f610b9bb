"""How many independent things a few images of a project say about all of its images."""

from collections.abc import Collection, Hashable, Mapping

from landmark_annotator.projects.groups.grouping import STRETCHES, project_groups
from landmark_annotator.projects.groups.likeness import stretches
from landmark_annotator.projects.store import ImageRecord, Project


def sources_of(project: Project, image_ids: Collection[int]) -> dict[int, Hashable]:
    """By the images' ids where what each shows comes from; images of one source say one thing.

    Frames of a video are of one source within a tenth of what the project has of it, however many
    of them there are: unlike for a split, a video is no single source, for an object that is
    in one place in all of its parts is still. Stills are of one source where they are related, by
    what somebody has said or by the evidence. Looks at some stills, which is slow once. Raises
    ActionableError for a bad pattern.
    """
    images, wanted = project.images(), frozenset(image_ids)
    asked = [image for image in images if image.id in wanted]
    found: dict[int, Hashable] = dict(_parts_of_videos(images, asked))
    left = [image.id for image in asked if image.video_id is None]
    if left:
        found |= project_groups(project, left).leaders
    return found


def _parts_of_videos(
    images: Collection[ImageRecord], asked: Collection[ImageRecord]
) -> Mapping[int, tuple[int, int]]:
    """Video and part of it."""
    found: dict[int, tuple[int, int]] = {}
    videos: dict[int, list[ImageRecord]] = {
        image.video_id: [] for image in asked if image.video_id is not None
    }
    for image in images:
        if image.video_id in videos:
            videos[image.video_id].append(image)
    for video, ours in videos.items():
        parts = stretches([image.frame or 0 for image in ours], STRETCHES).tolist()
        found |= {image.id: (video, part) for image, part in zip(ours, parts, strict=True)}
    return {image.id: found[image.id] for image in asked if image.id in found}
