"""What an action has changed is announced once, and nobody speaks for another."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

import landmark_annotator.annotator.gui
from landmark_annotator.annotator.gui.pages.context import Change, Kind

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def announced(hands) -> list[Change]:
    """Less the proposals, which come when the model has them."""
    heard: list[Change] = []

    def hear(change: Change) -> None:
        if change.kinds != Kind.PROPOSALS:
            heard.append(change)

    hands.window.context.changes.announced.connect(hear)
    return heard


def test_a_click_is_announced_once_with_its_instance(hands, announced):
    hands.click(*hands.free_place())
    (change,) = announced
    assert (change.kinds, change.instances) == (Kind.STORED, {hands.open_id})
    assert change.said.startswith("Stored: placement of ")


def test_an_acceptance_says_that_there_are_more_labels(hands, announced):
    first = hands.open_id
    hands.key(Qt.Key.Key_Return)
    assert [(change.kinds, change.instances) for change in announced] == [
        (Kind.STORED | Kind.LABELS, {first})
    ]


def test_what_is_taken_back_is_announced_as_well(hands, announced):
    first = hands.open_id
    hands.key(Qt.Key.Key_Return)
    hands.wait_for()
    announced.clear()
    hands.key(Qt.Key.Key_Z, CONTROL)
    (change,) = announced
    assert (change.kinds, change.instances) == (Kind.STORED | Kind.LABELS, {first})
    assert change.said == "Undone: acceptance of the shape"


def test_one_more_object_is_a_change_of_the_list(hands, announced):
    hands.key(Qt.Key.Key_I)
    assert [change.kinds for change in announced] == [Kind.LIST]


def test_what_another_page_stores_is_seen_on_the_page_to_label_on(hands):
    instance_id = hands.open_id
    hands.window.project.flag(instance_id, "look here", who="ada")
    hands.window.context.changed(Change(Kind.STORED, frozenset((instance_id,)), "Stored: flag"))
    remark = hands.window.label_page.list_model.remark_of(instance_id)
    assert remark is not None
    assert "look here" in remark.text
    assert hands.window.status.stored.text() == "Stored: flag"


def test_nobody_emits_the_signal_of_another_object():
    foreign = []
    for path in sorted(Path(landmark_annotator.annotator.gui.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr == "emit":
                signal = node.value
                owner = signal.value if isinstance(signal, ast.Attribute) else None
                if owner is not None and not (isinstance(owner, ast.Name) and owner.id == "self"):
                    foreign.append(f"{path.name}:{node.lineno}")
    assert foreign == []
