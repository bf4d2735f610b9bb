"""From where the images of a project are fetched, and whether that was confirmed."""

from collections import Counter
from dataclasses import dataclass

from landmark_annotator.projects.remote import settings, source_name
from landmark_annotator.projects.store import Project


@dataclass(frozen=True)
class ImageSource:
    """name: such as s3://BUCKET or https://HOST. images: how many of the project lie there.
    confirmed: by this user on this machine."""

    name: str
    images: int
    confirmed: bool


def image_sources(project: Project) -> list[ImageSource]:
    """Those with the most images first; none where all are files of this machine."""
    counts = Counter(source_name(address) for address in project.addresses())
    confirmed = settings.allowed()
    return [ImageSource(name, n, name in confirmed) for name, n in counts.most_common()]
