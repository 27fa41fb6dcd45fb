"""One address, redirect by redirect, to a verdict; each step asks one server once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from publisher.fetch import Answer, Asking, FetchError, Hop, fetch
from publisher.links.pacing import Again, Done
from publisher.links.verdict import LIMIT_BYTES, MOST_REDIRECTS, Verdict, judge_answer, judge_error
from publisher.reachable import ascii_host

LONGEST_REST_S = 15.0
"""How long a server may ask to be left alone before its link is left for another day."""
_RETRY_AFTER_S = 1.0
_PASSING = frozenset({"refused", "timeout", "broken", "torn", "server-error", "unknown-host"})
_QUIET = frozenset({"busy", "server-error"})


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask again with (RFC 9110, 13.1); `address` is where the answer came from."""

    address: str
    etag: str = ""
    last_modified: str = ""

    def headers_for(self, address: str) -> dict[str, str]:
        """Return the headers of a conditional request; none for another address."""
        if address != self.address:
            return {}
        told = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Question:
    """An address on its way to a verdict: `now_at` is what has to be asked next, after `hops`."""

    address: str
    promised: str
    now_at: str
    hops: tuple[Hop, ...] = ()
    tries: int = 0
    asked: int = 0
    known: tuple[Validators, Verdict] | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A verdict, how many requests it took, and what to ask with the next time."""

    address: str
    verdict: Verdict
    requests: int
    validators: Validators


Step = Done[Settled] | Again[Question]


@dataclass(frozen=True, slots=True)
class Manner:
    """How to ask: networks that a person allowed, the patience with each request, the most tries."""

    allowed: tuple[str, ...] = ()
    timeout_s: float = 10.0
    tries: int = 2


def server_of(question: Question) -> str:
    """Return the server that a question goes to, whose requests come one after the other."""
    try:
        return ascii_host(urlsplit(question.now_at).hostname or "")
    except ValueError:
        return ""


def ask(question: Question, manner: Manner) -> Step:
    """Ask the next server on the way, once."""
    question = replace(question, asked=question.asked + 1)
    headers = question.known[0].headers_for(question.now_at) if question.known else {}
    asking = Asking("GET", headers, b"", LIMIT_BYTES, manner.timeout_s, redirects=0, allowed=manner.allowed)
    try:
        answer = fetch(question.now_at, asking)
    except FetchError as error:
        return _after_error(question, error, manner)
    if answer.status == 304 and question.known and headers:
        validators, verdict = question.known
        return Done(Settled(question.address, verdict, question.asked, validators))
    verdict = judge_answer(question.address, answer, question.hops, question.promised)
    rest_s = _rest_s(answer)
    if verdict.kind in _QUIET and rest_s is not None:
        if rest_s > LONGEST_REST_S or question.tries + 1 >= manner.tries:
            said = f"its server asks to be left alone for {_duration(rest_s)} ({answer.status})"
            verdict = Verdict("busy", said, answer.status)
        else:
            return Again(replace(question, tries=question.tries + 1), rest_s, rests_server=True)
    return _settle(question, verdict, answer, manner)


def _after_error(question: Question, error: FetchError, manner: Manner) -> Step:
    """Follow a redirect, which is no error here, or tell what went wrong."""
    hops = (*question.hops, *error.hops)
    if error.kind == "redirects":
        visited = {hop.address for hop in hops}
        if error.address in visited:
            told = FetchError("loop", "", error.address, hops)
            return _settle(question, judge_error(told, hops), None, manner)
        if len(hops) <= MOST_REDIRECTS:
            return Again(replace(question, now_at=error.address, hops=hops))
    return _settle(replace(question, hops=hops), judge_error(error, hops), None, manner)


def _settle(question: Question, verdict: Verdict, answer: Answer | None, manner: Manner) -> Step:
    if verdict.kind in _PASSING and question.tries + 1 < manner.tries:
        return Again(replace(question, tries=question.tries + 1), _RETRY_AFTER_S)
    told = answer.headers if answer else {}
    validators = Validators(
        answer.address if answer else "", told.get("etag", ""), told.get("last-modified", "")
    )
    return Done(Settled(question.address, verdict, question.asked, validators))


def _rest_s(answer: Answer) -> float | None:
    """Return how long a server wants to be left alone (RFC 9110, 10.2.3): seconds, or till a time."""
    told = answer.headers.get("retry-after", "").strip()
    if told.isdecimal() and len(told) < 10:
        return float(told)
    try:
        then, now = (_moment(each) for each in (told, answer.headers.get("date", "")))
    except (ValueError, TypeError, OverflowError):
        return None
    return max((then - now).total_seconds(), 0.0)


def _moment(text: str) -> datetime:
    moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _duration(seconds: float) -> str:
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"
