"""Groups of related images: what ties them, and how many there are."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from landmark_annotator.projects.apart.matching import found_in
from landmark_annotator.projects.groups.likeness import (
    FEWEST,
    MOST,
    follow_each_other,
    near_copies,
    nearest_copies,
    standing_out,
    stretches,
)
from landmark_annotator.projects.groups.names import in_sequence, keys_of, plausible
from landmark_annotator.projects.groups.picture_memory import small_pictures
from landmark_annotator.projects.store import GroupRule, GroupsBy, ImageRecord, Project
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.wording import counted

SEEN_AT_ONCE = 300
"""Images whose pictures are looked at while somebody waits."""
STRETCHES = 10
"""Into which the frames of one video are cut: a tenth of them is what a training keeps out."""

Pictures = Callable[[Sequence[ImageRecord]], Mapping[int, Pixels]]
"""Small pictures by the image's id."""


@dataclass(frozen=True)
class Finding:
    """why: what ties images, after "by". groups: those of several images that it made; images: in
    those groups."""

    why: str
    groups: int
    images: int


@dataclass(frozen=True)
class Grouping:
    """leaders: by the id of each image the id of the first one of its group, its own where it is
    alone. findings: what tied them. said: whether somebody has said how images are related.
    unnamed: images of which what was said says nothing; each of them counts as alone."""

    leaders: Mapping[int, int]
    findings: tuple[Finding, ...]
    said: bool
    unnamed: int = 0

    @property
    def sizes(self) -> list[int]:
        """Images in each group, the largest first."""
        return sorted(Counter(self.leaders.values()).values(), reverse=True)

    @property
    def related(self) -> bool:
        return any(size > 1 for size in self.sizes)

    @property
    def sentence(self) -> str:
        """How images are grouped, or the risk where nobody knows."""
        sizes = self.sizes
        if self.related:
            ways = ", ".join(f.why for f in self.findings)
            if len(sizes) == 1:
                return (
                    f"All {sizes[0]:,} images are one group, by {ways}: every split has it on both "
                    "sides, so errors on held-out images are too small. Say smaller groups."
                )
            return (
                f"{len(self.leaders):,} images are in {counted(len(sizes), 'group')} of up to "
                f"{sizes[0]:,}, by {ways}; no group is on both sides of a split.{self._alone}"
            )
        if self.said:
            return f"Images are not related, as somebody has said.{self._alone}"
        return (
            "No related images were found. If some show the same person, animal or scene, errors "
            "on held-out images are too small: say so, by annotator groups or Project, Related "
            "images."
        )

    @property
    def _alone(self) -> str:
        if not self.unnamed:
            return ""
        return f" Nothing was said of {counted(self.unnamed, 'image')}: each counts as unrelated."


def project_groups(
    project: Project, image_ids: Sequence[int] | None = None, rule: GroupRule | None = None
) -> Grouping:
    """As the rule says, None for the project's own. image_ids: of the images that are to be split,
    where of many others the pictures are not looked at; None is all. Raises ActionableError for a
    bad pattern."""
    # Somebody may leave out an image while its shapes are being learned from.
    images = project.images(excluded=image_ids is not None)
    beside: Sequence[ImageRecord] = ()
    if image_ids is not None:
        # A few labelled frames say too little of whether the frames of a folder follow each other.
        beside = images if len(images) <= SEEN_AT_ONCE else ()
        wanted = set(image_ids)
        images = [image for image in images if image.id in wanted]

    def pictures(some: Sequence[ImageRecord]) -> Mapping[int, Pixels]:
        return small_pictures(project.folder, some)

    return grouped(images, project.group_rule() if rule is None else rule, pictures, beside)


def grouped(
    images: Sequence[ImageRecord],
    rule: GroupRule,
    pictures: Pictures,
    beside: Sequence[ImageRecord] = (),
) -> Grouping:
    """Images of one video, and what the rule ties. beside: more images, whose pictures say with
    theirs whether those of a folder follow each other. Raises ActionableError for a bad pattern."""
    ties = _Ties(sorted(images, key=lambda image: image.id))
    videos = {i.id: i.video_id for i in ties.images if i.video_id is not None}
    if len(set(videos.values())) > 1:
        ties.by(videos, "video")
    else:
        ties.by(
            _cut({i.id: i.frame or 0 for i in ties.images if i.id in videos}), "time in a video"
        )
    unnamed, known = 0, dict[int, Hashable]()
    if rule.by is GroupsBy.FOLDERS:
        ties.by({i.id: i.path.parent for i in ties.images}, "folder")
    elif rule.by in (GroupsBy.PATTERN, GroupsBy.NAMES):
        if rule.by is GroupsBy.PATTERN:
            known = _matched(ties.images, rule.pattern or "")
            ties.by(known, f'the pattern "{rule.pattern}"')
        else:
            known = {i.id: rule.names[i.id] for i in ties.images if i.id in rule.names}
            ties.by(known, "hand")
        unnamed = len(ties.images) - len(known.keys() | videos.keys())
    elif rule.by is GroupsBy.EVIDENCE:
        _by_evidence(ties, pictures, beside)
    said = rule.by is not GroupsBy.EVIDENCE
    return Grouping(ties.leaders(), tuple(ties.findings), said, unnamed)


def _by_evidence(ties: "_Ties", pictures: Pictures, beside: Sequence[ImageRecord]) -> None:
    stills = [image for image in ties.images if image.video_id is None]
    folders: defaultdict[Path, list[ImageRecord]] = defaultdict(list)
    for image in stills:
        folders[image.path.parent].append(image)
    if plausible([str(image.path.parent) for image in stills]):
        ties.by({image.id: image.path.parent for image in stills}, "folder")
        across = _copies(stills, pictures)
        # Folders of frames from a few cages are all alike: what joins most of them says nothing.
        if plausible(list(map(str, ties.joined(across).values()))):
            ties.between(across, "near copies")
        return
    named: dict[int, Hashable] = {}
    unnamed: list[tuple[list[ImageRecord], list[int]]] = []
    for folder, members in folders.items():
        stems = [image.path.stem for image in members]
        keys = keys_of(stems)
        if keys is not None:
            named |= {i.id: (folder, k) for i, k in zip(members, keys, strict=True) if k}
        elif len(members) >= FEWEST and (numbers := in_sequence(stems)) is not None:
            unnamed.append((members, numbers))
    ties.by(named, "file name up to the last number")
    if not FEWEST <= len(stills) <= MOST:
        return
    numbered = {members[0].path.parent for members, _ in unnamed}
    around = [i for i in beside if i.video_id is None and i.path.parent in numbered]
    small = pictures(list({image.id: image for image in [*stills, *around]}.values()))
    timed: dict[int, Hashable] = {}
    for members, numbers in unnamed:
        at = {i.id: n for i, n in zip(members, numbers, strict=True) if i.id in small}
        whole = [i for i in around if i.path.parent == members[0].path.parent]
        if _in_time(members, small) or _in_time(whole, small):
            timed |= {i: (members[0].id, part) for i, part in _cut(at).items()}
    ties.by(timed, "time: neighbours in number are alike, as frames of a video are")
    # Neighbours in time are alike: cut into stretches they are held apart as well as can be.
    others = [image.id for image in stills if image.id in small and image.id not in timed]
    copies: list[tuple[int, int]] = []
    if len(others) >= FEWEST:
        pairs = near_copies(standing_out([small[i] for i in others]))
        copies = [(others[one], others[other]) for one, other in pairs]
    if timed and others:
        every = [*others, *timed]
        own, first = standing_out([small[i] for i in every]), len(others)
        nearest = nearest_copies(own, range(first), range(first, len(every)))
        copies += [(every[one], every[other]) for one, other in nearest]
    ties.between(copies, "near copies")


def _in_time(images: Sequence[ImageRecord], small: Mapping[int, Pixels]) -> bool:
    """Whether these images of a folder follow each other, by their numbers and small pictures."""
    seen = [image for image in images if image.id in small]
    numbers = in_sequence([image.path.stem for image in seen])
    if numbers is None or len(seen) < FEWEST:
        return False
    return follow_each_other(standing_out([small[image.id] for image in seen]), numbers)


def _copies(stills: Sequence[ImageRecord], pictures: Pictures) -> list[tuple[int, int]]:
    """The ids of images in different folders that are near copies of each other."""
    if not FEWEST <= len(stills) <= MOST:
        return []
    small = pictures(stills)
    seen = [image for image in stills if image.id in small]
    if len(seen) < FEWEST:
        return []
    pairs = near_copies(standing_out([small[image.id] for image in seen]))
    return [
        (seen[a].id, seen[b].id) for a, b in pairs if seen[a].path.parent != seen[b].path.parent
    ]


def _cut(times: Mapping[int, int]) -> dict[int, Hashable]:
    if len(times) < FEWEST:
        return {}
    parts = stretches(list(times.values()), min(STRETCHES, len(times) // 2)).tolist()
    return dict(zip(times, parts, strict=True))


def _matched(images: Sequence[ImageRecord], pattern: str) -> dict[int, Hashable]:
    found = found_in(pattern, [image.path.as_posix() for image in images])
    return {i.id: key for i, key in zip(images, found, strict=True) if key is not None}


class _Ties:
    """images: in the order of their ids. Grows by one tie after the other."""

    def __init__(self, images: Sequence[ImageRecord]) -> None:
        self.images = images
        self.findings: list[Finding] = []
        self._leader = {image.id: image.id for image in images}

    def by(self, keys: Mapping[int, Hashable], why: str) -> None:
        """Images with the same key are related."""
        first: dict[Hashable, int] = {}
        pairs = [(first.setdefault(key, image), image) for image, key in keys.items()]
        self.between([(one, other) for one, other in pairs if one != other], why)

    def between(self, pairs: Sequence[tuple[int, int]], why: str) -> None:
        for one, other in pairs:
            low, high = sorted((self._root(one), self._root(other)))
            self._leader[high] = low
        tied = {image for pair in pairs for image in pair}
        if tied:
            roots = {self._root(image) for image in tied}
            self.findings.append(Finding(why, len(roots), len(tied)))

    def joined(self, pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
        """The leaders as they would be, were these pairs related too."""
        trial = _Ties(self.images)
        trial._leader = dict(self._leader)
        trial.between(pairs, "")
        return trial.leaders()

    def leaders(self) -> dict[int, int]:
        return {image.id: self._root(image.id) for image in self.images}

    def _root(self, image: int) -> int:
        while self._leader[image] != image:
            self._leader[image] = self._leader[self._leader[image]]
            image = self._leader[image]
        return image
