"""Which images of a project are not where they were: what looks at images does without them."""

from collections.abc import Sequence

from landmark_annotator.annotator.session.models.related_instances import image_key
from landmark_annotator.projects.images.source import source_of
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import LabelledInstance


def with_images(project: Project, instances: Sequence[LabelledInstance]) -> list[LabelledInstance]:
    """Those whose image is where it was. Of what lies on another computer nobody is asked."""
    gone = {
        image_key(image)
        for image in project.images()
        if image.address is None and not source_of(image).is_there()
    }
    return [each for each in instances if each.group not in gone]
