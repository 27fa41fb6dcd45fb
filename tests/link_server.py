"""A web server with every kind of answer, good and bad, and one that counts who asks at the same time."""

from __future__ import annotations

import contextlib
import re
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Reply = bytes | Callable[["Handler"], None]


@dataclass
class Log:
    """What one server saw: every request, and how many it had to answer at the same time."""

    requests: list[str] = field(default_factory=list)
    open: int = 0
    most_open: int = 0
    first_s: float = 0.0
    last_s: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Handler(socketserver.StreamRequestHandler):
    """Reads one request and gives the reply that belongs to its path."""

    server: Server
    head: str
    is_open = False

    def handle(self) -> None:
        lines = []
        with contextlib.suppress(OSError):
            if self.connection.recv(1, socket.MSG_PEEK) == b"\x16":  # somebody starts to speak TLS
                self.wfile.write(b"HTTP/1.1 400 Speak plainly\r\n\r\n")
                return
            while (line := self.rfile.readline(65_536)) not in (b"\r\n", b"\n", b""):
                lines.append(line.decode("latin-1"))
        if not lines or " " not in lines[0]:
            return
        self.head = "".join(lines)
        log = self.server.log
        with log.lock:
            log.requests.append(self.head)
            log.open += 1
            self.is_open = True
            log.most_open = max(log.most_open, log.open)
            log.first_s = log.first_s or time.monotonic()
        try:
            reply = self.server.replies.get(self.head.split(" ")[1], answer("404 Not Found"))
            with contextlib.suppress(OSError):
                if callable(reply):
                    reply(self)
                else:
                    self.end_with(reply)
        finally:
            self.close_account()

    def end_with(self, data: bytes) -> None:
        """Write the last bytes; whoever has them may ask again, so the account is closed before."""
        self.close_account()
        self.wfile.write(data)

    def close_account(self) -> None:
        """Count this request as answered."""
        if self.is_open:
            self.is_open = False
            with self.server.log.lock:
                self.server.log.open -= 1
                self.server.log.last_s = time.monotonic()

    def header(self, name: str) -> str:
        found = re.search(rf"(?im)^{name}: *(.*?)\r?$", self.head)
        return found[1] if found else ""


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False
    request_queue_size = 50

    def __init__(self, host: str, port: int, replies: Mapping[str, Reply]) -> None:
        super().__init__((host, port), Handler)
        self.replies = replies
        self.log = Log()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet when somebody hangs up."""


@contextmanager
def serving(replies: dict[str, Reply], host: str = "127.0.0.1", port: int = 0) -> Iterator[Server]:
    with Server(host, port, replies) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def answer(status: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


PAGE = answer("200 OK", "Content-Type: text/html; charset=utf-8", body=b"<p>Hello</p>")


def to(status: str, location: str) -> bytes:
    return answer(status, f"Location: {location}")


def endless(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        handler.wfile.write(b"x" * 65_536)


def silent(handler: Handler) -> None:
    handler.rfile.read(1)


def dripping(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
    for _ in range(200):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def slow_but_fine(handler: Handler) -> None:
    time.sleep(0.3)
    handler.wfile.write(PAGE)


def once(first: bytes, then: bytes) -> Callable[[Handler], None]:
    """Give one answer the first time, and another from then on."""
    left = [first]
    return lambda handler: handler.end_with(left.pop() if left else then)


def only_if_changed(handler: Handler) -> None:
    """Answer 304 to a conditional request."""
    is_known = handler.header("If-None-Match") == '"one"'
    page = answer("200 OK", 'ETag: "one"', "Content-Type: text/html", body=b"<p>1</p>")
    handler.wfile.write(answer("304 Not Modified", 'ETag: "one"') if is_known else page)
