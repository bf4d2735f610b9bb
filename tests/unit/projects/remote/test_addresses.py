"""Which addresses are opened, how they are written, and where their copies lie."""

from pathlib import Path

import pytest

from landmark_annotator.projects.remote import (
    address_of,
    checked,
    is_address,
    place_of,
    source_name,
)
from landmark_annotator.projects.vocabulary.errors import ImageError

ADDRESSES = (
    "s3://bucket/a.jpg",
    "s3://bucket/with space/ä#1?.jpg",
    "s3://bucket/a%20b/c.",
    "s3://bucket//twice.png",
    "https://host/a%20b.jpg",
    "https://host:8443/image?id=3&size=full",
    "http://10.0.0.7/scans/x.tif",
    "sftp://ada@host:2222/home/ada/x.png",
    "https://[2001:db8::1]/x.png",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_place_of_a_copy_says_its_address(sources: Path, address: str) -> None:
    assert address_of(place_of(checked(address))) == address
    assert place_of(address).is_relative_to(sources)


def test_different_addresses_have_different_places(sources: Path) -> None:
    alike = ["s3://b/a/b", "s3://b/a%2Fb", "s3://b/a//b", "https://b/a/b", "http://b/a/b"]
    assert len({place_of(checked(one)) for one in alike}) == len(alike)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "local://etc/passwd",
        "simplecache::s3://bucket/x.jpg",
        "s3://bucket/x.zip::file://etc/passwd",
        "github://org:repo@main/x.jpg",
        "memory://x.jpg",
        "https://host/../x.jpg",
        "https://host/%2e%2e/x.jpg",
        "s3://bucket/../other/x.jpg",
        "sftp://host/a/../../x.jpg",
        "https:///x.jpg",
        "https://ho st/x.jpg",
        "https://host/x\ny.jpg",
        "s3://bucket/" + "x" * 300,
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/x.jpg",
        "http://[::ffff:169.254.169.254]/x.jpg",
        "http://metadata.google.internal/computeMetadata/v1/",
    ],
)
def test_nothing_else_is_opened(address: str) -> None:
    assert is_address(address)
    with pytest.raises(ImageError):
        checked(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://ada:hunter2@host/x.jpg",
        "sftp://ada:hunter2@host/x.jpg",
        "s3://AKIAhunter2:hunter2@bucket/x.jpg",
        "https://host/x.jpg?X-Amz-Signature=hunter2",
        "https://host/x.jpg?sig=hunter2",
        "https://host/x.jpg?a=1&Token=hunter2",
    ],
)
def test_a_secret_in_an_address_is_refused_and_not_told_again(address: str) -> None:
    with pytest.raises(ImageError) as told:
        checked(address)
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize(
    "path", ["photographs/a.jpg", "/home/ada/a.jpg", "C:\\images\\a.jpg", "a:b/c.jpg"]
)
def test_a_path_is_no_address(path: str) -> None:
    assert not is_address(path)


def test_a_source_is_a_bucket_or_a_host() -> None:
    assert source_name("s3://bucket/a/b.jpg") == "s3://bucket"
    assert source_name(checked("SSH://Ada@Host:22/b.jpg")) == "sftp://Ada@host:22"


def test_a_project_folder_elsewhere_is_no_address(sources: Path) -> None:
    assert address_of(Path("/home/ada/a.jpg")) is None
    assert address_of(sources / "images" / "file" / "etc" / "passwd") is None
