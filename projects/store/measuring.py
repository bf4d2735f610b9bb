"""The part of a project that knows what its pixels measure."""

from collections.abc import Collection

from landmark_annotator.projects.store.journal import scale_actions
from landmark_annotator.projects.store.open_project import Opened
from landmark_annotator.projects.store.people import rights
from landmark_annotator.projects.store.people.roles import Role
from landmark_annotator.projects.store.rows import pixel_sizes
from landmark_annotator.projects.store.rows.pixel_sizes import PixelSizes


class Measuring(Opened):
    """In millimetres."""

    def pixel_sizes(self) -> PixelSizes:
        """What a pixel measures, of all images and of single ones."""
        return pixel_sizes.pixel_sizes(self._reading)

    def pixel_size(self, image_id: int) -> float | None:
        """Millimetres a pixel of one image; None where nobody knows."""
        return pixel_sizes.pixel_sizes(self._reading, image_id).of(image_id)

    def set_pixel_size(
        self, mm_per_pixel: float | None, *, images: Collection[int | None] = (), who: str
    ) -> PixelSizes:
        """Of these images, or where none are named of all that have none of their own, as by None
        among them. None takes back what was said. One step for undo.

        Raises ProjectError where no pixel can be so large, NotAllowed where no lead says it of all,
        or of an image that somebody else has said it of, or has in hands."""
        with self._writing() as connection:
            scale_actions.say(connection, mm_per_pixel, images or (None,), who)
            return pixel_sizes.pixel_sizes(connection)

    def keep_pixel_size(self, mm_per_pixel: float, image_id: int | None, *, who: str) -> None:
        """What the file of an image says of it, unless somebody has said something of this image;
        with None, what is known of all images of a new project. Undo leaves it. who: a lead.

        Raises ProjectError where no pixel can be so large."""
        with self._writing() as connection:
            rights.refuse_below(connection, who, Role.LEAD, rights.SCALE)
            if image_id not in pixel_sizes.pixel_sizes(connection, image_id).of_images:
                pixel_sizes.store_pixel_size(connection, mm_per_pixel, image_id, who)
