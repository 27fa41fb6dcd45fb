"""A store's address to one in front of it where a chosen request goes wrong in a chosen way or is refused."""

from __future__ import annotations

import http.client
import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, get_args

Kind = Literal["cut", "stall", "slow", "503", "403-expired", "lost answer", "flipped bit", "refused"]
KINDS: tuple[Kind, ...] = get_args(Kind)

STALL_SECONDS = 1.0  # longer than a client waits that is told to wait less
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER 0: close with RST
_ANSWERS = {"503": (503, "SlowDown"), "403-expired": (403, "ExpiredToken")}
_HOP = {"connection", "transfer-encoding", "keep-alive", "content-length"}


@dataclass
class Faults:
    """What goes wrong: `kind`, at request number `first` from 1, and at all behind it where it `stays`.

    Every request whose query begins with a word of `refused` gets the status and error code that stand there.
    """

    port: int = 0
    kind: Kind = "503"
    first: int = 0
    stays: bool = False
    seen: int = 0
    refused: dict[str, tuple[int, str]] = field(default_factory=dict)
    _mutex: threading.Lock = field(default_factory=threading.Lock)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def begin(self, kind: Kind, first: int, *, stays: bool) -> None:
        """Count from here; 0 is a request that never comes."""
        with self._mutex:
            self.kind, self.first, self.stays, self.seen = kind, first, stays, 0

    def is_next(self) -> bool:
        """Count a request, and tell whether it is to go wrong."""
        with self._mutex:
            self.seen += 1
            return bool(self.first) and (self.seen == self.first or (self.stays and self.seen > self.first))


@contextmanager
def running_faults(server_port: int) -> Iterator[Faults]:
    """Run in front of the server at this port."""
    faults = Faults()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            kind = faults.kind if faults.is_next() else None
            if kind == "refused":
                self._drop(reset=True)
                return
            length = int(self.headers.get("Content-Length") or 0)
            if kind == "cut":
                self.rfile.read(length // 2)
                self._drop()
                return
            body = self.rfile.read(length)
            if kind == "stall":
                time.sleep(STALL_SECONDS)
                self._drop()
            elif told := faults.refused.get(self._query) or _ANSWERS.get(kind or ""):
                status, code = told
                self._answer(status, {}, f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode())
            elif kind == "flipped bit" and body:
                self._answer(*self._ask(flipped(body)))
            else:
                status, headers, data = self._ask(body)
                if kind == "lost answer":
                    self._drop()
                    return
                if kind == "slow":
                    time.sleep(0.05)
                self._answer(status, headers, flipped(data) if kind == "flipped bit" and data else data)

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _serve  # noqa: N815 - the base class's names

        @property
        def _query(self) -> str:
            """Return the first word of the query, which tells many requests of S3 apart."""
            return re.split("[=&]", self.path.partition("?")[2])[0]

        def _ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
            connection = http.client.HTTPConnection("127.0.0.1", server_port, timeout=30)
            try:
                connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    if name.lower() != "expect":  # the body is here already
                        connection.putheader(name, value)
                connection.endheaders(body)
                answer = connection.getresponse()
                data = answer.read()
                headers = {name: value for name, value in answer.getheaders() if name.lower() not in _HOP}
                headers["Content-Length"] = answer.headers.get("Content-Length") or str(len(data))
                return answer.status, headers, data
            finally:
                connection.close()

        def _answer(self, status: int, headers: dict[str, str], data: bytes) -> None:
            self.send_response_only(status)
            for name, value in {"Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def _drop(self, *, reset: bool = False) -> None:
            self.close_connection = True
            if reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

        def handle(self) -> None:
            with suppress(OSError):  # the client has gone
                super().handle()

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the base class's name
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        faults.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield faults
        finally:
            server.shutdown()
            thread.join()


def flipped(data: bytes) -> bytes:
    """Return bytes of which one bit in the middle is another."""
    at = len(data) // 2
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
