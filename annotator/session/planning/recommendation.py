"""Which number of points to buy, and why."""

from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.annotator.session.evaluation.held_out_errors import FEWEST
from landmark_annotator.annotator.session.planning.offer import Offer, Purchase, Unplanned
from landmark_annotator.projects.budgets.forecast import LEAST
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.wording import count, counted, duration, time_each

_NEAR = 2
"""A jump of c-hat so many points further on is worth going to."""


@dataclass(frozen=True)
class Recommendation:
    """m points, 0 for no plan: the model asks as it goes, or where as_proposed nobody is asked for
    a click: what is proposed is looked at and accepted.

    reasons: sentences, the first of which says whether a wish can be met. details: for who knows
    the method. met: whether the error that was wished for is reached; None where none was.
    """

    m: int
    reasons: tuple[str, ...]
    details: str = ""
    as_proposed: bool = False
    met: bool | None = None

    @property
    def title(self) -> str:
        """What is recommended, for people."""
        if self.m:
            return f"m{self.m}"
        return "no click: look at what is proposed and accept it" if self.as_proposed else "no plan"


def recommend(
    offer: Offer, *, target: float | None = None, hours: float | None = None
) -> Recommendation:
    """target: the NME in percent that is wanted; hours: that may be spent on what waits.

    Where what is proposed is as near as was wished without a click, none is recommended.
    Without either, the bend of the error against the hours: the purchase that is farthest below
    the straight line from the fewest to the most points, and never one that is worse for more
    hours. Where what proposes looks at images, a trained model or a prior with registration, and
    needs less time without a plan, and gets as near as was wished, no plan is better than any. Nor
    is one recommended before it is known what the model needs, unless something was wished. Raises
    ActionableError where a target is given but no errors are known.
    """
    choices = [p for p in offer.purchases if p.format is not None]
    if target is not None and choices[0].error is None:
        raise ActionableError(
            f"There is no target to aim at. {offer.unknown}",
            remedy="Label at least ten instances completely, or leave the target out.",
        )
    within = [p for p in choices if hours is None or p.hours <= hours]
    unclicked = offer.unclicked
    fits = unclicked is not None and (hours is None or unclicked.hours <= hours)
    if unclicked and fits and target is not None and _loss(unclicked) <= target:
        return _nothing_to_buy(offer, unclicked, target, choices[0])
    if hours is not None and not within:
        cheapest = choices[0]
        least = _too_few(offer, cheapest, unclicked if fits else None, hours)
        return replace(least, met=None if target is None else False)
    if target is not None:
        aimed = _aimed(offer, within, target, hours)
        chosen = offer.at(aimed.m) if aimed.m else offer.unplanned
        left = None if chosen is None else chosen.error
        return replace(aimed, met=left is not None and left <= target)
    if hours is not None:
        best = min(within, key=_loss)
        said = f"Of what fits into {_hours(hours)}, the error is smallest with {_points(best)}."
        return _points_recommended(offer, best, said)
    best = _bend(choices)
    # Where no errors are known, the bend is that of how well the rest follows.
    said = (
        f"Beyond {_points(best)} how well the rest follows grows more slowly than the hours."
        if best.error is None
        else f"Beyond {_points(best)} the error falls more slowly than the hours grow."
    )
    for p in choices:
        near = best.m < p.m <= best.m + _NEAR and p.m in offer.curve.jumps
        if near and _loss(p) < _loss(best):
            best = p
            said = (
                f"How well the rest follows jumps at {_points(p)}, just beyond where the error "
                "stops falling faster than the hours grow."
            )
    if _cheaper_without(offer, best):
        return _no_plan(offer, best)
    if offer.model and (offer.unplanned is None or not offer.unplanned.by_model):
        return _no_plan_yet(offer, best)
    return _points_recommended(offer, best, said)


def _too_few(
    offer: Offer, cheapest: Purchase, unclicked: Purchase | None, hours: float
) -> Recommendation:
    """Of the hours for any points; unclicked: what is proposed, where there is time to look at it.

    Where there is not, the fewest points are recommended, with how far they get.
    """
    assert cheapest.format is not None
    said = (
        f"{_hours(hours, ' is', ' are')} too few: even with {_points(cheapest)} it takes "
        f"{duration(3600 * cheapest.hours)} for {counted(offer.images, offer.one)}."
    )
    if unclicked is None:
        last = int(3600 * hours / cheapest.image_seconds) if cheapest.image_seconds else 0
        chosen = _points_recommended(offer, cheapest, said)
        far = f"So they last for {last:,} of {counted(offer.images, offer.one)}."
        return replace(chosen, reasons=(said, far, *chosen.reasons[1:]))
    enough = (
        "They are enough to look at what is proposed and accept it, without a click: "
        f"{duration(3600 * unclicked.hours)}, for a held-out error of {unclicked.error:.2f} %."
    )
    return Recommendation(0, (said, enough), cheapest.format.details(), as_proposed=True)


def _aimed(
    offer: Offer, within: list[Purchase], target: float, hours: float | None
) -> Recommendation:
    """within: the purchases that the hours leave, of which at least one is there."""
    free = offer.unplanned
    without = free is not None and free.error is not None and free.error <= target
    reached = [p for p in within if _loss(p) <= target]
    if reached:
        best = min(reached, key=lambda p: (p.image_seconds, p.m))
        # More points can cost less, where clicks on some landmarks take longer.
        no_less = "no fewer" if best is reached[0] else "for no less time"
        said = (
            f"With {_points(best)}, and {no_less}, the held-out error is at most {_goal(target)}: "
            f"{best.error:.2f} %."
        )
        if without and _cheaper_without(offer, best):
            return _no_plan_reaches(offer, best, target)
        chosen = _points_recommended(offer, best, said)
        if without and free is not None and _judged_as_it_will_be(free):
            longer = (
                f"Without a plan it is at most that too, {free.error:.2f} %, in "
                f"{time_each(free.image_seconds)} an {offer.one} in place of "
                f"{time_each(best.image_seconds)}."
            )
            chosen = replace(chosen, reasons=(*chosen.reasons, longer))
        return chosen
    # Of those that are told to be equally near.
    best = min(within, key=lambda p: (round(_loss(p), 2), p.image_seconds, p.m))
    said = (
        f"No format {'within the hours ' if hours is not None else ''}reaches {_goal(target)}; "
        f"the nearest is {best.error:.2f} % with {_points(best)}."
    )
    whole = offer.purchases[-1]
    if offer.complete and whole.error is not None and whole.error > target:
        said += (
            f" With all {whole.m} clicked it is {whole.error:.2f} %, which is how far clicks "
            "themselves are taken to be off: clicks cannot reach less."
        )
    if without and free is not None:
        spent = free.image_seconds * offer.images / 3600
        if hours is None or spent <= hours:
            if _judged_as_it_will_be(free):
                return _no_plan_reaches(offer, best, target)
            said += (
                " Corrected without a plan, proposals of the labelled shapes reach it: "
                f"{free.error:.2f} %, in {time_each(free.image_seconds)} an {offer.one}."
            )
    return _points_recommended(offer, best, said)


def _no_plan_reaches(offer: Offer, best: Purchase, target: float) -> Recommendation:
    """best: of those that buy points."""
    free, chosen = offer.unplanned, _no_plan(offer, best)
    assert free is not None
    met = f"Without a plan the error is at most {_goal(target)}: {free.error:.2f} %."
    return replace(chosen, reasons=(met, *chosen.reasons))


def _nothing_to_buy(
    offer: Offer, unclicked: Purchase, target: float, fewest: Purchase
) -> Recommendation:
    """unclicked: what is proposed, as it is, which is near enough. fewest: points there are."""
    assert fewest.format is not None
    said = (
        f"Without a click the held-out error is at most {_goal(target)} already: "
        f"{unclicked.error:.2f} %, in {time_each(unclicked.image_seconds)} an {offer.one}. No "
        "points have to be bought for it."
    )
    free, more = offer.unplanned, []
    if free is not None:
        clicks = count(free.clicks)
        left = "" if free.error is None else f", for an error of {free.error:.2f} %"
        more.append(
            f"Without a plan each shape is corrected until it is good enough: {clicks} "
            f"{'click' if clicks == '1' else 'clicks'} and {time_each(free.image_seconds)} an "
            f"{offer.one}{left}."
        )
    details = fewest.format.details()
    return Recommendation(0, (said, *more), details, as_proposed=True, met=True)


def _cheaper_without(offer: Offer, best: Purchase) -> bool:
    free = offer.unplanned
    if free is None or not _judged_as_it_will_be(free):
        return False
    return free.image_seconds <= best.image_seconds


def _judged_as_it_will_be(free: Unplanned) -> bool:
    """A mere prior's clicks are more than a model's will be."""
    return free.by_model or free.looked


def _no_plan(offer: Offer, best: Purchase) -> Recommendation:
    """best: of those that buy points."""
    free = offer.unplanned
    assert free is not None
    assert best.format is not None
    left = "" if best.error is None else f", for an error of {best.error:.2f} %"
    clicks = count(free.clicks)
    what = "The model needs" if free.by_model else "Proposals from the labelled images need"
    said = (
        f"{what} {clicks} {'click' if clicks == '1' else 'clicks'} an {offer.one} until a shape "
        f"is good enough, wherever they are needed. {_points(best).capitalize()} on every "
        # In whole minutes for all images, the two are often the same.
        f"{offer.one} would take {time_each(best.image_seconds)} each in place of "
        f"{time_each(free.image_seconds)}{left}."
    )
    return Recommendation(0, (said,), best.format.details())


def _no_plan_yet(offer: Offer, best: Purchase) -> Recommendation:
    """Nobody knows yet what the model needs. best: of those that buy points."""
    assert best.format is not None
    said = (
        "A trained model proposes and asks only where it has to. How many clicks that takes is "
        f"known once {LEAST} {offer.one}s are finished, or {FEWEST} are labelled that it has not "
        f"learned from. {_points(best).capitalize()} on every {offer.one} would take "
        f"{duration(3600 * best.hours)}."
    )
    return Recommendation(0, (said,), best.format.details())


def _points_recommended(offer: Offer, best: Purchase, said: str) -> Recommendation:
    assert best.format is not None
    return Recommendation(best.m, (said, *_facts(offer, best)), best.format.details())


def _loss(purchase: Purchase) -> float:
    """The error; where none is known, what c-hat leaves to be wished for."""
    if purchase.error is not None:
        return purchase.error
    return 1 - purchase.format.c_hat if purchase.format is not None else 1.0


def _bend(choices: list[Purchase]) -> Purchase:
    hours = np.array([p.hours for p in choices])
    losses = np.array([_loss(p) for p in choices])
    if len(choices) < 3 or np.ptp(hours) == 0 or np.ptp(losses) == 0:
        return choices[0]
    # Where a hand errs by more than what proposes, many points may be worse than a few.
    least = losses[-1] if losses[-1] < losses[0] else losses.min()
    if least == losses[0]:
        return choices[0]
    across = (hours - hours[0]) / (hours[-1] - hours[0])
    down = (losses - least) / (losses[0] - least)
    return choices[int(np.argmin(across + down))]


def _facts(offer: Offer, chosen: Purchase) -> list[str]:
    assert chosen.format is not None
    found = [chosen.format.said()]
    if chosen.m in offer.curve.jumps and chosen.m - 1 in offer.curve.sizes:
        before = offer.curve.at(chosen.m - 1).c_hat
        found.append(
            f"It jumps here: {before:.3f} with "
            f"{counted(chosen.m - 1, 'point')}, {chosen.format.c_hat:.3f} with {chosen.m}."
        )
    whole = offer.purchases[-1]
    if chosen.error is not None and whole.error is not None:
        bought = f"Held-out error {chosen.error:.2f} % in {duration(3600 * chosen.hours)}"
        told = (
            f"clicking all {whole.m} points gives"
            if offer.complete
            else f"the most that may be chosen, {_points(whole)}, give"
        )
        more = f"; {told} {whole.error:.2f} % in {duration(3600 * whole.hours)}"
        found.append(f"{bought}{more if chosen is not whole else ''}.")
    return found


def _points(purchase: Purchase) -> str:
    return counted(purchase.m, "point")


def _goal(target: float) -> str:
    """Of millimetres it has as many digits as there are."""
    return f"{round(target, 2) or target:g} %"


def _hours(hours: float, one: str = "", several: str = "") -> str:
    """one, several: the verb that follows."""
    return f"1 hour{one}" if hours == 1 else f"{hours:g} hours{several}"
