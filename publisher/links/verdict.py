"""What happened when an address was asked for, to what that means for readers, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from publisher.fetch import Answer, FetchError, Hop
from publisher.resources.record import State

LIMIT_BYTES = 1_000_000
"""How much of an answer is read: enough to tell a long page from one that never ends."""
MOST_REDIRECTS = 10

Kind = Literal[
    "ok", "moved", "redirected", "document",
    "moved-home", "wrong-type", "empty", "endless", "login", "refuses-programs", "busy", "choices", "odd",
    "server-error", "refused", "timeout", "tls", "broken", "torn", "unknown-host", "loop",
    "missing", "gone", "legal", "client-error", "redirects", "nowhere", "private", "address", "scheme",
]  # fmt: skip
_STATES: Mapping[State, tuple[Kind, ...]] = {
    "works": ("ok", "redirected", "document"),
    "moved": ("moved",),
    "unsure": (
        "moved-home", "wrong-type", "empty", "endless", "login", "refuses-programs", "busy", "choices", "odd",
    ),
    "failed": ("server-error", "refused", "timeout", "tls", "broken", "torn", "unknown-host", "loop"),
    "dead": (
        "missing", "gone", "legal", "client-error", "redirects", "nowhere", "private", "address", "scheme",
    ),
}  # fmt: skip
STATE_OF: Mapping[Kind, State] = {kind: state for state, kinds in _STATES.items() for kind in kinds}

_STATUSES: Mapping[int, tuple[Kind, str]] = {
    300: ("choices", "offers several pages and does not say which"),
    401: ("login", "asks for a name and a password"),
    402: ("login", "asks for payment"),
    403: ("refuses-programs", "refuses programs such as this one; open it yourself"),
    404: ("missing", "there is no such page any more (404)"),
    405: ("refuses-programs", "refuses programs such as this one; open it yourself"),
    407: ("login", "asks for a name and a password of a proxy"),
    408: ("timeout", "its server gave up waiting (408)"),
    410: ("gone", "was taken down for good (410)"),
    429: ("busy", "its server asks for fewer requests (429)"),
    451: ("legal", "must not be shown, for legal reasons (451)"),
    503: ("server-error", "its server is out of service for now (503)"),
    504: ("server-error", "a server behind its server did not answer (504)"),
}
_DOCUMENTS = {
    "application/epub+zip": "EPUB",
    "application/msword": "Word",
    "application/pdf": "PDF",
    "application/rtf": "RTF",
    "application/vnd.ms-excel": "Excel",
    "application/vnd.ms-powerpoint": "PowerPoint",
    "application/vnd.oasis.opendocument.text": "OpenDocument text",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/zip": "ZIP",
    "text/csv": "CSV",
}
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an address is worth; `says` continues a sentence that begins with the address."""

    kind: Kind
    says: str
    status: int | None = None
    moved_to: str | None = None

    @property
    def state(self) -> State:
        """Return how bad it is."""
        return STATE_OF[self.kind]


def judge_error(error: FetchError, hops: tuple[Hop, ...]) -> Verdict:
    """Say what it means that there was no answer."""
    on_the_way = f"redirects to {error.address}, and then: " if hops else ""
    if error.kind == "loop":
        return Verdict("loop", f"redirects in a circle: {_way(hops, error.address)}")
    if error.kind == "redirects":
        return Verdict("redirects", f"redirects more than {MOST_REDIRECTS} times")
    return Verdict(error.kind, f"{on_the_way}{error}")


def judge_answer(address: str, answer: Answer, hops: tuple[Hop, ...], promised: str) -> Verdict:
    """Say what an answer means; `promised` is the format that readers are told, or empty for a page."""
    status = answer.status
    if not 200 <= status < 300:
        verdict = _refusal(answer)
        said = f"redirects to {answer.address}, and then: {verdict.says}" if hops else verdict.says
        return Verdict(verdict.kind, said, status)
    verdict = _content(answer, promised)
    if verdict.kind != "ok":
        return verdict
    if not hops:
        return verdict
    if _is_home(answer.address) and not _is_home(address):
        return Verdict("moved-home", f"leads to the home page {answer.address}: it may be gone", status)
    if all(hop.status in _PERMANENT for hop in hops):
        end = answer.address + (f"#{fragment}" if (fragment := urlsplit(address).fragment) else "")
        return Verdict("moved", f"has moved for good to {end}", status, end)
    return Verdict("redirected", f"redirects to {answer.address} for now", status)


def _refusal(answer: Answer) -> Verdict:
    status, reason = answer.status, " ".join(answer.reason.split())[:60]
    if known := _STATUSES.get(status):
        kind, says = known
        return Verdict(kind, says, status)
    shown = f"{status} {reason}".strip()
    if 300 <= status < 400:
        return Verdict("nowhere", f"redirects ({status}) without saying where to", status)
    if 400 <= status < 500:
        return Verdict("client-error", f"its server refuses the address ({shown})", status)
    if 500 <= status < 600:
        return Verdict("server-error", f"its server has a fault ({shown})", status)
    return Verdict("odd", f"answers {shown}, which HTTP does not know", status)


def _content(answer: Answer, promised: str) -> Verdict:
    status, length = answer.status, answer.headers.get("content-length")
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if answer.is_cut and len(answer.body) < LIMIT_BYTES:
        return Verdict("torn", f"breaks off after {len(answer.body):,} bytes", status)
    if not answer.body:
        return Verdict("empty", "answers with nothing at all", status)
    if answer.is_cut and not (length or "").isdecimal():
        megabytes = LIMIT_BYTES // 1_000_000
        return Verdict("endless", f"sends more than {megabytes} MB and does not say when it ends", status)
    found = _DOCUMENTS.get(media_type, "")
    if promised in _DOCUMENTS.values() and (media_type in _PAGES or (found and found != promised)):
        kind = "a web page" if media_type in _PAGES else f"of the type {media_type}"
        return Verdict("wrong-type", f"should be {promised}, but is {kind}", status)
    if not promised and found:
        return Verdict("document", f"is a document: write `format: {found}` for it in the catalogue", status)
    if not promised and media_type and not media_type.startswith(("text/", "application/")):
        return Verdict("wrong-type", f"should be a page, but is of the type {media_type}", status)
    return Verdict("ok", "works", status)


def _is_home(address: str) -> bool:
    parts = urlsplit(address)
    return parts.path in {"", "/"} and not parts.query


def _way(hops: tuple[Hop, ...], end: str) -> str:
    stations = [hop.address for hop in hops]
    shown = stations if len(stations) < 4 else [*stations[:2], "…", stations[-1]]
    return " → ".join((*shown, end))
