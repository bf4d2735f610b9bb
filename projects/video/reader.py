"""Any frame of a video, with the very pixels that reading it from the start gives."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.video.encoder_note import encoder_note, with_note
from landmark_annotator.projects.video.frame_index import FrameIndex, read_index
from landmark_annotator.projects.video.opened import opened
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError

_LEAVES_OUT = frozenset({"h264"})
"""Codecs whose pictures say of themselves that no other picture refers to them. HEVC's say so only
of those of their own layer in time."""


class Undeveloped:
    """A frame as it was decoded: half the bytes of its pixels, which cost as much as decoding."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame
        self.nbytes = sum(plane.buffer_size for plane in frame.planes)

    def pixels(self) -> Pixels:
        """(height, width, 3) RGB, upright. From one thread at a time."""
        return upright(self._frame)


Passing = Callable[[int, Undeveloped], None]


class VideoReader:
    """One open file. Used from one thread at a time.

    Decoding goes on from where it is as long as no key frame lies between, and begins anew at the
    frame's key frame otherwise. Pictures of a group that begins later are left out: those that
    follow its key frame and are shown before it were decoded without what they refer to. So are
    pictures on the way that nobody wants and no other picture refers to: of H.264 with B-frames
    half of all.
    """

    def __init__(self, path: Path, index: FrameIndex | None = None) -> None:
        """Raises ImageError where it is no video."""
        self.path = path
        self.index = read_index(path) if index is None else index
        self._container: Any = opened(path)
        self._note = encoder_note(self._container)
        self._coming: Iterator[tuple[int, Any]] = iter(())
        self._next = len(self.index)
        self._wanted_from = 0
        """Of what is shown before this time, only what others refer to is decoded."""

    def close(self) -> None:
        self._coming = iter(())
        self._container.close()

    def on_the_way_to(self, number: int) -> int:
        """Where it is, if going on from there leads to the frame without a new beginning; else
        -1."""
        known = 0 <= number < len(self.index)
        return self._next if known and self.index.begin[number] <= self._next <= number else -1

    def pixels(self, number: int, passing: Passing | None = None, last: int = 0) -> Pixels:
        """(height, width, 3) RGB, upright, of a frame counted from 0.

        passing: is given the `last` frames before it that had to be decoded on the way, each with
        its number, as they were decoded. Raises ImageError where there is no such frame, or it is
        damaged.
        """
        if not 0 <= number < len(self.index):
            raise ImageError(
                f"{self.path} has no frame {number:,}: it has {len(self.index):,}, from 0 on."
                f" {self.index.ends_early}".rstrip()
            )
        self._wanted_from = int(self.index.stamps[max(number - last, 0)])
        if self.on_the_way_to(number) < 0:
            self._begin(int(self.index.begin[number]))
        for found, frame in self._coming:
            self._next = found + 1
            if found == number:
                return upright(frame)
            if found > number:
                break
            if passing is not None and number - found <= last:
                passing(found, Undeveloped(frame))
        self._next = len(self.index)
        raise ImageError(
            f"Frame {number:,} of {self.path} is damaged.",
            remedy="The frames round it may be whole: label one of these.",
        )

    def _begin(self, key_frame: int) -> None:
        """Decoding goes on from this key frame."""
        index = self.index
        self._next = key_frame
        if index.stamped:
            # MP4 is sought by when a frame is shown: when it is decoded lies before its key frame,
            # and leads to the one before. Others are sought by when it is decoded. Where either
            # leads behind the key frame, an earlier one is taken.
            before = sorted((k for k in index.key_frames if k <= key_frame), reverse=True)
            places = [int(index.stamps[key_frame]), *(index.key_frames[k] for k in before)]
            for place in places:
                packets = self._seek(place, key_frame)
                if packets is not None:
                    self._coming = self._decoded(packets, key_frame)
                    return
        elif key_frame > 0:
            packets = self._seek(index.key_frames[key_frame], key_frame)
            if packets is not None:
                self._coming = self._counted(packets, key_frame)
                return
        key_frame = self._next = key_frame if index.stamped else 0
        self._container.close()
        self._container = opened(self.path)
        packets = self._container.demux(self._container.streams.video[0])
        self._coming = (self._decoded if index.stamped else self._counted)(packets, key_frame)

    def _seek(self, to: int, key_frame: int) -> Iterator[Any] | None:
        """Packets from the time `to` on, if that of the key frame is among them, as it was when the
        file was read from its start. In an MPEG program stream the times belong to pieces of it: a
        seek leads into a picture, and the one after it is told with the time of another."""
        index = self.index
        stream = self._container.streams.video[0]
        passed: list[Any] = []
        try:
            self._container.seek(to, stream=stream, backward=True)
            packets = self._container.demux(stream)
            for packet in packets:
                passed.append(packet)
                if not index.stamped:
                    if packet.dts is None or packet.dts > index.key_frames[key_frame]:
                        return None
                    break  # the packet itself is looked for where frames are counted
                if packet.is_keyframe and packet.pts == index.stamps[key_frame]:
                    break
                if packet.dts is None:  # Matroska has none where reading begins
                    known = packet.is_keyframe and packet.pts is not None
                    if not known or packet.pts > index.stamps[key_frame]:
                        return None
                elif packet.dts > index.key_frames[key_frame]:
                    return None
            else:
                return None
        except (OSError, ValueError):
            return None

        def with_passed() -> Iterator[Any]:
            yield with_note(passed[0], self._note)
            yield from passed[1:]
            yield from packets

        return with_passed()

    def _decoded(self, packets: Iterator[Any], key_frame: int) -> Iterator[tuple[int, Any]]:
        """(number, frame) from the key frame on, as far as the file goes."""
        index = self.index
        codec = self._container.streams.video[0].codec_context
        leaves_out = codec.name in _LEAVES_OUT
        try:
            for packet in packets:
                if leaves_out and packet.pts is not None:
                    unwanted = packet.pts < self._wanted_from
                    codec.skip_frame = "NONREF" if unwanted else "DEFAULT"
                # The file was cut off in it: what came before waits in the decoder.
                for frame in codec.decode(None) if packet.is_corrupt else packet.decode():
                    number = int(np.searchsorted(index.stamps, frame.pts))
                    known = number < len(index) and index.stamps[number] == frame.pts
                    if known and number >= key_frame:
                        yield number, frame
        except (OSError, ValueError):
            return

    def _counted(self, packets: Iterator[Any], key_frame: int) -> Iterator[tuple[int, Any]]:
        """The same where the file does not say when frames are shown: told by the order alone."""
        at = self.index.key_frames[key_frame] if key_frame > 0 else None
        begun, number = at is None, key_frame
        try:
            for packet in packets:
                if at is not None:
                    if packet.dts != at or not packet.is_keyframe:
                        continue  # others may share its time
                    at = None
                for frame in packet.decode():
                    # What is shown before the key frame was decoded without what it refers to.
                    begun = begun or frame.key_frame
                    if begun:
                        yield number, frame
                        number += 1
        except (OSError, ValueError):
            return


def upright(frame: Any) -> Pixels:
    """As it is shown: cameras that were held upright store their pictures lying."""
    pixels = frame.to_ndarray(format="rgb24")
    return np.ascontiguousarray(np.rot90(pixels, frame.rotation // 90))
