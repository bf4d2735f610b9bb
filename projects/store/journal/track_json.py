"""What an action did to tracks, as the text that the journal keeps."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import orjson

_Names = Mapping[int, tuple[str | None, str | None]]
_Assigned = Mapping[int, tuple[int | None, int | None]]


@dataclass(frozen=True)
class TrackChange:
    """Pairs (before, after) of what differs. names: by track, None where there is none of that
    name; instances: by instance, of which track it is, None of no track."""

    names: _Names
    instances: _Assigned

    def inverse(self) -> "TrackChange":
        return TrackChange(
            {i: pair[::-1] for i, pair in self.names.items()},
            {i: pair[::-1] for i, pair in self.instances.items()},
        )

    def without(self, ids: Collection[int]) -> "TrackChange":
        """Instances of these ids keep their tracks, and these tracks their names."""
        kept = {before for i, (before, _) in self.instances.items() if i in ids}
        return TrackChange(
            {i: pair for i, pair in self.names.items() if i not in kept},
            {i: pair for i, pair in self.instances.items() if i not in ids},
        )


def to_json(change: TrackChange) -> str:
    content = {"tracks": change.names, "instances": change.instances}
    return orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS).decode()


def from_json(text: str) -> TrackChange:
    content = orjson.loads(text)  # of a long video there are a hundred thousand instances
    return TrackChange(
        {int(i): (before, after) for i, (before, after) in content["tracks"].items()},
        {int(i): (before, after) for i, (before, after) in content["instances"].items()},
    )
