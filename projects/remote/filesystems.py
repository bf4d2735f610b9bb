"""What fsspec opens, as carefully as addresses that others wrote ask for.

One file system a host and process. Credentials come from where these libraries look for them;
none passes through here.
"""

import ipaddress
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landmark_annotator.projects.remote.addresses import is_own, source_name
from landmark_annotator.projects.vocabulary.errors import MissingPackage

CONNECT_S = 10
IDLE_S = 20
"""Seconds without a byte."""
_PACKAGES = {"s3": "s3fs", "http": "aiohttp", "https": "aiohttp", "sftp": "paramiko"}


class Refused(Exception):
    """A server sent us where we do not go."""


class UnknownHost(Exception):
    """An SSH server that nobody has said to be the right one."""


@dataclass(frozen=True)
class Opened:
    """system: of fsspec. path: of the address in it. one: a lock, held while it is used, where it
    serves one at a time."""

    system: Any
    path: str
    one: Any = None


_opened: dict[tuple[int, str], tuple[Any, Any]] = {}
_without_credentials: set[str] = set()
_opening = threading.Lock()


def opened(address: str) -> Opened:
    """address: as `checked` gives it. Raises MissingPackage, and whatever the library raises."""
    source = source_name(address)
    kind, _, rest = address.partition("://")
    key = _key(source)
    with _opening:
        if key not in _opened:
            try:
                _opened[key] = _open(kind, source)
            except ImportError as error:
                raise MissingPackage(
                    f"{source} cannot be read: the package {_PACKAGES[kind]} is not installed.",
                    kept="Nothing was fetched.",
                    remedy="Install it: pip install 'landmark-annotator[remote]'.",
                ) from error
        system, one = _opened[key]
    if kind == "s3":
        return Opened(system, rest.rstrip("/"), one)
    if kind == "sftp":
        return Opened(system, f"/{rest.partition('/')[2]}", one)
    return Opened(system, address, one)


def forget(address: str) -> None:
    """It connects anew next time."""
    with _opening:
        _opened.pop(_key(source_name(address)), None)


def _key(source: str) -> tuple[int, str]:
    """All buckets are asked by one client, or by that of anybody."""
    if source.startswith("s3://"):
        source = "s3 by anybody" if source in _without_credentials else "s3"
    return os.getpid(), source


def ask_as_anybody(address: str) -> bool:
    """From now on its bucket is asked without credentials. Whether that is new."""
    source = source_name(address)
    if not source.startswith("s3://") or source in _without_credentials:
        return False
    forget(address)  # the next who asks may have credentials
    _without_credentials.add(source)
    return True


def asked_as_anybody(address: str) -> bool:
    """Whether it was asked without credentials; it is asked with some the next time."""
    source = source_name(address)
    if source not in _without_credentials:
        return False
    _without_credentials.discard(source)
    return True


def _open(kind: str, source: str) -> tuple[Any, Any]:
    if kind == "s3":
        return _s3(source in _without_credentials), None
    if kind == "sftp":
        return _sftp(source.partition("://")[2]), threading.Lock()
    return _http(source.partition("://")[2]), None


def _s3(anonymous: bool) -> Any:
    import s3fs

    system = s3fs.S3FileSystem(
        anon=anonymous,
        use_listings_cache=False,
        skip_instance_cache=True,
        max_concurrency=1,
        config_kwargs={
            "connect_timeout": CONNECT_S,
            "read_timeout": IDLE_S,
            "retries": {"max_attempts": 1},
        },
    )
    system.retries = 1  # there is one place that tries again, with one limit
    return system


def _http(authority: str) -> Any:
    import aiohttp
    from fsspec.implementations.http import HTTPFileSystem

    guard = _guard(aiohttp, authority)

    async def client(**_: Any) -> Any:
        trace = aiohttp.TraceConfig()
        trace.on_request_redirect.append(guard.redirected)
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=guard),
            trace_configs=[trace],
            trust_env=True,  # the institute's proxy, and ~/.netrc
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Accept-Encoding": "identity"},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=IDLE_S),
        )

    return HTTPFileSystem(
        get_client=client,
        encoded=True,
        simple_links=False,
        use_listings_cache=False,
        skip_instance_cache=True,
    )


def _guard(aiohttp: Any, authority: str) -> Any:
    class Guard(aiohttp.abc.AbstractResolver):  # type: ignore[misc]
        """Looks up hosts, and follows a server to public ones alone: it could send us to what only
        this machine, or its network, may ask."""

        def __init__(self) -> None:
            self.confirmed = aiohttp.client.URL(f"http://{authority}").host
            self.foreign = set[str]()
            self.names: Any = None

        async def redirected(self, session: Any, context: Any, found: Any) -> None:
            headers = found.response.headers
            to = found.url.join(
                aiohttp.client.URL(headers.get("Location") or headers.get("URI") or "")
            )
            if to.scheme not in ("http", "https") or (found.url.scheme, to.scheme) == (
                "https",
                "http",
            ):
                raise Refused(f"to an address of the kind {to.scheme}://")
            if to.host == self.confirmed:
                return
            self.foreign.add(to.host)
            try:
                number = ipaddress.ip_address(to.host)
            except ValueError:
                return  # its name is looked up below
            if not number.is_global:
                raise Refused(f"to {to.host}, which is no public address")

        async def resolve(self, host: str, *args: Any, **kwargs: Any) -> Any:
            self.names = self.names or aiohttp.ThreadedResolver()
            found = await self.names.resolve(host, *args, **kwargs)
            for one in found:
                number = ipaddress.ip_address(one["host"].partition("%")[0])
                if is_own(str(number)) or (host in self.foreign and not number.is_global):
                    raise Refused(f"to {host}, which is no public address")
            return found

        async def close(self) -> None:
            if self.names is not None:
                await self.names.close()

    return Guard()


def _sftp(authority: str) -> Any:
    import paramiko
    from fsspec.implementations.sftp import SFTPFileSystem

    user, _, place = authority.rpartition("@")
    name, _, port = place.partition(":")
    if place.startswith("["):  # the number of a host, with colons of its own
        name, _, port = place[1:].replace("]:", "]").partition("]")
    settings = _ssh_settings(paramiko, name)
    own: dict[str, Any] = {
        "port": int(port or settings.get("port", 22)),
        "username": user or settings.get("user"),
        "key_filename": settings.get("identityfile"),
    }

    class KnownHosts(SFTPFileSystem):  # type: ignore[misc]
        """Of fsspec, whose own believes whatever host answers."""

        def _connect(self) -> None:
            self.client = paramiko.SSHClient()
            self.client.load_system_host_keys()
            self.client.set_missing_host_key_policy(_Reject())
            limits = dict.fromkeys(("timeout", "banner_timeout", "auth_timeout"), CONNECT_S)
            self.client.connect(settings.get("hostname", name), **own, **limits)
            self.ftp = self.client.open_sftp()
            self.ftp.get_channel().settimeout(IDLE_S)

    class _Reject(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
        def missing_host_key(self, client: Any, hostname: str, key: Any) -> None:
            raise UnknownHost(hostname)

    return KnownHosts(name, skip_instance_cache=True, use_listings_cache=False)


def _ssh_settings(paramiko: Any, host: str) -> dict[str, Any]:
    try:
        config = paramiko.SSHConfig.from_path(str(Path("~/.ssh/config").expanduser()))
    except (OSError, paramiko.ConfigParseError):
        return {}
    return dict(config.lookup(host))
