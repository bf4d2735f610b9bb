"""annotator review and annotator agreement, as they are typed."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.images import ImageFacts, examine
from landmark_annotator.projects.store import InstanceState, Project, Role
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

SCHEME = Scheme("bar", ("start", "middle", "end"), normaliser=(0, 2))
POINTS = np.array([[10.0, 20.0], [30.0, 20.0], [50.0, 20.0]])


@pytest.fixture
def bars(tmp_path: Path) -> Path:
    """Two images that ada and bob labelled, and one with a doubtful proposal."""
    folder = tmp_path / "bars"
    with Project.create(folder, SCHEME) as project:
        for n, error in enumerate((1.0, 1.2, 9.0)):
            path = tmp_path / f"bar{n}.png"
            Image.fromarray(np.full((40, 60, 3), 50 + n, dtype=np.uint8)).save(path)
            image = project.add_image(path, examine(path))
            people = ("ada", "bob") if n < 2 else (None,)
            for who in people:
                shape = None if who is None else Shape(POINTS + (who == "bob"))
                record = project.add_instance(
                    image.id, Box(30, 20, 50, 50), shape=shape, who=who or "ada"
                )
                project.store_proposal(
                    record.id,
                    POINTS,
                    np.full((3, 2, 2), np.nan),
                    predicted_error=error,
                    model="prior",
                    own=True,
                )
        project.flag(1, "is this a bar?", who="ada")
    return folder


def facts(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    assert run([str(a) for a in (*arguments, "--json")]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_worst_come_first_and_are_pointed_out(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = facts(capsys, "review", bars, "--worst", 2)
    assert found["waiting"] == 5
    assert [(row["instance"], row["look"]) for row in found["worst"]] == [(1, True), (5, True)]
    assert found["worst"][0]["flag"] == {"who": "ada", "comment": "is this a bar?"}
    assert (found["worst"][0]["by"], found["worst"][1]["by"]) == ("ada", None)


def test_the_table_points_at_what_to_look_at(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["review", str(bars)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "5 shapes wait for a reviewer."
    assert [line.startswith("->") for line in lines[2:]] == [True, True, False, False, False]
    assert "flagged by ada: is this a bar?" in lines[2]
    assert [line[3:].split()[:3] for line in lines[2:4]] == [
        ["bar0.png", "#1", "1"],
        ["bar2.png", "5", "proposed"],
    ]


def test_a_flagged_object_that_somebody_has_begun_is_not_called_proposed(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(bars) as project:
        project.place(5, 0, (1.0, 1.0), who="ada")
        project.flag(5, "which end?", who="ada")
    states = {row["instance"]: row["state"] for row in facts(capsys, "review", bars)["worst"]}
    assert (states[1], states[5]) == ("accepted", "started")


def test_agreement_is_told_by_landmark(bars: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [found] = facts(capsys, "agreement", bars)["agreements"]
    apart = 100 * np.sqrt(2) / 40
    assert found["objects"] == 2
    assert found["nme"]["mean"] == pytest.approx(apart, abs=1e-3)
    assert found["landmarks"]["middle"]["shift"] == pytest.approx([1, 1])


def test_objects_that_both_accepted_as_proposed_are_told_and_left_out(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [before] = facts(capsys, "agreement", bars)["agreements"]
    proposed = Shape(POINTS, provenance=[Provenance.INFERRED] * 3)
    with Project.open(bars) as project:
        image = project.add_image(tmp_path / "more.png", ImageFacts(60, 40, "more"))
        for who in ("ada", "bob"):
            project.add_instance(image.id, Box(30, 20, 50, 50), shape=proposed, who=who)
    [after] = facts(capsys, "agreement", bars)["agreements"]
    assert (after["objects"], after["untouched_proposals"]) == (3, 1)
    assert after["nme"] == before["nme"]
    assert after["landmarks"] == before["landmarks"]
    assert after["nme_with_untouched"]["mean"] == pytest.approx(
        before["nme"]["mean"] * 2 / 3, abs=1e-3
    )
    assert run(["agreement", str(bars)]) == 0
    said = "1 object both accepted as the same proposal, untouched: left out, with it "
    assert said in capsys.readouterr().out


def test_where_people_only_accepted_proposals_no_figure_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proposed = Shape(POINTS, provenance=[Provenance.INFERRED] * 3)
    with Project.create(tmp_path / "bars", SCHEME) as project:
        image = project.add_image(tmp_path / "bar.png", ImageFacts(60, 40, "bar"))
        for who in ("ada", "bob"):
            project.add_instance(image.id, Box(30, 20, 50, 50), shape=proposed, who=who)
    assert run(["agreement", str(tmp_path / "bars")]) == 0
    told = capsys.readouterr().out
    assert "untouched: nothing says how far they are apart" in told
    assert "nan" not in told
    [found] = facts(capsys, "agreement", tmp_path / "bars")["agreements"]
    assert found["nme"]["mean"] is None


def test_each_annotator_is_told_beside_the_others(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = facts(capsys, "agreement", bars)
    assert [one["objects"] for one in found["annotators"]] == [2, 2]
    assert found["flagged"] == []
    assert run(["agreement", str(bars)]) == 0
    assert "Each against the consensus of all" in capsys.readouterr().out
    assert run(["agreement", str(bars), "--flag"]) == 0
    assert "sent to review" in capsys.readouterr().out


@pytest.mark.parametrize(("landmarks", "said"), [(11, "landmark agrees"), (12, "landmarks agree")])
def test_the_landmarks_that_are_not_listed_are_counted(
    landmarks: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scheme = Scheme("row", tuple(f"point {n}" for n in range(landmarks)))
    points = np.stack([np.arange(landmarks), np.zeros(landmarks)], axis=1) + 10.0
    with Project.create(tmp_path / "rows", scheme) as project:
        image = project.add_image(tmp_path / "row.png", ImageFacts(60, 40, "row"))
        for n, who in enumerate(("ada", "bob")):
            project.add_instance(image.id, Box(20, 20, 40, 40), shape=Shape(points + n), who=who)
    assert run(["agreement", str(tmp_path / "rows")]) == 0
    assert f"{landmarks - 10} more {said} better." in capsys.readouterr().out


def bars_with_one_off(place: Path, *people: str) -> Path:
    """Twelve bars that each of them has labelled; of the eighth bob's middle is far off."""
    random, folder = np.random.default_rng(0), place / "bars"
    with Project.create(folder, SCHEME) as project:
        for n in range(12):
            image = project.add_image(place / f"bar{n}.png", ImageFacts(60, 40, f"{n}"))
            for who in people:
                points = POINTS + random.normal(0, 0.3, POINTS.shape)
                points[1] += 15.0 * (n == 7 and who == "bob")
                project.add_instance(
                    image.id, Box(30, 20, 50, 50), shape=Shape(points), source=who, who=who
                )
    return folder


def test_an_outlier_is_told_with_its_image(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = bars_with_one_off(tmp_path, "ada", "bob", "carol")
    with Project.open(folder, read_only=True) as project:
        [odd] = [i.id for i in project.instances() if (i.image_id, i.source) == (8, "bob")]
    outlier = facts(capsys, "agreement", folder)["outliers"][0]
    assert (outlier["name"], outlier["instance"], outlier["who"]) == ("bar7.png", odd, "bob")
    assert outlier["image"] == str(tmp_path / "bar7.png")
    assert run(["agreement", str(folder)]) == 0
    assert f"middle of bar7.png  #2 (id {odd}): " in capsys.readouterr().out


def test_two_people_who_are_far_apart_are_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = bars_with_one_off(tmp_path, "ada", "bob")
    found = facts(capsys, "agreement", folder)["outliers"][:2]
    assert {(one["name"], one["who"], one["other"]) for one in found} == {
        ("bar7.png", "ada", "bob"),
        ("bar7.png", "bob", "ada"),
    }
    assert run(["agreement", str(folder)]) == 0
    told = capsys.readouterr().out
    assert told.count("middle of bar7.png") == 1
    assert "ada and bob are far apart, and nobody else says whose label is off:" in told
    assert "1 place where two people are far apart; --flag" in told
    assert "the others" not in told
    assert "outlier" not in told


def test_agreement_is_told_in_millimetres_where_a_pixel_is_known(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [found] = facts(capsys, "agreement", bars)["agreements"]
    assert found["landmarks"]["middle"]["mm"] is None
    facts(capsys, "scale", bars, 0.4)
    [found] = facts(capsys, "agreement", bars)["agreements"]
    assert found["landmarks"]["middle"]["mm"] == pytest.approx(0.4 * np.sqrt(2), abs=1e-3)
    assert run(["agreement", str(bars)]) == 0
    assert "mm" in capsys.readouterr().out.split()


def test_percents_are_said_to_be_of_what_they_are(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["agreement", str(bars)]) == 0
    assert capsys.readouterr().out.count("of the normaliser") == 2
    with Project.create(tmp_path / "boxed", Scheme("bar", SCHEME.landmarks)) as project:
        image = project.add_image(tmp_path / "bar0.png", examine(tmp_path / "bar0.png"))
        for who in ("ada", "bob"):
            project.add_instance(image.id, Box(30, 20, 50, 50), shape=Shape(POINTS), who=who)
    assert run(["agreement", str(tmp_path / "boxed")]) == 0
    assert capsys.readouterr().out.count("of the box's diagonal") == 2
    for asked in ([], ["--right"]):
        assert run(["certify", str(tmp_path / "boxed"), *asked]) == 0
    told = capsys.readouterr().out
    assert "Changed visibly by 0.0 % of the box's diagonal." in told
    assert "above 7 % of the box's diagonal" in told


def test_a_list_that_is_not_there_is_told_as_that(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["review", str(bars), "--accept", str(bars / "none.txt")]) == 3
    told = " ".join(capsys.readouterr().err.split())
    assert "There is no list" in told
    assert "Errno" not in told


def test_agreement_between_strangers_is_refused(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["agreement", str(bars), "--between", "ada", "eve"]) == 3
    assert "no object in common" in capsys.readouterr().err


def test_without_two_people_it_says_how_to_get_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Project.create(tmp_path / "empty", SCHEME).close()
    assert run(["agreement", str(tmp_path / "empty")]) == 0
    assert "accepted labels of two people" in capsys.readouterr().out


def test_where_second_opinions_wait_nobody_is_told_to_ask_for_some(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.create(tmp_path / "one", SCHEME) as project:
        image = project.add_image(tmp_path / "a.png", ImageFacts(60, 40, "a"))
        project.add_instance(image.id, Box(30, 20, 50, 50), shape=Shape(POINTS), who="ada")
    assert run(["agreement", str(tmp_path / "one"), "--ask", "1"]) == 0
    assert run(["agreement", str(tmp_path / "one")]) == 0
    told = capsys.readouterr().out
    assert "1 object waits for a second opinion, in the list" in told
    assert "PROJECT --ask" not in told


def test_what_one_person_alone_has_labelled_can_be_sent_to_a_second_one(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert facts(capsys, "agreement", bars, "--ask", 2)["added"] == []
    assert run(["agreement", str(bars), "--ask", "2"]) == 0
    assert "No more accepted objects are without one" in capsys.readouterr().out
    with Project.open(bars) as project:
        project.accept(5, Shape(POINTS), who="ada")
    [added] = facts(capsys, "agreement", bars, "--ask", 2)["added"]
    with Project.open(bars, read_only=True) as project:
        asked = project.instance(added)
        assert (asked.state.value, asked.second_opinion_on) == ("untouched", 5)
    assert run(["agreement", str(bars), "--ask", "2"]) == 0
    assert "0 objects wait for a second opinion, beside 1 that did before." in (
        capsys.readouterr().out
    )


def test_who_asks_for_second_opinions_hears_what_is_left_to_learn_from(
    bars: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_NAME", "ada")
    with Project.open(bars) as project:
        project.set_person("ada", Role.LEAD, who="ada")
        project.accept(5, Shape(POINTS), who="ada")
        others = project.count_of(InstanceState.ACCEPTED) - 1
    assert run(["agreement", str(bars), "--ask", "1"]) == 0
    assert f"learn from the {others} other accepted shapes alone" in capsys.readouterr().out


def test_a_table_of_two_annotators_is_imported_as_labels_of_both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Project.create(tmp_path / "bars", SCHEME).close()
    Image.fromarray(np.full((40, 60, 3), 50, dtype=np.uint8)).save(tmp_path / "a.png")
    rows = ["image,annotator,x0,y0,x1,y1,x2,y2", "a.png,ada,10,20,30,20,50,20"]
    rows.append("a.png,bob,10,20,30,24,50,20")
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n")
    for who in ("ada", "bob", "ada"):
        table = str(tmp_path / "labels.csv")
        assert run(["import", str(tmp_path / "bars"), table, "--annotator", who]) == 0
    capsys.readouterr()
    [found] = facts(capsys, "agreement", tmp_path / "bars")["agreements"]
    assert (found["first"], found["second"], found["objects"]) == ("ada", "bob", 1)
    assert found["landmarks"]["middle"]["shift"] == pytest.approx([0, 4])


def test_the_history_of_every_landmark_is_told(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(bars) as project:
        first = project.instances()[0].id
        project.place(first, 1, (31.0, 22.0), who="bob")
    told = facts(capsys, "review", bars, "--of", first)["landmarks"]
    assert [entry["who"] for entry in told["middle"]["history"]][-1] == "bob"
    assert told["middle"]["history"][-1]["to"] == [31.0, 22.0]
    assert "bob" not in [entry["who"] for entry in told["start"]["history"]]
    assert run(["review", str(bars), "--of", str(first)]) == 0
    assert "bob: placement of middle to 31.0, 22.0" in capsys.readouterr().out


def test_labels_are_searched_again_once_many_have_changed_or_where_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random, folder = np.random.default_rng(0), tmp_path / "bars"
    with Project.create(folder, SCHEME) as project:
        for n in range(60):
            image = project.add_image(tmp_path / f"bar{n}.png", ImageFacts(60, 40, f"{n}"))
            points = POINTS + random.normal(0, 0.3, POINTS.shape)
            project.add_instance(image.id, Box(30, 20, 50, 50), shape=Shape(points), who="ada")
    assert "changed" not in listed(folder, capsys)
    with Project.open(folder) as project:
        project.accept(1, Shape(POINTS * [[1, 1], [1.2, 1], [1, 1]]), who="ada")
    assert "2 % of the accepted shapes have changed since" in listed(folder, capsys)
    assert "changed" not in listed(folder, capsys, "--anew")


def listed(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """What is said beside the list."""
    assert run(["review", str(folder), *options]) == 0
    return capsys.readouterr().err
