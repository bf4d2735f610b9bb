"""Buckets and SSH servers: what they hold, and what people are told when they do not answer."""

import hashlib
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from landmark_annotator.projects.remote import fetching, filesystems, place_of, settings
from landmark_annotator.projects.remote.fetching import fetched
from landmark_annotator.projects.remote.listing import named_by
from landmark_annotator.projects.vocabulary.errors import ImageError, NotConfirmed, SourceAway
from tests.image_servers import Page, WebServer, ssh_server

BYTES = b"the bytes of an image"
SHA256 = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def bucket(s3: str) -> str:
    """Its address, with three objects below it."""
    import boto3

    for key in ("set/b.png", "set/a b#1.png", "set/deep/c.png", "other.png"):
        boto3.client("s3").put_object(Bucket=s3, Key=key, Body=BYTES)
    settings.allow([f"s3://{s3}"])
    return f"s3://{s3}"


def test_an_object_is_fetched_with_the_usual_credentials(bucket: str) -> None:
    assert fetched(f"{bucket}/set/a b#1.png", SHA256).read_bytes() == BYTES


def test_a_folder_of_a_bucket_is_all_below_it(bucket: str) -> None:
    names = ["a b#1.png", "b.png", "deep/c.png"]
    assert named_by(f"{bucket}/set/") == [f"{bucket}/set/{name}" for name in names]
    assert named_by(f"{bucket}/other.png") == [f"{bucket}/other.png"]
    with pytest.raises(ImageError, match="nothing at"):
        named_by(f"{bucket}/empty/")


def test_what_the_server_says_of_an_object(bucket: str) -> None:
    import boto3

    before = fetching.stamp(f"{bucket}/other.png")
    assert hashlib.md5(BYTES).hexdigest() in before
    boto3.client("s3").put_object(Bucket=bucket[5:], Key="other.png", Body=b"new")
    assert fetching.differs(before, fetching.stamp(f"{bucket}/other.png"))


def test_an_object_that_is_gone_is_told_apart_from_a_bucket_that_is(bucket: str) -> None:
    with pytest.raises(ImageError, match=r"gone\.png cannot be fetched: there is none") as one:
        fetched(f"{bucket}/gone.png")
    assert not isinstance(one.value, SourceAway)
    settings.allow(["s3://no-such-bucket"])
    with pytest.raises(SourceAway, match=r"s3://no-such-bucket .*no such bucket, or none any more"):
        fetched("s3://no-such-bucket/a.png")


def test_without_credentials_people_are_told_where_they_belong(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import boto3

    boto3.client("s3").put_object_acl(Bucket=bucket[5:], Key="set/b.png", ACL="public-read")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    filesystems.forget(bucket)
    assert fetched(f"{bucket}/set/b.png").read_bytes() == BYTES  # a public one answers anybody
    with pytest.raises(SourceAway, match=r"no credentials that it takes .*AWS_PROFILE"):
        fetched(f"{bucket}/other.png")


def test_credentials_are_neither_kept_nor_told(
    bucket: str, sources: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        fetched(f"{bucket}/other.png")
        with pytest.raises(ImageError) as told:
            fetched(f"{bucket}/gone.png")
    secret = "the-secret-of-ada"
    assert secret not in str(told.value)
    assert secret not in caplog.text
    kept = [file for file in sources.parent.rglob("*") if file.is_file()]
    assert kept
    assert not any(secret.encode() in file.read_bytes() for file in kept)


def test_a_list_names_images_of_its_folder_and_of_elsewhere(web: WebServer, sources: Path) -> None:
    lines = "# heads\na.png\n\ndeep/b.png # the second\nhttps://other.org/c.png\n"
    web.pages["/set/list.txt"] = Page(lines.encode(), "text/plain")
    settings.allow([web.address])
    found = named_by(f"{web.address}/set/list.txt")
    here = [f"{web.address}/set/{name}" for name in ("a.png", "deep/b.png")]
    assert found == [*here, "https://other.org/c.png"]
    with pytest.raises(NotConfirmed, match=r"--allow https://other\.org"):
        fetched(found[2])


def test_a_list_may_be_one_that_windows_has_marked_as_utf_8(web: WebServer, sources: Path) -> None:
    web.pages["/set/list.txt"] = Page("a.png\r\nb.png\r\n".encode("utf-8-sig"), "text/plain")
    settings.allow([web.address])
    assert named_by(f"{web.address}/set/list.txt") == [
        f"{web.address}/set/{name}" for name in ("a.png", "b.png")
    ]


def test_a_list_cannot_name_files_of_this_machine(web: WebServer, sources: Path) -> None:
    web.pages["/list.txt"] = Page(b"file:///etc/passwd\n", "text/plain")
    settings.allow([web.address])
    with pytest.raises(ImageError, match="not fetched from addresses that begin with file://"):
        named_by(f"{web.address}/list.txt")


def test_the_page_of_a_folder_lists_what_is_below_it(web: WebServer, sources: Path) -> None:
    links = '<a href="../">up</a> <a href="b.png">b</a> <a href="/set/a.png">a</a>'
    links += '<a href="deep/">deep</a> <a href="http://elsewhere.org/x.png">x</a>'
    web.pages["/set/"] = Page(links.encode(), "text/html")
    web.pages["/set/deep/"] = Page(b'<a href="c.png">c</a><a href="../">up</a>', "text/html")
    settings.allow([web.address])
    names = ["a.png", "b.png", "deep/c.png"]
    assert named_by(f"{web.address}/set/") == [f"{web.address}/set/{name}" for name in names]


@pytest.fixture
def ssh(tmp_path: Path, sources: Path) -> Iterator[str]:
    """The address of a server with one image, whose key is known to nobody; this user has one."""
    import paramiko

    (tmp_path / "shown" / "set").mkdir(parents=True)
    (tmp_path / "shown" / "set" / "a.png").write_bytes(BYTES)
    host, own = paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate()
    home = sources.parent / ".ssh"
    home.mkdir()
    own.write_private_key_file(str(home / "own"))
    with ssh_server(tmp_path / "shown", host) as port:
        known = f"[127.0.0.1]:{port} {host.get_name()} {host.get_base64()}\n"
        (home / "known").write_text(known)
        alias = f"Host lab\n  HostName 127.0.0.1\n  Port {port}\n  User ada\n"
        (home / "config").write_text(f"{alias}  IdentityFile {home / 'own'}\n")
        address = "sftp://lab"
        settings.allow([address])
        yield address
        filesystems.opened(f"{address}/set").system.client.close()


def test_an_ssh_server_is_believed_once_its_key_is_known(ssh: str, sources: Path) -> None:
    with pytest.raises(SourceAway, match=r"the key .* is not known yet\. .* ssh"):
        fetched(f"{ssh}/set/a.png")
    fetching.forget_failures()
    home = sources.parent / ".ssh"
    (home / "known").rename(home / "known_hosts")
    assert fetched(f"{ssh}/set/a.png", SHA256) == place_of(f"{ssh}/set/a.png")
    assert named_by(f"{ssh}/set") == [f"{ssh}/set/a.png"]
    assert '"size": "21"' in fetching.stamp(f"{ssh}/set/a.png")
    with pytest.raises(ImageError, match="there is none, or none any more"):
        fetched(f"{ssh}/set/b.png")


@pytest.mark.parametrize(
    ("host", "asked"), [("[::1]", ("::1", 22)), ("ada@[::1]:2222", ("::1", 2222))]
)
def test_an_ssh_server_may_be_named_by_its_number(
    host: str, asked: tuple[str, int], sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import paramiko

    seen = []

    def connect(client: object, name: str, port: int, **_: object) -> None:
        seen.append((name, port))
        raise EOFError

    monkeypatch.setattr(paramiko.SSHClient, "connect", connect)
    with pytest.raises(EOFError):
        filesystems.opened(f"sftp://{host}/set/a.png")
    assert seen == [asked]
