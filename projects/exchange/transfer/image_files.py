"""The images of an export: named where they are, or put into it, so that it can be moved."""

import os
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath

from landmark_annotator.projects.exchange.codecs.common.files import (
    copy_image,
    images_named,
    letters,
)
from landmark_annotator.projects.exchange.codecs.common.staging import inside
from landmark_annotator.projects.exchange.format_card import Format
from landmark_annotator.projects.remote import address_of
from landmark_annotator.projects.store import ImageRecord
from landmark_annotator.projects.video import is_video
from landmark_annotator.projects.vocabulary.arguments import member
from landmark_annotator.projects.vocabulary.errors import FormatError
from landmark_annotator.projects.vocabulary.wording import counted


class ImagesAs(StrEnum):
    """MOVABLE: images below the export's folder are named there, others are copied into it, by
    formats that name images; those at an address keep it. COPY, LINK: all images that are not there
    yet, by formats that do not hold them; a link is a second name of the same file, which takes no
    room. RELATIVE, ABSOLUTE: none is
    put anywhere."""

    MOVABLE = "movable"
    COPY = "copy"
    LINK = "link"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"


@dataclass(frozen=True)
class ImageNaming:
    """root: relative names start from this folder, which holds all images, and not from the file
    that they are in: for programs that ask for a folder of images."""

    how: ImagesAs = ImagesAs.MOVABLE
    root: Path | None = None

    @classmethod
    def of(cls, given: "ImageNaming | str") -> "ImageNaming":
        """As it is said by one word too. Raises ActionableError."""
        if isinstance(given, ImageNaming):
            return given
        return cls(member(ImagesAs, given, "way to name images"))

    def named(
        self, images: Callable[[], Iterable[ImageRecord]] = tuple
    ) -> AbstractContextManager[None]:
        """Inside it writers name images so. images: reads all of the project, whether they are
        written or not. Raises FormatError."""
        if self.root is not None and self.how is not ImagesAs.RELATIVE:
            raise FormatError(
                f"A folder that image names start from goes only with relative names, not with "
                f"{self.how.value}.",
                kept="Nothing was written.",
                remedy="Choose relative names, or leave the folder out.",
            )
        if self.root is not None and not self.root.is_dir():
            raise FormatError(
                f"There is no folder {self.root} that image names could start from.",
                kept="Nothing was written.",
                remedy="Name a folder that holds all images.",
            )

        def among() -> list[Path]:
            return [each.path for each in images() if each.frame is None and each.address is None]

        return images_named(absolute=self.how is ImagesAs.ABSOLUTE, root=self.root, among=among)


MOVABLE = ImageNaming()


class ImageFiles:
    """Each image once. Raises DiskFull or FormatError where it cannot be written."""

    def __init__(
        self, target: Path, card: Format, how: ImagesAs, images: Iterable[ImageRecord]
    ) -> None:
        """images: all of the project, whose folders the copies keep among themselves."""
        self._how, self._card = how, card
        self._home = target if card.writes_folder else target.parent
        self._within = target.parent
        self._folder = target.with_name(f"{target.stem}-images")
        if card.writes_folder:
            self._folder = target / card.images_in
            self._home = self._folder if card.names_images else target
        self._root = _shared_folder(images)
        self._places: dict[Path, Path] = {}
        self._stems: set[str] = set()
        self._below: dict[Path, bool] = {}
        self._named: dict[str, Path] = {}
        self.copied = self.missing = self.gone = self.unlinked = 0

    def file(self, image: Path, sha256: str) -> Path:
        """Where the export has the image; itself where it stays where it is."""
        if image not in self._places:
            self._places[image] = self._place(image, sha256)
        return self._places[image]

    def _place(self, image: Path, sha256: str) -> Path:
        wanted = self._how in (ImagesAs.COPY, ImagesAs.LINK) and not self._card.holds_images
        wanted |= self._how is ImagesAs.MOVABLE and self._card.names_images and not is_video(image)
        # An address is the same from wherever the export is moved to.
        wanted &= self._how is not ImagesAs.MOVABLE or address_of(image) is None
        if not wanted or self._is_below(image):
            self.gone += address_of(image) is None and not image.is_file()
            return image
        plain = _plain(image)
        name = PurePath(*plain.relative_to(plain.anchor).parts)
        if self._root is not None and self._root in plain.parents:
            name = plain.relative_to(self._root)
        if self._card.one_level:
            name = PurePath(self._one_folder(plain.parent), plain.name)
        if not name.name:
            raise FormatError(f"{image} is no file.", remedy="Correct the image's path.")
        number, free = 2, name
        while _stem(free) in self._stems:
            free = name.with_name(f"{name.stem}-{number}{name.suffix}")
            number += 1
        self._stems.add(_stem(free))
        place = inside(self._folder, free)
        link = self._how is ImagesAs.LINK and address_of(image) is None
        put = copy_image(image, place, sha256, link=link)
        self.copied += put is not None
        self.missing += put is None
        self.unlinked += put == "copied" and self._how is ImagesAs.LINK
        return place if put is not None else image

    def _one_folder(self, folder: Path) -> str:
        """What it is called below the export's folder of images, beside all others."""
        name, number = folder.name or "images", 2
        while self._named.setdefault(name, folder) != folder:
            name, number = f"{folder.name}-{number}", number + 1
        return name

    def _is_below(self, image: Path) -> bool:
        if image.is_symlink():
            return self._home.resolve() in image.resolve().parents
        folder = image.parent
        if folder not in self._below:
            there, home = folder.resolve(), self._home.resolve()
            self._below[folder] = home == there or home in there.parents
        return self._below[folder]

    def notes(self) -> list[str]:
        said = []
        if self.copied:
            where = self._folder.relative_to(self._within).as_posix()
            one = self.copied == 1
            put = "was copied" if one else "were copied"
            if self._how is ImagesAs.LINK:
                put = "lies as a link" if one else "lie as links"
            said.append(
                f"{counted(self.copied, 'image')} of elsewhere {put} in {where}, so that the "
                "export can be moved."
            )
        if self.unlinked:
            said.append(
                f"{counted(self.unlinked, 'image')} had to be copied: of another disk, or one that "
                "knows no links."
            )
        if self.missing:
            said.append(
                f"{counted(self.missing, 'image')} could not be copied and kept the old name: "
                "gone, unreadable, or changed since."
            )
        if self.gone:
            said.append(
                f"{counted(self.gone, 'image')} of those that are named {_verb(self.gone)} not "
                "where they were: `annotator locate` finds what was moved."
            )
        return said


def _verb(number: int) -> str:
    return "is" if number == 1 else "are"


def _shared_folder(images: Iterable[ImageRecord]) -> Path | None:
    """That all are below; None where there is none."""
    folders = {image.path.parent for image in images if image.frame is None}
    plain = {_plain(folder) for folder in folders}
    try:
        return Path(os.path.commonpath(plain)) if plain else None
    except ValueError:  # of two drives
        return None


def _stem(name: PurePath) -> str:
    """No two copies have one: programs match labels by names without suffix, and many disks do not
    tell capitals from small letters, nor how an umlaut is written."""
    return letters(name.with_suffix("").as_posix())


def _plain(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - links stay
