"""The part of a project that says who is who through the frames of a video."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from landmark_annotator.projects.store.journal import frame_actions, track_actions
from landmark_annotator.projects.store.open_project import Opened
from landmark_annotator.projects.store.rows import tracks, video_objects
from landmark_annotator.projects.store.rows.images import ImageFacts
from landmark_annotator.projects.store.rows.records import Entry, InstanceRecord
from landmark_annotator.projects.store.rows.video_objects import FrameObject, VideoObjects
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.track import Track


class Tracking(Opened):
    """Each action is one step for undo. All raise ProjectError where a track would be two objects
    in one frame; a second opinion is of the same object."""

    def tracks(self, video_id: int | None = None) -> list[Track]:
        """Of one video or all, in the order in which they came in."""
        return tracks.tracks(self._reading, video_id)

    def track(self, track_id: int) -> Track:
        return tracks.track(self._reading, track_id)

    def instances_of_track(
        self, track_id: int, *, excluded: bool = False
    ) -> list[tuple[int, InstanceRecord]]:
        """Each with its frame, in the order of the frames; frames without one are not told.

        excluded: with those that were left out.
        """
        return tracks.instances_of(self._reading, track_id, excluded=excluded)

    def tracks_proposed_by(self, model: str) -> list[Track]:
        """Those of which the program's own proposal for some object is this model's."""
        return tracks.proposed_by(self._reading, model)

    def last_placement(self, track_ids: Collection[int]) -> datetime | None:
        """When somebody last placed a landmark of an object of these tracks, or a file did."""
        return tracks.last_placement(self._reading, track_ids) if track_ids else None

    def instances_near(
        self, track_id: int, frame: int, most: int
    ) -> list[tuple[int, InstanceRecord]]:
        """As `instances_of_track`, of at most so many, those round this frame."""
        return tracks.instances_near(self._reading, track_id, frame, most)

    def objects_beside(
        self, video_id: int, frame: int, within: int
    ) -> list[tuple[int, InstanceRecord]]:
        """Those with a box on which somebody has begun, each with its frame, which is another one
        at most so many away. Second opinions are not among them."""
        return tracks.objects_beside(self._reading, video_id, frame, within)

    def objects_of_video(
        self,
        video_id: int,
        among: Collection[int] | None = None,
        *,
        first: int = 0,
        last: int | None = None,
    ) -> list[FrameObject]:
        """All that count, in the order of the frames: what a timeline shows. among: of these
        instances alone, by their ids. first, last: in these frames, both among them."""
        return video_objects.objects_of(self._reading, video_id, among, first, last)

    def nearest_object(self, video_id: int, frame: int, track_id: int | None) -> FrameObject | None:
        """Of the nearest other frame with objects, of two the earlier: that of this track, else the
        first one. None where there is none."""
        return video_objects.nearest_object(self._reading, video_id, frame, track_id)

    def video_objects(self, video_id: int) -> VideoObjects:
        """As `objects_of_video`, of all of them and many times as fast."""
        return video_objects.video_objects(self._reading, video_id)

    def begin_frame(
        self,
        video_id: int,
        number: int,
        facts: ImageFacts,
        *,
        objects: Sequence[tuple[Box | None, int | None]] = ((None, None),),
        who: str,
    ) -> int:
        """A frame comes in to be labelled, as one step for undo; the id of its image.

        objects: its instances, each with its box and its track, where the frame is new. One that
        is there is left as it is. What undo takes back stays, and counts no more.
        """
        with self._writing() as connection:
            return frame_actions.begin_frame(
                connection, self.folder, video_id, number, facts, objects, who
            )

    def given_over(self) -> dict[int, int]:
        """By instance, of those that somebody gave from one track to another, as a swap, a join or
        a cut does, the id of the last step that did: what is followed has no track before."""
        return track_actions.given_over(self._reading)

    def add_track(
        self, video_id: int, name: str, *, instances: Collection[int] = (), who: str
    ) -> Track:
        """instances: its first ones, by their ids, of whatever track they were.

        Raises ProjectError where the video has one of this name.
        """
        with self._writing() as connection:
            new = track_actions.add(connection, video_id, name, instances, who)
            return tracks.track(connection, new)

    def track_named(self, video_id: int, name: str) -> Track:
        """The video's track of this name, which is made where there is none. For what label files
        say: no step for undo."""
        with self._writing() as connection:
            return track_actions.named(connection, video_id, name)

    def rename_track(self, track_id: int, name: str, *, who: str) -> Entry:
        """Raises ProjectError where another track of the video has the name."""
        with self._writing() as connection:
            return track_actions.rename(connection, track_id, name, who)

    def remove_track(self, track_id: int, *, who: str) -> Entry:
        """Its instances stay, and belong to none."""
        with self._writing() as connection:
            return track_actions.remove(connection, track_id, who)

    def assign_track(self, instances: Collection[int], track_id: int | None, *, who: str) -> Entry:
        """These instances, by their ids, are of this track from now on; None: of none."""
        with self._writing() as connection:
            return track_actions.assign(connection, instances, track_id, who)

    def gather_tracks(
        self,
        video_id: int,
        objects: Mapping[str, Collection[int]],
        *,
        title: str = "",
        who: str,
        at: datetime | None = None,
    ) -> Entry:
        """objects: instances, by their ids, by the name of the track that they are of from now on;
        a track that the video has not is a new one. title: what the step is called in a menu. at:
        as of `add_found`. Raises ProjectError where a track has no name."""
        with self._writing() as connection:
            return track_actions.gather(connection, video_id, objects, title, who, at)

    def swap_tracks(
        self, one: int, other: int, *, first: int = 0, last: int | None = None, who: str
    ) -> Entry:
        """In the frames from first to last, both among them; None: to the video's end."""
        with self._writing() as connection:
            return track_actions.swap(connection, one, other, first, last, who)

    def join_tracks(self, kept: int, gone: int, *, who: str) -> Entry:
        """The instances of the second track become the first one's, and it is no more."""
        with self._writing() as connection:
            return track_actions.join(connection, kept, gone, who)

    def cut_track(self, track_id: int, frame: int, *, name: str | None = None, who: str) -> Track:
        """Its instances from this frame on become a track of their own, which is returned.

        name: of that track; where none is given, the track's with a number, or the next free number
        where that is all its name.
        """
        with self._writing() as connection:
            new = track_actions.cut(connection, track_id, frame, name, who)
            return tracks.track(connection, new)
