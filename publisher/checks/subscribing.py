"""Rules on how apps hear of changes and find the feed and its pages: the group SUB."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from publisher.checks.engine import Fault, NotChecked, checklist, rule
from publisher.checks.html import parse_fragment
from publisher.checks.views import ChannelView, DocumentView, ItemView, host_of
from publisher.model import Edit, Fix

if TYPE_CHECKING:
    from publisher.checks.files import ResponseView

_PAGES = ("first", "last", "next", "previous", "prev", "prev-archive", "next-archive", "current")
_LINK_RELATIONS = (
    "about alternate appendix archives author bookmark canonical chapter cite-as collection contents "
    "copyright current describedby describes disclosure duplicate edit edit-media enclosure external "
    "first glossary help hosts hub icon index item last latest-version license linkset me "
    "manifest "
    "memento monitor next next-archive nofollow noopener noreferrer original payment pingback "
    "preload prev preview previous prev-archive privacy-policy profile publication related replies "
    "search section self service service-desc service-doc sponsored start status stylesheet "
    "subsection tag terms-of-service type ugc up version-history via webmention"
)
_REGISTERED = frozenset(_LINK_RELATIONS.split())
_HUB = re.compile(rb"<[\w.-]*:?link\b[^<>]*\brel\s*=\s*[\"']hub[\"']", re.IGNORECASE)
_PSEUDO_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_STYLES = frozenset({"text/css", "text/xsl", "text/xml", "application/xml", "application/xslt+xml"})
_FEED_TYPES = frozenset({"application/rss+xml"})


@rule("SUB-001", "hub-broken", "warn", when=("atom:link",))
def hub_broken(subject: ChannelView | ResponseView) -> Iterator[Fault]:
    """A WebSub hub tells apps at once of a new episode, if its whole address stands in the feed.
    A missing `rel="self"` is CH-011's. With `--online`, the server's `Link` headers should name both, too.

    Bad: `<atom:link rel="hub" href="hub.example.org"/>`
    Good: `<atom:link rel="hub" href="https://hub.example.org/"/>`
    Source: W3C, WebSub, section 4.
    """
    if not isinstance(subject, ChannelView):
        if subject.role == "feed" and subject.status == 200 and _HUB.search(subject.start):
            said = subject.headers.get("link", "").casefold().replace(" ", "")
            missing = [
                rel for rel in ("hub", "self") if f'rel="{rel}"' not in said and f"rel={rel}" not in said
            ]
            if missing:
                yield Fault(
                    f"the feed has a hub, its server's Link header has no {' and no '.join(missing)}",
                    subject.at(),
                    "let the server send both as Link headers",
                )
        return
    for link in subject.all("atom:link"):
        if link.get("rel").casefold() != "hub":
            continue
        href = link.get("href")
        if not href.casefold().startswith(("https://", "http://")) or not host_of(href):
            said = f"the hub {href[:80]!r} is no whole web address" if href else "the hub has no address"
            yield Fault(said, subject.at(link, "href"), "write its address with https:// in front")


@checklist("SUB-002", "hub-topic", "error", kept=True)
def hub_topic() -> None:
    """A hub knows a feed by the address of its `rel="self"`: the tool tells it that one, byte for byte.

    Bad: the hub is told of `http://…/feed.xml`, the feed says `https://…/feed.xml`
    Good: one address in both
    Source: W3C, WebSub, section 4.
    """


@checklist("SUB-003", "hub-told-after", "warn", kept=True)
def hub_told_after() -> None:
    """A hub fetches the feed when it is told: the tool tells it once, after the new feed has been verified.

    Bad: the hub is told before the upload, and hands out the old feed
    Good: upload, look at what is served, tell the hub
    Source: W3C, WebSub, section 7.
    """


@checklist("SUB-004", "podping-without-sender", "error")
def podping_without_sender() -> None:
    """Who declares podping is not asked for changes any more; whether pings are really sent, no feed shows.

    Bad: `<podcast:podping usesPodping="true"/>` after a move to another host
    Good: the element only as long as somebody sends the pings
    Source: Podcast namespace, podping.
    """


@rule("SUB-010", "pages-inconsistent", "warn", when=("atom:link",))
def pages_inconsistent(subject: ChannelView) -> Iterator[Fault | NotChecked]:
    """A feed in pages leads from each to the next; apps that follow a wrong link lose episodes or never end.
    What stands on the other pages is not fetched.

    Bad: `rel="next"` with the page's own address
    Good: `rel="self"` with the page's own address, `rel="next"` with that of the following
    Source: RFC 5005; Podcast namespace, other recommendations.
    """
    links: dict[str, str] = {}
    pages = [link for link in subject.all("atom:link") if link.get("rel").casefold() in _PAGES]
    own = subject.context.self_link
    for link in pages:
        rel, href = link.get("rel").casefold(), link.get("href")
        rel = "previous" if rel == "prev" else rel
        place = subject.at(link, "href")
        known = links.setdefault(rel, href)
        if not href.casefold().startswith(("https://", "http://")):
            yield Fault(f"rel={rel!r} leads to no whole web address: {href[:80]!r}", place, "write it whole")
        elif known != href:
            yield Fault(f"there are two pages rel={rel!r}", place, "keep the right one")
        elif rel in {"next", "previous", "prev-archive", "next-archive"} and href == own:
            yield Fault(f"rel={rel!r} leads to the page itself", place, f"give the address of the {rel} page")
        elif rel == "previous" and href == links.get("next"):
            yield Fault("the next page is the previous one, too", place, "give each its own address")
        elif rel == "previous" and links.get("first", "") == own != "":
            yield Fault("the first page has a previous one", place, "take it out, or mend rel='first'")
        elif rel == "next" and links.get("last", "") == own != "":
            yield Fault("the last page has a next one", place, "take it out, or mend rel='last'")
    if "next" in links or "previous" in links or "prev-archive" in links:
        yield NotChecked("", "whether an item is on two pages needs the other pages, which are not fetched")


@rule("SUB-011", "page-without-feed", "warn")
def page_without_feed(subject: ResponseView) -> Iterator[Fault]:
    """Apps and browsers find a show from its web page only when the page's head links the feed.

    Bad: a page with badges of three apps, and no link to the feed
    Good: `<link rel="alternate" type="application/rss+xml" href="https://media.example.org/feed.xml">`
    Source: RSS Autodiscovery, RSS Advisory Board.
    """
    context = subject.context
    if subject.role != "page" or subject.status != 200 or subject.address != context.link:
        return
    if "html" not in subject.headers.get("content-type", "text/html"):
        return
    wanted = {address for address in (context.self_link, context.address) if address}
    found = []
    for tag in parse_fragment(subject.start.decode("utf-8", "replace")).tags:
        kind = (tag.get("type") or "").partition(";")[0].casefold()
        if tag.name == "link" and "alternate" in (tag.get("rel") or "").casefold() and kind in _FEED_TYPES:
            found.append(urljoin(subject.address, tag.get("href") or ""))
    if not found or (wanted and not wanted & set(found)):
        message = f"the show's page links another feed: {found[0][:80]}" if found else ""
        yield Fault(
            message or "the show's page does not link the feed",
            subject.at(),
            'add <link rel="alternate" type="application/rss+xml" href="…"> with the feed to its head',
        )


@rule("SUB-012", "link-relation-unknown", "warn", when=("atom:link",))
def link_relation_unknown(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """What a link is for is said by a registered word, or by an address of one's own; others mean nothing.

    Bad: `<atom:link rel="feed" href="…"/>`
    Good: `<atom:link rel="self" href="…"/>`
    Source: IANA, link relations; W3C Feed Validation Service, UnregisteredAtomLinkRel.
    """
    for link in subject.all("atom:link"):
        written = link.get("rel")
        if not written or written in _REGISTERED or ":" in written:
            continue
        place = subject.at(link, "rel")
        near = get_close_matches(written.casefold(), sorted(_REGISTERED), n=1, cutoff=0.75)
        fix = None
        if written.casefold() in _REGISTERED:
            edit = Edit(place, written, written.casefold(), "atom:link@rel")
            fix = Fix(f"write {written.casefold()}", (edit,))
        hint = f"did you mean {near[0]!r}?" if near else "use a word that IANA lists, or take the link out"
        yield Fault(f"no app knows a link rel={written[:40]!r}", place, hint, fix)


@rule("SUB-013", "stylesheet-elsewhere", "warn")
def stylesheet_elsewhere(subject: DocumentView) -> Iterator[Fault]:
    """A style sheet makes a feed readable in browsers, while they still can; none loads it from elsewhere.
    That the feed says all without it, only a person can see.

    Bad: `<?xml-stylesheet type="text/xsl" href="https://cdn.example.org/feed.xsl"?>` on another host
    Good: `<?xml-stylesheet type="text/xsl" href="/feed.xsl"?>`
    Source: practice of browsers, which give up XSLT.
    """
    home = host_of(subject.context.address or subject.context.self_link)
    for aside in subject.asides:
        if aside.kind != "instruction" or not aside.text.startswith("xml-stylesheet"):
            continue
        said = {found[1]: found[2] or found[3] or "" for found in _PSEUDO_ATTRIBUTE.finditer(aside.text)}
        href, place = said.get("href", ""), subject.at(aside.line, aside.column)
        elsewhere = host_of(href if "://" in href else f"https:{href}" if href.startswith("//") else "")
        if not href:
            yield Fault("the style sheet has no address", place, "give it in href, or take it out")
        elif said.get("type", "text/xml").casefold() not in _STYLES:
            kind = said["type"]
            yield Fault(
                f"no browser knows style sheets of type {kind[:40]!r}", place, "use text/xsl or text/css"
            )
        elif elsewhere and home and elsewhere != home:
            yield Fault(
                f"the style sheet is on {elsewhere}, the feed on {home}: browsers refuse it",
                place,
                "put it beside the feed, or take it out",
            )


@checklist("SUB-014", "ai-content-undeclared", "warn")
def ai_content_undeclared() -> None:
    """Where a program wrote or spoke what is heard, the feed says so; whether one did, only its makers know.

    Bad: a synthetic voice, and nothing said of it
    Good: `<podcast:txt purpose="ai-content">true</podcast:txt>`; how it is written is P20-131's
    Source: Podcast namespace, txt.
    """
