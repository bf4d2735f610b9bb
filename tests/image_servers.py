"""Servers of images that tests start themselves: one that speaks S3, one of HTTP that misbehaves,
one of SSH."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from typing_extensions import override


@dataclass
class Page:
    """What is answered: after `failures` times of `status`, the content, of which only `cut` bytes
    come where that is given. to: a redirect. endless: bytes come slowly and never stop."""

    content: bytes = b""
    kind: str = "image/png"
    status: int = 503
    failures: int = 0
    cut: int | None = None
    to: str | None = None
    endless: bool = False
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class WebServer:
    """asked: (method, path) of all requests."""

    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def downloads(self, path: str) -> int:
        return self.asked.count(("GET", path))


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5

    def __init__(self, server: WebServer, *arguments: Any) -> None:
        self.of = server
        super().__init__(*arguments)

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, body: bool) -> None:
        self.of.asked.append((self.command, self.path))
        page = self.of.pages.get(self.path)
        if page is None:
            self._begin(404, {"Content-Length": "0"})
            return
        if page.failures:
            page.failures -= body
            self._begin(page.status, {"Content-Length": "0"})
        elif page.to is not None:
            self._begin(302, {"Location": page.to, "Content-Length": "0"})
        elif page.endless:
            self._begin(200, {"Content-Type": page.kind, "Connection": "close"})
            self.close_connection = True
            while body and not self.of.stopped.wait(0.02):
                self.wfile.write(b"x" * 100)
        else:
            length = str(len(page.content))
            self._begin(200, {"Content-Type": page.kind, "Content-Length": length, **page.headers})
            if body:
                self.wfile.write(page.content[: page.cut])
            self.close_connection |= page.cut is not None

    def _begin(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    @override
    def log_message(self, *_: Any) -> None:
        pass

    @override
    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True


@contextmanager
def web_server() -> Iterator[WebServer]:
    said = WebServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Answers, said))  # type: ignore[arg-type]
    server.daemon_threads = True
    said.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield said
    finally:
        said.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def s3_server() -> Iterator[str]:
    """moto's, in a thread: its address."""
    import logging

    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def ssh_server_class() -> Any:
    """Of paramiko, which is loaded only here. Serves one folder over SFTP, to whoever has a key."""
    import paramiko

    class Handle(paramiko.SFTPHandle):
        @override
        def stat(self) -> Any:
            return paramiko.SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))  # type: ignore[attr-defined]

    class Folder(paramiko.SFTPServerInterface):
        root: ClassVar[Path]

        def _path(self, path: str) -> Path:
            return self.root / self.canonicalize(path).lstrip("/")

        @override
        def list_folder(self, path: str) -> Any:
            found = []
            for file in sorted(self._path(path).iterdir()):
                facts = paramiko.SFTPAttributes.from_stat(file.stat())
                facts.filename = file.name
                found.append(facts)
            return found

        @override
        def stat(self, path: str) -> Any:
            try:
                return paramiko.SFTPAttributes.from_stat(self._path(path).stat())
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno or 0)

        lstat = stat

        @override
        def open(self, path: str, flags: int, attr: Any) -> Any:
            handle = Handle(flags)
            try:
                handle.readfile = self._path(path).open("rb")  # type: ignore[attr-defined]
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno or 0)
            return handle

    class Door(paramiko.ServerInterface):
        @override
        def check_auth_publickey(self, username: str, key: Any) -> int:
            return paramiko.AUTH_SUCCESSFUL

        @override
        def get_allowed_auths(self, username: str) -> str:
            return "publickey"

        @override
        def check_channel_request(self, kind: str, chanid: int) -> int:
            return paramiko.OPEN_SUCCEEDED

    return paramiko, Folder, Door


@contextmanager
def ssh_server(folder: Path, key: Any) -> Iterator[int]:
    """key: of the host. Its port."""
    paramiko, files, door = ssh_server_class()
    files.root = folder
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.1)
    ended = threading.Event()
    transports: list[Any] = []

    def serve() -> None:
        while not ended.is_set():
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            transport = paramiko.Transport(connection)
            transport.add_server_key(key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, files)
            transport.start_server(server=door())
            transports.append(transport)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        ended.set()
        thread.join()
        for transport in transports:
            transport.close()
        listening.close()
