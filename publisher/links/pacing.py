"""Many questions to many servers to their answers: one at a time a server, many servers at once."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

MOST_SERVERS_AT_ONCE = 64
_LOOK_UP_S = 0.2

_Question = TypeVar("_Question", bound=Hashable)
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Done(Generic[_Result]):
    """A question that is settled."""

    result: _Result


@dataclass(frozen=True, slots=True)
class Again(Generic[_Question]):
    """A question to ask instead, after a while; `rests_server` if the server wants quiet till then."""

    question: _Question
    after_s: float = 0.0
    rests_server: bool = False


Ask = Callable[[_Question], Done[_Result] | Again[_Question]]


@dataclass(slots=True)
class _Server(Generic[_Question]):
    """The questions to one server, each with the time from which it may be asked, first come first."""

    waiting: list[tuple[float, int, _Question]] = field(default_factory=list)
    rests_until: float = 0.0


class _Work(Generic[_Question, _Result]):
    """What is left to ask; the threads share it."""

    def __init__(self, ask: Ask[_Question, _Result], server_of: Callable[[_Question], str]) -> None:
        self.ask = ask
        self.server_of = server_of
        self.changed = threading.Condition()
        self.servers: dict[str, _Server[_Question]] = {}
        self.free: list[tuple[float, int, int, str]] = []
        self.busy: set[str] = set()
        self.listed: set[str] = set()
        self.results: list[_Result] = []
        self.count = 0
        self.unsettled = 0
        self.is_stopped = False

    def put(self, question: _Question, from_s: float = 0.0) -> None:
        name = self.server_of(question)
        server = self.servers.setdefault(name, _Server())
        self.count += 1
        heapq.heappush(server.waiting, (from_s, self.count, question))
        self.offer(name)

    def offer(self, name: str) -> None:
        """List a server that is free: those that may be asked now first, of these the busiest."""
        server = self.servers[name]
        if name in self.busy or name in self.listed or not server.waiting:
            return
        from_s = max(server.waiting[0][0], server.rests_until)
        from_s = from_s if from_s > time.monotonic() else 0.0
        self.count += 1
        self.listed.add(name)
        heapq.heappush(self.free, (from_s, -len(server.waiting), self.count, name))
        self.changed.notify()

    def take(self) -> tuple[str, _Question] | None:
        """Wait for a question that may be asked now; nothing when all is settled."""
        while self.unsettled and not self.is_stopped:
            wait_s = _LOOK_UP_S
            if self.free:
                wait_s = self.free[0][0] - time.monotonic()
                if wait_s <= 0:
                    *_, name = heapq.heappop(self.free)
                    self.listed.discard(name)
                    self.busy.add(name)
                    return name, heapq.heappop(self.servers[name].waiting)[2]
            self.changed.wait(min(wait_s, _LOOK_UP_S))
        return None

    def settle(self, name: str, answer: Done[_Result] | Again[_Question]) -> None:
        self.busy.discard(name)
        if isinstance(answer, Done):
            self.results.append(answer.result)
            self.unsettled -= 1
        else:
            from_s = time.monotonic() + answer.after_s if answer.after_s else 0.0
            if answer.rests_server:
                self.servers[name].rests_until = max(self.servers[name].rests_until, from_s)
            self.put(answer.question, from_s)
        self.offer(name)
        self.changed.notify_all()

    def run(self) -> None:
        """Ask until nothing is left."""
        while True:
            with self.changed:
                taken = self.take()
            if taken is None:
                return
            name, question = taken
            is_answered = False
            try:
                answer = self.ask(question)
                is_answered = True
            finally:
                if not is_answered:  # a bug, which the thread tells of itself
                    self.is_stopped = True
            with self.changed:
                self.settle(name, answer)


def ask_politely(
    questions: Iterable[_Question],
    ask: Ask[_Question, _Result],
    server_of: Callable[[_Question], str],
    advance: Callable[[int], object] = lambda _count: None,
) -> list[_Result]:
    """Settle every question; `advance` is told how many more are. The order of the results means nothing."""
    work = _Work(ask, server_of)
    with work.changed:
        for question in questions:
            work.unsettled += 1
            work.put(question)
    threads = [
        threading.Thread(target=work.run, daemon=True)
        for _ in range(min(MOST_SERVERS_AT_ONCE, max(work.unsettled, 1)))
    ]
    for thread in threads:
        thread.start()
    told = 0
    try:
        while any(thread.is_alive() for thread in threads):
            with work.changed:
                if work.unsettled and not work.is_stopped:
                    work.changed.wait(_LOOK_UP_S)
                settled = len(work.results)
            if settled > told:
                advance(settled - told)
                told = settled
            if not work.unsettled or work.is_stopped:
                for thread in threads:
                    thread.join()
    finally:
        work.is_stopped = True  # an interrupted person does not wait for servers
    if work.unsettled:
        raise RuntimeError("asking stopped before all was settled")
    return work.results
