"""What a pixel measures, as image files and label files say it: it is taken where the project knows
nothing of it, and what somebody has said there stays."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.wording import counted, first_few

_NAMED = 3


@dataclass
class PixelScales:
    """Of one import. Looks at entries whose images are in the project, or would be."""

    project: Project
    who: str
    dry_run: bool
    _here: dict[str, float | None] = field(default_factory=dict)
    """By the hash of an image that a file speaks of: what the project knows of it by now."""
    _taken: set[str] = field(default_factory=set)
    _differing: dict[tuple[str, float], str] = field(default_factory=dict)

    @cached_property
    def _usual(self) -> float | None:
        return self.project.pixel_sizes().usual

    def look(self, entry: ImportedInstance, facts: ImageFacts) -> None:
        if facts.mm_per_pixel is not None and facts.sha256 not in self._here:
            self._here[facts.sha256] = self._keep(facts.mm_per_pixel, facts.sha256)
        said = entry.mm_per_pixel
        if said is None:
            return
        if facts.sha256 not in self._here:
            self._here[facts.sha256] = self._known(facts.sha256)
        here = self._here[facts.sha256]
        if here is None:
            here = self._here[facts.sha256] = self._keep(said, facts.sha256)
            self._taken.add(facts.sha256)
        if here != said:
            is_here = "not known" if here is None else f"{here:g} mm"
            told = f"{entry.image.name} ({is_here}, in the file {said:g} mm)"
            self._differing.setdefault((facts.sha256, said), told)

    def _known(self, sha256: str) -> float | None:
        for image in self.project.images_with([sha256]):
            return self.project.pixel_size(image.id)
        return self._usual

    def _keep(self, said: float, sha256: str) -> float | None:
        """What is known then."""
        if self.dry_run:
            return said
        for image in self.project.images_with([sha256]):
            self.project.keep_pixel_size(said, image.id, who=self.who)
        return self._known(sha256)

    def notes(self) -> Iterator[str]:
        """What a person is told."""
        if self._taken:
            are = "would be" if self.dry_run else "is"
            of = counted(len(self._taken), "image")
            yield f"What a pixel measures {are} taken from the file for {of}."
        if self._differing:
            named = [*self._differing.values()]
            yield (
                "The project knows another size of a pixel, which stays: "
                f"{first_few(named, _NAMED)}. annotator scale changes it."
            )
