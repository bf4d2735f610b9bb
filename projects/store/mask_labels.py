"""The part of a project that keeps masks of regions."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from landmark_annotator.projects.store.journal import mask_actions
from landmark_annotator.projects.store.open_project import Opened
from landmark_annotator.projects.store.rows import masks as mask_rows
from landmark_annotator.projects.store.rows.masks import MaskProposal
from landmark_annotator.projects.store.rows.records import Entry
from landmark_annotator.projects.vocabulary import Mask, RegionMask


class MaskLabels(Opened):
    """Regions are those of the scheme, by their names; others raise SchemeError."""

    def set_masks(
        self,
        instance_id: int,
        masks: Mapping[str, RegionMask | None],
        *,
        title: str,
        who: str,
        duration: float | None = None,
        seen: int | None = None,
    ) -> Entry:
        """As one step for undo. None takes a mask away; an empty one says that the region is not
        to be seen. What a region is given here, others lose that may not overlap it.

        title: what the action is called in a menu. seen: as in `ClickLoop`.
        """
        return self._acted(
            instance_id,
            lambda connection: mask_actions.set_masks(
                connection,
                self.stored_scheme,
                instance_id,
                masks,
                title=title,
                who=who,
                duration=duration,
                seen=seen,
            ),
            seen,
        )

    def bring_masks(
        self,
        instance_id: int,
        masks: Mapping[str, RegionMask],
        *,
        title: str,
        who: str,
        drawn_by: str,
        at: datetime,
    ) -> Entry:
        """Masks from a file for an instance that is there: of regions of which nobody has said
        anything, and less what other regions have; see `region.beside`.

        title: what the step is called. who: a lead, who imports them; drawn_by: whose they are. at:
        the same for all that come together, which are one step for undo.
        """
        with self._writing(beside=True) as connection:
            return mask_actions.bring_masks(
                connection,
                self.stored_scheme,
                instance_id,
                masks,
                title=title,
                who=who,
                drawn_by=drawn_by,
                at=at,
            )

    def masks(self, instance_id: int) -> dict[str, RegionMask]:
        """Those that there are, in the order of the scheme's regions."""
        if not self.scheme.regions:
            return {}
        found = mask_rows.rows(self._reading, [instance_id])[instance_id]
        return mask_rows.of_scheme(self.stored_scheme, found)

    def masks_of(self, ids: Sequence[int]) -> Iterator[tuple[int, dict[str, RegionMask]]]:
        """As `masks`, of each of these instances that has any."""
        if self.scheme.regions:
            yield from mask_rows.masks_of(self._reading, self.stored_scheme, ids)

    def mask_counts(self) -> dict[str, int]:
        """By region, in how many instances it has a mask."""
        return mask_rows.counts(self._reading, self.stored_scheme) if self.scheme.regions else {}

    def store_mask_proposal(
        self, instance_id: int, masks: Mapping[str, Mask], *, model: str
    ) -> None:
        """What a model proposes, in the place of what one proposed before. It is no label before
        a person lets it pass, see `accept`."""
        with self._writing(beside=True) as connection:
            mask_rows.store_proposal(connection, self.stored_scheme, instance_id, masks, model)

    def mask_proposal(self, instance_id: int) -> MaskProposal | None:
        if not self.scheme.regions:
            return None
        return mask_rows.proposal(self._reading, self.stored_scheme, instance_id)
