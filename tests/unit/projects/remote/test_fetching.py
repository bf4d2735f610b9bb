"""From an address to a file: retries, limits, hashes, and what people are told."""

import hashlib
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from landmark_annotator.projects.remote import fetching, place_of, settings
from landmark_annotator.projects.remote.fetching import fetched
from landmark_annotator.projects.vocabulary.errors import (
    DiskFull,
    ImageError,
    MissingPackage,
    NotConfirmed,
    SourceAway,
)
from tests.image_servers import Page, WebServer

BYTES = b"the bytes of an image"
SHA256 = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def image(web: WebServer, sources: Path) -> str:
    web.pages["/a.png"] = Page(BYTES, headers={"ETag": '"one"'})
    settings.allow([web.address])
    return f"{web.address}/a.png"


def patience(monkeypatch: pytest.MonkeyPatch, **changes: float) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", replace(fetching.PATIENCE, **changes))


def test_it_is_fetched_once_and_kept(image: str, web: WebServer) -> None:
    assert fetched(image, SHA256).read_bytes() == BYTES
    assert fetched(image, SHA256) == place_of(image)
    assert web.downloads("/a.png") == 1


def test_nothing_is_asked_of_a_source_that_nobody_confirmed(web: WebServer, sources: Path) -> None:
    with pytest.raises(NotConfirmed, match=f"annotator sources --allow {web.address}"):
        fetched(f"{web.address}/a.png")
    assert web.asked == []


def test_a_source_is_confirmed_for_later_programs_or_by_the_environment(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.allow(["s3://one"])
    monkeypatch.setenv("LANDMARK_SOURCES", "s3://two https://three")
    assert settings.allowed() == {"s3://one", "s3://two", "https://three"}
    settings.forbid(["s3://one"])
    assert "s3://one" not in settings.allowed()


def test_a_server_that_fails_at_first_is_asked_again(image: str, web: WebServer) -> None:
    web.pages["/a.png"].failures = 3
    assert fetched(image).read_bytes() == BYTES
    assert web.downloads("/a.png") == 4


def test_a_server_that_goes_on_failing_is_given_up(image: str, web: WebServer) -> None:
    web.pages["/a.png"].failures = 100
    with pytest.raises(ImageError, match=r"a\.png cannot be fetched: .* problem of its own \(503"):
        fetched(image)
    assert web.downloads("/a.png") == 4


def test_what_is_gone_is_not_asked_for_again(image: str, web: WebServer) -> None:
    with pytest.raises(ImageError, match="there is none, or none any more"):
        fetched(image.replace("a.png", "b.png"))
    assert web.downloads("/b.png") == 1


def test_what_may_not_be_read_is_told_apart_from_what_asks_who_you_are(
    image: str, web: WebServer
) -> None:
    web.pages["/a.png"] = Page(status=403, failures=9)
    with pytest.raises(ImageError, match="you may not read it"):
        fetched(image)
    web.pages["/a.png"] = Page(status=401, failures=9)
    with pytest.raises(SourceAway, match=r"no credentials .* ~/\.netrc"):
        fetched(image)


def test_what_came_in_cut_short_is_fetched_again_and_never_kept(
    image: str, web: WebServer, sources: Path
) -> None:
    web.pages["/a.png"].cut = 5
    with pytest.raises(ImageError, match="cut short"):
        fetched(image)
    assert web.downloads("/a.png") == 4
    assert [file for file in sources.rglob("*") if file.is_file()] == []


def test_other_bytes_than_those_labelled_are_refused(
    image: str, web: WebServer, sources: Path
) -> None:
    web.pages["/a.png"].content = b"other bytes"
    with pytest.raises(ImageError, match="its content has changed"):
        fetched(image, SHA256)
    assert web.downloads("/a.png") == 2  # it may have been spoiled on the way
    assert not place_of(image).exists()


def test_a_copy_that_the_disk_spoiled_is_fetched_again(image: str, web: WebServer) -> None:
    fetched(image, SHA256).write_bytes(b"spoiled")
    assert fetched(image, SHA256).read_bytes() == BYTES
    assert web.downloads("/a.png") == 2


def test_a_server_that_never_ends_is_left(
    image: str, web: WebServer, monkeypatch: pytest.MonkeyPatch, sources: Path
) -> None:
    web.pages["/a.png"].endless = True
    patience(monkeypatch, total_s=0.3)
    with pytest.raises(ImageError, match="did not answer in time"):
        fetched(image)
    monkeypatch.setenv("LANDMARK_CACHE_LIMIT", "500")
    patience(monkeypatch, total_s=30.0)
    with pytest.raises(DiskFull, match="does not fit into the cache"):
        fetched(image)


def test_a_server_that_is_away_is_not_asked_for_every_image(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.allow(["http://127.0.0.1:9"])
    patience(monkeypatch, attempts=2)
    with pytest.raises(SourceAway, match=r"http://127\.0\.0\.1:9 .*cannot be reached") as first:
        fetched("http://127.0.0.1:9/a.png")
    with pytest.raises(SourceAway) as second:
        fetched("http://127.0.0.1:9/b.png")
    assert second.value is first.value


@pytest.mark.parametrize(
    "to",
    [
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/secret",
        "http://localhost/secret",
        "http://[::1]/secret",
        "ftp://example.org/x.png",
    ],
)
def test_a_server_cannot_send_us_to_what_is_not_public(image: str, web: WebServer, to: str) -> None:
    web.pages["/a.png"].to = to
    with pytest.raises(ImageError, match="sends us elsewhere"):
        fetched(image)


def test_a_redirect_within_the_host_is_followed(image: str, web: WebServer) -> None:
    web.pages["/old.png"] = Page(to="/a.png")
    assert fetched(image.replace("a.png", "old.png")).read_bytes() == BYTES


def test_a_name_that_hides_a_host_of_secrets_is_refused(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 80))
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [answer])
    settings.allow(["http://images.example.org"])
    with pytest.raises(ImageError, match=r"images\.example\.org, which is no public address"):
        fetched("http://images.example.org/latest/meta-data/")


def test_what_its_server_says_tells_another_content_without_a_download(
    image: str, web: WebServer
) -> None:
    before = fetching.stamp(image)
    assert not fetching.differs(before, fetching.stamp(image))
    web.pages["/a.png"].headers["ETag"] = '"two"'
    assert fetching.differs(before, fetching.stamp(image))
    assert web.downloads("/a.png") == 0


def test_a_missing_package_says_what_to_install(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "s3fs", None)
    settings.allow(["s3://bucket"])
    with pytest.raises(MissingPackage, match=r"s3fs .* pip install 'landmark-annotator\[remote\]'"):
        fetched("s3://bucket/a.png")


def test_what_stops_the_program_stops_it_while_it_waits(
    image: str, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.pages["/a.png"].failures = 100

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        fetched(image)
    assert web.downloads("/a.png") == 1
