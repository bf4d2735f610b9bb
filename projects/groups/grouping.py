"""Groups of related images: what ties them, and how many there are."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

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
from landmark_annotator.projects.store import (
    GroupRule,
    GroupsBy,
    ImageRecord,
    InstanceState,
    Project,
)
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.wording import counted

_BY_COMMAND = "by annotator groups"
SEEN_AT_ONCE = 300
"""Images whose pictures are looked at while somebody waits."""
_LEAST_SEEN = 30
"""Of the numbered images of a folder, where many folders have such."""
_RUN = 10
"""Neighbours that are looked at together where not all images are."""
STRETCHES = 10
"""Into which the frames of one video are cut: a tenth of them is what a training keeps out."""
_PARTS_OF_VIDEO = "time in a video"

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
    unnamed: images of which what was said says nothing; each of them counts as alone. unseen:
    images that near copies were not looked for among, as there are too many. uncut: frames of an
    only video, too few to be cut in time; likewise."""

    leaders: Mapping[int, int]
    findings: tuple[Finding, ...]
    said: bool
    unnamed: int = 0
    unseen: int = 0
    uncut: int = 0

    @property
    def sizes(self) -> list[int]:
        """Images in each group, the largest first."""
        return sorted(Counter(self.leaders.values()).values(), reverse=True)

    @property
    def related(self) -> bool:
        return any(size > 1 for size in self.sizes)

    @property
    def lasting(self) -> bool:
        """Whether images that come later leave the groups of the others as they are: somebody has
        said them, and no video is cut by how many of its frames there are."""
        return self.said and all(finding.why != _PARTS_OF_VIDEO for finding in self.findings)

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
                f"{sizes[0]:,}, by {ways}; no group is on both sides of a split."
                f"{self._whole}{self._alone}{self._looked}"
            )
        if self.said:
            return f"Images are not related, as somebody has said.{self._alone}"
        if self.uncut > 1:
            return (
                f"{'All' if self.uncut == len(sizes) else f'{self.uncut:,} of'} {len(sizes):,} "
                "images are frames of one video, too few to be cut in time: each counts as "
                "unrelated, so errors on held-out frames are smaller than on another video."
                f"{self._looked}"
            )
        return (
            f"No related images were found among {counted(len(sizes), 'image')}. If some show the "
            "same person, animal or scene, errors on held-out images are too small: say so, "
            f"{_BY_COMMAND}.{self._looked}"
        )

    @property
    def _looked(self) -> str:
        if not self.unseen:
            return ""
        seen = len(self.leaders) - self.unseen
        return f" Near copies were looked for among {seen:,} images, those with labels first."

    @property
    def _whole(self) -> str:
        """What is held out in the program may be other frames tomorrow, so an only video is cut for
        it; in which part of an export a frame is no later video may change."""
        if all(finding.why != _PARTS_OF_VIDEO for finding in self.findings):
            return ""
        return " A split of an export keeps the whole video together."

    @property
    def _alone(self) -> str:
        if not self.unnamed:
            return ""
        return f" Nothing was said of {counted(self.unnamed, 'image')}: each counts as unrelated."


def in_window(sentence: str) -> str:
    """A sentence on groups, with the menu where it names the command by which one says them."""
    return sentence.replace(_BY_COMMAND, "in the menu Project, Related images")


def in_dialog(sentence: str) -> str:
    """The same, where it stands below the choice between the ways in which images are related."""
    return sentence.replace(f", {_BY_COMMAND}", " above")


def project_groups(
    project: Project, image_ids: Sequence[int] | None = None, rule: GroupRule | None = None
) -> Grouping:
    """As the rule says, None for the project's own. image_ids: of the images that are to be split,
    whose groups are of the same kinds as those of all images; None is all. Raises ActionableError
    for a bad pattern."""
    # Somebody may leave out an image while its shapes are being learned from.
    images = project.images(excluded=image_ids is not None)
    beside = [image for image in images if not image.excluded]
    if image_ids is not None:
        wanted = set(image_ids)
        images = [image for image in images if image.id in wanted]

    def pictures(some: Sequence[ImageRecord]) -> Mapping[int, Pixels]:
        return small_pictures(project.folder, some)

    rule = project.group_rule() if rule is None else rule
    before = _labelled(project) if len(images) > MOST else ()
    return grouped(images, rule, pictures, beside, before)


def _labelled(project: Project) -> set[int]:
    untouched = InstanceState.UNTOUCHED
    return {each.image_id for each in project.instances() if each.state is not untouched}


def grouped(
    images: Sequence[ImageRecord],
    rule: GroupRule,
    pictures: Pictures,
    beside: Sequence[ImageRecord] = (),
    before: Collection[int] = (),
) -> Grouping:
    """Images of one video, and what the rule ties. beside: more images, whose names and pictures
    say with theirs what evidence there is. before: the ids of images that near copies are looked
    for among before others, where there are too many. Raises ActionableError for a bad pattern."""
    ties, uncut = _Ties(sorted(images, key=lambda image: image.id)), 0
    videos = {i.id: i.video_id for i in ties.images if i.video_id is not None}
    if len(set(videos.values())) > 1:
        ties.by(videos, "video")
    else:
        parts = _cut({i.id: i.frame or 0 for i in ties.images if i.id in videos})
        ties.by(parts, _PARTS_OF_VIDEO)
        uncut = 0 if parts else len(videos)
    unnamed, unseen, known = 0, 0, dict[int, Hashable]()
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
        unseen = _by_evidence(ties, pictures, beside, before)
    said = rule.by is not GroupsBy.EVIDENCE
    return Grouping(ties.leaders(), tuple(ties.findings), said, unnamed, unseen, uncut)


def _by_evidence(
    ties: "_Ties", pictures: Pictures, beside: Sequence[ImageRecord], before: Collection[int]
) -> int:
    """Which evidence there is all images say, those beside too: a few of them would say otherwise,
    and be split by other groups than the project is told of. Of many, as many are looked at as
    somebody waits for, always the same ones. Returns among how many of the images near copies are
    not looked for."""
    stills = [image for image in ties.images if image.video_id is None]
    compared = sorted(stills, key=lambda image: image.id not in before)[:MOST]
    asked = {image.id for image in stills}
    others = [image for image in beside if image.video_id is None and image.id not in asked]
    every = sorted([*stills, *others], key=lambda image: image.id)
    if plausible([str(image.path.parent) for image in every]):
        ties.by({image.id: image.path.parent for image in stills}, "folder")
        across = _copies_across(compared, every, pictures)
        # Folders of frames from a few cages are all alike: what joins most of them says nothing.
        if plausible(list(map(str, ties.joined(across).values()))):
            ties.between(across, "near copies")
        return len(stills) - len(compared)
    folders: defaultdict[Path, list[ImageRecord]] = defaultdict(list)
    for image in every:
        folders[image.path.parent].append(image)
    named: dict[int, Hashable] = {}
    numbered: list[dict[int, ImageRecord]] = []
    for folder, members in folders.items():
        stems = [image.path.stem for image in members]
        keys = keys_of(stems)
        if keys is not None:
            named |= {i.id: (folder, k) for i, k in zip(members, keys, strict=True) if k}
        elif len(members) >= FEWEST and (numbers := in_sequence(stems)) is not None:
            numbered.append(dict(zip(numbers, members, strict=True)))
    ties.by({i: key for i, key in named.items() if i in asked}, "file name up to the last number")
    most = SEEN_AT_ONCE
    if len(every) > most and numbered:
        most = max(most // len(numbered), _LEAST_SEEN)
    samples = [_spread([by[n] for n in sorted(by)], most) for by in numbered]
    small = dict(pictures(list(chain(*samples)))) if samples else {}
    timed: dict[int, Hashable] = {}
    frames: list[ImageRecord] = []
    for by_number, sample in zip(numbered, samples, strict=True):
        if _in_time(sample, small):
            frames += sample
            at = {image.id: number for number, image in by_number.items() if image.id in asked}
            first = next(iter(by_number.values())).id
            timed |= {i: (first, part) for i, part in _cut(at).items()}
    ties.by(timed, "time: neighbours in number are alike, as frames of a video are")
    # Neighbours in time are alike: cut into stretches they are held apart as well as can be.
    moving = {image.path.parent for image in frames}
    rest = [image for image in every if image.path.parent not in moving]
    ties.between(_copies_beside(compared, timed, rest, frames, pictures), "near copies")
    return len(stills) - len(compared)


def _in_time(images: Sequence[ImageRecord], small: Mapping[int, Pixels]) -> bool:
    """Whether these images of a folder follow each other, by their numbers and small pictures."""
    seen = [image for image in images if image.id in small]
    numbers = in_sequence([image.path.stem for image in seen])
    if numbers is None or len(seen) < FEWEST:
        return False
    return follow_each_other(standing_out([small[image.id] for image in seen]), numbers)


def _copies_beside(
    stills: Sequence[ImageRecord],
    timed: Mapping[int, Hashable],
    rest: Sequence[ImageRecord],
    frames: Sequence[ImageRecord],
    pictures: Pictures,
) -> list[tuple[int, int]]:
    """Pairs of the ids of at most MOST images, given those that are cut in time, that are near
    copies: of each other, or of one in time. rest, frames: images of folders whose pictures do not
    follow each other, or do; they say what is in common."""
    if len(stills) < 2:
        return []
    usual = _spread(rest, SEEN_AT_ONCE) if len(rest) >= FEWEST else [*rest, *frames]
    if len(usual) < FEWEST:
        return []
    both = list({image.id: image for image in [*usual, *frames]}.values())
    small = pictures(list({image.id: image for image in [*stills, *both]}.values()))
    free = [image.id for image in stills if image.id in small and image.id not in timed]
    copies = _copies(free, usual, small)
    among = [small[image.id] for image in both if image.id in small]
    at = [i for i in timed if i in small]
    if at and free and len(among) >= FEWEST:
        ids, first = [*free, *at], len(free)
        own = standing_out([small[i] for i in ids], among)
        nearest = nearest_copies(own, range(first), range(first, len(ids)))
        copies += [(ids[one], ids[other]) for one, other in nearest]
    return copies


def _copies_across(
    stills: Sequence[ImageRecord], every: Sequence[ImageRecord], pictures: Pictures
) -> list[tuple[int, int]]:
    """The ids of at most MOST stills in different folders that are near copies of each other.
    every: of the project, which say what is in common."""
    if len(stills) < 2 or len(every) < FEWEST:
        return []
    usual = _spread(every, SEEN_AT_ONCE)
    small = pictures(list({i.id: i for i in [*stills, *usual]}.values()))
    folders = {image.id: image.path.parent for image in stills if image.id in small}
    return _copies(list(folders), usual, small, list(folders.values()))


def _copies(
    ids: Sequence[int],
    usual: Sequence[ImageRecord],
    small: Mapping[int, Pixels],
    parts: Sequence[Hashable] | None = None,
) -> list[tuple[int, int]]:
    """Pairs of images with these ids that are near copies, which join all that are. usual: what
    says what all have in common; none where it is too few. parts: as of `near_copies`."""
    among = [small[image.id] for image in usual if image.id in small]
    if len(among) < FEWEST or not ids:
        return []
    pairs = near_copies(standing_out([small[i] for i in ids], among), parts)
    return [(ids[one], ids[other]) for one, other in pairs]


def _spread(images: Sequence[ImageRecord], most: int) -> list[ImageRecord]:
    """At most so many of them, evenly spread, in runs of neighbours."""
    if len(images) <= most:
        return list(images)
    starts = np.linspace(0, len(images) - _RUN, most // _RUN).astype(int).tolist()
    return [image for start in starts for image in images[start : start + _RUN]]


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
