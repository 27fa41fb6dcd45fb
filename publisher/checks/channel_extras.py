"""Rules on what RSS allows beside the essentials: generator, image, cloud, hours, editors (group CH)."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from unicodedata import category, normalize

from publisher.checks.channel_links import has_page
from publisher.checks.engine import Fault, rule
from publisher.checks.views import ChannelView, DocumentView, host_of, path_of
from publisher.model import Edit, Fix

_INSIDE = re.compile(
    r"@|\blocalhost\b|\.local\b|\.internal\b|/(?:home|users)/|[a-z]:\\|\b\d{1,3}(?:\.\d{1,3}){3}:\d+",
    re.IGNORECASE,
)
_SPECIFICATION = re.compile(
    r"https?://(?:www\.)?(?:rssboard\.org|validator\.w3\.org|(?:blogs|cyber)(?:\.law)?\.harvard\.edu"
    r"|backend\.userland\.com|feed2\.w3\.org)(?:/|$)",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"[^@\s()]+@[^@\s().]+(?:\.[^@\s().]+)+ \([^()]+\)")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PICTURES = (".gif", ".jpg", ".jpeg", ".png")
_CLOUD = ("domain", "port", "path", "registerProcedure", "protocol")
_LATE_IS_FINE = frozenset({"podcast:liveItem"})


@rule("CH-019", "generator-odd", "warn")
def generator_odd(subject: ChannelView) -> Iterator[Fault]:
    """Who looks for a mistake in a feed asks first what made it; a computer's name is nobody's business.

    Bad: no `<generator>`, or `<generator>make.py on editor@office-pc.local</generator>`
    Good: `<generator>publisher</generator>`
    Source: RSS 2.0 (no version is asked for: with one, each update would change every feed).
    """
    generator = subject.text("generator")
    if not generator:
        yield Fault(
            "the feed does not say what made it", subject.at("generator"), "name the program in <generator>"
        )
    elif found := _INSIDE.search(generator):
        message = f"the generator tells where the feed was made: {found[0]!r}"
        yield Fault(message, subject.at("generator"), "name only the program")


@rule("CH-020", "docs-elsewhere", "warn", when=("docs",))
def docs_elsewhere(subject: ChannelView) -> Iterator[Fault]:
    """In `docs` stands what RSS is, for whoever finds the file in twenty years; nothing about the show.

    Bad: `<docs>https://www.example.org/help</docs>`
    Good: `<docs>https://www.rssboard.org/rss-specification</docs>`, or none
    Source: RSS 2.0.
    """
    docs = subject.text("docs")
    if docs and not _SPECIFICATION.match(docs):
        place, right = subject.at("docs"), "https://www.rssboard.org/rss-specification"
        fix = Fix(f"write {right}", (Edit(place, docs, right, "docs"),))
        yield Fault(f"docs is not the RSS specification: {docs[:100]!r}", place, f"write {right}", fix)


@rule("CH-021", "ttl-odd", "error", when=("ttl",))
def ttl_odd(subject: ChannelView) -> Iterator[Fault]:
    """How long a feed may be kept is a number of minutes; anything else is not understood.

    Bad: `<ttl>1 hour</ttl>` or `<ttl>0</ttl>`
    Good: `<ttl>60</ttl>`
    Source: RSS 2.0; W3C Feed Validation Service, InvalidInteger.
    """
    ttl = subject.text("ttl")
    if not (ttl.isascii() and ttl.isdigit() and int(ttl[:9]) > 0):
        yield Fault(
            f"ttl is no number of minutes: {ttl[:40]!r}", subject.at("ttl"), "write 60, or leave it out"
        )


@rule("CH-022", "contact-form", "warn", when=("managingEditor", "webMaster"))
def contact_form(subject: ChannelView) -> Iterator[Fault]:
    """RSS writes people as an address with the name behind it; readers take it apart just so.

    Bad: `<managingEditor>The Sample Office</managingEditor>`
    Good: `<managingEditor>podcast@example.org (The Sample Office)</managingEditor>`
    Source: RSS 2.0; RSS Best Practices Profile; W3C Feed Validation Service, MissingRealName.
    """
    for name in ("managingEditor", "webMaster"):
        found = subject.first(name)
        if found is not None and not _CONTACT.fullmatch(found.value):
            message = f"{name} is not written as mail@host (Name): {found.value[:80]!r}"
            yield Fault(message, subject.at(found), "write podcast@example.org (Name), or leave it out")


@rule("CH-023", "image-incomplete", "warn", when=("image",))
def image_incomplete(subject: ChannelView) -> Iterator[Fault]:
    """The picture of plain RSS has an address, the show's title and link; old readers need all three.

    Bad: `<image><url>https://media.example.org/ink/cover.jpg</url></image>`
    Good: `<image>` with `<url>`, `<title>` and `<link>`, the latter two as in the channel
    Source: RSS 2.0; W3C Feed Validation Service, ImageTitleDoesntMatch and ImageLinkDoesntMatch.
    """
    image = subject.first("image")
    if image is None:
        return
    values = {name: found.value if (found := image.first(name)) else "" for name in ("url", "title", "link")}
    for name, value in values.items():
        if not value:
            yield Fault(f"the image has no {name}", subject.at(image), f"add <{name}> to <image>")
    title, link = subject.text("title"), subject.text("link")
    if values["title"] and title and _bare(values["title"]) not in _bare(title):
        place = subject.at(image.first("title"))
        fix = Fix("write the show's title", (Edit(place, values["title"], title, "title"),))
        message = f"the image's title {values['title'][:80]!r} is not the show's"
        yield Fault(message, place, "write the show's title there", fix)
    if values["link"] and has_page(subject) and _address(values["link"]) != _address(link):
        place = subject.at(image.first("link"))
        fix = Fix("write the show's link", (Edit(place, values["link"], link, "link"),))
        yield Fault("the image's link is not the show's", place, f"write {link}", fix)


@rule("CH-024", "image-form", "warn", when=("image",))
def image_form(subject: ChannelView) -> Iterator[Fault]:
    """Readers of plain RSS take GIF, JPEG and PNG, shown at most 144 pixels wide and 400 high.

    Bad: `<url>…/cover.webp</url>`, `<width>3000</width>`
    Good: `<url>…/cover.jpg</url>` without width and height
    Source: RSS 2.0; W3C Feed Validation Service, ImageUrlFormat.
    """
    image = subject.first("image")
    url = image.first("url") if image is not None else None
    if image is None:
        return
    if url is not None and url.value and not path_of(url.value).casefold().endswith(_PICTURES):
        message = f"the image's address does not end like a picture's: {url.value[-60:]!r}"
        yield Fault(message, subject.at(url), "name a .jpg or .png")
    for name, most in (("width", 144), ("height", 400)):
        found = image.first(name)
        if found is not None and not (found.value.isdecimal() and 0 < int(found.value[:9]) <= most):
            message = f"the image's {name} is {found.value[:20]!r}; RSS has at most {most}"
            yield Fault(message, subject.at(found), f"leave {name} out")


@rule("CH-025", "channel-after-items", "warn")
def channel_after_items(subject: DocumentView) -> Iterator[Fault]:
    """Readers that stop at the first items they know never see what stands behind them.

    Bad: `<itunes:author>` after the last `</item>`
    Good: everything about the show before the first `<item>`
    Source: RSS Best Practices Profile; W3C Feed Validation Service, MisplacedItem.
    """
    channel = subject.feed.channel
    inside = {id(element) for element in channel.children} if channel is not None else set()
    late = [
        element
        for element in subject.feed.after_items
        if id(element) in inside and element.name not in _LATE_IS_FINE
    ]
    if late:
        names = ", ".join(dict.fromkeys(f"<{element.written}>" for element in late[:5]))
        message = f"{names} of the channel {'stands' if len(late) == 1 else 'stand'} behind an item"
        yield Fault(message, subject.at(late[0].line, late[0].column), "move it before the first item")


@rule("CH-026", "element-out-of-use", "warn", when=("textInput", "rating"))
def element_out_of_use(subject: ChannelView) -> Iterator[Fault]:
    """No app has ever done anything with these; they only make the feed longer.

    Bad: `<textInput>…</textInput>`, `<rating>`
    Good: neither
    Source: RSS Best Practices Profile; W3C Feed Validation Service, AvoidTextInput.
    """
    for name in ("textInput", "rating"):
        if subject.first(name) is not None:
            yield Fault(f"<{name}> is read by no app", subject.at(name), "leave it out")


@rule("CH-027", "skip-times-odd", "warn", when=("skipHours", "skipDays"))
def skip_times_odd(subject: ChannelView) -> Iterator[Fault]:
    """Hours are 0 to 23 in GMT and days English names, each once; no reader heeds a wrong one.

    Bad: `<hour>24</hour>`, `<day>Samstag</day>`
    Good: neither element, or `<hour>3</hour>`, `<day>Saturday</day>`
    Source: RSS 2.0; W3C Feed Validation Service, NotEnoughHoursInTheDay and EightDaysAWeek.
    """
    for outer, inner, allowed in (
        ("skipHours", "hour", {str(hour) for hour in range(24)} | {f"0{hour}" for hour in range(10)}),
        ("skipDays", "day", set(_DAYS)),
    ):
        parent = subject.first(outer)
        seen: set[str] = set()
        for element in parent.all(inner) if parent is not None else ():
            value = element.value
            plain = value.lstrip("0") or "0" if inner == "hour" else value
            if value not in allowed:
                hint = "write 0 to 23" if inner == "hour" else f"write one of {', '.join(_DAYS)}"
                yield Fault(f"{value[:40]!r} is no {inner} that {outer} knows", subject.at(element), hint)
            elif plain in seen:
                yield Fault(f"{outer} names {value} twice", subject.at(element), "delete one of them")
            seen.add(plain)


@rule("CH-028", "cloud-incomplete", "error", when=("cloud",))
def cloud_incomplete(subject: ChannelView) -> Iterator[Fault]:
    """Who wants to be told of changes needs all five of a cloud's attributes to ask for it.

    Bad: `<cloud domain="rpc.example.org"/>`
    Good: `<cloud domain="…" port="80" path="/" registerProcedure="" protocol="http-post"/>`, or no cloud
    Source: RSS 2.0.
    """
    for cloud in subject.all("cloud"):
        missing = [name for name in _CLOUD if not cloud.has(name)]
        if missing:
            yield Fault(
                f"the cloud has no {', '.join(missing)}", subject.at(cloud), "add it, or leave cloud out"
            )


@rule("CH-031", "core-category-odd", "warn", when=("category",))
def core_category_odd(subject: ChannelView) -> Iterator[Fault]:
    """A category of plain RSS is a word or two of plain text; an empty one says nothing.

    Bad: `<category/>`
    Good: `<category>Education</category>`
    Source: RSS Best Practices Profile.
    """
    for element in subject.all("category"):
        if not element.value:
            yield Fault("a category is empty", subject.at(element), "leave it out")
        elif found := _TAG.search(element.value):
            yield Fault(f"a category holds the tag {found[0]}", subject.at(element), "write plain text")


def _bare(title: str) -> str:
    """Return a title without what other rules find fault with: tags, invisible characters, capitals."""
    plain = normalize("NFKC", _TAG.sub("", unescape(unescape(title)))).casefold()
    return "".join(char for char in plain if category(char)[0] in "LN")


def _address(link: str) -> tuple[str, str]:
    return host_of(link).removeprefix("www."), path_of(link).rstrip("/")
