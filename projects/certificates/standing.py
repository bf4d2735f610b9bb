"""What a batch's checks say of it at this moment: certified, on the way, or no more."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from landmark_annotator.projects.certificates.bounds import Demand
from landmark_annotator.projects.certificates.fingerprint import fingerprint
from landmark_annotator.projects.groups import project_groups
from landmark_annotator.projects.store import Certificate, Check, Project
from landmark_annotator.projects.store.rows.stored_scheme import StoredScheme
from landmark_annotator.projects.vocabulary.wording import counted

ACCEPTED = "accepted"
"""The scope of a batch of accepted shapes."""
PROPOSED = "proposed"
"""Of a batch of proposals that a rule is to accept; see
`landmark_annotator.annotator.session.review.rule`."""


@dataclass(frozen=True)
class Standing:
    """certificate: what was asked for. checked: shapes that a person has looked at; wrong: those
    of them that counted as wrong; by: who checked. changed: shapes of the batch that were changed
    or left out since, which it says nothing of any more; added: others that were never in it.
    of_another_scheme: the landmarks are others now, and it says nothing at all. groups: of how many
    groups of related images the checked shapes are; None where nobody has looked. divisor: what
    percents are of, for people. replaced: shapes that count as wrong because they were not what the
    batch had any more when they were drawn.
    """

    certificate: Certificate
    checked: int
    wrong: int
    by: tuple[str, ...]
    changed: int
    added: int
    of_another_scheme: bool
    divisor: str
    groups: int | None = None
    replaced: int = 0

    @property
    def total(self) -> int:
        return len(self.certificate.batch)

    @property
    def demand(self) -> Demand:
        return Demand(self.certificate.share, self.certificate.confidence)

    @property
    def allowed(self) -> int:
        """So many of the batch may be wrong."""
        return self.demand.allowed(self.total)

    @property
    def left(self) -> int:
        """Shapes that are still to be checked if none of them is wrong; 0 where none is needed."""
        return max(self.demand.checks(self.total, self.wrong) - self.checked, 0)

    @property
    def met(self) -> bool:
        """Whether the checks were enough, for the batch as it was."""
        return self.demand.met(self.total, self.checked, self.wrong)

    @property
    def holds(self) -> bool:
        """Whether that still says something of shapes that there are."""
        return self.met and not self.of_another_scheme and self.covered > 0

    @property
    def covered(self) -> int:
        return self.total - self.changed

    @property
    def said_of_replaced(self) -> str:
        """To follow the number of wrong ones, of which nobody who checked has called these so."""
        if not self.replaced:
            return ""
        they = "it" if self.replaced == 1 else "they"
        return f", {self.replaced:,} of them as {they} had been changed before {they} came up"

    @property
    def sentence(self) -> str:
        """With all its numbers, as data sheets and exports have it."""
        asked, total = self.certificate, self.total
        limit = f"a visible error above {asked.visible:g} % of {self.divisor}"
        confidence, share = f"{100 * asked.confidence:g} %", f"{100 * asked.share:g} %"
        done = f"{counted(self.checked, 'shape')} drawn at random and checked by {self._people}"
        if self.of_another_scheme:
            return "Not certified: the landmarks have been changed since the shapes were checked."
        shapes = counted(total, "shape")
        if not self.met:
            need = f"{self.left:,} more" if self.checked else f"{self.left:,}"
            have = "has" if self.left == 1 else "have"
            return (
                f"Not certified: for {confidence} confidence that at most {share} of {shapes} "
                f"have {limit}, {need} {have} to be checked if none of them is wrong "
                f"({self.checked:,} checked, {self.wrong:,} wrong{self.said_of_replaced})."
            )
        # Of what was asked for, whole shapes: 2 % of 25 is none.
        at_most = f"{self.allowed:,} of {shapes} ({100 * self.allowed / total:.2g} %)"
        text = (
            f"With {confidence} confidence at most {at_most} "
            f"have {limit}: {done}, {self.wrong:,} of them wrong and mended"
            f"{self.said_of_replaced}. Drawn one by one, shapes need not be independent, so "
            f"related images count like others{self._groups}; it is said of these shapes alone."
        )
        if asked.number > 1:
            # Who draws until it suits has less confidence than each batch says.
            text += f" It is batch {asked.number:,} that was drawn in this project."
        if self.changed:
            left = min(self.allowed, self.covered)
            text += (
                f" {counted(self.changed, 'shape')} of them changed or left out since, and not "
                f"covered: at most {left:,} of the other {self.covered:,} are wrong."
            )
        if self.added:
            text += f" {counted(self.added, 'other shape')}, not of this batch, not covered."
        return text

    @property
    def _groups(self) -> str:
        if not self.groups:
            return ""
        return f" (those checked are of {counted(self.groups, 'group')} unrelated to each other)"

    @property
    def _people(self) -> str:
        return " and ".join(self.by) or "nobody"

    def content(self) -> dict[str, object]:
        """For programs."""
        asked = self.certificate
        return {
            "sentence": self.sentence,
            "holds": self.holds,
            "visible_percent": asked.visible,
            "share": asked.share,
            "confidence": asked.confidence,
            "seed": asked.seed,
            "batches_drawn": asked.number,
            "batch": self.total,
            "checked": self.checked,
            "wrong": self.wrong,
            "at_most_wrong": self.allowed,
            "changed_since": self.changed,
            "others": self.added,
            "groups_checked": self.groups,
        }


def project_standing(
    project: Project,
    exported: Collection[int] | None = None,
    replaced: Collection[int] = (),
) -> Standing | None:
    """Of the batch of accepted shapes that was drawn last; None where there is none. exported: the
    ids of the instances that are to be told of, all accepted ones by default; those outside of the
    batch are `added`, and so are those `replaced` by another shape than their own."""
    certificate = project.certificate(ACCEPTED)
    if certificate is None:
        return None
    now, images = {}, {}
    for record, shape in project.shapes(bare=True):
        now[record.id], images[record.id] = fingerprint(shape), record.image_id
    checks = project.checks(certificate)
    found = standing_of(certificate, checks, now, project.stored_scheme)
    if found.met:
        judged = {check.instance_id for check in checks if check.change is not None}
        seen = {images[i] for i in judged & images.keys()}
        found = replace(found, groups=len(project_groups(project, sorted(seen)).sizes))
    if exported is None:
        return found
    batch = {instance_id for instance_id, _ in certificate.batch}
    added = sum(i not in batch or i in replaced for i in exported)
    return replace(found, added=added)


def checked_proposals(project: Project) -> Standing | None:
    """What the checks said of the proposals that a rule might accept last; where it never might,
    of the last ones that were checked. None without any."""
    certificate = project.certificate(PROPOSED)
    last: Standing | None = None
    while certificate is not None:
        if not certificate.given_up:
            checks = project.checks(certificate)
            now = as_left(certificate, checks)
            found = standing_of(certificate, checks, now, project.stored_scheme)
            if found.met:
                return found
            last = last or found
        certificate = project.certificate_before(certificate)
    return last


def as_left(certificate: Certificate, checks: Collection[Check]) -> dict[int, str]:
    """Fingerprints by instance, as if no shape had been changed but by the checks themselves."""
    now = dict(certificate.batch)
    return now | {check.instance_id: check.checked for check in checks if check.checked is not None}


def standing_of(
    certificate: Certificate,
    checks: Collection[Check],
    now: Mapping[int, str],
    scheme: StoredScheme,
) -> Standing:
    """now: fingerprints by the id of every instance that counts, by its shape at this moment, and
    scheme that of the project then.

    A drawn shape is wrong where a person changed it visibly by more than the limit; where it was
    not any more what the batch had, so that nobody can say; and where it was changed once more
    after its check, which said that it is right.
    """
    judged = [check for check in checks if check.change is not None]
    batch = dict(certificate.batch)
    wrong = sum(is_wrong(certificate, check, batch, now) for check in judged)
    after = {check.instance_id: check.checked for check in judged}
    expected = {i: after.get(i, print_) for i, print_ in certificate.batch}
    return Standing(
        certificate=certificate,
        checked=len(judged),
        wrong=wrong,
        by=tuple(sorted({check.who for check in judged})),
        changed=sum(now.get(i) != print_ for i, print_ in expected.items()),
        added=sum(i not in batch for i in now),
        of_another_scheme=certificate.scheme_id != scheme.id,
        divisor=scheme.scheme.divisor,
        replaced=sum(check.drawn != batch[check.instance_id] for check in judged),
    )


def is_wrong(
    certificate: Certificate, check: Check, batch: Mapping[int, str], now: Mapping[int, str]
) -> bool:
    assert check.change is not None
    as_drawn = check.drawn == batch[check.instance_id]
    still = now.get(check.instance_id) == check.checked
    return check.change > certificate.visible or not as_drawn or not still
