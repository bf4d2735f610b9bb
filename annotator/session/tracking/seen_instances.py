"""What was seen of the objects of a video while they were followed: not to be looked at again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from landmark_annotator.annotator.session.tracking.carried_objects import SeenObject
from landmark_annotator.backends.tracking import FlowField, TimeTrust
from landmark_annotator.projects.vocabulary.box import Box


@dataclass(frozen=True, eq=False)
class SeenInstances:
    """model: the identity of what proposed, see `model_identity`. trust: how far time was judged to
    say anything. objects: by the ids of their instances. flows: from one instance to that of the
    next frame of its track."""

    model: str = ""
    trust: TimeTrust | None = None
    objects: Mapping[int, SeenObject] = field(default_factory=dict)
    flows: Mapping[tuple[int, int], FlowField | None] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        model: str,
        trust: TimeTrust | None,
        tracks: Iterable[Sequence[SeenObject]],
    ) -> "SeenInstances":
        """tracks: the objects of each, frame by frame."""
        objects: dict[int, SeenObject] = {}
        flows: dict[tuple[int, int], FlowField | None] = {}
        for track in tracks:
            for before, each in zip([None, *track], track, strict=False):
                if each.instance is None:
                    continue
                # Without what it was before, which would keep the whole video in memory.
                objects[each.instance] = replace(each, before=None)
                if before is not None and before.instance is not None and each.before is before:
                    flows[before.instance, each.instance] = each.flow
        return cls(model, trust, objects, flows)

    def joined(self, later: "SeenInstances") -> "SeenInstances":
        """With what was seen later, which stands where both have seen the same."""
        objects = {**self.objects, **later.objects}
        # Flow is of the boxes that things had: of one that has moved nothing of before is of use.
        moved = {n for n, each in later.objects.items() if self.object(n, each.box) is None}
        flows = {p: flow for p, flow in self.flows.items() if moved.isdisjoint(p)}
        return replace(self, objects=objects, flows={**flows, **later.flows})

    def near(self, frame: int, most: int) -> "SeenInstances":
        """Those alone of at most so many frames nearest to this one: flow takes memory."""
        frames = sorted(
            {each.frame for each in self.objects.values()}, key=lambda n: abs(n - frame)
        )
        kept = set(frames[:most])
        objects = {n: each for n, each in self.objects.items() if each.frame in kept}
        flows = {pair: flow for pair, flow in self.flows.items() if objects.keys() >= set(pair)}
        return replace(self, objects=objects, flows=flows)

    def object(self, instance: int, box: Box | None) -> SeenObject | None:
        """None where it was not seen, or in another box than this."""
        found = self.objects.get(instance)
        return None if found is None or found.box != box else found
