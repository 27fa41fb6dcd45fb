"""A plain dictionary to a store that answers as told: with an error, without checksums, with damaged bytes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from publisher.model import TargetSettings


@dataclass
class StubStore:
    """What the store does; `answer` may return `(status, error code)` for a method and path, or None."""

    answer: Callable[[str, str], tuple[int, str] | None] = lambda method, path: None
    damage: bool = False
    objects: dict[str, bytes] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def target(self) -> TargetSettings:
        return TargetSettings(
            "stub", "s3://bucket/p", region="us-east-1", endpoint=f"http://127.0.0.1:{self.port}"
        )


@contextmanager
def running_stub(store: StubStore) -> Iterator[StubStore]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            method, path = self.command, self.path.partition("?")[0]
            store.log.append((method, path))
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            told = store.answer(method, path)
            if told:
                self._reply(told[0], f"<Error><Code>{told[1]}</Code><Message>no</Message></Error>".encode())
            elif method == "PUT" and "If-None-Match" in self.headers and path in store.objects:
                self._reply(412, b"<Error><Code>PreconditionFailed</Code></Error>")
            elif method == "PUT":
                store.objects[path] = body[:-1] + b"?" if store.damage else body
                self._reply(200, b"")
            elif path in store.objects:
                self._reply(200, store.objects[path])
            else:
                self._reply(404, b"<Error><Code>NoSuchKey</Code></Error>")

        do_GET = do_PUT = do_HEAD = _serve  # noqa: N815 - the base class's names

        def _reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", '"etag"')
            self.send_header("x-amz-bucket-region", "eu-west-1")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the base class's name
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        store.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield store
        finally:
            server.shutdown()
            thread.join()
