"""Rules on what a feed must not give away, and to whom it sends listeners (group SEC)."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from re import Match

from publisher.checks.engine import Fault, checklist, rule
from publisher.checks.views import ChannelView, DocumentView, ItemsView, ItemView, host_of
from publisher.secrets import find_secrets

_INNER = re.compile(
    r"\bfile://[^\s\"'<>]{0,80}"
    r"|\bhttps?://[^\s/\"'<>@]{1,80}:[^\s/\"'<>@]{1,80}@[^\s\"'<>]{0,80}"
    r"|\bhttps?://(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|10\.\d{1,3}\.\d{1,3}\.\d{1,3}"
    r"|192\.168\.\d{1,3}\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3}|169\.254\.\d{1,3}\.\d{1,3}"
    r"|\[(?:::1|f[cd][0-9a-f:]+)\]|(?:[a-z0-9-]+\.){1,8}(?:local|internal|lan|localhost))"
    r"(?=[:/?#\"'<>\s]|$)[^\s\"'<>]{0,80}",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9-]+\.){1,6}[a-z]{2,24}\b", re.IGNORECASE)
_PRIVATE_HOSTS = (
    frozenset({"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com"})
    | {"icloud.com", "me.com", "aol.com", "gmx.net", "gmx.de", "web.de", "proton.me", "protonmail.com"}
    | {"msn.com", "comcast.net"}
)
_PHONE = re.compile(r"(?<![\d/.=-])(?:\+?1[ .-]?)?\(?([2-9]\d\d)\)?[ .-]{1,2}[2-9]\d\d[.-]\d{4}(?![\d-])")
_DIGITS = re.compile(r"\d[.-]\d{4}(?![\d-])")
"""What ends a telephone number, and is quickly looked for."""
_TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})
_CONTACTS = ("itunes:email", "managingEditor", "webMaster", "author")
_COUNTERS = {
    "podtrac.com": "Podtrac",
    "op3.dev": "OP3",
    "chrt.fm": "Chartable",
    "chtbl.com": "Chartable",
    "pdst.fm": "Podsights",
    "podsights.com": "Podsights",
    "mgln.ai": "Magellan AI",
    "pscrb.fm": "Podscribe",
    "podscribe.com": "Podscribe",
    "arttrk.com": "ArtsAI",
    "claritaspod.com": "Claritas",
    "swap.fm": "Swap",
    "podkite.com": "Podkite",
    "podderapp.com": "Podder",
    "gum.fm": "Gumball",
    "tracking.swap.fm": "Swap",
    "media.blubrry.com": "Blubrry",
}


@rule("SEC-001", "address-not-public", "error")
def address_not_public(subject: DocumentView | ChannelView | ItemView) -> Iterator[Fault]:
    """An address with a password, of a network inside the house or of one's own disk opens for nobody else,
    and tells everybody how the house is built.

    Bad: `<enclosure url="https://editor:secret@media.example.org/one.mp3" …/>`
    Good: `<enclosure url="https://media.example.org/one.mp3" …/>`
    Source: this tool's own promise; RFC 1918 and RFC 6762 for the networks.
    """
    hint = "write the address at which everybody finds it, without name and password"
    if isinstance(subject, DocumentView):
        if not subject.context.is_own:
            for found in _INNER.finditer(subject.text):
                yield Fault(_inner(found[0]), subject.at_index(found.start()), hint)
    elif subject.context.is_own:
        for element in subject.element.children:
            for text in (element.value, *element.attributes.values()):
                if hit := _first_inner(text):
                    yield Fault(_inner(hit[0]), subject.at_text(element, hit[0]), hint)


def _first_inner(text: str) -> Match[str] | None:
    """Search for `_INNER` only where an address is: looking everywhere takes longer than any other rule."""
    at = text.find("://")
    while at >= 0:
        for start in (at - 4, at - 5):  # `file` or `http`, and `https`
            if start >= 0 and (hit := _INNER.match(text, start)):
                return hit
        at = text.find("://", at + 3)
    return None


def _inner(address: str) -> str:
    if address.casefold().startswith("file:"):
        return f"{address} is a file on somebody's own disk"
    if "@" in address.partition("://")[2].partition("/")[0]:
        return f"an address at {host_of(address)} holds a name and a password"
    return f"{host_of(address)} is a computer inside somebody's own network"


@rule("SEC-002", "secret-in-feed", "error")
def secret_in_feed(subject: DocumentView | ChannelView | ItemView) -> Iterator[Fault]:
    """Whoever reads the feed can use a key that stands in it, and feeds are read by machines all day.
    Signed addresses are another rule's (HT-019).

    Bad: notes with `aws_secret_access_key = …` in them
    Good: keys in the environment, never in a source
    Source: this tool's own promise.
    """
    hint = "take it out, and have it revoked: it may have been read already"
    if isinstance(subject, DocumentView):
        if not subject.context.is_own:
            for secret in find_secrets(subject.data):
                if not secret.kind.startswith("a signed address"):
                    yield Fault(f"this looks like {secret.kind}", subject.at(secret.line), hint)
    elif subject.context.is_own:
        written = [
            " ".join((each.value, *each.attributes.values())).encode() for each in subject.element.children
        ]
        if not find_secrets(b"\n".join(written)):
            return  # as nearly always: looked through at once
        for element, text in zip(subject.element.children, written, strict=True):
            for secret in find_secrets(text):
                if not secret.kind.startswith("a signed address"):
                    yield Fault(f"this looks like {secret.kind}", subject.at(element), hint)


@rule("SEC-003", "private-contact", "warn")
def private_contact(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """What stands in a feed is copied to a hundred sites and cannot be taken back: no private mail address
    and no telephone number belongs there. An office's address and a toll-free number may stay, and so may
    what the fields for contacts hold.

    Bad: `Write to first.name@gmail.com or call (555) 234-5678`
    Good: `Write to podcast@example.org`
    Source: this tool's own promise; data protection.
    """
    contacts = {
        mail.casefold()
        for name in _CONTACTS
        for element in subject.all(name)
        for mail in _MAIL.findall(element.value)
    }
    for name in ("title", "description", "content:encoded", "itunes:summary", "itunes:subtitle"):
        for element in subject.all(name):
            text = element.value
            for mail in _MAIL.findall(text) if "@" in text else ():
                host = mail.rpartition("@")[2].casefold()
                if host in _PRIVATE_HOSTS and mail.casefold() not in contacts:
                    hint = "name the office's address, or leave it out"
                    yield Fault(f"{mail} is a private mail address", subject.at_text(element, mail), hint)
            for phone in _PHONE.finditer(text) if _DIGITS.search(text) else ():
                if phone[1] not in _TOLL_FREE:
                    hint = "name a page or an office's address instead, unless everybody may call"
                    message = f"{phone[0]} looks like a telephone number"
                    yield Fault(message, subject.at_text(element, phone[0]), hint)


@checklist("SEC-004", "parser-safe", "error", kept=True)
def parser_safe() -> None:
    """Feeds from outside are read without DTDs, entities and network, to a depth of 100 and a bounded size;
    what tries is refused with a finding (DOC-009, DOC-001).

    Bad: an entity that opens `file:///etc/passwd`
    Good: a finding at its line
    Source: this tool's own promise; held by the tests of bad input.
    """


@checklist("SEC-005", "minors-named", "warn", "public")
def minors_named() -> None:
    """Of children only the first name is said and written, unless their parents' consent is on file.

    Bad: a pupil's full name and school in the notes
    Good: `Maya, a pupil in sixth grade`
    Source: this tool's own promise; who is a minor, only people know.
    """


@rule("SEC-006", "counted-by-others", "warn")
def counted_by_others(subject: ItemsView) -> Iterator[Fault]:
    """Addresses that lead through another company tell it who listens to what; a privacy note has to name it.
    That it does cannot be seen in a feed: waive this rule with the address of the note.

    Bad: `https://dts.podtrac.com/redirect.mp3/media.example.org/one.mp3`, and nobody says so
    Good: `https://media.example.org/one.mp3`
    Source: data protection of listeners.
    """
    told: set[str] = set()
    for item in subject.items:
        for company in counters_of(item.audio_url):
            if company not in told:
                told.add(company)
                yield Fault(
                    f"the audio is fetched through {company}, which counts who listens",
                    subject.at(item, "enclosure", "url"),
                    "name it in the privacy note, or take it out of the addresses",
                )


def counters_of(address: str) -> list[str]:
    """Return the companies that an address leads through to count who listens."""
    through = (c for host, c in _COUNTERS.items() if host in address and _leads_through(address, host))
    return list(dict.fromkeys(through))


def _leads_through(address: str, host: str) -> bool:
    parts = address.casefold().split("/")
    return any(part == host or part.endswith(f".{host}") for part in parts)
