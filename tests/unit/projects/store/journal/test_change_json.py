"""What the journal keeps of a change: rows by the names of their columns."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import kites

from landmark_annotator.projects.store import (
    Exclusion,
    Flag,
    InstanceRecord,
    Project,
    Review,
    Verdict,
)
from landmark_annotator.projects.store.journal import change_json
from landmark_annotator.projects.store.rows.changes import LANDMARK_COLUMNS, Change, LandmarkRow
from landmark_annotator.projects.vocabulary import Box, Provenance, Shape

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CHANGE = Change(
    accepted=(False, True),
    landmarks={
        0: (None, LandmarkRow(x=1.5, y=2.0, visibility=2, provenance="clicked", who="ada")),
        3: (
            LandmarkRow(
                x=1.0, y=2.0, visibility=1, provenance="filled", xx=4.0, xy=0.5, yy=1.0, who="bob"
            ),
            None,
        ),
        4: (None, LandmarkRow(visibility=0, provenance="clicked", who="ada")),
    },
    box=(None, Box(1.0, 2.0, 30.0, 40.0, 0.5)),
    review=(Review(Verdict.SENT_BACK, "look again", "lea", AT), None),
    flag=(Flag("blurred", "ada", AT), Flag("blurred", "ada", AT, "bob")),
)


def test_an_exclusion_comes_back_as_it_was() -> None:
    change = replace(CHANGE, excluded=(None, Exclusion("no face", "ada", AT)))
    assert change_json.from_json(change_json.to_json(change)) == change


def test_that_of_an_image_comes_back_as_it_was() -> None:
    pair = (Exclusion("no face", "ada", AT), None)
    assert change_json.image_from_json(change_json.image_to_json(pair)) == pair


def test_a_change_comes_back_as_it_was() -> None:
    assert change_json.from_json(change_json.to_json(CHANGE)) == CHANGE


def test_a_column_that_an_entry_does_not_name_has_its_default() -> None:
    text = '{"accepted":[false,false],"landmarks":{"2":[null,{"visibility":1,"who":"ada"}]}}'
    row = LandmarkRow(visibility=1, who="ada")
    assert change_json.from_json(text).landmarks == {2: (None, row)}


def test_the_lists_of_earlier_journals_are_read() -> None:
    text = (
        '{"accepted":[false,true],"landmarks":[[0,null,[1.5,2.0,2,"clicked",null,null,null,"ada"]],'
        '[3,[1.0,2.0,1,"filled",4.0,0.5,1.0,"bob"],null],'
        '[4,null,[null,null,0,"clicked",null,null,null,"ada"]]],'
        '"box":[null,[1.0,2.0,30.0,40.0,0.5]],'
        '"review":[["sent back","look again","lea","2026-03-01T12:00:00+00:00"],null],'
        '"flag":[["blurred","ada","2026-03-01T12:00:00+00:00",null],'
        '["blurred","ada","2026-03-01T12:00:00+00:00","bob"]]}'
    )
    assert change_json.from_json(text) == CHANGE


def test_the_journal_names_the_columns(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (50.0, 10.5), who="ada")
    [(text,)] = kites.rows(project.folder, "SELECT changes FROM journal")
    assert json.loads(text)["landmarks"] == {
        "0": [None, {"x": 50.0, "y": 10.5, "visibility": 2, "provenance": "clicked", "who": "ada"}]
    }


def test_every_column_of_a_landmark_is_in_the_journal(
    project: Project, kite: InstanceRecord
) -> None:
    marks = [Provenance.INFERRED] * 5
    shape = Shape(kites.POINTS, provenance=marks, covariances=kites.ACCEPTED.covariances)
    project.accept(kite.id, shape, who="ada")
    [(text,)] = kites.rows(project.folder, "SELECT changes FROM journal")
    [_, row] = json.loads(text)["landmarks"]["2"]
    assert set(row) == set(LANDMARK_COLUMNS)
