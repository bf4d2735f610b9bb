"""What the thesis found of landmark models, held against an interpretation: visible or refuted."""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.annotator.protocols.interpret import Interpretation, parts_of

_CLEAR = 0.005
"""Affinity by which two figures have to differ before that says anything."""


@dataclass(frozen=True)
class Finding:
    """claim: the thesis's, section 5.4. verdict: visible, refuted or unclear. figures: why."""

    claim: str
    verdict: str
    figures: str

    def said(self) -> str:
        return f"{self.verdict[:1].upper()}{self.verdict[1:]}: {self.claim} {self.figures}"


def findings(found: Interpretation) -> list[Finding]:
    """Of the claims, those that these stages and epochs can say something about."""
    parts = parts_of(found.scheme)
    told: list[Finding] = []
    names = list(found.stages) or list(found.epochs)[-1:]
    if names:
        last = found.error(names[-1])
        mean = {part: float(last[where].mean()) for part, where in parts.items()}
        size = {part: float(np.abs(last[where]).mean()) for part, where in parts.items()}
        told.append(
            _told(
                "Predictions are more correlated than the truth.",
                mean["all"],
                f"Mean error of the affinities at the end: {mean['all']:+.3f}.",
            )
        )
        if "contour_to_rest" in mean and "rest" in mean:
            told.append(
                _told(
                    "The contour is over-regular: too correlated with the other parts.",
                    mean["contour_to_rest"],
                    f"Contour to rest {mean['contour_to_rest']:+.3f}, within the rest "
                    f"{mean['rest']:+.3f}.",
                )
            )
            told.append(
                _told(
                    "The error lies mainly on the contour.",
                    max(size["contour"], size["contour_to_rest"]) - size["rest"],
                    f"Mean size within the contour {size['contour']:.3f}, to the rest "
                    f"{size['contour_to_rest']:.3f}, within the rest {size['rest']:.3f}.",
                )
            )
        if "neighbours" in mean and "apart" in mean:
            told.append(
                _told(
                    "Neighbours are over-correlated, more than landmarks that lie apart.",
                    min(mean["neighbours"], mean["neighbours"] - mean["apart"]),
                    f"Neighbours {mean['neighbours']:+.3f}, apart {mean['apart']:+.3f}.",
                )
            )
    if len(names) > 1:
        first = float(found.error(names[0])[parts["all"]].mean())
        drop = first - float(found.error(names[-1])[parts["all"]].mean())
        told.append(
            _told(
                "Stages take correlation away, from a regular shape to a finer one.",
                drop,
                f"From {names[0]} to {names[-1]} the mean affinity "
                f"{'falls' if drop >= 0 else 'rises'} by {abs(drop):.3f}.",
            )
        )
        for i, j in found.pairs:
            values = [float(found.stages[name][i, j]) for name in names]
            truth = float(found.truth[i, j])
            claim = f"The affinity of {i} and {j} falls from stage to stage towards the truth's."
            told.append(
                _told(
                    claim,
                    abs(values[0] - truth) - abs(values[-1] - truth),
                    f"{values[0]:.3f} to {values[-1]:.3f}; truth {truth:.3f}.",
                )
            )
    if len(found.epochs) > 3 and "contour_to_rest" in parts:
        spread = {part: float(found.deviation[where].mean()) for part, where in parts.items()}
        most = max(spread["contour"], spread["contour_to_rest"])
        told.append(
            Finding(
                "Late in training, what changes most is the contour.",
                _verdict(most / max(spread["rest"], 1e-9) - 1, 0.05),
                f"Deviation over the later half of the epochs: within the contour "
                f"{spread['contour']:.4f}, to the rest {spread['contour_to_rest']:.4f}, within "
                f"the rest {spread['rest']:.4f}.",
            )
        )
    return told


def _told(claim: str, margin: float, figures: str) -> Finding:
    return Finding(claim, _verdict(margin, _CLEAR), figures)


def _verdict(margin: float, clear: float) -> str:
    if abs(margin) < clear:
        return "unclear"
    return "visible" if margin > 0 else "refuted"
