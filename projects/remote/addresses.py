"""Addresses of images, and where their copies lie.

s3://BUCKET/KEY, https://HOST/PATH?QUERY, http://..., sftp://USER@HOST:PORT/PATH. No other kind is
opened: not file://, nor what fsspec chains with ::.
"""

import ipaddress
import os
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote

import platformdirs

from landmark_annotator.projects.vocabulary.errors import ImageError

KINDS = ("s3", "http", "https", "sftp")
_ALSO = {"s3a": "s3", "ssh": "sftp"}
_BEGINNING = re.compile(r"[A-Za-z][\w+.:-]+://")
_HOST = re.compile(r"[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
_BUCKET = re.compile(r"[A-Za-z0-9._-]+")
_METADATA = frozenset({"metadata", "metadata.google.internal", "instance-data"})
"""What clouds answer to with the secrets of the machine that asks."""
_SECRETS = frozenset(
    [
        "x-amz-signature",
        "x-amz-credential",
        "x-amz-security-token",
        "awsaccesskeyid",
        "signature",
        "sig",
        "token",
        "x-goog-signature",
        "x-goog-credential",
        "access_token",
        "auth",
        "apikey",
        "api_key",
        "key",
        "password",
        "passwd",
        "pwd",
        "secret",
    ]
)
_PLAIN = "-._~ !$&'()+,;=@[]{}"
"""What stays as it is in a file's name; letters and digits do, too."""
_LONGEST, _LONGEST_NAME = 2000, 255
_EXAMPLE = "Write it as s3://BUCKET/FOLDER, https://HOST/PATH or sftp://USER@HOST/PATH."


def is_address(text: str) -> bool:
    """Whether it is written as one, of whatever kind: `checked` says whether it can be used."""
    return "://" in text and _BEGINNING.match(text) is not None


def checked(address: str) -> str:
    """The one way of writing it.

    Raises ImageError for other kinds, where it holds a password or a key, for hosts that are asked
    for a machine's own secrets, and for what no server should be asked.
    """
    kind, _, rest = address.strip().partition("://")
    kind = _ALSO.get(kind.lower(), kind.lower())
    if kind not in KINDS:
        raise ImageError(
            f"Images are not fetched from addresses that begin with {kind[:40]}://.",
            kept="Nothing was fetched.",
            remedy=f"{_EXAMPLE} Files of this machine are named by their paths.",
        )
    if re.search(r"::\w*://", rest):
        raise _none("It chains several addresses.")
    authority, _, path = rest.partition("/")
    if any(not sign.isprintable() or sign == "\\" for sign in rest) or len(rest) > _LONGEST:
        raise _none("It is too long, or holds signs that no address has.")
    authority = _checked_authority(kind, authority)
    query = ""
    if kind in ("http", "https"):
        path, _, query = path.partition("#")[0].partition("?")
        if any(name.lower() in _SECRETS for name, _ in parse_qsl(query, keep_blank_values=True)):
            raise _secret("a key or a signature")
        path = quote(path, safe="/%:@!$&'()*+,;=~")
        query = quote(query, safe="/%:@!$&'()*+,;=~?")
    names = [unquote(name) if kind != "s3" else name for name in path.split("/")]
    if any(name in (".", "..") or "\0" in name for name in names):
        raise _none("It has a . or .. in its path.")
    whole = f"{kind}://{authority}/{path}" + (f"?{query}" if query else "")
    if any(len(os.fsencode(name)) > _LONGEST_NAME for name in _names(whole)):
        raise _none("A name in it is too long for a file.")
    return whole


def _checked_authority(kind: str, authority: str) -> str:
    user, at, host = authority.rpartition("@")
    if ":" in user or (at and kind != "sftp"):
        raise _secret("a user's name or password")
    if kind == "s3":
        if not _BUCKET.fullmatch(host):
            raise _none("It names no bucket.")
        return host
    host = host.lower()
    if not _HOST.fullmatch(host) or (user and not _BUCKET.fullmatch(user)):
        raise _none("It names no host.")
    name = re.sub(r":\d+$", "", host).strip("[]")
    if name in _METADATA or is_own(name):
        raise ImageError(
            f"{host} is an address at which machines tell their own secrets.",
            kept="Nothing was fetched.",
            remedy="No image lies there: correct the address.",
        )
    return f"{user}{at}{host}"


def is_own(host: str) -> bool:
    """Whether it is the number of a host that only this machine's own network segment has."""
    try:
        number = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    number = getattr(number, "ipv4_mapped", None) or number
    return number.is_link_local or number.is_unspecified or number.is_multicast


def source_name(address: str) -> str:
    """What is confirmed by a person, and what fails as a whole: s3://BUCKET, https://HOST."""
    kind, _, rest = address.partition("://")
    return f"{kind}://{rest.partition('/')[0]}"


def cache_folder() -> Path:
    """$LANDMARK_CACHE, or the usual place of this user's caches."""
    return _cache_folder(*map(os.environ.get, ("LANDMARK_CACHE", "XDG_CACHE_HOME", "HOME")))


@lru_cache(maxsize=4)
def _cache_folder(told: str | None, *_usual: str | None) -> Path:
    """Asked for at every image of a list."""
    if told:
        return Path(told).absolute()
    return platformdirs.user_cache_path("landmark-annotator", appauthor=False) / "remote"


def place_of(address: str) -> Path:
    """Where its copy lies if there is one. address: as `checked` gives it."""
    return cache_folder().joinpath("images", *_names(address))


def address_of(path: Path) -> str | None:
    """The inverse of `place_of`; None of any other path."""
    if not str(path).startswith(str(cache_folder())):
        return None
    try:
        kind, authority, *names = path.relative_to(cache_folder() / "images").parts
    except ValueError:
        return None
    decoded = [unquote(name) if name != "%" else "" for name in names]
    try:
        return checked(f"{kind}://{unquote(authority)}/{'/'.join(decoded)}")
    except ImageError:
        return None


def shown(path: Path) -> str:
    """For people and scripts: the address of an image elsewhere, else the path."""
    return address_of(path) or str(path)


def _names(address: str) -> list[str]:
    """Of the folders and the file below that of all copies."""
    kind, _, rest = address.partition("://")
    authority, _, path = rest.partition("/")
    names = path.rstrip("/").split("/") if path.rstrip("/") else []
    return [kind, _encoded(authority), *(_encoded(name) for name in names)]


def _encoded(name: str) -> str:
    """No two names become one; none of them is a name that a disk cannot have."""
    if not name:
        return "%"
    end = name[-1]
    encoded = quote(name, safe=_PLAIN)
    return f"{encoded[:-1]}%{ord(end):02X}" if end in ". " else encoded


def _none(why: str) -> ImageError:
    return ImageError(
        f"This is not the address of an image. {why}", kept="It was not stored.", remedy=_EXAMPLE
    )


def _secret(what: str) -> ImageError:
    # The address is not told again: a terminal, a log or a report would keep the secret.
    return ImageError(
        f"The address holds {what}, and an address is kept in files and shown in messages.",
        kept="It was not stored.",
        remedy="Leave it out. Credentials are read from the usual places: ~/.aws and AWS_* for s3, "
        "~/.netrc for https, ~/.ssh for sftp.",
    )
