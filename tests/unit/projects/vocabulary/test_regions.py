"""Regions of a scheme: as files name them, and what a change of the scheme does to them."""

from pathlib import Path

import pytest

from landmark_annotator.projects.vocabulary import Region, Scheme, SchemeChange
from landmark_annotator.projects.vocabulary.errors import SchemeError
from landmark_annotator.projects.vocabulary.region import (
    region_colours,
    region_set,
    region_sets,
    regions_of_file,
    yielding,
)

HAIR, SKIN, GLASSES = Region("hair"), Region("skin", "#aa8877"), Region("glasses", overlaps=True)
SCHEME = Scheme("face", ("nose", "chin"), regions=(HAIR, SKIN, GLASSES))


def test_a_scheme_without_regions_is_written_as_ever() -> None:
    assert "regions" not in Scheme("face", ("nose",)).to_dict()


def test_regions_may_be_written_as_names() -> None:
    scheme = Scheme.from_dict({"name": "face", "landmarks": ["nose"], "regions": ["hair", "skin"]})

    assert scheme.regions == (Region("hair"), Region("skin"))


@pytest.mark.parametrize(
    "regions", ["hair", 3, [3], [{"name": ""}], [{"nam": "x"}], ["a", "a"], [["a"]],
                [{"name": "a", "colour": "red"}]],
)  # fmt: skip
def test_what_is_no_list_of_regions_is_refused(regions: object) -> None:
    with pytest.raises(SchemeError):
        Scheme.from_dict({"name": "face", "landmarks": ["nose"], "regions": regions})


def test_regions_of_any_file_with_regions(tmp_path: Path) -> None:
    file = tmp_path / "parts.toml"
    file.write_text('regions = ["hair", { name = "hat", overlaps = true }]')

    assert regions_of_file(file) == (Region("hair"), Region("hat", overlaps=True))


def test_a_file_without_regions_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "scheme.toml"
    file.write_text('name = "face"')

    with pytest.raises(SchemeError, match="names no regions"):
        regions_of_file(file)


def test_what_is_built_in_is_sound() -> None:
    for name in region_sets():
        assert replace_regions(region_set(name)).regions
    with pytest.raises(SchemeError, match="Did you mean"):
        region_set("face_part")


def replace_regions(regions: tuple[Region, ...]) -> Scheme:
    return Scheme("face", ("nose",), regions=regions)


def test_every_region_has_a_colour_and_those_without_their_own_differ() -> None:
    colours = region_colours([Region(str(i)) for i in range(12)])

    assert len(set(colours.values())) == 12
    assert region_colours([SKIN])["skin"] == "#aa8877"


def test_a_pixel_belongs_to_one_region_but_for_those_that_overlap() -> None:
    assert yielding(SCHEME.regions, "hair") == ("skin",)
    assert yielding(SCHEME.regions, "glasses") == ()


def test_a_change_says_which_region_is_which() -> None:
    change = SchemeChange.none(SCHEME).set_region(0, Region("fur")).remove_region(1)
    change = change.add_region(Region("hat"))

    assert [region.name for region in change.after.regions] == ["fur", "glasses", "hat"]
    assert change.regions_of == (0, 2, None)
    assert change.removed_regions == ("skin",)
    assert change.title == (
        "change of the scheme (1 region added, 1 region removed, 1 region renamed)"
    )


def test_edits_of_landmarks_leave_regions_where_they_go_back_to() -> None:
    change = SchemeChange.none(SCHEME).set_region(0, Region("fur")).remove(1)

    assert change.regions_of == (0, 1, 2)


def test_another_scheme_has_the_same_regions_by_their_names_or_as_said() -> None:
    after = Scheme("face", ("nose", "chin"), regions=(Region("fur"), SKIN))

    assert SchemeChange.to(SCHEME, after).regions_of == (None, 1)
    assert SchemeChange.to(SCHEME, after, {"hair": "fur"}).regions_of == (0, 1)


@pytest.mark.parametrize(("place", "to", "order"), [(0, 2, (1, 2, 0)), (2, 0, (2, 0, 1))])
def test_a_region_moves_with_what_it_goes_back_to(
    place: int, to: int, order: tuple[int, ...]
) -> None:
    change = SchemeChange.none(SCHEME).move_region(place, to)

    assert change.regions_of == order
    assert [r.name for r in change.after.regions] == [SCHEME.regions[i].name for i in order]


def test_regions_that_an_edit_leaves_alone_are_drawn_as_before() -> None:
    scheme = replace_regions((HAIR, Region("lips"), Region("hat"), Region("ears")))
    before = region_colours(scheme.regions)
    change = SchemeChange.none(scheme)

    for edited in (
        change.remove_region(0),
        change.move_region(0, 3),
        change.set_region(1, Region("lips", before["hair"])),
        change.add_region(Region("beard", before["hat"])),
    ):
        after = region_colours(edited.after.regions)
        assert all(after[name] == before[name] for name in set(before) - {"lips"} if name in after)
