"""Turn several pipes from a running process into one series of what comes out of them."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Iterator, Sequence

_PIECE_BYTES = 16 * 1024  # each thread keeps what it once took of memory
_WAITING_PIECES = 64  # a process that writes faster than it is listened to has to wait


class Pipes:
    """Listens to pipes, each in a thread of its own, so that none of them can block another one."""

    def __init__(self, descriptors: Sequence[int]) -> None:
        """Begin to listen."""
        self._pieces: queue.Queue[tuple[int, bytes]] = queue.Queue(maxsize=_WAITING_PIECES)
        self._threads = [
            threading.Thread(target=self._listen, args=(descriptor,), daemon=True)
            for descriptor in descriptors
        ]
        for thread in self._threads:
            thread.start()

    def pieces(self, stall_seconds: float) -> Iterator[tuple[int, bytes]]:
        """Yield which pipe spoke, with what it said, until all of them are closed.

        Raises:
            TimeoutError: none of them spoke for so long.
        """
        still_open = len(self._threads)
        while still_open:
            try:
                descriptor, piece = self._pieces.get(timeout=stall_seconds)
            except queue.Empty as error:
                raise TimeoutError from error
            if piece:
                yield descriptor, piece
            else:
                still_open -= 1

    def join(self) -> None:
        """Wait for the threads to end; the other ends of the pipes have to be closed by then."""
        for thread in self._threads:
            while thread.is_alive():
                while not self._pieces.empty():
                    self._pieces.get_nowait()
                thread.join(0.01)

    def _listen(self, descriptor: int) -> None:
        piece = b"-"
        while piece:
            piece = os.read(descriptor, _PIECE_BYTES)
            self._pieces.put((descriptor, piece))
