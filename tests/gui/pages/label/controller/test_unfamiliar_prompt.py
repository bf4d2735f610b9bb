"""What the window asks for where the model has never seen the like."""

from dataclasses import replace

import numpy as np

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase, prompt_text
from landmark_annotator.annotator.session.labelling.view import View, as_stored
from landmark_annotator.projects.store import InstanceRecord, InstanceState
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

KITE = Scheme("kite", tuple("abcd"))


def proposed(mark: Provenance | None = None) -> View:
    shape = Shape(np.ones((4, 2)), provenance=[mark, None, None, None])
    record = InstanceRecord(1, 1, Box(5, 5, 8, 8), InstanceState.UNTOUCHED)
    return replace(as_stored(record, shape, frozenset(), ()), unfamiliar=True)


def test_a_guess_is_not_offered_to_be_accepted() -> None:
    text = prompt_text(Phase.READY, KITE, proposed(), 1)
    assert "never seen the like" in text
    assert "check the box" in text
    assert "accept" not in text
    assert "(B, then drag its knob to turn it)" in text


def test_what_was_found_though_it_is_none_says_how_it_is_refused() -> None:
    """A cup that the finder took for a face asked for its box, and nobody knew what else to do."""
    text = prompt_text(Phase.READY, KITE, proposed(), 1, guess=True)
    assert text.endswith("or click the b; Ctrl+Delete if it is none")
    assert "Ctrl+Delete" not in prompt_text(Phase.READY, KITE, proposed(), 1)


def test_once_somebody_has_placed_a_landmark_the_next_one_is_asked_for() -> None:
    text = prompt_text(Phase.READY, KITE, proposed(Provenance.CLICKED), 1)
    assert text == "Click the b, or Enter to accept"


def test_what_is_guessed_to_be_hidden_is_not_offered_to_be_marked() -> None:
    """As of a face that lies upside down in its box, of which most seems hidden."""
    seen = proposed(Provenance.CLICKED)
    hidden = replace(seen, hidden=np.array([0.0, 0.0, 0.9, 0.8]))
    text = prompt_text(Phase.READY, KITE, hidden, 1)
    assert "probably hidden" not in text
    assert text.endswith("Does its box lie as the object does? B changes it")
    familiar = prompt_text(Phase.READY, KITE, replace(hidden, unfamiliar=False), 1)
    assert familiar.endswith("2 probably hidden: Shift+O marks them so")


def test_who_looks_for_what_is_lost_is_told_what_to_do_and_not_to_accept() -> None:
    lost = replace(proposed(), lost=True)
    text = prompt_text(Phase.READY, KITE, lost, 1)
    assert "Click the b where you see it" in text
    assert "B to draw its box" in text
    assert "Ctrl+Delete if it is not in this image" in text
    assert "accept" not in text
