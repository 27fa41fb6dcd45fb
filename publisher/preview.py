"""Built files to a server on this machine that answers as the published show will."""

from __future__ import annotations

import re
import socketserver
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from publisher.errors import SurroundingsError
from publisher.files import digest_file

ADDRESS = "127.0.0.1"
_CHUNK_BYTES = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE)
_ETAG = re.compile(r'(?:W/)?("[^"]*")')
_TEXTS = ("text/", "application/rss+xml", "application/json", "application/xml", "image/svg+xml")


class Served(Protocol):
    """A file and the media type to serve it as; an Artifact is one."""

    @property
    def path(self) -> Path:
        """Where the bytes are."""
        ...

    @property
    def content_type(self) -> str:
        """Media type, with its character set if it is text."""
        ...


def serve(artifacts: Mapping[str, Served], base_url: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Serve artifacts by key until interrupted; only this machine can reach them.

    Feed, pages and other texts name the server where they named `base_url`. Port 0 takes a free one;
    `on_ready` is told the address.

    Raises:
        SurroundingsError: the port is taken or not allowed.
    """
    with open_server(artifacts, base_url, port) as server:
        on_ready(server.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return  # the usual way to end a preview


def open_server(artifacts: Mapping[str, Served], base_url: str, port: int) -> PreviewServer:
    """Bind the server; `serve_forever` starts it, and closing it frees the port.

    Raises:
        SurroundingsError: the port is taken or not allowed.
    """
    try:
        return PreviewServer(artifacts, base_url, port)
    except (OSError, OverflowError) as error:
        raise SurroundingsError(
            f"the preview cannot use port {port}: {getattr(error, 'strerror', None) or error}",
            hint="choose another one with --port, or --port 0 for any that is free",
        ) from error


class PreviewServer(ThreadingHTTPServer):
    """A read-only server of a fixed set of files, bound to the loopback address."""

    daemon_threads = True

    def __init__(self, artifacts: Mapping[str, Served], base_url: str, port: int) -> None:
        self.artifacts = artifacts
        self.base_url = base_url.encode()
        self.known_digests: dict[tuple[str, int, int], str] = {}
        super().__init__((ADDRESS, port), _Handler)
        bound = self.server_address[1]
        self.url = f"http://{ADDRESS}:{bound}/"
        self.hosts = {f"{name}:{bound}" for name in (ADDRESS, "localhost")}
        if bound == 80:
            self.hosts |= {ADDRESS, "localhost"}

    def server_bind(self) -> None:
        """Bind without asking a name server who we are."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = ADDRESS, int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a player hangs up in the middle, as players do; anything else is a bug."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed's private alias

    def read(self, key: str, host: str) -> _Body | None:
        """Return what is served for a key, or nothing when there is no such file."""
        artifact = self.artifacts.get(key)
        if artifact is None:
            return None
        try:
            if artifact.content_type.startswith(_TEXTS):
                data = artifact.path.read_bytes().replace(self.base_url, f"http://{host}/".encode())
                return _Body(artifact.content_type, len(data), sha256(data).hexdigest(), data)
            state = artifact.path.stat()
            stamp = (str(artifact.path), state.st_size, state.st_mtime_ns)
            digest = self.known_digests.get(stamp) or digest_file(artifact.path)
        except OSError:
            return None
        self.known_digests[stamp] = digest
        return _Body(artifact.content_type, state.st_size, digest, artifact.path)


@dataclass(frozen=True, slots=True)
class _Body:
    """What is served: text in memory, or a file that is read as it is sent."""

    content_type: str
    size: int
    digest: str
    content: bytes | Path

    @property
    def etag(self) -> str:
        return f'"{self.digest[:32]}"'


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection; RFC 9110, sections 9.3, 13.1 and 14."""

    server: PreviewServer
    protocol_version = "HTTP/1.1"
    server_version = "publisher"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        body = self._find()
        if body is None:
            return
        if self._is_known(body):
            self._head(HTTPStatus.NOT_MODIFIED, body)
            return
        wanted = self._range(body)
        if wanted is None:
            self._head(HTTPStatus.OK, body, body.size)
            self._send(body, range(body.size))
        elif not wanted:
            self._head(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, body, 0, f"bytes */{body.size}")
        else:
            span = f"bytes {wanted.start}-{wanted.stop - 1}/{body.size}"
            self._head(HTTPStatus.PARTIAL_CONTENT, body, len(wanted), span)
            self._send(body, wanted)

    def do_HEAD(self) -> None:
        body = self._find()
        if body is not None and self._is_known(body):
            self._head(HTTPStatus.NOT_MODIFIED, body)
        elif body is not None:
            self._head(HTTPStatus.OK, body, body.size)

    def _refuse_method(self) -> None:
        self.close_connection = True  # a body may follow that nobody reads
        self._say(HTTPStatus.METHOD_NOT_ALLOWED, "this server only reads", allow="GET, HEAD")

    # The library calls a method by the verb of the request.
    do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_TRACE = do_CONNECT = _refuse_method  # noqa: N815

    def _find(self) -> _Body | None:
        """Look up what was asked for among the built files: a path is a key, never a path on the disk."""
        hosts = self.headers.get_all("Host", [])
        host = hosts[0].strip().lower() if len(hosts) == 1 else ""
        if host not in self.server.hosts:
            self.close_connection = True
            self._say(HTTPStatus.MISDIRECTED_REQUEST, f"this server is {self.server.url} and nothing else")
            return None
        try:
            key = unquote(urlsplit(self.path).path, errors="strict").removeprefix("/")
        except ValueError:
            key = "?"
        body = self.server.read(key or "index.html", host)
        if body is None:
            self._say(HTTPStatus.NOT_FOUND, "there is no such file in this show")
        return body

    def _is_known(self, body: _Body) -> bool:
        known = self.headers.get("If-None-Match", "")
        return known.strip() == "*" or body.etag in _ETAG.findall(known)

    def _range(self, body: _Body) -> range | None:
        """Return the bytes asked for, or nothing to send the whole, as for several ranges at once."""
        match = _RANGE.fullmatch(self.headers.get("Range", "").strip())
        if not match or match.groups() == ("", ""):
            return None
        if self.headers.get("If-Range", body.etag).strip() != body.etag:
            return None
        first, last = match.groups()
        if not first:
            return range(max(body.size - int(last), 0), body.size)
        if last and int(last) < int(first):
            return None
        return range(int(first), min(int(last) + 1, body.size) if last else body.size)

    def _head(self, status: HTTPStatus, body: _Body, length: int | None = None, span: str = "") -> None:
        self.send_response(status)
        self.send_header("ETag", body.etag)
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("X-Content-Type-Options", "nosniff")
        if span:
            self.send_header("Content-Range", span)
        if length is not None:
            self.send_header("Content-Type", body.content_type)
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def _send(self, body: _Body, wanted: range) -> None:
        if isinstance(body.content, bytes):
            self.wfile.write(body.content[wanted.start : wanted.stop])
            return
        length = len(wanted)
        with body.content.open("rb") as handle:
            handle.seek(wanted.start)
            while length > 0 and (chunk := handle.read(min(_CHUNK_BYTES, length))):
                self.wfile.write(chunk)
                length -= len(chunk)
        if length:  # the file shrank meanwhile: what is missing must not be taken for the next answer
            self.close_connection = True

    def _say(self, status: HTTPStatus, text: str, *, allow: str = "") -> None:
        data = f"{text}\n".encode()
        self.send_response(status)
        if allow:
            self.send_header("Allow", allow)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Keep quiet: the terminal belongs to the command's own words."""
