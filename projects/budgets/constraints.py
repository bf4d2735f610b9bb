"""What the project lead asks of a sparse format, besides its size."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from landmark_annotator.projects.vocabulary.errors import ActionableError


class ContradictingConstraints(ActionableError):
    """No sparse format does all that is asked."""


@dataclass(frozen=True)
class Constraints:
    """include, exclude: landmarks that must, must not be in. together: all of a group or none.

    costs: what each landmark costs (such as seconds), one for each of the L; max_cost: what those
    chosen may cost in sum, None for any. names: of the L landmarks, for messages.
    """

    include: frozenset[int] = field(default_factory=frozenset)
    exclude: frozenset[int] = field(default_factory=frozenset)
    together: tuple[tuple[int, ...], ...] = ()
    costs: tuple[float, ...] | None = None
    max_cost: float | None = None
    names: tuple[str, ...] | None = None

    def groups(self, size: int) -> tuple[list[list[int]], list[list[int]]]:
        """(must be in, may be in): the L landmarks in groups that are chosen as one.

        Those that must not be in are in neither. Raises ContradictingConstraints where nothing
        fits, whatever the number of points.
        """
        self._check(size)
        if both := self.include & self.exclude:
            names = " and ".join(f'"{self._name(i)}"' for i in sorted(both))
            are = "is" if len(both) == 1 else "are"
            raise ContradictingConstraints(
                f"{names} {are} demanded and ruled out at once.",
                remedy="Take one of the two back.",
            )
        parent = list(range(size))

        def root(i: int) -> int:
            while parent[i] != i:
                i = parent[i]
            return i

        for group in self.together:
            for other in group[1:]:
                a, b = sorted((root(group[0]), root(other)))
                parent[b] = a
        members: dict[int, list[int]] = {}
        for i in range(size):
            members.setdefault(root(i), []).append(i)
        forced, free = [], []
        for together in members.values():
            inside = self.include.intersection(together)
            outside = self.exclude.intersection(together)
            if inside and outside:
                inner, outer = self._name(min(inside)), self._name(min(outside))
                raise ContradictingConstraints(
                    f'"{inner}" must be chosen and "{outer}" must not, but they are to be chosen '
                    "together.",
                    remedy="Take one of the demands back.",
                )
            if inside:
                forced.append(together)
            elif not outside:
                free.append(together)
        if not forced and not free:
            raise ContradictingConstraints(
                "Every landmark is ruled out.", remedy="Leave at least one that may be chosen."
            )
        needed = self.cost([i for group in forced for i in group])
        if self.max_cost is not None and needed > self.max_cost + 1e-9:
            raise ContradictingConstraints(
                f"The landmarks that must be chosen cost {needed:g} s of clicks; at most "
                f"{self.max_cost:g} s are allowed.",
                remedy="Allow more, or demand fewer landmarks.",
            )
        return forced, free

    def cost(self, landmarks: Sequence[int]) -> float:
        """Of these landmarks together; zero where costs are not given."""
        return sum(self.costs[i] for i in landmarks) if self.costs is not None else 0.0

    def allows(self, landmarks: Sequence[int]) -> bool:
        """Whether a format of these landmarks does all that is asked."""
        chosen = set(landmarks)
        return (
            self.include <= chosen
            and not chosen & self.exclude
            and all(len(chosen.intersection(g)) in (0, len(set(g))) for g in self.together)
            and (self.max_cost is None or self.cost(landmarks) <= self.max_cost + 1e-9)
        )

    def _name(self, landmark: int) -> str:
        return f"landmark {landmark}" if self.names is None else self.names[landmark]

    def _check(self, size: int) -> None:
        named = [*self.include, *self.exclude, *(i for group in self.together for i in group)]
        for i in named:
            if not 0 <= i < size:
                raise ContradictingConstraints(
                    f"There is no landmark {i}: they are 0 to {size - 1}."
                )
        if self.costs is not None and (
            len(self.costs) != size or not all(0 <= cost < float("inf") for cost in self.costs)
        ):
            raise ContradictingConstraints(
                f"Costs are {size} numbers of zero or more, one for each landmark."
            )
        if self.max_cost is not None and self.costs is None:
            raise ContradictingConstraints("A limit of the cost needs the cost of each landmark.")
