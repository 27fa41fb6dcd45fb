"""Rules on what Apple allows beside the essentials: moving, hiding and ending a show, old elements (APL)."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from publisher.checks.engine import Fault, rule
from publisher.checks.views import ChannelView, ItemView
from publisher.feed.dates import parse_date
from publisher.feed.elements import Element
from publisher.model import Edit, Fix

_SILENT = frozenset({"", "no", "false"})
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_SUMMARY_CHARACTERS = 4000
_SUBTITLE_CHARACTERS = 255


@rule("APL-018", "new-address-stays", "warn", when=("itunes:new-feed-url",))
def new_address_stays(subject: ChannelView, *, weeks: int = 4) -> Iterator[Fault]:
    """The note that a show has moved is for the weeks of the move; years later it only confuses.

    Bad: `new_feed_url` that is the feed's own address, with no change for five weeks
    Good: no `new_feed_url`, once subscribers have followed
    Source: practice (the feed's last change tells the least time that the note has stood there).
    """
    address = subject.text("itunes:new-feed-url")
    since = parse_date(subject.text("lastBuildDate"))
    is_here = address.startswith("https://") and address == subject.context.self_link
    if not is_here or since is None:
        return
    if since < subject.context.now - timedelta(weeks=weeks):
        message = f"the feed has said for more than {weeks} weeks that it moved to where it is"
        yield Fault(
            message, subject.at("itunes:new-feed-url"), "leave it out, unless old subscribers still come"
        )


@rule("APL-019", "block-odd", "warn", when=("itunes:block",))
def block_odd(subject: ChannelView) -> Iterator[Fault]:
    """Apple hides a show on the word Yes alone; whoever writes another believes it hidden, and it is not.

    Bad: `<itunes:block>true</itunes:block>`
    Good: `<itunes:block>Yes</itunes:block>`, or no such element ("No" does nothing, and harms nothing)
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    yield from _yes(subject, "itunes:block", "does not hide the show from Apple")


@rule("APL-020", "show-blocked", "error", when=("itunes:block",))
def show_blocked(subject: ChannelView) -> Iterator[Fault]:
    """One word takes the whole show out of Apple's directory, for everybody.

    Bad: `<itunes:block>Yes</itunes:block>` that nobody meant to leave in
    Good: no `<itunes:block>`; in `show.toml`, `block = true` is written on purpose
    Source: practice; Apple, A Podcaster's Guide to RSS.
    """
    if not subject.context.is_own and subject.text("itunes:block").casefold() == "yes":
        message = "the feed asks Apple not to list the show"
        yield Fault(message, subject.at("itunes:block"), "leave <itunes:block> out, unless that is meant")


@rule("APL-021", "complete-odd", "warn", when=("itunes:complete",))
def complete_odd(subject: ChannelView) -> Iterator[Fault]:
    """That a show has ended is said with the word Yes; apps stop looking for episodes then.

    Bad: `<itunes:complete>true</itunes:complete>`
    Good: `<itunes:complete>Yes</itunes:complete>`, or no such element
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    yield from _yes(subject, "itunes:complete", "does not tell anybody that the show has ended")


@rule("APL-022", "keywords-odd", "warn", when=("itunes:keywords",))
def keywords_odd(subject: ChannelView, *, words: int = 12, characters: int = 255) -> Iterator[Fault]:
    """Apple has not read keywords for years; where they are left, a dozen words separated by commas will do.

    Bad: forty keywords, or `schools families teachers`
    Good: `schools, families, teachers`, or none
    Source: Apple, A Podcaster's Guide to RSS; W3C Feed Validation Service, InvalidKeywords and TooLong.
    """
    for element in subject.all("itunes:keywords"):
        written = element.value
        listed = [word for word in written.split(",") if word.strip()]
        if len(written) > characters:
            problem = f"the keywords have {len(written)} characters, not at most {characters}"
        elif len(listed) > words:
            problem = f"there are {len(listed)} keywords, not at most {words}"
        elif len(listed) == 1 and (";" in written or len(written.split()) > 5):
            problem = "the keywords are not separated by commas"
        else:
            continue
        yield Fault(problem, subject.at(element), "leave them out; Apple does not read them")


@rule("APL-023", "summary-odd", "warn", when=("itunes:summary", "itunes:subtitle"))
def summary_odd(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Summary and subtitle are gone from Apple's guide; where they are left, they are short and no copies.

    Bad: `<itunes:summary>` that repeats `<description>` word by word
    Good: `<description>` alone
    Source: Apple, A Podcaster's Guide to RSS; Podcast namespace, other recommendations.
    """
    for summary in subject.all("itunes:summary"):
        size = len(summary.value)
        if size > _SUMMARY_CHARACTERS:
            yield _too_long(subject, summary, "summary", size, _SUMMARY_CHARACTERS)
        elif (
            isinstance(subject, ChannelView)
            and summary.value
            and summary.value == subject.text("description")
        ):
            message = "itunes:summary repeats the description"
            yield Fault(message, subject.at(summary), "leave <itunes:summary> out; apps read the description")
    for subtitle in subject.all("itunes:subtitle"):
        size = len(subtitle.value)
        if size > _SUBTITLE_CHARACTERS:
            yield _too_long(subject, subtitle, "subtitle", size, _SUBTITLE_CHARACTERS)
        elif found := _TAG.search(subtitle.value):
            message = f"the subtitle holds the tag {found[0][:40]}"
            yield Fault(message, subject.at(subtitle), "write plain text, or leave it out")


@rule("APL-024", "verification-empty", "error", when=("podcast:txt", "itunes:applepodcastsverify"))
def verification_empty(subject: ChannelView) -> Iterator[Fault]:
    """The code by which Apple sees that a show is yours has to be there when Apple looks.

    Bad: `<podcast:txt purpose="applepodcastsverify"/>`
    Good: `<podcast:txt purpose="applepodcastsverify">the code from Podcasts Connect</podcast:txt>`
    Source: Apple, A Podcaster's Guide to RSS; Podcast namespace, txt.
    """
    for txt in [*subject.all("podcast:txt"), *subject.all("itunes:applepodcastsverify")]:
        is_apple = txt.name != "podcast:txt" or txt.get("purpose").casefold() == "applepodcastsverify"
        if is_apple and not txt.value:
            yield Fault(
                "the code for Apple is empty", subject.at(txt), "write the code, or leave the element out"
            )


@rule("APL-025", "feed-address-private", "error", "apple")
def feed_address_private(subject: ChannelView) -> Iterator[Fault]:
    """Apple fetches a feed as anybody would; an address with a password in it is everybody's key then.

    Bad: `https://user:password@feeds.example.org/ink.xml`
    Good: `https://feeds.example.org/ink.xml`
    Source: Apple, Podcast RSS feed requirements (of addresses inside the feed SEC-001 speaks).
    """
    address = subject.context.address
    try:
        parts = urlsplit(address)
    except ValueError:
        return
    if not subject.context.is_own and parts.username is not None:
        message = f"the feed's address holds a user's name: {parts.hostname}"
        yield Fault(message, subject.at(), "publish it where everybody can read it")


def _yes(subject: ChannelView, name: str, effect: str) -> Iterator[Fault]:
    for element in subject.all(name):
        written = element.value
        if written.casefold() not in _SILENT | {"yes"} or written == "YES":
            place = subject.at(element)
            fix = Fix("write Yes", (Edit(place, written, "Yes", name),)) if written == "YES" else None
            yield Fault(f"{name} with {written[:40]!r} {effect}", place, "write Yes, or leave it out", fix)


def _too_long(subject: ChannelView | ItemView, element: Element, what: str, size: int, most: int) -> Fault:
    message = f"the {what} has {size:,} characters; at most {most:,} were ever read"
    return Fault(message, subject.at(element), f"leave <{element.written}> out; apps read the description")
