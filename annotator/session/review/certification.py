"""Having a batch of accepted shapes certified: shapes drawn at random, each passed or mended."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from numbers import Real

import numpy as np

from landmark_annotator.annotator.session.review.review_queue import waits
from landmark_annotator.backends.metrics.visible import visible_errors
from landmark_annotator.projects.certificates import Demand, Standing, fingerprint, project_standing
from landmark_annotator.projects.certificates.standing import ACCEPTED, standing_of
from landmark_annotator.projects.store import (
    Certificate,
    Check,
    InstanceRecord,
    InstanceState,
    Project,
    Role,
)
from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.store.people.rights import CERTIFY
from landmark_annotator.projects.vocabulary import Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats, whole
from landmark_annotator.projects.vocabulary.errors import ActionableError, NotAllowed, ProjectError

NOTHING_THERE = np.inf
"""The change of a shape that has landmarks now which it had not, or the other way round."""


class Certification:
    """One person who checks. What she says is in the store before a method returns."""

    scope = ACCEPTED

    def __init__(self, project: Project, *, who: str) -> None:
        self.project = project
        self.who = who

    @property
    def standing(self) -> Standing | None:
        """Of the last batch; None where none was drawn. Reads every accepted shape."""
        return project_standing(self.project)

    @property
    def progress(self) -> Standing | None:
        """As `standing`, at once: of what nobody has checked it is as if no shape had changed."""
        certificate = self.project.certificate(self.scope)
        if certificate is None or certificate.given_up:
            return None
        checks = self.project.checks(certificate)
        return standing_of(
            certificate, checks, self._now(certificate, checks), self.project.stored_scheme
        )

    def _now(self, certificate: Certificate, checks: Collection[Check]) -> Mapping[int, str]:
        """Fingerprints by instance. One that was changed after its check was not right: then more
        are to be drawn."""
        judged = {check.instance_id for check in checks if check.change is not None}
        now = {i: print_ for i, print_ in certificate.batch if i not in judged}
        seen = self.project.shapes(bare=True, among=judged) if judged else ()
        return now | {record.id: fingerprint(shape) for record, shape in seen}

    @property
    def accepted(self) -> int:
        """Shapes that a new batch would have."""
        hidden = self.project.some_instances(sorted(self.project.blind_instances()))
        waiting = sum(record.state is InstanceState.ACCEPTED for record in hidden)
        return self.project.count_of(InstanceState.ACCEPTED) - waiting

    def refuse_start(self) -> None:
        """Raises NotAllowed where this person may not certify: before they say what for."""
        self.project.refuse_below(self.who, Role.REVIEWER, CERTIFY)

    def refuse_another(self) -> None:
        """Raises ActionableError where shapes of a batch are being checked: while this person said
        what for, somebody else began, whose checks a new batch would not count."""
        found = self.progress
        if found is not None and self.drawn() is not None:
            raise ActionableError(
                f"{found.certificate.who} has begun to check shapes meanwhile.",
                kept="No other batch was begun: these are checked by all of you together.",
                remedy="Go on with the drawn shapes.",
            )

    def start(self, *, visible: float, share: float, confidence: float, seed: int = 0) -> Standing:
        """A new batch of all shapes that are accepted now, in an order drawn by the seed; without
        those that nobody but their author may see until both of two people are done.

        visible: percent of the normaliser; share, confidence: from 0 to 1. Raises ProjectError
        where nothing is accepted.
        """
        hidden = self.project.blind_instances()
        prints = [
            (record.id, fingerprint(shape))
            for record, shape in self.project.shapes(bare=True)
            if record.id not in hidden
        ]
        if not prints:
            raise ProjectError(
                "Every accepted shape waits for the other one of two people, and is hidden until "
                "both are done: there is nothing to certify yet."
                if hidden
                else "No shape is accepted yet, so there is nothing to certify."
            )
        return self.begin(prints, visible, share, confidence, seed)

    def begin(
        self,
        prints: Sequence[tuple[int, str]],
        visible: float,
        share: float,
        confidence: float,
        seed: int,
    ) -> Standing:
        """prints: the instances' ids and fingerprints, in any order."""
        Demand(share, confidence)
        seed = whole(seed, "A seed", least=0)
        # By the seed and what the shapes are now: in the same order as before, those that an
        # earlier batch had mended would be drawn first, and find nothing.
        shown = hashlib.sha256(repr(sorted(prints)).encode()).digest()
        order = np.random.default_rng([seed, *shown]).permutation(len(prints))
        self.project.start_certificate(
            [prints[i] for i in order.tolist()],
            scope=self.scope,
            seed=seed,
            visible=visible,
            share=share,
            confidence=confidence,
            who=self.who,
        )
        found = self.progress
        assert found is not None
        return found

    def drawn(self) -> int | None:
        """The instance that is to be looked at now; None where the batch is certified, all of it
        has been checked, or the next one is `put_off`. What was drawn stays so until it is judged.
        """
        found = self.progress
        if found is None or found.met or found.of_another_scheme:
            return None
        certificate = found.certificate
        checks = self.project.checks(certificate)
        waiting = next((check for check in checks if check.change is None), None)
        if waiting is not None and self.project.counts(waiting.instance_id):
            return None if self._is_hidden(waiting.instance_id) else waiting.instance_id
        first = len(checks) if waiting is None else waiting.number
        for number in range(first, found.total):
            instance_id = certificate.batch[number][0]
            if self.project.counts(instance_id):
                if self._is_hidden(instance_id):
                    return None
                self._draw(certificate, number, self._to_draw(instance_id), gone=False)
                return instance_id
            # Left out since: nobody can say whether it was right, so it counts as wrong.
            nothing = Shape.unknown(len(self.project.scheme))
            self._draw(certificate, number, nothing, gone=True)
        return None

    @property
    def put_off(self) -> ProjectError | None:
        """Why checking waits: the next shape was in the batch before a second person was asked to
        label it, and nobody else is to see it until both are done. Another one in its place would
        not be drawn at random."""
        found = self.progress
        if found is None or found.met or found.of_another_scheme or self.drawn() is not None:
            return None
        judged = sum(check.change is not None for check in self.project.checks(found.certificate))
        if judged == found.total:
            return None
        return ProjectError(
            "The shape that is drawn next is one that two people label, and is hidden until both "
            "are done.",
            kept="All checks so far are kept, and it stays the next one.",
            remedy="Go on once both are done. Or draw another batch, without it: annotator certify "
            "PROJECT --anew.",
        )

    def _is_hidden(self, instance_id: int) -> bool:
        return self.project.is_hidden_from(instance_id, self.who)

    def refuse_unseen(self, instance_id: int | None) -> None:
        """Raises ActionableError where not this instance is drawn; or, where none is named, what is
        drawn was drawn by somebody else: then this person may have looked at the one before it.
        """
        drawn, found = self.drawn(), self.progress
        if drawn is None or found is None or drawn == instance_id:
            return
        checks = self.project.checks(found.certificate)
        by = next(check.who for check in checks if check.instance_id == drawn)
        if instance_id is not None or by != self.who:
            raise _another(drawn, by, f"Look at it, and say --right --object {drawn}.")

    def judge(self, seen: int | None = None) -> float:
        """The drawn shape is right as it now stands, mended or not; by how much it was changed
        visibly since it was drawn, in percent of the normaliser, at the landmark that was most.

        seen: the instance that was looked at, where others check too. Raises ActionableError where
        that is drawn no more, ProjectError where nothing is, or somebody is still at work on it.
        """
        instance_id = self.drawn()
        found = self.progress
        if instance_id is None or found is None:
            raise self.put_off or ProjectError("No shape is drawn that waits for a check.")
        certificate = found.certificate
        check = next(c for c in self.project.checks(certificate) if c.instance_id == instance_id)
        if seen is not None and seen != instance_id:
            raise _another(instance_id, check.who, "Look at it before you pass it.")
        record = self.project.instance(instance_id)
        if record.state is not InstanceState.ACCEPTED:
            raise ProjectError(
                "The drawn shape is being corrected, so it cannot pass yet.",
                kept="It stays drawn.",
                remedy="Accept it on the label page first.",
            )
        shape = self.project.shape(instance_id)
        boxes = ErrorBoxes(self.project)
        change = visible_change(check.points, shape, record, self.project.scheme, boxes)
        judged = replace(
            check, who=self.who, at=self.project.now, change=change, checked=fingerprint(shape)
        )
        self.project.keep_check(certificate, judged)
        return change

    def look_again(self, instance_ids: Collection[int]) -> None:
        """Takes back the checks of those of these shapes that wait for a reviewer again though
        nobody has changed them, as after an undo of what let them pass. Mended next, they are
        wrong ones that a check has found, and not shapes that were right and changed since. Whoever
        may give no verdicts leaves that to those who may."""
        certificate = self.project.certificate(self.scope)
        try:
            self.project.refuse_below(self.who, Role.REVIEWER, CERTIFY)
        except NotAllowed:
            return
        if certificate is None or self.project.read_only:
            return
        for check in self.project.checks(certificate):
            if check.change is None or check.instance_id not in instance_ids:
                continue
            if waits(self.project, check.instance_id) and check.checked == fingerprint(
                self.project.shape(check.instance_id)
            ):
                self.project.keep_check(certificate, replace(check, change=None, checked=None))

    def _to_draw(self, instance_id: int) -> Shape:
        return self.project.shape(instance_id)

    def _draw(self, certificate: Certificate, number: int, shape: Shape, *, gone: bool) -> None:
        """gone: it can be looked at no more, and so is as good as checked."""
        drawn = fingerprint(shape)
        check = Check(
            number,
            certificate.batch[number][0],
            drawn,
            shape.points,
            self.who,
            self.project.now,
            0.0 if gone else None,
            drawn if gone else None,
        )
        self.project.draw_check(certificate, check)


def _another(drawn: int, by: str, remedy: str) -> ActionableError:
    return ActionableError(
        f"Shape {drawn} is drawn by now, by {by}, and you may have looked at another one.",
        kept="No check was made.",
        remedy=remedy,
    )


def visible_change(
    before: Floats, after: Shape, record: InstanceRecord, scheme: Scheme, boxes: ErrorBoxes
) -> float:
    """Percent of the normaliser, of the landmark that was moved most as an eye sees it; infinite
    where one came or went. before: (L, 2)."""
    if (np.isfinite(before[:, 0]) != after.known).any():
        return float(NOTHING_THERE)
    if not after.known.any():
        return 0.0
    length = boxes.length(record, after)
    return float(np.nanmax(visible_errors(before, after.points, scheme, length)))


def check_demand(visible: float, share: float, confidence: float) -> None:
    """In percent. Raises ActionableError where they are none, or a confidence may be meant as a
    fraction."""
    numbers = all(isinstance(given, Real) for given in (visible, share, confidence))
    if not (numbers and visible > 0 and 0 <= share < 100 and 1 < confidence < 100):
        raise ActionableError(
            f"A visible error of {visible} %, a share of {share} % and a confidence of "
            f"{confidence} % cannot be certified.",
            kept="Nothing was drawn, and an earlier batch is as it was.",
            remedy="Give an error above 0, a share from 0 to below 100, and a confidence above 1 "
            "and below 100: 95, and not 0.95.",
        )
