"""Frames that were decoded are kept, as many as a limit of bytes holds, and the next ones made."""

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from landmark_annotator.projects.video.frame_index import FrameIndex
from landmark_annotator.projects.video.numbered import NumberedReader
from landmark_annotator.projects.video.numbered_names import is_numbered
from landmark_annotator.projects.video.reader import VideoReader
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import FileMissing, ImageError

_BYTES = 256 * 1024**2
_OPEN = 4
"""Videos that are open at a time."""
_AHEAD = 8
"""Frames that are decoded before they are asked for, where the last ones were beside each other."""

_BACK = 32
"""Frames before the one asked for that are kept where they were decoded on the way."""

_Stamp = tuple[Path, int, int]
"""A file as it was when it was opened: path, size, time of change in nanoseconds; of numbered
images their folder."""


class FrameCache:
    """Of any number of videos, from any thread. Files that change are opened anew."""

    def __init__(self, limit: int = _BYTES, ahead: int = _AHEAD) -> None:
        """limit: bytes of decoded frames that are kept; one that was just asked for always is."""
        self._limit, self._ahead = limit, ahead
        self._readers: OrderedDict[_Stamp, VideoReader | NumberedReader] = OrderedDict()
        self._kept: OrderedDict[tuple[_Stamp, int], Pixels] = OrderedDict()
        self._bytes = 0
        self._last: tuple[_Stamp, int] | None = None
        self._lock = Lock()
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="frames ahead")
        self._wish = 0
        """Counts what is asked for: frames ahead of an older wish are not decoded any more."""

    @property
    def bytes(self) -> int:
        return self._bytes

    def index(self, path: Path) -> FrameIndex:
        """Read once while the file stays as it is. Raises ImageError where it is no video."""
        stamp = _stamp(path)
        with self._lock:
            return self._reader(stamp).index

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
            found = self._frame(stamp, number)
            travelled = 0
            if self._last is not None and self._last[0] == stamp:
                travelled = number - self._last[1]
            self._last = stamp, number
        if travelled in (1, -1) and self._ahead:
            self._beside.submit(self._go_ahead, stamp, number, travelled, self._wish)
        return found

    def close(self) -> None:
        """Files are closed and frames forgotten; what is asked for later is opened again."""
        with self._lock:
            self._wish += 1
            for reader in self._readers.values():
                reader.close()
            self._readers.clear()
            self._kept.clear()
            self._bytes, self._last = 0, None

    def _go_ahead(self, stamp: _Stamp, number: int, step: int, wish: int) -> None:
        for beside in range(1, self._ahead + 1):
            with self._lock:
                if wish != self._wish or not 0 <= number + step * beside < len(
                    self._reader(stamp).index
                ):
                    return
                try:
                    self._frame(stamp, number + step * beside)
                except ImageError:
                    return  # told when it is asked for

    def _frame(self, stamp: _Stamp, number: int) -> Pixels:
        found = self._kept.get((stamp, number))
        if found is None:
            # What lies on the way from the key frame is what a person who goes back wants next.
            found = self._reader(stamp).pixels(
                number, lambda passed, pixels: self._keep((stamp, passed), pixels), _BACK
            )
            self._keep((stamp, number), found)
        else:
            self._kept.move_to_end((stamp, number))
        return found

    def _keep(self, key: tuple[_Stamp, int], pixels: Pixels) -> None:
        pixels.setflags(write=False)
        before = self._kept.pop(key, None)
        self._bytes += pixels.nbytes - (0 if before is None else before.nbytes)
        self._kept[key] = pixels
        while self._bytes > self._limit and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.nbytes

    def _reader(self, stamp: _Stamp) -> VideoReader | NumberedReader:
        reader = self._readers.pop(stamp, None)
        if reader is None:
            numbered = is_numbered(stamp[0])
            reader = NumberedReader(stamp[0]) if numbered else VideoReader(stamp[0])
        self._readers[stamp] = reader
        while len(self._readers) > _OPEN:
            self._readers.popitem(last=False)[1].close()
        return reader


frames = FrameCache()
"""The one of this process."""


def _stamp(path: Path) -> _Stamp:
    try:
        facts = (path.parent if is_numbered(path) else path).stat()
    except OSError as error:
        raise FileMissing(
            f"There is no video {path}.",
            remedy="Put the file back, or say where it is now: annotator locate PROJECT FOLDER.",
        ) from error
    return path, facts.st_size, facts.st_mtime_ns
