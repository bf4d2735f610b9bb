"""What the lead asks of a sparse format, as options of the commands that look for one."""

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from landmark_annotator.projects.budgets import Constraints
    from landmark_annotator.projects.budgets.costs import Costs
    from landmark_annotator.projects.vocabulary import Scheme

Include = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="A landmark that must be in.")
]
Exclude = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="A landmark that must not.")
]
Together = Annotated[
    list[str] | None, typer.Option(metavar="A,B", help="All of these are chosen, or none.")
]
MostSeconds = Annotated[
    float | None,
    typer.Option(min=0.0, help="What one image may take in seconds, its points and all besides."),
]
Frame = Annotated[str, typer.Option(help="How shapes are normalised: box or procrustes.")]


def as_options(
    include: Sequence[str] | None,
    exclude: Sequence[str] | None,
    together: Sequence[str] | None,
    most_seconds: float | None,
    frame: str,
) -> str:
    """As they are typed at a terminal, each after a space; '' where nothing is asked."""
    typed: list[str] = []
    for option, names in (("include", include), ("exclude", exclude), ("together", together)):
        for name in names or ():
            typed += [f"--{option}", name]
    if most_seconds is not None:
        typed += ["--most-seconds", f"{most_seconds:g}"]
    if frame != "box":
        typed += ["--frame", frame]
    return "".join(f" {shlex.quote(word)}" for word in typed)


def demands(
    scheme: "Scheme",
    include: Sequence[str] | None,
    exclude: Sequence[str] | None,
    together: Sequence[str] | None,
    costs: "Costs",
    most_seconds: float | None,
    kept: Sequence[int] = (),
) -> "Constraints":
    """kept: landmarks that must be in besides. Raises SchemeError with the closest known name,
    ActionableError where the seconds of an image leave none for a click."""
    from landmark_annotator.projects.budgets import Constraints
    from landmark_annotator.projects.vocabulary.errors import ActionableError

    least = costs.image + min(costs.clicks)
    if most_seconds is not None and most_seconds < least:
        raise ActionableError(
            f"No point fits into {most_seconds:g} s an image: a click takes {min(costs.clicks):.3g}"
            f" s, all besides {costs.image:.3g} s.",
            remedy=f"Allow at least {least:.3g} s.",
        )
    return Constraints(
        include=frozenset([*kept, *(scheme.index(name) for name in include or ())]),
        exclude=frozenset(scheme.index(name) for name in exclude or ()),
        together=tuple(
            tuple(scheme.index(name.strip()) for name in group.split(","))
            for group in together or ()
        ),
        costs=costs.clicks,
        names=scheme.landmarks,
        max_cost=None if most_seconds is None else most_seconds - costs.image,
    )
