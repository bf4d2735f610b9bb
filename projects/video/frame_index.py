"""Which frames a video has, when each is shown, and where decoding has to begin to get it."""

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from landmark_annotator.projects.video.matroska import was_cut
from landmark_annotator.projects.video.numbered_names import is_numbered
from landmark_annotator.projects.video.opened import in_words, opened
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints
from landmark_annotator.projects.vocabulary.errors import ImageError
from landmark_annotator.projects.vocabulary.wording import counted

VIDEO_SUFFIXES = frozenset(
    {
        ".3gp",
        ".asf",
        ".avi",
        ".flv",
        ".m2ts",
        ".m4v",
        ".mj2",
        ".mjpeg",
        ".mkv",
        ".mov",
        ".mp4",
        ".mpeg",
        ".mpg",
        ".mts",
        ".mxf",
        ".ogv",
        ".ts",
        ".webm",
        ".wmv",
    }
)

_SQUARE = 0.005
"""By how much a pixel may be wider or higher than a square and be taken for one: less than a person
sees, and often no more than an encoder's rounding."""
_LOOKED_AT = 24
"""Pictures whose order is looked at: encoders put a B-frame among the first few, 16 at most."""


def is_video(path: Path) -> bool:
    """A file of one, or what stands for numbered images; by its name alone."""
    return path.suffix.lower() in VIDEO_SUFFIXES or is_numbered(path)


class Packet(NamedTuple):
    """Of one picture: when it is shown and decoded, in ticks of the file, whether others can be
    decoded from it on, and whether it is shown at all."""

    shown: int
    decoded: int
    is_key: bool
    is_shown: bool


@dataclass(frozen=True, eq=False)
class FrameIndex:
    """Of N frames, in the order in which they are shown.

    stamps: (N,) presentation times in ticks of the file, ascending. seconds: (N,) the same from
    the first frame on. begin: (N,) the place of the key frame from which frame n can be decoded;
    key_frames: their decoding times, in ticks. Where the file does not stamp its frames, stamps
    several alike or in another order than they are shown in, or calls pictures key frames that are
    none, the stamps count the frames instead, and `begin` is 0 everywhere where no key frame can be
    told by its decoding time. promised: how many frames
    the file says it holds, None where it does not. cut: whether it is shorter than it says, where
    it counts no frames. aspect: how wide a pixel is meant to be shown, of its height.
    """

    stamps: Ints
    seconds: Floats
    begin: Ints
    key_frames: dict[int, int]
    stamped: bool = True
    promised: int | None = None
    cut: bool = False
    aspect: float = 1.0

    def __len__(self) -> int:
        return len(self.stamps)

    @property
    def ends_early(self) -> str:
        """A sentence where the file holds fewer frames than it promises, else ''."""
        if self.cut:
            return f"It ends after {counted(len(self), 'frame')}: the file was cut off."
        if self.promised is None or self.promised <= len(self):
            return ""
        of_all = f"{len(self):,} of {counted(self.promised, 'frame')}"
        return f"It ends after {of_all}: the file was cut off."

    @property
    def told_aspect(self) -> str:
        """A sentence where its pixels are not meant as squares, else ''."""
        if abs(self.aspect - 1) < _SQUARE:
            return ""
        wide = self.aspect > 1
        times = f"{self.aspect if wide else 1 / self.aspect:.3g} times"
        pixels = f"{times} as wide as high" if wide else f"{times} as high as wide"
        looks = "narrower" if wide else "lower"
        return (
            f"Its pixels are {pixels}. It is shown as it is stored, {looks} than players show it, "
            "and labels are in its stored pixels."
        )

    @property
    def rate(self) -> float:
        """Frames a second on average; 0 where there is one frame."""
        length = float(self.seconds[-1]) if len(self) > 1 else 0.0
        return (len(self) - 1) / length if length > 0 else 0.0


def read_index(path: Path) -> FrameIndex:
    """Reads the whole file, and decodes no more than its beginning where its stamps are right.

    Raises ImageError where it is no video, or holds no frame.
    """
    with opened(path) as container:
        stream = container.streams.video[0]
        promised = stream.frames or None
        tick = float(stream.time_base)
        aspect = float(stream.sample_aspect_ratio or 1)
        lasts = stream.duration and (stream.start_time or 0) + stream.duration
        packets = _packets(path, container)
        if packets is not None:
            if lasts and _lasts_as_long([p.shown for p in packets if p.is_shown], lasts):
                promised = None
            apart = _told_apart(packets) and _stamped_as_shown(path)
            keys = range(min(sum(packet.is_key for packet in packets), 2))
            if apart and all(_begins_at_key(path, which) for which in keys):
                return _told(_by_stamps(path, packets, tick, promised), path, aspect)
    return _told(_by_counting(path, promised), path, aspect)


def _told(index: FrameIndex, path: Path, aspect: float) -> FrameIndex:
    """With what the file says beside its frames."""
    return replace(index, cut=index.promised is None and was_cut(path), aspect=aspect)


def _stamped_as_shown(path: Path) -> bool:
    """Whether the first pictures leave the decoder, which gives them in the order in which they
    are shown, with ascending stamps. An AVI has no room for when a picture is shown, so that of
    many with B-frames the stamps that FFmpeg makes up are those of other pictures; some programs
    write an MP4 so."""
    with opened(path) as container:
        stream = container.streams.video[0]
        if not stream.codec_context.has_b_frames:
            return True
        stamps: list[int] = []
        try:
            for frame in container.decode(stream):
                if frame.pts is not None:
                    stamps.append(frame.pts)
                if len(stamps) == _LOOKED_AT:
                    break
        except (OSError, ValueError):
            pass  # what is damaged there is no matter of stamps
    return stamps == sorted(stamps)


def _told_apart(packets: list[Packet]) -> bool:
    """Whether no two pictures are shown at one time. Matroska and FLV count in milliseconds: those
    of a camera that takes more than a thousand frames a second share them."""
    shown = [packet.shown for packet in packets if packet.is_shown]
    return len(set(shown)) == len(shown)


def _begins_at_key(path: Path, which: int) -> bool:
    """Whether decoding can begin at that picture, from 0, of those that the file calls key frames.
    H.264 that is refreshed strip by strip (periodic intra refresh) calls those so from which on a
    decoder will have caught up some frames later."""
    with opened(path) as container:
        stream = container.streams.video[0]
        if stream.codec_context.name != "h264":
            return True
        passed, key = 0, None
        try:
            for packet in container.demux(stream):
                if key is None:
                    passed += packet.is_keyframe
                    if passed <= which:
                        continue
                    if packet.is_discard:
                        return True  # nobody sees it
                    key = packet.pts
                for frame in packet.decode():
                    if frame.pts is not None and frame.pts >= key:
                        return frame.pts == key and bool(frame.key_frame)
        except (OSError, ValueError):
            pass  # what is damaged there is no matter of key frames
    return True


def _lasts_as_long(shown: list[int], end: int) -> bool:
    """Whether the pictures go on until the end that the file names, in its ticks. It may count
    pictures that it leaves out: those that a camera dropped, or that need what is before it."""
    if len(shown) < 2:
        return False
    first, last = min(shown), max(shown)
    return end - last <= 1.5 * (last - first) / (len(shown) - 1)


def _packets(path: Path, container: Any) -> list[Packet] | None:
    """Of each picture; None where one is not stamped. As far as the file goes."""
    found: list[Packet] = []
    stream = container.streams.video[0]
    try:
        for packet in container.demux(stream):
            if packet.size == 0:
                continue
            if packet.is_corrupt:
                # What is shown after it would be numbered as if it were not missing.
                end = packet.pts
                return [before for before in found if end is None or before.shown < end]
            if packet.pts is None:
                return None
            decoded = packet.pts if packet.dts is None else packet.dts
            found.append(Packet(packet.pts, decoded, packet.is_keyframe, not packet.is_discard))
    except (OSError, ValueError) as error:  # FFmpeg's errors are of these kinds
        if not found:
            with in_words(path):
                raise error
    return found


def _by_stamps(path: Path, packets: list[Packet], tick: float, promised: int | None) -> FrameIndex:
    # A file that was cut without being encoded anew begins in the middle of a group: its key frame
    # is there for the others, and is not shown.
    keys = [(packet.shown, packet.decoded) for packet in packets if packet.is_key]
    if not keys:
        raise ImageError(f"No frame of {path} can be decoded: it has no key frame.")
    key_shown = np.array(sorted(shown for shown, _ in keys), dtype=np.int64)
    decoded_at = dict(keys)
    # What is shown before the first key frame cannot be decoded.
    seen = [p.shown for p in packets if p.is_shown and p.shown >= key_shown[0]]
    if not seen:
        raise ImageError(f"No frame of {path} is shown.")
    stamps = np.unique(np.array(seen, dtype=np.int64))
    # Pictures that follow a key frame and are shown before it need the key frame before it.
    last = np.searchsorted(key_shown, stamps, side="right") - 1
    begin = np.searchsorted(stamps, key_shown)[last]
    at = {int(np.searchsorted(stamps, shown)): decoded_at[shown] for shown in key_shown.tolist()}
    return FrameIndex(stamps, (stamps - stamps[0]) * tick, begin, at, True, promised)


def _by_counting(path: Path, promised: int | None) -> FrameIndex:
    """Decodes the whole file: its frames in the order in which the decoder gives them."""
    keys: list[int | None] = []  # when each key frame is decoded
    begun: list[int] = []  # its number
    count = 0
    shown: list[float] = []
    with opened(path) as container:
        stream = container.streams.video[0]
        rate, tick = float(stream.average_rate or 25), float(stream.time_base)
        try:
            for packet in container.demux(stream):
                if packet.size and packet.is_keyframe:
                    keys.append(packet.dts)
                for frame in packet.decode():
                    if frame.key_frame:
                        begun.append(count)
                    shown.append(np.nan if frame.pts is None else frame.pts * tick)
                    count += 1
        except (OSError, ValueError):
            pass  # it goes as far as it goes
    if not count:
        raise ImageError(f"No frame of {path} can be decoded.")
    stamps = np.arange(count, dtype=np.int64)
    at = {number: key for number, key in zip(begun, keys, strict=False) if key is not None}
    if not len(begun) == len(keys) == len(at) or min(at) > 0:
        at = {0: 0}  # which packet is which key frame is not known
    # Of those that are decoded at one time a seek finds either.
    shared = Counter(keys)
    at = {number: key for number, key in at.items() if number == 0 or shared[key] == 1}
    numbers = np.array(sorted(at), dtype=np.int64)
    begin = numbers[np.searchsorted(numbers, stamps, side="right") - 1]
    seconds = np.array(shown) - shown[0]
    if (np.diff(seconds) >= 0).all():
        # Those of one time are shown one after another until the next.
        times, first = np.unique(seconds, return_index=True)
        seconds = np.interp(stamps, [*first, count], [*times, times[-1] + 1 / rate])
    else:  # they are those of other frames, or there are none
        seconds = stamps / rate
    return FrameIndex(stamps, seconds, begin, at, False, promised)
