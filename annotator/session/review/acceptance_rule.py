"""Accepting by rule: proposals that are safe by the labels that people have made, after the checks
that certify it.

Which proposals: those whose predicted error is at most a threshold, chosen by conformal risk
control (Angelopoulos, Bates, Fisch, Lei, Schuster: Conformal Risk Control. ICLR 2024) on what
people made of earlier proposals. A proposal was wrong where its label is visibly farther from it
than the limit; with n groups of related images, of which w(t) hold a wrong one with a predicted
error of at most t, the threshold is the largest t with (w(t) + 1) / (n + 1) <= share. That bounds
how often a new proposal is below it and wrong, if new images are as the labelled ones were. Nobody
knows that, so nothing is accepted by it alone: a person checks proposals drawn at random from all
that are below the threshold (`certification`), and only then the rest is accepted.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
from typing_extensions import override

from landmark_annotator.annotator.session.labelling.suggested_marks import (
    as_proposed,
    hidden_beyond_border,
)
from landmark_annotator.annotator.session.review.certification import (
    NOTHING_THERE,
    Certification,
    visible_change,
)
from landmark_annotator.projects.certificates import fingerprint
from landmark_annotator.projects.certificates.standing import PROPOSED, Standing, as_left
from landmark_annotator.projects.groups import project_groups
from landmark_annotator.projects.store import (
    ActionKind,
    Certificate,
    Check,
    InstanceRecord,
    InstanceState,
    Project,
    Role,
    ToLabel,
    accept_by_rule,
    read_at_once,
)
from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.vocabulary import PLACED, Provenance, Shape
from landmark_annotator.projects.vocabulary.errors import ProjectError
from landmark_annotator.projects.vocabulary.wording import counted

_MOST = 2000
"""Newest labels that the threshold is chosen by."""
_LOOKED_AT = 500
_BY_PEOPLE = PLACED | {Provenance.INFERRED}


@dataclass(frozen=True)
class Safe:
    """threshold: the largest predicted error, in percent of the normaliser, that is safe; None
    where the labels are too few to say. labels: that it is from, of so many groups of related
    images; wrong: groups with a wrong one below it, of `below` with any. Where few are below, a
    share of all labels may be most of these."""

    threshold: float | None
    labels: int
    groups: int
    wrong: int
    share: float
    below: int = 0

    @property
    def sentence(self) -> str:
        said = f"{counted(self.labels, 'label')} that people made of proposals"
        if self.groups < self.labels:
            said += f" ({self.groups:,} as related images count once)"
        if self.threshold is None:
            fewest = int(np.ceil(1 / self.share)) - 1 if self.share > 0 else None
            need = "" if fewest is None else f" It takes at least {fewest:,}, and none wrong."
            return f"No proposal is safe by {said}.{need}"
        below = "Proposals"
        if np.isfinite(self.threshold):
            below += f" with a predicted error of at most {self.threshold:.2f} %"
        wrong = f"{self.wrong:,} wrong"
        if self.below < self.groups:
            wrong += f" of {self.below:,} below it"
        return f"{below} are safe by {said}, {wrong}."


def safe_threshold(project: Project, visible: float, share: float) -> Safe:
    """visible: percent of the normaliser; share: from 0 to 1. A label of which a rule, or a model
    alone, placed a landmark is no truth and does not count."""
    hidden = project.blind_instances()
    proposals = [
        one
        for one in project.judged_proposals(_MOST)
        if one.predicted_error is not None and one.instance_id not in hidden
    ]
    leaders = project_groups(project, sorted({one.image_id for one in proposals})).leaders
    errors: defaultdict[int, list[float]] = defaultdict(list)
    """Predicted errors of the wrong ones of each group."""
    lowest: dict[int, float] = {}
    """Predicted error of the surest one of each group."""
    boxes, labels = ErrorBoxes(project), 0
    judged = [one.instance_id for one in proposals]
    there = {r.id: (r, shape) for r, shape in project.shapes(None, excluded=True, among=judged)}
    images = project.some_images(
        {record.image_id for record, shape in there.values() if shape.absent.any()}
    )
    frames = {image.id for image in images.values() if image.video_id is not None}
    for one in proposals:
        record, shape = there[one.instance_id]
        if not all(mark in _BY_PEOPLE for mark in shape.provenance):
            continue
        labels += 1
        group, expected = leaders[one.image_id], one.predicted_error
        assert expected is not None
        wrong_at, lowest[group] = errors[group], min(expected, lowest.get(group, expected))
        judged_at = shape.known
        if one.image_id not in frames:  # into these it may have been carried, and shown so
            # What a person has marked as not in the image was proposed to be somewhere in it.
            judged_at = judged_at | shape.absent
        points = np.where(judged_at[:, None], one.points, np.nan)
        if visible_change(points, shape, record, project.scheme, boxes) > visible:
            wrong_at.append(expected)
    count = len(errors)
    allowed = int(np.floor(share * (count + 1) + 1e-9)) - 1
    if allowed < 0:
        return Safe(None, labels, count, 0, share)
    firsts = sorted(min(wrong_at) for wrong_at in errors.values() if wrong_at)
    if len(firsts) <= allowed:
        return Safe(float("inf"), labels, count, len(firsts), share, count)
    threshold = float(np.nextafter(firsts[allowed], -np.inf))
    if threshold < 0:
        return Safe(None, labels, count, len(firsts), share)
    wrong, below = (sum(e <= threshold for e in each) for each in (firsts, lowest.values()))
    return Safe(threshold, labels, count, wrong, share, below)


@dataclass(frozen=True)
class Offer:
    """count: proposals that wait and are safe; of them a batch would be drawn."""

    safe: Safe
    count: int


@read_at_once
def rule_offer(project: Project, visible: float, share: float) -> Offer:
    """What a rule might accept, if checks allow it; nothing is drawn. As of `safe_threshold`."""
    safe = safe_threshold(project, visible, share)
    return Offer(safe, len(_safe_proposals(project, safe)))


def _safe_proposals(project: Project, safe: Safe) -> list[tuple[int, str]]:
    """Instances that nobody has touched or flagged, with the fingerprints of their proposals."""
    if safe.threshold is None:
        return []
    found = []
    for record in _untouched(project):
        error = record.predicted_error
        if error is not None and error <= safe.threshold:
            found.append(record.id)
    return [(i, fingerprint(shape)) for i, shape in _proposed(project, found).items()]


def _untouched(project: Project) -> list[InstanceRecord]:
    """Those that are nobody's yet, and of which nobody has asked somebody else to look at them. A
    rule is not the second one of two people."""
    hidden, flagged = project.blind_instances(), _flagged(project)
    return [
        record
        for record in project.instances()
        if record.state is InstanceState.UNTOUCHED
        and record.second_opinion_on is None
        and record.id not in hidden | flagged
    ]


def _flagged(project: Project) -> set[int]:
    return {i for i, flag in project.flags().items() if flag.resolved_by is None}


def _proposed(project: Project, instance_ids: Collection[int]) -> dict[int, Shape]:
    """What a model here proposes for each, as a person would see it; none where nothing is, or
    somebody has brought a proposal."""
    return {i: shape for i, (_, shape) in _waiting(project, instance_ids).items()}


def _waiting(project: Project, instance_ids: Collection[int]) -> dict[int, tuple[ToLabel, Shape]]:
    """As `_proposed`, with what a person needs of each."""
    waiting = project.some_to_label(instance_ids, who="")
    chosen = {i: kept[0] for i, kept in project.proposals_of(list(waiting))}
    return {
        i: (now, as_proposed(project, now, chosen[i]))
        for i, now in waiting.items()
        if i in chosen and chosen[i].own and np.isfinite(chosen[i].points).all()
    }


AFTER_GIVING_UP = "nothing is accepted by rule, and what waits is proposed anew as models learn."
"""What follows where a lead gives up the checks of a batch, as the end of a sentence."""


def said_of_replaced(count: int) -> str:
    """What is said of those of the batch that have another proposal by now."""
    if not count:
        return ""
    were, their = counted(count, "proposal was", "proposals were"), "its" if count == 1 else "their"
    return (
        f"{were} replaced since the first was drawn, and no rule accepts what took {their} place."
    )


@dataclass(frozen=True)
class Rest:
    """Of a batch whose checks were enough. shapes: what the rule may accept, by instance. replaced:
    how many nobody has touched that have another proposal than they had, which no rule accepts."""

    shapes: dict[int, Shape]
    replaced: int


class AcceptanceRule(Certification):
    """One lead who lets a rule accept. Nothing is accepted before the checks are enough."""

    scope = PROPOSED

    def safe(self, visible: float, share: float) -> Safe:
        return safe_threshold(self.project, visible, share)

    @override
    def refuse_start(self) -> None:
        """Raises NotAllowed where this person may not let a rule accept."""
        self.project.refuse_below(self.who, Role.LEAD, ActionKind.RULE)

    @override
    def start(self, *, visible: float, share: float, confidence: float, seed: int = 0) -> Standing:
        """A batch of all proposals that are safe by the labels of now.

        Raises ProjectError where there are none, NotAllowed before any check is made for nothing.
        """
        self.refuse_start()
        safe = self.safe(visible, share)
        prints = _safe_proposals(self.project, safe)
        if not prints:
            raise ProjectError(
                safe.sentence if safe.threshold is None else "There is no proposal that is safe.",
                kept="Nothing was accepted.",
                remedy="Label more from proposals, or make them: annotator propose PROJECT.",
            )
        return self.begin(prints, visible, share, confidence, seed)

    def give_up(self) -> Standing:
        """No rule accepts anything by the checks of this batch; what they said until then. What
        was checked stays accepted, and what waits is proposed anew as models learn.

        Raises ProjectError where no batch is drawn, NotAllowed as `refuse_start`.
        """
        self.refuse_start()
        found = self.progress
        if found is None:
            raise ProjectError(
                "No proposals are being checked for a rule.", kept="Nothing was changed."
            )
        asked = found.certificate
        self.project.start_certificate(
            [],
            scope=self.scope,
            seed=asked.seed,
            visible=asked.visible,
            share=asked.share,
            confidence=asked.confidence,
            who=self.who,
        )
        return found

    def rest(self) -> Rest:
        """What is left of the batch. What was touched or left out is not. Raises ProjectError
        where the checks are not enough."""
        self._look_at_changed()
        found = self.progress
        if found is None or not found.met or found.of_another_scheme:
            raise ProjectError(
                "Nothing is accepted by rule before enough proposals have been checked."
                if found is None
                else found.sentence,
                kept="Nothing was accepted.",
            )
        untouched = {record.id for record in _untouched(self.project)}
        prints = {i: print_ for i, print_ in found.certificate.batch if i in untouched}
        shapes = {
            i: hidden_beyond_border(self.project, shape, now)
            for i, (now, shape) in _waiting(self.project, prints).items()
            if fingerprint(shape) == prints[i]
        }
        return Rest(shapes, len(prints) - len(shapes))

    @property
    def is_done(self) -> bool:
        """Whether the checks were enough and nothing waits of what was not drawn; of many the
        last ones are looked at."""
        found = self.progress
        if found is None or not found.met:
            return False
        undrawn = [i for i, _ in found.certificate.batch[found.checked :]][-_LOOKED_AT:]
        records = self.project.some_instances(undrawn) if undrawn else []
        untouched = {one.id for one in records if one.state is InstanceState.UNTOUCHED}
        return not untouched - _flagged(self.project)

    def apply(self) -> int:
        """Accept by rule what is left of the batch, as one step for undo; how many. Raises as
        `rest`."""
        shapes = self.rest().shapes
        return accept_by_rule(self.project, shapes, who=self.who) if shapes else 0

    @override
    def drawn(self) -> int | None:
        self._look_at_changed()
        return super().drawn()

    def _look_at_changed(self) -> None:
        """A checked proposal that was corrected after its check, before a rule accepted anything
        by it, was as wrong as it is corrected by now. One whose label was sent back or undone waits
        for another check, and one that was left out was wrong: nobody can say."""
        certificate = self.project.certificate(self.scope)
        if certificate is None or certificate.scheme_id != self.project.stored_scheme.id:
            return
        checks = [one for one in self.project.checks(certificate) if one.change is not None]
        batch = dict(certificate.batch)
        # Those that are wrong anyway are left as they are.
        checks = [one for one in checks if one.drawn == batch[one.instance_id]]
        ids = [one.instance_id for one in checks]
        labels = {r.id: (r, shape) for r, shape in self.project.shapes(bare=True, among=ids)}
        found = []
        for one in checks:
            label = labels.get(one.instance_id)
            if label is None:
                gone = not self.project.counts(one.instance_id)
                if not gone:
                    found.append(replace(one, change=None, checked=None))
                elif one.change != NOTHING_THERE:
                    found.append(replace(one, change=NOTHING_THERE))
            elif (now := fingerprint(label[1])) != one.checked:
                boxes = ErrorBoxes(self.project)
                change = visible_change(one.points, label[1], label[0], self.project.scheme, boxes)
                found.append(replace(one, change=change, checked=now))
        if found and not self._has_accepted(batch):
            for one in found:
                self.project.keep_check(certificate, one)

    def _has_accepted(self, batch: Collection[int]) -> bool:
        """Whether a rule has accepted anything of it: what becomes of a checked proposal after that
        says nothing of the others."""
        return any(
            part.provenance is Provenance.RULED
            for instance_id, parts in self.project.tally().items()
            if instance_id in batch
            for part in parts
        )

    @override
    def _now(self, certificate: Certificate, checks: Collection[Check]) -> Mapping[int, str]:
        """As the checks say: see `_look_at_changed`."""
        return as_left(certificate, checks)

    @override
    def _is_hidden(self, instance_id: int) -> bool:
        """What is drawn are proposals, which are nobody's labels; accepted, nobody looks at them
        here."""
        return False

    @override
    def _to_draw(self, instance_id: int) -> Shape:
        unknown = Shape.unknown(len(self.project.scheme))
        return _proposed(self.project, [instance_id]).get(instance_id, unknown)
