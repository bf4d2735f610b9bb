"""What a long list shows: ids at once, all else of what is in sight alone."""

from collections.abc import Callable

import kites
import numpy as np
import pytest

from landmark_annotator.projects.store import (
    ActionKind,
    ImageRecord,
    InstanceState,
    Project,
    Verdict,
)

WHO = "ada"


@pytest.fixture
def listed(project: Project, add_image: Callable[[str], ImageRecord]) -> dict[str, int]:
    """By name, in the order of the images, which is not that of the ids."""
    images = {name: add_image(f"in/{name}.png") for name in "abc"}
    ids = {}
    for name, shape in (("c", kites.ACCEPTED), ("a", None), ("b1", kites.ACCEPTED), ("b2", None)):
        image = images[name[0]]
        ids[name] = project.add_instance(image.id, kites.BOX, shape=shape, who=WHO).id
    return {name: ids[name] for name in ("a", "b1", "b2", "c")}


def propose(project: Project, instance_id: int, error: float) -> None:
    points, covariances = kites.ACCEPTED.points, kites.ACCEPTED.covariances
    project.store_proposal(
        instance_id, points, covariances, predicted_error=error, model="prior", own=True
    )


def names(listed: dict[str, int], ids: np.ndarray) -> list[str]:
    by_id = {i: name for name, i in listed.items()}
    return [by_id[i] for i in ids.tolist()]


def test_all_are_listed_in_the_order_of_the_images(
    project: Project, listed: dict[str, int]
) -> None:
    assert names(listed, project.listed()) == ["a", "b1", "b2", "c"]


def test_a_project_of_nothing_lists_nothing(project: Project) -> None:
    assert project.listed().tolist() == []
    assert project.first() is None


def test_states_narrow_the_list_down(project: Project, listed: dict[str, int]) -> None:
    assert names(listed, project.listed([InstanceState.ACCEPTED])) == ["b1", "c"]
    assert names(listed, project.listed([InstanceState.UNTOUCHED])) == ["a", "b2"]


def test_what_was_left_out_is_listed_only_where_it_is_asked_for(
    project: Project, listed: dict[str, int]
) -> None:
    project.exclude(images=[project.instance(listed["a"]).image_id], why="dark", who=WHO)
    project.exclude(instances=[listed["b2"]], why="twice", who=WHO)
    assert names(listed, project.listed()) == ["b1", "c"]
    assert names(listed, project.listed(excluded=True)) == ["a", "b1", "b2", "c"]
    assert names(listed, project.excluded_ids()) == ["a", "b2"]
    assert [project.counts(i) for i in listed.values()] == [False, True, False, True]
    assert project.state_counts()[InstanceState.UNTOUCHED] == 0
    assert project.image_count() == 2


def test_the_worst_come_first_and_then_those_of_which_nothing_is_expected(
    project: Project, listed: dict[str, int]
) -> None:
    for name, error in (("a", 2.0), ("b2", 5.0), ("b1", 9.0)):
        propose(project, listed[name], error)
    assert names(listed, project.listed(worst_first=True)) == ["b2", "a", "b1", "c"]


def test_of_what_was_clicked_the_first_error_says_nothing(
    project: Project, listed: dict[str, int]
) -> None:
    for name, error in (("a", 2.0), ("b2", 5.0)):
        propose(project, listed[name], error)
    project.place(listed["b2"], 0, (1.0, 1.0), who=WHO)
    assert names(listed, project.listed(worst_first=True)) == ["a", "b1", "b2", "c"]
    believed = {listed["b2"]: 3.0}
    found = project.listed(worst_first=True, believed=believed)
    assert names(listed, found) == ["b2", "a", "b1", "c"]
    project.undo(WHO)
    assert names(listed, project.listed(worst_first=True)) == ["b2", "a", "b1", "c"]


def test_the_least_sure_is_the_one_with_the_largest_error_that_waits(
    project: Project, listed: dict[str, int]
) -> None:
    assert project.least_sure() is None
    for name, error in (("a", 2.0), ("b2", 5.0), ("b1", 9.0)):
        propose(project, listed[name], error)
    sought = project.least_sure()
    assert sought is not None
    assert sought.id == listed["b2"]
    following = project.least_sure(but_for=listed["b2"])
    assert following is not None
    assert following.id == listed["a"]


def test_of_what_was_clicked_the_least_sure_is_told_by_what_is_believed_now(
    project: Project, listed: dict[str, int]
) -> None:
    def least_sure(**believed: float) -> str:
        now = {listed[name]: error for name, error in believed.items()}
        found = project.least_sure(believed=now)
        assert found is not None
        return names(listed, np.array([found.id]))[0]

    for name, error in (("a", 2.0), ("b2", 5.0)):
        propose(project, listed[name], error)
    project.place(listed["b2"], 0, (1.0, 1.0), who=WHO)
    assert least_sure() == "a"
    assert least_sure(b2=1.0) == "a"
    assert least_sure(b2=3.0) == "b2"
    assert least_sure(b1=9.0) == "a"


def test_a_row_says_which_of_several_objects_it_is(
    project: Project, listed: dict[str, int]
) -> None:
    rows = project.rows([listed["b2"], listed["a"], listed["b1"]])
    assert [(row.row.path, row.number) for row in rows] == [
        ("in/b.png", 2),
        ("in/a.png", None),
        ("in/b.png", 1),
    ]


def test_a_row_counts_clicks_and_those_that_were_taken_back(
    project: Project, listed: dict[str, int]
) -> None:
    for x in (1.0, 2.0):
        project.place(listed["a"], 0, (x, 1.0), who=WHO, proposed=None, duration=1.0)
    project.undo(WHO)
    assert [row.clicks for row in project.rows([listed["a"], listed["b2"]])] == [2, 0]


def test_more_rows_than_one_query_may_name(project: Project, listed: dict[str, int]) -> None:
    ids = [listed["a"], *range(10_000, 11_200), listed["c"]]
    assert [row.row.instance_id for row in project.rows(ids)] == [listed["a"], listed["c"]]


def test_all_objects_of_an_image_come_with_one_of_them(
    project: Project, listed: dict[str, int]
) -> None:
    found = project.together_with([listed["b2"]])
    assert [row.instance_id for row in found] == [listed["b1"], listed["b2"]]


def test_ids_are_put_in_order(project: Project, listed: dict[str, int]) -> None:
    ids = sorted(listed.values())
    assert project.in_order([*ids, 999]) == list(listed.values())


@pytest.mark.parametrize("part", ["B.PNG", ".png", "b.png  #2", "2", "ß"])
def test_all_that_may_be_named_so_is_found(
    project: Project, listed: dict[str, int], add_image: Callable[[str], ImageRecord], part: str
) -> None:
    image = add_image("in/STRASSE straße.png")
    listed["s"] = project.add_instance(image.id, kites.BOX, who=WHO).id
    whole = {"a": "a.png", "b1": "b.png  #1", "b2": "b.png  #2", "c": "c.png"}
    whole["s"] = "STRASSE straße.png"
    fitting = {listed[n] for n, name in whole.items() if part.casefold() in name.casefold()}
    assert fitting
    assert fitting <= {found.instance_id for found in project.perhaps_named(part)}


@pytest.mark.parametrize(
    "part", ["CLIP", "ram", "Frame", "page", "1", "12", "2 ", "e 1", "#2", "3"]
)
def test_all_frames_that_may_be_named_so_are_found(project: Project, part: str) -> None:
    video = project.add_video(project.folder / "in" / "clip.mp4", "hash", 25.0)
    facts = {n: kites.Facts(f"frame {n}") for n in (1, 12, 210)}
    names: dict[int, str] = {}
    for image in project.add_frames(video.id, facts):
        several = 3 if image.frame == 12 else 1
        for number in range(1, several + 1):
            instance = project.add_instance(image.id, kites.BOX, who=WHO).id
            name = f"clip.mp4 frame {image.frame}"
            names[instance] = f"{name}  #{number}" if several > 1 else name
    fitting = {i for i, name in names.items() if part.casefold() in name.casefold()}
    found = {each.instance_id for each in project.perhaps_named(part)}
    assert fitting <= found
    if part == "12":  # figures alone: of a long video no others are looked at
        assert found == fitting


def test_letters_that_no_frame_is_named_by_read_none(project: Project) -> None:
    video = project.add_video(project.folder / "clip.mp4", "hash", 25.0)
    for image in project.add_frames(video.id, {n: kites.Facts(f"frame {n}") for n in range(3)}):
        project.add_instance(image.id, kites.BOX, who=WHO)
    assert list(project.perhaps_named("heron")) == []


def test_frames_that_come_in_between_are_listed_where_they_stand(project: Project) -> None:
    video = project.add_video(project.folder / "clip.mp4", "hash", 25.0)
    order = {}
    for numbers in ((0, 40), (20,)):
        facts = {n: kites.Facts(f"frame {n}") for n in numbers}
        for image in project.add_frames(video.id, facts):
            order[image.frame] = project.add_instance(image.id, kites.BOX, who=WHO).id
    assert project.listed().tolist() == [order[0], order[20], order[40]]
    assert [one.id for one in project.waiting(order[0], 5)] == [order[20], order[40]]


def test_some_images_are_from_everywhere(
    project: Project, add_image: Callable[[str], ImageRecord]
) -> None:
    ids = [add_image(f"{number}.png").id for number in range(9)]
    assert [image.id for image in project.spread_images(3)] == [ids[0], ids[4], ids[8]]
    assert [image.id for image in project.spread_images(9)] == ids


def test_shapes_of_some_alone_come_in_the_order_of_the_images(
    project: Project, listed: dict[str, int]
) -> None:
    wanted = [listed["c"], listed["b1"], listed["a"], 999]
    found = project.shapes(InstanceState.ACCEPTED, among=wanted)
    assert [record.id for record, _ in found] == [listed["b1"], listed["c"]]


def test_the_first_shapes_alone(project: Project, listed: dict[str, int]) -> None:
    both = [listed["b1"], listed["c"]]
    for among in (None, [listed["c"], listed["b1"]]):
        for most, wanted in ((0, []), (1, both[:1]), (9, both)):
            found = project.shapes(InstanceState.ACCEPTED, among=among, most=most)
            assert [record.id for record, _ in found] == wanted


def test_what_is_accepted_waits_for_review_until_it_has_passed(
    project: Project, listed: dict[str, int]
) -> None:
    propose(project, listed["a"], 2.0)
    project.review(listed["b1"], Verdict.ACCEPTED, "", who="bob")
    ids, errors = project.awaiting_review()
    assert names(listed, ids) == ["a", "c"]
    assert errors[0] == 2.0
    assert np.isnan(errors[1])


def test_only_images_of_several_objects_can_be_labelled_twice(
    project: Project, listed: dict[str, int]
) -> None:
    assert names(listed, project.sharing_images()) == ["b1"]
    assert project.second_opinions() == {}
    second = project.add_instance(
        project.instance(listed["c"]).image_id, None, second_opinion_on=listed["c"], who="bob"
    )
    assert project.second_opinions() == {second.id: listed["c"]}
    assert names(listed, project.sharing_images()) == ["b1", "c"]


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
def test_a_server_gives_long_columns_as_one_text_too(
    project: Project, listed: dict[str, int]
) -> None:
    propose(project, listed["a"], 2.0)
    ids, errors = project.awaiting_review()
    assert names(listed, ids) == ["a", "b1", "c"]
    assert errors[0] == 2.0
    project.place(listed["a"], 0, (1, 2), who=WHO, duration=1.5)
    [click] = [one for one in project.timed_actions() if one.kind is ActionKind.CLICK]
    assert click.durations.tolist() == [1.5]


@pytest.mark.parametrize("project", ["sqlite", "postgresql"], indirect=True)
def test_folders_are_said_from_the_one_on_that_all_images_share(
    project: Project, add_image: Callable[[str], ImageRecord]
) -> None:
    # Between the first and the last as people sort them, which a server may do, others lie apart.
    paths = ("in/Bees/x.png", "in/-/x.png", "in/ants/2/x.png", "in/ants/10/x.png")
    ids = [project.add_instance(add_image(path).id, kites.BOX, who=WHO).id for path in paths]
    assert [row.folder for row in project.rows(ids)] == ["Bees/", "-/", "ants/2/", "ants/10/"]
