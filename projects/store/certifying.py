"""The part of a project that keeps which batches were certified, and by which checks."""

from collections.abc import Sequence

from landmark_annotator.projects.store.open_project import Opened
from landmark_annotator.projects.store.people import rights
from landmark_annotator.projects.store.people.roles import Role
from landmark_annotator.projects.store.rows import certificates
from landmark_annotator.projects.store.rows.certificates import Certificate, Check


class Certifying(Opened):
    """Nothing of it changes a label, so nothing of it is undone."""

    def start_certificate(
        self,
        batch: Sequence[tuple[int, str]],
        *,
        scope: str,
        seed: int,
        visible: float,
        share: float,
        confidence: float,
        who: str,
    ) -> Certificate:
        """In the place of the one before, which an empty batch gives up; see `Certificate`."""
        with self._writing() as connection:
            rights.refuse_below(connection, who, Role.REVIEWER, rights.CERTIFY)
            certificates.start_certificate(
                connection,
                who=who,
                scope=scope,
                seed=seed,
                visible=visible,
                share=share,
                confidence=confidence,
                scheme_id=self.stored_scheme.id,
                batch=batch,
            )
            found = certificates.newest_certificate(connection, scope)
        assert found is not None
        return found

    def certificate(self, scope: str) -> Certificate | None:
        """The one that was begun last, or that says that it was given up."""
        return certificates.newest_certificate(self._reading, scope)

    def certificate_before(self, certificate: Certificate) -> Certificate | None:
        """As `certificate`, of those before this one."""
        return certificates.newest_certificate(self._reading, certificate.scope, certificate.id)

    def newest_certificate(self, scope: str) -> int | None:
        """The id of the one that was begun last, without its batch, which may be long."""
        return certificates.newest_id(self._reading, scope)

    def checks(self, certificate: Certificate) -> list[Check]:
        """In the order in which the shapes were drawn."""
        return certificates.checks(self._reading, certificate.id)

    def draw_check(self, certificate: Certificate, check: Check) -> None:
        """As `keep_check`, unless somebody else has drawn it, or judged it, meanwhile."""
        with self._writing() as connection:
            certificates.draw_check(connection, certificate.id, check)

    def keep_check(self, certificate: Certificate, check: Check) -> None:
        with self._writing() as connection:
            certificates.keep_check(connection, certificate.id, check)
