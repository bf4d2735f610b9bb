"""What the tool waits for, in plain words: pure text, no Qt."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from landmark_annotator.annotator.session.labelling.view import View
from landmark_annotator.annotator.session.posterior.hidden_landmarks import in_percent
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary import Scheme, Visibility


class Phase(Enum):
    """What stands between the open instance and the next click."""

    LOADING = auto()
    BROKEN = auto()
    """The image cannot be shown."""
    BOX = auto()
    """The next drag draws the box."""
    THINKING = auto()
    """The proposal is on its way."""
    READY = auto()


class Looking(Enum):
    """For the objects of an image of which nobody has said anything."""

    NOT = auto()
    NOW = auto()
    IN_VAIN = auto()
    """What can find some has found none."""


@dataclass(frozen=True)
class Lock:
    """why: what is open is only looked at, in a few words. may_flag: whether whoever looks can say
    what is wrong with it."""

    why: str
    may_flag: bool = False


_BEFORE_READY = {
    Phase.LOADING: "Loading the image\N{HORIZONTAL ELLIPSIS}",
    Phase.BOX: "Draw a box around the object: drag",
    Phase.THINKING: "Thinking\N{HORIZONTAL ELLIPSIS}",
}

ONLY_SHOWN = "This frame is only shown: a click on it begins to label it."

USUAL_KEYS: Mapping[str, str] = {
    "absent": "X",
    "absent_left_out": "Ctrl+X",
    "accept": "Enter",
    "accept_image": "Shift+Enter",
    "add_object": "I",
    "box": "B",
    "exclude": "Shift+Delete",
    "flag": "R",
    "clear": "Delete",
    "mark_suggested": "Shift+O",
    "next": "Page Down",
    "remove_object": "Ctrl+Delete",
}
"""The keys that these texts speak of, by the names of their actions, as they are at a first
start."""


def prompt_text(
    phase: Phase,
    scheme: Scheme,
    view: View | None,
    asked: int | None,
    spot: int | None = None,
    keys: Mapping[str, str] = USUAL_KEYS,
    together: int = 1,
    *,
    begun: bool = False,
    looking: Looking = Looking.NOT,
    lock: Lock | None = None,
    more: bool = False,
    guess: bool = False,
) -> str:
    """asked: the landmark that the next click places; spot: the one that a click in place of a
    box would place; keys: what `USUAL_KEYS` holds, as the user has them; together: objects of the
    image that wait to be accepted; begun: keys have made a box that is not stored yet; looking:
    whether objects are looked for in the image; lock: why nothing of it can be changed; more: the
    image may hold more objects than the open one, which is the only one that anybody knows of in
    it; guess: nobody has said yet that what is open is an object, see `Objects.guess`."""
    if phase is Phase.BROKEN:
        return f"This image cannot be shown. {keys['next']} goes on"
    if lock is not None and phase in (Phase.BOX, Phase.READY):
        text = f"{lock.why}. {keys['next']} goes on"
        return f"{text}; {keys['flag']} says what is wrong with it" if lock.may_flag else text
    if phase is Phase.BOX and (begun or (view is not None and view.instance.box is not None)):
        return f"Drag the handles of the box, or draw a new one. {keys['accept']} when it is right"
    if phase is Phase.BOX:
        return _to_draw(None if spot is None else scheme.landmarks[spot], looking, guess, keys)
    if phase is Phase.LOADING or view is None:
        return _BEFORE_READY.get(phase, "")
    accepted = view.instance.state is InstanceState.ACCEPTED
    one_more = f"; {keys['add_object']} adds an object" if more else ""
    if asked is None:
        thinking = phase is Phase.THINKING
        return _BEFORE_READY[phase] if thinking else _nothing_asked(scheme, view, keys, one_more)
    name, mark = scheme.landmarks[asked], view.shape.provenance[asked]
    if mark is not None and mark.is_evidence:
        return f"Click where the {name} belongs, or {keys['clear']} to take it back"
    if not view.complete:
        known = int(view.shape.known.sum()) + len(view.absent)
        return f"Click the {name} ({known + 1} of {len(scheme)})"
    if view.lost:
        return (
            f"Nobody knows where it is here. Click the {name} where you see it, or "
            f"{keys['box']} to draw its box; {keys['remove_object']} if it is not in this image"
        )
    if view.unfamiliar and not any(view.shape.provenance):
        turn = f"{keys['box']}, then drag its knob to turn it"
        text = f"The model has never seen the like: check the box ({turn}), or click the {name}"
        return f"{text}; {keys['remove_object']} if it is none" if guess else text
    if asked in view.suggested and view.hidden is not None:
        name += f" (probably hidden, {in_percent(view.hidden[asked])})"
    text = f"Click the {name}, or {keys['accept']} to {'go on' if accepted else 'accept'}"
    if together > 1 and not accepted:
        text += f"; {keys['accept_image']} accepts all {together}"
    else:
        text += one_more
    if not accepted:
        text += _unsaid(scheme, view, keys)
    if view.suggested and view.unfamiliar:
        # Of an object that lies otherwise than its box most landmarks are taken to be hidden, and
        # clicks alone turn it slowly.
        text += f". Does its box lie as the object does? {keys['box']} changes it"
    elif view.suggested:
        count, key = len(view.suggested), keys["mark_suggested"]
        text += f". {count} probably hidden: {key} marks {'it' if count == 1 else 'them'} so"
    return text


def _to_draw(spot: str | None, looking: Looking, guess: bool, keys: Mapping[str, str]) -> str:
    """How the object comes to a box. spot: the landmark that a click would place instead."""
    if looking is Looking.NOW:
        return "Looking for the object\N{HORIZONTAL ELLIPSIS} Or draw a box around it: drag"
    draw = _BEFORE_READY[Phase.BOX]
    draw += "" if spot is None else f". Or click the {spot}"
    if looking is Looking.IN_VAIN:
        return f"No object was found. {draw}. {keys['exclude']} if there is none"
    return f"{draw}. {keys['remove_object']} if there is no other one" if guess else draw


def _nothing_asked(scheme: Scheme, view: View, keys: Mapping[str, str], one_more: str) -> str:
    """Where no landmark is left to be placed. one_more: how another object is added."""
    accepted = view.instance.state is InstanceState.ACCEPTED
    if not view.shape.known.any():
        # All were marked so: there is no point that could be dragged, and none was placed.
        found = "No landmark is in this image"
        if accepted:
            return f"{found}. {keys['accept']} goes on; choose one in the list to change that"
        return f"{found}. {keys['accept']} to accept that"
    if accepted:
        goes_on = f"Accepted. {keys['accept']} goes on{one_more}"
        return f"{goes_on}; drag or click a point to change it"
    # Only a plan leaves others to the model than those that nobody can see.
    hidden = np.flatnonzero(view.shape.visibility == Visibility.OCCLUDED).tolist()
    unasked, marks = view.absent.union(hidden), enumerate(view.shape.provenance)
    left = any(mark is None and j not in unasked for j, mark in marks)
    found = f"Every {'planned ' if left else ''}landmark is placed"
    return f"{found}. {keys['accept']} to accept{one_more}{_unsaid(scheme, view, keys)}"


def _unsaid(scheme: Scheme, view: View, keys: Mapping[str, str]) -> str:
    """What is accepted with the shape though nobody has said it of this frame, and what the file
    that it is from did not say."""
    text = ""
    if view.left_out:
        text = f". The file left out {_named(scheme, view.left_out)}: {keys['absent']} "
        if len(view.left_out) == 1:
            text += "if it is not in the image"
        else:
            text += f"at those that are not in the image, {keys['absent_left_out']} if none is"
    absent, hidden = view.absent & view.carried, view.carried - view.absent
    found = [
        f"{_named(scheme, ones)} {'is' if len(ones) == 1 else 'are'} {how}"
        for ones, how in ((absent, "not in the image"), (hidden, "hidden"))
        if ones
    ]
    if found:
        otherwise = f"choose {'it' if len(view.carried) == 1 else 'one'} in the list if not"
        text += f". As in a frame beside, {' and '.join(found)}: {otherwise}"
    return text


def _named(scheme: Scheme, landmarks: Collection[int]) -> str:
    first = scheme.landmarks[min(landmarks)]
    return f"the {first}" if len(landmarks) == 1 else str(len(landmarks))


def left_out(text: str) -> str:
    """Of what is excluded, so that nobody takes it for one that counts."""
    return f"Excluded. {text}"
