"""A server's address to one on which connections break in a chosen way, one mode after another."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Sequence
from contextlib import suppress

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER 0: close with RST
_CHUNK = 65_536


class FaultProxy:
    """Each new connection takes the next mode; the last one stays.

    `pass`; `refuse`: reset at once; `cut:N`: end after N bytes of the request; `drop`: the server does its
    work, the answer is lost; `cut_down:N`: end after N bytes of the answer.
    """

    def __init__(self, port: int, modes: Sequence[str]) -> None:
        self._server = ("127.0.0.1", port)
        self._modes = list(modes)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            mode = self._modes[min(self.connections, len(self._modes) - 1)]
            self.connections += 1
            threading.Thread(target=self._serve, args=(client, mode), daemon=True).start()

    def _serve(self, client: socket.socket, mode: str) -> None:
        name, _, number = mode.partition(":")
        if name == "refuse":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            client.close()
            return
        server = socket.create_connection(self._server)
        both = (client, server)
        up = int(number) if name == "cut" else None
        down = int(number) if name == "cut_down" else 0 if name == "drop" else None
        thread = threading.Thread(target=_pump, args=(client, server, up, both), daemon=True)
        thread.start()
        _pump(server, client, down, both)
        thread.join(5)
        for end in both:
            end.close()


def _pump(
    source: socket.socket, sink: socket.socket, limit: int | None, both: tuple[socket.socket, socket.socket]
) -> None:
    passed = 0
    with suppress(OSError):
        while chunk := source.recv(_CHUNK):
            if chunk.startswith(b"HTTP/1.1 100") and chunk.count(b"HTTP/1.1") == 1:
                sink.sendall(chunk)  # without it the request's body never comes
                continue
            if limit is not None and passed + len(chunk) > limit:
                sink.sendall(chunk[: limit - passed])
                break
            passed += len(chunk)
            sink.sendall(chunk)
        else:
            sink.shutdown(socket.SHUT_WR)
            return
    for end in both:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
