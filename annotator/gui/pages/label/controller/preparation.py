"""Photographs and proposals, ready before they are asked for.

The open instance comes first, then the ones that follow it. Everything slow runs in `Tasks`;
what is kept is what is wanted now, so memory does not grow with the number of images seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from landmark_annotator.annotator.gui.pages.context import Change, Changes, Kind
from landmark_annotator.annotator.gui.pages.label.controller.picture import Picture, load_picture
from landmark_annotator.annotator.gui.pages.label.controller.proposer_offer import (
    Followed,
    Offer,
    first_proposer,
    made_proposer,
    read_followed,
)
from landmark_annotator.annotator.gui.pages.label_growth import LabelGrowth
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.session.labelling.two_click_box import TwoClicks
from landmark_annotator.annotator.session.models.independent import Made, image_to_avoid, made
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.models.seen_proposals import SeenProposals
from landmark_annotator.backends.shapes import Posterior, Proposal
from landmark_annotator.backends.tracking import TRACKING
from landmark_annotator.projects.images import source_of
from landmark_annotator.projects.store import ImageRecord, InstanceRecord, InstanceState, Project
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.errors import ImageError, PluginFailed

_PIXELS_AHEAD = 100_000_000
"""Of all photographs that are loaded before they are asked for: 0.8 GB."""


class Preparation(QObject):
    """Holds pictures by image and proposals by instance; says when one more is there."""

    picture_ready = Signal(int)
    """(image id) `picture` or `failure` has it now."""
    proposal_ready = Signal(int)
    """(instance id) `proposal` has it now, or it is known that there is none."""
    proposer_awaited = Signal()
    """A newer model was trained and is being loaded; until it is there, `reason` says so."""
    proposer_ready = Signal()
    """Another model proposes from now on, or clicks can place an instance."""
    failed = Signal(Exception)

    def __init__(self, project: Project, changes: Changes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changes = changes
        changes.announced.connect(self._hear)
        self.proposer: Proposer | None = None
        self.two_clicks: TwoClicks | None = None
        """What places an instance without a box; None while nothing is labelled."""
        self.in_hands: Callable[[int], bool] = lambda _: False
        """Whether somebody is at work on this instance, so that it keeps its proposal."""
        self.in_time: Callable[[int], Proposal | None] = lambda _: None
        """What other frames of its track make of what is proposed for this instance."""
        self._project, self._seen = project, SeenProposals(project)
        self._pictures_at_work = Tasks(2, self)
        self.models_at_work = Tasks(1, self)
        """A model is used from one thread at a time; what can wait is not urgent there."""
        self._proposers_at_work = Tasks(1, self)
        """To make a proposer takes seconds, in which the one that there is must not be waited
        for."""
        self.wanted: tuple[InstanceRecord, ...] = ()
        self._pictures: dict[int, Picture | Exception] = {}
        self._reading: dict[int, ImageRecord] = {}
        self._proposals: dict[int, Proposal | None] = {}
        self._priors: dict[int, Posterior] = {}
        self._makers: dict[int, Proposer] = {}
        """Who made the proposal of an instance; nobody made those that a person has put there."""
        self._outdated: set[int] = set()
        """Instances whose proposal is shown until that of a newer model is there."""
        self._growth = LabelGrowth(project)
        self._library = ModelLibrary.of(project)
        self._models_then = self._library.stamp()
        self._newer = False
        """Whether a model is being loaded that was trained after the one that proposes."""
        self._image_away = False
        """Whether nothing proposes because an image that it takes could not be read."""

    def want(self, instances: Sequence[InstanceRecord]) -> None:
        """These are needed from now on, the first of them at once; all else may go."""
        before, self.wanted = self.wanted, tuple(instances)
        last = before[:1]
        for instance_id in {record.id for record in before} - {record.id for record in instances}:
            self.forget(instance_id)
        self.look_for_models()
        newly_open = instances[0].image_id
        if self.failure(newly_open) is not None and newly_open not in {r.image_id for r in last}:
            # The disk may be back by now.
            del self._pictures[newly_open]
        images = {record.image_id for record in (*instances, *last)}
        for image_id in [key for key in self._pictures if key not in images]:
            del self._pictures[image_id]
        self._go_on()

    def look_for_models(self) -> None:
        """A model that was trained since then proposes from now on, and so does one that could not
        be made as long as an image was away."""
        if self.proposer is None:
            return
        trained = self._library.stamp() != self._models_then
        # The disk may be back by now.
        if trained or (self._image_away and self.settled):
            self._newer = trained
            self._request_proposer()
            self.proposer_awaited.emit()

    def look_for_pictures(self) -> None:
        """Those that could not be shown may be there by now."""
        self._pictures = {
            i: kept for i, kept in self._pictures.items() if isinstance(kept, Picture)
        }
        self._go_on()

    def picture(self, image_id: int) -> Picture | None:
        found = self._pictures.get(image_id)
        return found if isinstance(found, Picture) else None

    def failure(self, image_id: int) -> Exception | None:
        """Why the photograph cannot be shown."""
        found = self._pictures.get(image_id)
        return found if isinstance(found, Exception) else None

    def being_read(self, image_id: int) -> ImageRecord | None:
        """What the project knows of an image whose photograph is on its way."""
        return self._reading.get(image_id)

    def proposal(self, instance_id: int) -> Proposal | None:
        own = self._proposals.get(instance_id)
        by_hand = own is not None and instance_id not in self._makers
        return own if by_hand else self.in_time(instance_id) or own

    def prior(self, instance_id: int) -> Posterior | None:
        """What the model's proposal gives before any click, worked out beside the window."""
        known = self.proposal(instance_id) is self._proposals.get(instance_id)
        return self._priors.get(instance_id) if known else None

    def maker(self, instance_id: int) -> Proposer | None:
        """The model whose proposal for this instance is at hand."""
        return self._makers.get(instance_id)

    def thinks(self, instance_id: int) -> bool:
        """Whether it is not yet known what, if anything, is proposed for this instance."""
        return instance_id not in self._proposals and self.in_time(instance_id) is None

    @property
    def settled(self) -> bool:
        """Whether no other proposer is being made than the one that there is."""
        return not any(self._proposers_at_work.pending(key) for key in ("at once", "proposer"))

    @property
    def reason(self) -> str | None:
        """Why the model proposes that there is, and whether a newer one is on its way. None while
        the first one is looked for."""
        reason = None if self.proposer is None else self.proposer.reason
        if reason is None or not self._newer:
            return reason
        return f"{reason} A newer model is being loaded\N{HORIZONTAL ELLIPSIS}"

    def waits(self, instance_id: int) -> bool:
        """Whether its proposal is shown only until that of a newer model is there."""
        return instance_id in self._outdated

    def propose(self, instance_id: int, proposal: Proposal) -> None:
        """This is proposed from now on, whatever the model has to say; until it is forgotten."""
        self.forget(instance_id)
        self._proposals[instance_id] = proposal

    def forget(self, instance_id: int) -> None:
        """What was proposed, or is being proposed, no longer fits the instance."""
        self.models_at_work.drop(f"proposal {instance_id}")
        self._proposals.pop(instance_id, None)
        self._priors.pop(instance_id, None)
        self._makers.pop(instance_id, None)
        self._outdated.discard(instance_id)

    def _hear(self, change: Change) -> None:
        """Labels give a prior and the mean more to say, or less."""
        if self._growth.hear(change):
            self._learn_where_due()

    def _learn_where_due(self) -> None:
        """Once what is being made is there: begun anew at each shape, it might never be."""
        if self.proposer is None or not self._growth.due or not self.settled:
            return
        if self.proposer.learns_at_once:
            self._request_proposer()
        else:
            self._request_followed()

    def close(self) -> None:
        """At once, also while a model is being loaded or a large photograph."""
        self._pictures_at_work.leave()
        self.models_at_work.leave()
        self._proposers_at_work.leave()

    # Each step asks for whatever can be begun now, and is taken again after every answer.

    def _go_on(self) -> None:
        # The photograph is seen before a network is loaded, which takes long.
        seen = bool(self.wanted) and self.wanted[0].image_id in self._pictures
        if seen and self.proposer is None and self.settled:
            self._request_first_proposer()
        room = _PIXELS_AHEAD
        unread = {r.image_id for r in self.wanted if r.image_id not in self._pictures}
        images = self._project.some_images(unread) if unread else {}
        for place, record in enumerate(self.wanted):
            image, picture = images.get(record.image_id), self.picture(record.image_id)
            size = 0 if image is None else image.width * image.height
            if picture is not None:
                size = picture.pixels.shape[0] * picture.pixels.shape[1]
            # Large photographs are loaded as far ahead as memory should hold them.
            if place > 0 and (room := room - size) < 0:
                break
            if image is not None:
                self._request_picture(image, urgent=place == 0)
            self._request_proposal(record, urgent=place == 0)

    def _request_picture(self, image: ImageRecord, urgent: bool) -> None:
        key = f"picture {image.id}"
        if image.id in self._pictures or self._pictures_at_work.pending(key):
            return
        self._reading[image.id] = image
        load, keep = partial(load_picture, source_of(image)), partial(self._keep_picture, image.id)
        self._pictures_at_work.request(key, load, keep, keep, urgent=urgent)

    def _keep_picture(self, image_id: int, answer: Picture | Exception) -> None:
        del self._reading[image_id]
        if all(record.image_id != image_id for record in self.wanted):
            return
        self._pictures[image_id] = answer
        self.picture_ready.emit(image_id)
        self._go_on()

    def _request_proposal(self, record: InstanceRecord, urgent: bool) -> None:
        picture, key = self.picture(record.image_id), f"proposal {record.id}"
        if (
            self.proposer is None
            or picture is None
            or record.box is None
            or record.state is InstanceState.ACCEPTED
            or self._has_its_proposal(record.id)
            or self.models_at_work.pending(key)
        ):
            return
        if record.id not in self._proposals and self.in_time(record.id) is None:
            followed = self._seen.followed(record, self.proposer)
            if followed is not None:
                self._keep_proposal(record.id, followed)
                if self.proposer.at_first:
                    return
                self._outdated.add(record.id)
        avoided = image_to_avoid(self._project, self.proposer, record)
        self.models_at_work.request(
            key,
            partial(made, self.proposer, picture.pixels, record.box, avoided),
            partial(self._keep_proposal, record.id),
            partial(self._no_proposal, record.id, self.proposer),
            urgent=urgent,
        )

    def _has_its_proposal(self, instance_id: int) -> bool:
        if instance_id in self._outdated:
            return self.in_hands(instance_id)
        return instance_id in self._proposals

    def _keep_proposal(self, instance_id: int, answer: Made | None) -> None:
        if instance_id in self._outdated:
            # Hands may have begun while the newer model was at work; it may have failed as well.
            if self.in_hands(instance_id):
                return
            self._outdated.discard(instance_id)
            if answer is None:
                return
        known = self._proposals.get(instance_id)
        if answer is not None and known is not None and self.in_time(instance_id) is None:
            answer = self._seen.surer(known, answer)
        self._proposals[instance_id] = None if answer is None else answer.proposal
        if answer is not None:
            self._priors[instance_id] = answer.prior
            self._makers[instance_id] = answer.maker
            self._store_expectation(instance_id, *answer)
        self.proposal_ready.emit(instance_id)

    def tell_anew(self, instance_id: int) -> None:
        """Its proposal is another, by other frames of its track or by landmarks placed."""
        self.proposal_ready.emit(instance_id)

    def _store_expectation(
        self, instance_id: int, proposal: Proposal, prior: Posterior, maker: Proposer | None
    ) -> None:
        if self._project.read_only:
            return
        if (timed := self.in_time(instance_id)) is not None:
            proposal, prior = timed, timed.given([])
        elif proposal.backend == TRACKING:  # as it is stored
            return
        try:
            record = next((each for each in self.wanted if each.id == instance_id), None)
            self._seen.store(instance_id, proposal, prior, maker, record)
        except ActionableError as error:
            self.failed.emit(error)
        self._changes.announce(Change(Kind.PROPOSALS, frozenset((instance_id,)), by=self))

    def _no_proposal(self, instance_id: int, proposer: Proposer, error: Exception) -> None:
        """The instance can still be labelled by hand; what a plug-in broke, others propose."""
        if not isinstance(error, PluginFailed):
            self._keep_proposal(instance_id, None)
        elif proposer is self.proposer:
            self.proposer = None
            self._request_proposer()
        else:  # which was told before
            self._go_on()
            return
        self.failed.emit(error)

    def _request_first_proposer(self) -> None:
        """What is there at once, and then the one that takes seconds to make."""
        self._proposers_at_work.request(
            "at once",
            partial(first_proposer, self._project.folder),
            self._keep_first_proposer,
            lambda _: self._request_proposer(),  # which fails alike, and says so
        )

    def _keep_first_proposer(self, answer: tuple[Offer, Proposer | None]) -> None:
        offer, proposer = answer
        if proposer is not None:
            self._keep_proposer((proposer, offer.two_clicks))
        self._request_proposer(offer)

    def _request_proposer(self, offer: Offer | None = None) -> None:
        """offer: what the project offers, where it has just been read."""
        self._growth.begin()
        self._models_then = self._library.stamp()
        make = partial(made_proposer, self._project.folder, offer)
        self._proposers_at_work.request_stoppable(
            "proposer", make, self._keep_proposer, self._no_proposer
        )

    def _request_followed(self) -> None:
        """What labels say while a model proposes that learns nothing from them before it is
        trained anew: how far it is off, and where two clicks put a shape."""
        self._growth.begin()
        read = partial(read_followed, self._project.folder)
        self._pictures_at_work.request("followed", read, self._keep_followed, self.failed.emit)

    def _keep_followed(self, found: tuple[Followed, TwoClicks | None]) -> None:
        """From the next proposal on; those that are at hand stay as they were shown."""
        followed, self.two_clicks = found
        if self.proposer is not None:
            self.proposer = replace(self.proposer, followed=followed)
        self.proposer_ready.emit()

    def _keep_proposer(self, answer: tuple[Proposer, TwoClicks | None]) -> None:
        self.proposer, self.two_clicks = answer
        self._newer = self._image_away = False
        # What is open keeps its proposal until the new one is there, and for good under the
        # annotator's hands; what was not possible before, and what has not been opened yet, is
        # proposed anew.
        for place, record in enumerate(self.wanted):
            if place > 0 or self._proposals.get(record.id) is None:
                self.forget(record.id)
            elif record.id in self._makers:
                self.models_at_work.drop(f"proposal {record.id}")
                self._outdated.add(record.id)
        self.proposer_ready.emit()
        self._go_on()
        self._learn_where_due()

    def _no_proposer(self, error: Exception) -> None:
        reason = error.happened if isinstance(error, ActionableError) else "The model failed."
        told = self._image_away
        self._keep_proposer((Proposer(reason), self.two_clicks))
        self._image_away = isinstance(error, ImageError)
        # Said once, not with each image that is opened meanwhile.
        if not (told and self._image_away):
            self.failed.emit(error)
