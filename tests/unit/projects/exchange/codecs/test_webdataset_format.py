"""WebDataset: archives that its own programs read, and archives that somebody has made to harm."""

import io
import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import sniff
from landmark_annotator.projects.exchange.codecs import webdataset
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.exchange.codecs.common.shards import shards_of
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("pair", ("one", "two"))


def instances(folder: Path, *names: str) -> list[ExportedInstance]:
    found = []
    for number, name in enumerate(names):
        image = folder / "photos" / name
        image.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 30), (number, 0, 0)).save(image)
        shape = Shape(np.array([[1.5, 2.0], [3.0, 4.0]]) + number)
        found.append(ExportedInstance(image, 40, 30, shape, Box(9, 9, 4, 4), f"k{number}"))
    return found


def picture() -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", (40, 30)).save(encoded, "PNG")
    return encoded.getvalue()


def archive(file: Path, *members: tuple[str, bytes] | tarfile.TarInfo) -> Path:
    with tarfile.open(file, "w") as out:
        for member in members:
            info = member if isinstance(member, tarfile.TarInfo) else tarfile.TarInfo(member[0])
            content = b"" if isinstance(member, tarfile.TarInfo) else member[1]
            info.size = len(content)
            out.addfile(info, io.BytesIO(content))
    return file


def said(**about: Any) -> bytes:
    return json.dumps(about).encode()


def test_python_reads_the_archive_with_each_sample_under_one_key(tmp_path: Path) -> None:
    webdataset.write(tmp_path / "out", instances(tmp_path, "a.b.png", "a_b.png"), SCHEME)

    with tarfile.open(tmp_path / "out" / "out-000000.tar") as found:
        assert found.getnames() == ["a_b.png", "a_b.json", "a_b-2.png", "a_b-2.json"]
        assert {member.mtime for member in found} == {0}
        second = found.extractfile("a_b-2.png")
        assert second is not None
        assert second.read() == (tmp_path / "photos" / "a_b.png").read_bytes()


def test_twice_written_is_the_same_bytes_in_shards_of_the_size_that_was_asked_for(
    tmp_path: Path,
) -> None:
    several = instances(tmp_path, *(f"{number}.png" for number in range(5)))
    with shards_of(0.006):
        for name in ("one", "two"):
            webdataset.write(tmp_path / name / "out", several, SCHEME)

    first, second = (sorted((tmp_path / name / "out").iterdir()) for name in ("one", "two"))
    assert [file.name for file in first] == [f"out-{n:06d}.tar" for n in range(len(first))]
    assert len(first) > 1
    assert all(file.stat().st_size <= 6000 + 1024 for file in first)
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]
    assert len(webdataset.read(tmp_path / "one" / "out", SCHEME).instances) == 5


def test_an_image_that_has_changed_is_left_out_and_told(tmp_path: Path) -> None:
    (one,) = instances(tmp_path, "a.png")
    other = ExportedInstance(one.image, 40, 30, one.shape, None, "k", sha256="0" * 64)

    written = webdataset.write(tmp_path / "out", [other], SCHEME)

    assert (written.instances, written.images) == (0, 0)
    assert any("Left out with their images" in note for note in written.notes)


def test_archives_of_others_with_one_object_or_many_or_none(tmp_path: Path) -> None:
    flat = [1, 2, 2, 3, 4, 1]
    file = archive(
        tmp_path / "theirs.tar",
        ("d/a.png", picture()),
        ("d/a.json", said(keypoints=flat, bbox=[1, 1, 5, 5])),
        ("d/b.json", said(annotations=[{"keypoints": [[1, 2], [3, 4]]}, {"keypoints": flat}])),
        ("d/b.png", picture()),
        ("d/c.cls", b"1"),
        ("d/c.png", picture()),
    )

    assert sniff(file).name == "webdataset"
    contents = webdataset.read(file, SCHEME)

    assert contents.unreadable == []
    assert [each.image.name for each in contents.instances] == ["a.png", "b.png", "b.png", "c.png"]
    assert contents.instances[0].shape.visibility.tolist() == [2, 1]
    assert contents.instances[0].box == Box(3, 3, 5, 5)
    assert not contents.instances[3].shape.known.any()
    assert (tmp_path / "theirs-images" / "d" / "a.png").read_bytes() == picture()


def test_of_a_photograph_and_its_mask_the_photograph_is_the_image(tmp_path: Path) -> None:
    mask = io.BytesIO()
    Image.new("L", (40, 30), 1).save(mask, "PNG")
    first, last = ("a.seg.png", mask.getvalue()), ("b.seg.png", mask.getvalue())
    flat = said(keypoints=[1, 2, 2, 3, 4, 1])
    file = archive(
        tmp_path / "theirs.tar",
        *(first, ("a.png", picture()), ("a.json", flat)),
        *(("b.png", picture()), ("b.json", flat), last),
    )

    contents = webdataset.read(file, SCHEME)

    assert [each.image.name for each in contents.instances] == ["a.png", "b.png"]
    assert (tmp_path / "theirs-images" / "b.png").read_bytes() == picture()


@pytest.mark.skipif(os.name == "nt", reason="no name has a colon there")
def test_names_that_this_system_can_have_come_in(tmp_path: Path) -> None:
    """Times with colons, and names as long as can be, were left out."""
    named = ["2026-12-01T10:30:00.png", f"{'é' * 125}.png"]
    members = [(f"{at}.json", said(image=name, objects=[])) for at, name in enumerate(named)]
    pictures = [(f"{at}.png", picture()) for at in range(2)]
    both = [one for pair in zip(pictures, members, strict=True) for one in pair]

    contents = webdataset.read(archive(tmp_path / "a.tar", *both), SCHEME)

    assert contents.unreadable == []
    assert [each.image.name for each in contents.instances] == named


def link(name: str, to: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, to
    return info


@pytest.mark.parametrize(
    "name", ["../evil.png", "/tmp/evil.png", "a/../../evil.png", "c:\\evil.png", "x" * 1200]
)
def test_nothing_leaves_the_folder_that_images_are_put_into(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    file = archive(
        tmp_path / "in" / "a.tar",
        (f"{name}" if name.endswith("png") else f"{name}.png", picture()),
        ("good.png", picture()),
        ("good.json", said(image=name, objects=[])),
        ("fine.png", picture()),
    )

    contents = webdataset.read(file, SCHEME)

    assert len(contents.unreadable) == 2
    assert [each.image for each in contents.instances] == [
        tmp_path / "in" / "a-images" / "fine.png"
    ]
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(path.name for path in found) == ["a.tar", "fine.png"]


@pytest.mark.parametrize(
    "member",
    [
        link("a.png", "/etc/passwd"),
        link("a.png", "good.png", tarfile.LNKTYPE),
        link("a.png", "", tarfile.CHRTYPE),
        link("a.png", "", tarfile.FIFOTYPE),
    ],
)
def test_links_and_devices_are_named_and_not_followed(
    tmp_path: Path, member: tarfile.TarInfo
) -> None:
    contents = webdataset.read(archive(tmp_path / "a.tar", member, ("good.png", picture())), SCHEME)

    assert [each.image.name for each in contents.instances] == ["good.png"]
    assert "a.png: it is a link" in contents.unreadable[0].reason


def header(**changed: Any) -> bytes:
    info = tarfile.TarInfo("a.png")
    for name, value in changed.items():
        setattr(info, name, value)
    return info.tobuf(tarfile.GNU_FORMAT)


def resummed(block: bytes) -> bytes:
    total = sum(block[:148]) + 8 * 32 + sum(block[156:512])
    return block[:148] + b"%06o\0 " % total + block[156:]


def negative(block: bytes) -> bytes:
    return resummed(block[:124] + b"\xff" * 12 + block[136:])


def endless_words() -> bytes:
    return header(type=tarfile.XHDTYPE, size=1 << 33)


def sparse_words() -> bytes:
    words = b"29 GNU.sparse.realsize=999999\n"
    words = b"%d%s" % (len(words), words[2:])
    block = header(type=tarfile.XHDTYPE, size=len(words))
    return block + words + bytes(-len(words) % 512)


@pytest.mark.parametrize(
    "bad",
    [
        lambda: negative(header()),
        lambda: header(size=1 << 40),
        endless_words,
        sparse_words,
        lambda: header()[:300],
        lambda: b"\xff" * 512,
    ],
)
def test_sizes_that_cannot_be_end_an_archive_after_what_is_whole(
    tmp_path: Path, bad: Callable[[], bytes]
) -> None:
    good = archive(tmp_path / "good.tar", ("good.png", picture())).read_bytes()
    whole = 512 + -(-len(picture()) // 512) * 512
    (tmp_path / "bad.tar").write_bytes(good[:whole] + bad())

    contents = webdataset.read(tmp_path / "bad.tar", SCHEME)

    assert [each.image.name for each in contents.instances] == ["good.png"]
    assert len(contents.unreadable) == 1


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "a-images").mkdir()
    (tmp_path / "a-images" / "a.png").write_bytes(b"somebody's own")
    file = archive(tmp_path / "a.tar", ("a.png", picture()))

    for _ in range(2):
        (found,) = webdataset.read(file, SCHEME).instances
        assert found.image.name == "a-2.png"
    assert (tmp_path / "a-images" / "a.png").read_bytes() == b"somebody's own"


def test_other_landmarks_are_refused_with_the_closest_name(tmp_path: Path) -> None:
    about = said(landmarks=["one", "tow"], objects=[{"keypoints": [[1, 2, 2], [3, 4, 2]]}])
    file = archive(tmp_path / "a.tar", ("a.png", picture()), ("a.json", about))

    contents = webdataset.read(file, SCHEME)

    assert contents.instances == []
    assert 'Did you mean "two"' in contents.unreadable[0].reason


def test_a_folder_without_archives_is_none(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="There are no"):
        webdataset.read(tmp_path, SCHEME)
