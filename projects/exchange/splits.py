"""Which images train, which validate and which test.

Images of one group are never apart: the frames of a video, images whose name or path has the same
key (a subject), and images that either of these ties together. Groups are spread over the parts
folder by folder: in each folder every run of so many groups as the parts' shares need (ten for
80/10/10) holds each part exactly so often, in an order that the seed decides. So shares are even
in every folder, counted in groups.

The order of groups is that in which their first images came into the project, accepted or not.
Images that are added later come last, so they change the part of no earlier one.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from landmark_annotator.projects.apart.matching import check_pattern, found_in
from landmark_annotator.projects.store import ImageRecord
from landmark_annotator.projects.vocabulary.arguments import tell_methods
from landmark_annotator.projects.vocabulary.arrays import whole
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.wording import counted

_NAMES = {2: ("train", "test"), 3: ("train", "validation", "test")}
BY_FOLDER = "folder"
"""The group pattern that makes each folder a group."""


@dataclass(frozen=True)
class Split:
    """shares: percent of train, validation and test, or of train and test; they add up to 100.

    group: a regular expression that is looked for in an image's path; its first group, or all
    that it finds, is the key of the image's group. BY_FOLDER: the folder is. None: each image is
    on its own, but for videos and for what the project says.
    """

    shares: tuple[int, ...]
    seed: int = 0
    group: str | None = None

    def __post_init__(self) -> None:
        given: object = self.shares
        try:
            shares = tuple(whole(share, "A share") for share in self.shares)
        except (ActionableError, TypeError):
            shares = ()
        if len(shares) not in _NAMES or min(shares) < 0 or sum(shares) != 100:
            said = "/".join(map(str, given)) if isinstance(given, list | tuple) else given
            raise ActionableError(
                f"A split needs two or three whole percentages that add up to 100, not {said}.",
                remedy="For example 80/10/10 (train, validation, test) or 90/10 (train, test).",
            )
        object.__setattr__(self, "shares", shares)
        if not isinstance(self.group, str | None):
            raise ActionableError(
                f"A group pattern is a text, such as '(.+)_\\d+', not {self.group!a:.40}."
            )
        if self.group == "":
            raise ActionableError(
                "The group pattern is empty: all images would be one group.",
                remedy="Leave it out, or give one that fits a part of their paths.",
            )
        if self.group is not None and self.group != BY_FOLDER:
            check_pattern(self.group)

    @classmethod
    def parse(cls, text: str, seed: int = 0, group: str | None = None) -> "Split":
        """From "80/10/10"."""
        try:
            shares = tuple(int(part) for part in str(text).split("/"))
        except ValueError:
            raise ActionableError(
                f'"{text}" is not percentages with / between them.', remedy="For example 80/10/10."
            ) from None
        return cls(shares, seed, group)

    @classmethod
    def of(cls, given: "Split | str | Sequence[int]") -> "Split":
        """As it was given: a split, "80/10/10" or (80, 10, 10). Raises ActionableError."""
        if isinstance(given, cls):
            return given
        return cls.parse(given) if isinstance(given, str) else cls(given)  # type: ignore[arg-type]

    @property
    def names(self) -> tuple[str, ...]:
        return _NAMES[len(self.shares)]

    def keys(self, images: Sequence[ImageRecord]) -> list[str | None]:
        """What ties each of the images to others, besides its video.

        Raises ActionableError where the pattern takes too long.
        """
        if self.group is None:
            return [None] * len(images)
        if self.group == BY_FOLDER:
            return [image.path.parent.as_posix() for image in images]
        return found_in(self.group, [image.path.as_posix() for image in images])

    def check_fits(self, images: Sequence[ImageRecord]) -> None:
        """Raises ActionableError where the pattern fits none of them: whoever says it means
        something, and all of them alone is not it."""
        if images and self.group is not None and not any(self.keys(images)):
            raise ActionableError(
                f'The group pattern "{self.group}" fits none of {counted(len(images), "image")}.',
                kept="Nothing was changed.",
                remedy=f"It is looked for in paths such as {images[0].path.as_posix()}",
            )

    def parts(
        self, images: Sequence[ImageRecord], leaders: Mapping[int, int] | None = None
    ) -> dict[int, str]:
        """For the id of each image of a project, all of them, the name of its part.

        leaders: for the id of an image that of another one that it is related to.
        """
        slots = [
            name
            for name, share in zip(self.names, self._slots(), strict=True)
            for _ in range(share)
        ]
        counts: dict[str, int] = {}
        # The stratum's name is left out: a folder may be moved.
        numbers: dict[str, int] = {}
        orders: dict[str, list[int]] = {}
        found: dict[int, str] = {}
        for members in self.groups(images, leaders):
            stratum = members[0].path.parent.as_posix()
            place = counts[stratum] = counts.get(stratum, -1) + 1
            turn, place = divmod(place, len(slots))
            number = numbers.setdefault(stratum, len(numbers))
            if place == 0:
                chances = [_chance(self.seed, number, turn, slot) for slot in range(len(slots))]
                orders[stratum] = sorted(range(len(slots)), key=chances.__getitem__)
            for image in members:
                found[image.id] = slots[orders[stratum][place]]
        return found

    def groups(
        self, images: Sequence[ImageRecord], leaders: Mapping[int, int] | None = None
    ) -> list[list[ImageRecord]]:
        """The images that stay together, in the order in which they came into the project."""
        leader: dict[object, object] = {}

        def root(one: object) -> object:
            while (above := leader.setdefault(one, one)) != one:
                leader[one] = leader[above]  # shorter ways: a video may have 100,000 frames
                one = above
            return one

        ordered = sorted(images, key=lambda image: image.id)
        for image, key in zip(ordered, self.keys(ordered), strict=True):
            ties: list[object] = [] if image.video_id is None else [("video", image.video_id)]
            ties += [] if key is None else [("key", key)]
            if leaders is not None and image.id in leaders:
                ties.append(("image", leaders[image.id]))
            for tie in ties:
                leader[root(tie)] = root(("image", image.id))
        members: dict[object, list[ImageRecord]] = {}
        for image in ordered:
            members.setdefault(root(("image", image.id)), []).append(image)
        return list(members.values())

    def _slots(self) -> list[int]:
        common = math.gcd(*self.shares)
        return [share // common for share in self.shares]


def _chance(*values: int) -> bytes:
    """The same on every machine and in every version of Python."""
    return sha256(" ".join(map(str, values)).encode()).digest()


tell_methods(Split)
