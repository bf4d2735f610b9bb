"""What the landmarks of a scheme were called under its other versions, and which of them is which
now: by this alone what was learned of landmarks follows them through changes of their names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FormerScheme:
    """Another version of a project's scheme. names: of all its landmarks, in their order. places:
    for each of them where it stands in the scheme that tells this; None for one that went."""

    version: int
    names: tuple[str, ...]
    places: tuple[int | None, ...]

    def moved(self, places: Sequence[int | None]) -> "FormerScheme":
        """As a scheme tells it, in which what stood at each place stands at the one given here."""
        now = tuple(None if place is None else places[place] for place in self.places)
        return FormerScheme(self.version, self.names, now)

    def has(self, names: Sequence[str]) -> bool:
        """Whether these are some of its landmarks, in its order."""
        wanted = set(names)
        return [name for name in self.names if name in wanted] == list(names)

    def places_of(self, names: Iterable[str], again: Sequence[str]) -> tuple[int | None, ...]:
        """Of some of its landmarks. again: what the present ones are called; one that went counts
        as the one that has come under its name since."""
        place, taken = dict(zip(self.names, self.places, strict=True)), set(self.places)
        came = {name: new for new, name in enumerate(again) if new not in taken}
        found = ((name, place[name]) for name in names)
        return tuple(came.get(name) if at is None else at for name, at in found)


def places_of(
    names: Sequence[str],
    version: object,
    versions: Sequence[FormerScheme],
    again: Sequence[str] = (),
) -> tuple[int, ...] | None:
    """Where landmarks stand now that had these names in a scheme of that version. versions: of the
    project's scheme, the present one too. again: see `FormerScheme.places_of`.

    The version tells which names are meant: two landmarks may have exchanged theirs. Without one,
    or where it is none of the project's, every version with these names has to say the same. None
    where they do not, where a landmark went, or where no version had these names in this order.
    """
    had = [each for each in versions if each.has(names)]
    said = [each for each in had if each.version == version][:1] or had
    found = {each.places_of(names, again) for each in said}
    if len(found) != 1:
        return None
    places = [place for place in found.pop() if place is not None]
    return tuple(places) if len(places) == len(names) else None
