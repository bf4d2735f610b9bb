"""Frames that were decoded are kept, as many as a limit of bytes holds, and the next ones made."""

from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition

from landmark_annotator.projects.priority import thread_gives_way
from landmark_annotator.projects.video.frame_index import FrameIndex
from landmark_annotator.projects.video.numbered import NumberedReader, ReadImage
from landmark_annotator.projects.video.numbered_names import is_numbered
from landmark_annotator.projects.video.reader import Undeveloped, VideoReader
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import FileMissing, ImageError

_BYTES = 256 * 1024**2
_OPEN = 4
"""Videos that are open at a time."""
_READERS = 3
"""Of one video at a time: a frame far from its key frame takes most of a second, and whoever goes
through the video meanwhile does not wait for a thumbnail."""
_AHEAD = 8
"""Frames that are decoded before they are asked for, where the last ones were beside each other."""

_BACK = 32
"""Frames before the one asked for that are kept where they were decoded on the way."""

_Stamp = tuple[Path, int, int]
"""A file as it was when it was opened: path, size, time of change in nanoseconds; of numbered
images their folder."""
_Reader = VideoReader | NumberedReader


@dataclass(eq=False)
class _Video:
    """idle: its readers that nobody decodes with, the one that was used last at the end. made: how
    many it has in all. targets: the frames that the others are on their way to. closed: those that
    come back are closed."""

    index: FrameIndex
    idle: list[_Reader]
    made: int = 1
    targets: list[int] = field(default_factory=list)
    closed: bool = False

    def somebody_passes(self, number: int) -> bool:
        """Whether a reader is on its way to this frame or will have it behind it, or goes on to it
        from where it is going: another one would begin at the same key frame."""
        begin = self.index.begin
        known = 0 <= number < len(self.index)
        return known and any(
            begin[each] == begin[number] and number >= each - _BACK for each in self.targets
        )

    @property
    def has_reader(self) -> bool:
        """Whether one is free, or one more may be made."""
        return bool(self.idle) or self.made < _READERS

    def close(self) -> None:
        self.closed = True
        while self.idle:
            self.idle.pop().close()


class FrameCache:
    """Of any number of videos, from any thread. Files that change are opened anew."""

    def __init__(self, read_image: ReadImage, limit: int = _BYTES, ahead: int = _AHEAD) -> None:
        """read_image: of numbered images. limit: bytes of decoded frames that are kept; one that
        was just asked for always is."""
        self._read_image, self._limit, self._ahead = read_image, limit, ahead
        self._videos: OrderedDict[_Stamp, _Video] = OrderedDict()
        self._kept: OrderedDict[tuple[_Stamp, int], Pixels | Undeveloped] = OrderedDict()
        """What was only passed is kept as it was decoded: most of it is never asked for."""
        self._bytes = 0
        self._last: tuple[_Stamp, int] | None = None
        self._lock = Condition()
        """Of all of these; nobody decodes while it is held."""
        # Nobody waits for these yet.
        self._beside = ThreadPoolExecutor(1, "frames ahead", initializer=thread_gives_way)
        self._wish = 0
        """Counts what is asked for: frames ahead of an older wish are not decoded any more."""

    @property
    def bytes(self) -> int:
        return self._bytes

    def index(self, path: Path) -> FrameIndex:
        """Read once while the file stays as it is. Raises ImageError where it is no video."""
        stamp = _stamp(path)
        with self._lock:
            return self._video(stamp).index

    def holds(self, path: Path, number: int) -> bool:
        """Whether the frame is decoded already."""
        stamp = _stamp(path)
        with self._lock:
            return (stamp, number) in self._kept

    def pixels(self, path: Path, number: int) -> Pixels:
        """As `VideoReader.pixels`; read-only. Travelling on, the next frames are there already."""
        stamp = _stamp(path)
        with self._lock:
            self._wish += 1
            wish, travelled = self._wish, 0
            if self._last is not None and self._last[0] == stamp:
                travelled = number - self._last[1]
            self._last = stamp, number
        found = self._frame(stamp, number)
        if travelled in (1, -1) and self._ahead:
            self._beside.submit(self._go_ahead, stamp, number, travelled, wish)
        return found

    def close(self) -> None:
        """Files are closed and frames forgotten; what is asked for later is opened again."""
        with self._lock:
            self._wish += 1
            for video in self._videos.values():
                video.close()
            self._videos.clear()
            self._kept.clear()
            self._bytes, self._last = 0, None
            self._lock.notify_all()

    def _go_ahead(self, stamp: _Stamp, number: int, step: int, wish: int) -> None:
        for beside in range(1, self._ahead + 1):
            with self._lock:
                count = len(self._video(stamp).index)
                if wish != self._wish or not 0 <= number + step * beside < count:
                    return
            try:
                self._frame(stamp, number + step * beside)
            except ImageError:
                return  # told when it is asked for

    def _frame(self, stamp: _Stamp, number: int) -> Pixels:
        key = stamp, number
        with ExitStack() as decoding:
            with self._lock:
                # Asked again after each wait: it may be there by now, a reader may have failed on
                # its way, or the video may have been closed.
                while (kept := self._kept.get(key)) is None:
                    video = self._video(stamp)
                    if not video.somebody_passes(number) and video.has_reader:
                        reader = decoding.enter_context(self._reader(video, stamp[0], number))
                        break
                    self._lock.wait()
                if isinstance(kept, Undeveloped):
                    self._forget(key)  # it belongs to this thread alone now
                elif kept is not None:
                    self._kept.move_to_end(key)
                    return kept
            if kept is not None:
                found = kept.pixels()
            else:
                # What lies on the way from the key frame is what a person who goes back wants next.
                found = reader.pixels(
                    number, lambda passed, frame: self._keep((stamp, passed), frame), _BACK
                )
            found.setflags(write=False)
            self._keep(key, found)
        return found

    def _keep(self, key: tuple[_Stamp, int], frame: Pixels | Undeveloped) -> None:
        with self._lock:
            known = self._kept.get(key)
            if isinstance(frame, Undeveloped) and known is not None:
                self._kept.move_to_end(key)
                return
            self._forget(key)
            self._bytes += frame.nbytes
            self._kept[key] = frame
            while self._bytes > self._limit and len(self._kept) > 1:
                self._forget(next(iter(self._kept)))
            self._lock.notify_all()

    def _forget(self, key: tuple[_Stamp, int]) -> None:
        """With the lock."""
        gone = self._kept.pop(key, None)
        self._bytes -= 0 if gone is None else gone.nbytes

    @contextmanager
    def _reader(self, video: _Video, path: Path, number: int) -> Iterator[_Reader]:
        """One that nobody else decodes with: where one is on its way to the frame, that one. Is
        begun with the lock, and ends without it."""
        nearest = max(video.idle, key=lambda each: each.on_the_way_to(number), default=None)
        if nearest is not None and nearest.on_the_way_to(number) < 0:
            nearest = video.idle[0] if video.made >= _READERS else None
        if nearest is None:
            nearest = self._opened(path, video.index)
            video.made += 1
        else:
            video.idle.remove(nearest)
        video.targets.append(number)
        try:
            yield nearest
        finally:
            with self._lock:
                video.targets.remove(number)
                if video.closed:
                    nearest.close()
                else:
                    video.idle.append(nearest)
                self._lock.notify_all()

    def _opened(self, path: Path, index: FrameIndex | None = None) -> _Reader:
        if is_numbered(path):
            return NumberedReader(path, self._read_image)
        return VideoReader(path, index)

    def _video(self, stamp: _Stamp) -> _Video:
        video = self._videos.pop(stamp, None)
        if video is None:
            first = self._opened(stamp[0])
            video = _Video(first.index, [first])
        self._videos[stamp] = video
        while len(self._videos) > _OPEN:
            self._videos.popitem(last=False)[1].close()
        return video


def _stamp(path: Path) -> _Stamp:
    try:
        facts = (path.parent if is_numbered(path) else path).stat()
    except OSError as error:
        raise FileMissing(
            f"There is no video {path}.",
            remedy="Put the file back, or say where it is now: annotator locate PROJECT FOLDER.",
        ) from error
    return path, facts.st_size, facts.st_mtime_ns
