"""Rules on which elements and attributes stand where, and how they are spelt (group DOC)."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from publisher.checks.engine import Fault, rule
from publisher.checks.views import ChannelView, DocumentView, ItemView
from publisher.errors import Place
from publisher.feed.elements import Usage
from publisher.feed.vocabulary import (
    ITUNES_NAMES,
    ITUNES_PARENTS,
    PODCAST_ELEMENTS,
    RSS_CHANNEL,
    RSS_CHILDREN,
    RSS_ITEM,
)
from publisher.model import Edit, Fix

if TYPE_CHECKING:
    from publisher.model import Level

_ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "rss": ("version",),
    "guid": ("isPermaLink",),
    "enclosure": ("url", "length", "type"),
    "source": ("url",),
    "category": ("domain",),
    "cloud": ("domain", "port", "path", "registerProcedure", "protocol"),
    "atom:link": ("href", "rel", "type", "title", "length", "hreflang"),
    "itunes:image": ("href",),
    "itunes:category": ("text",),
    "psc:chapters": ("version",),
    "psc:chapter": ("start", "title", "href", "image"),
    **{name: (*known.required, *known.optional) for name, known in PODCAST_ELEMENTS.items()},
}
_PARENTS: Mapping[str, frozenset[str]] = {
    **ITUNES_PARENTS,
    **{name: known.parents for name, known in PODCAST_ELEMENTS.items()},
    "content:encoded": frozenset({"item", "podcast:liveItem"}),
    "psc:chapters": frozenset({"item", "podcast:liveItem"}),
    "psc:chapter": frozenset({"psc:chapters"}),
}
_SINGLE = {
    "channel": RSS_CHANNEL - {"item", "category"},
    "item": (RSS_ITEM - {"category", "enclosure"}) | {"content:encoded", "psc:chapters"},
}
_PLAIN_TEXT_PARENTS = frozenset({"rss", "channel", "item"})


@rule("DOC-021", "name-case", "error")
def name_case(subject: DocumentView) -> Iterator[Fault]:
    """Names count letter by letter: `pubdate` is not `pubDate`, and apps that read strictly find no date.

    Bad: `<pubdate>`, `ispermalink="false"`
    Good: `<pubDate>`, `isPermaLink="false"`
    Source: Apple, Podcast RSS feed requirements (823); RSS 2.0.
    """
    for usage in subject.usages:
        if not usage.parent:
            continue  # the outermost element is another rule's
        wanted, local = _local(usage.name), _local(usage.written)
        if usage.attribute:
            right = _attribute_meant(usage)
            if right and right != usage.attribute:
                message = f"the attribute {usage.attribute} of <{usage.written}> is written {right}"
                yield _fault(subject, usage, message, f"write {right}", usage.attribute, right)
        elif wanted != local and wanted.casefold() == local.casefold():
            prefix = usage.written[: len(usage.written) - len(local)]
            message = f"<{usage.written}> is written <{prefix}{wanted}>"
            hint = f"write <{prefix}{wanted}>"
            yield _fault(subject, usage, message, hint, usage.written, prefix + wanted)


@rule("DOC-022", "element-unknown", "error")
def element_unknown(subject: DocumentView) -> Iterator[Fault]:
    """An element without a prefix is one of RSS, where it knows it; others are read by nobody there.

    Bad: `<author>` in the channel, `<duration>` in an item
    Good: `<itunes:author>`, `<itunes:duration>`
    Source: RSS 2.0; W3C Feed Validation Service, UndefinedElement.
    """
    foreign = {each.element for each in subject.declarations if not each.prefix and each.uri}
    for usage in subject.usages:
        known = RSS_CHILDREN.get(usage.parent)
        if usage.attribute or known is None or ":" in usage.written or usage.name in known:
            continue
        if usage.written in foreign:
            continue  # it declares a namespace of its own: another rule's
        with_prefix = f"itunes:{usage.name}"
        near = get_close_matches(usage.name, known, n=1, cutoff=0.75)
        if usage.parent in ITUNES_PARENTS.get(with_prefix, ()):
            hint = f"did you mean <{with_prefix}>?"
        elif near:
            hint = f"did you mean <{near[0]}>?"
        else:
            hint = "leave it out; RSS does not know it there"
        yield _fault(subject, usage, f"RSS knows no <{usage.written}> in <{usage.parent}>", hint)


@rule("DOC-023", "itunes-element-unknown", "warn")
def itunes_element_unknown(subject: DocumentView) -> Iterator[Fault]:
    """A name that Apple does not know is passed over in silence, whatever it was to say.

    Bad: `<itunes:newFeedUrl>`
    Good: `<itunes:new-feed-url>`
    Source: W3C Feed Validation Service, UndefinedElement (title and complete, which it refuses, are right).
    """
    for usage in subject.usages:
        prefix, _, local = usage.name.partition(":")
        if prefix == "itunes" and not usage.attribute and local not in ITUNES_NAMES:
            yield _fault(
                subject, usage, f"Apple knows no <{usage.written}>", _nearest(local, ITUNES_NAMES, "itunes")
            )


@rule("DOC-024", "podcast-element-unknown", "warn")
def podcast_element_unknown(subject: DocumentView) -> Iterator[Fault]:
    """A misspelt name of Podcasting 2.0 looks right and does nothing: no app reads it.

    Bad: `<podcast:transcripts>`, `<podcast:person rule="host">`
    Good: `<podcast:transcript>`, `<podcast:person role="host">`
    Source: Podcast namespace.
    """
    for usage in subject.usages:
        if not usage.name.startswith("podcast:"):
            continue
        known = PODCAST_ELEMENTS.get(usage.name)
        if known is None:
            if not usage.attribute:
                names = [name.partition(":")[2] for name in PODCAST_ELEMENTS]
                hint = _nearest(_local(usage.name), names, "podcast")
                yield _fault(subject, usage, f"the podcast namespace has no <{usage.written}>", hint)
        elif _is_plain_attribute(usage) and not _attribute_meant(usage):
            allowed = (*known.required, *known.optional)
            near = get_close_matches(usage.attribute, allowed, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(allowed) or 'no attributes'}"
            yield _fault(subject, usage, f"<{usage.written}> has no attribute {usage.attribute}", hint)


@rule("DOC-025", "stray-text", "error")
def stray_text(subject: DocumentView) -> Iterator[Fault]:
    """Text beside the elements belongs to none of them: apps lose it, and strict readers stop.

    Bad: `<item>Episode 4 <title>Families</title>`
    Good: `<item><title>Families</title>`
    Source: W3C Feed Validation Service, UnexpectedText.
    """
    for aside in subject.asides:
        if aside.kind == "text" and aside.parent.casefold() in _PLAIN_TEXT_PARENTS:
            place = subject.at(aside.line, aside.column)
            yield _stray(aside.text, aside.parent, place)
    channel = subject.feed.channel
    for element in channel.children if channel is not None else ():
        if element.name in {"image", "itunes:owner"} and element.children and element.text.strip():
            yield _stray(element.text.strip(), element.written, subject.at(element.line, element.column))


@rule("DOC-026", "element-misplaced", "error")
def element_misplaced(subject: DocumentView) -> Iterator[Fault]:
    """An element counts where apps look for it: a duration of the channel is the duration of nothing.

    Bad: `<itunes:owner>` or `<podcast:locked>` in an item
    Good: both in the channel
    Source: Podcast namespace; Apple, A Podcaster's Guide to RSS.
    """
    for usage in subject.usages:
        parents = _PARENTS.get(usage.name)
        if usage.attribute or parents is None or usage.parent in parents or not usage.parent:
            continue
        if usage.parent not in _READ and _local(usage.parent) == usage.parent:
            continue  # inside something unknown, which is another rule's
        wanted = " or ".join(f"<{name}>" for name in sorted(parents))
        message = f"<{usage.written}> stands in <{usage.parent}>, where no app looks"
        level: Level | None = "warn" if usage.name == "content:encoded" else None  # lost, and nothing else
        place = subject.at(usage.line, usage.column)
        yield Fault(f"{message}{_times(usage)}", place, f"put it into {wanted}", level=level)


@rule("DOC-027", "element-twice", "error")
def element_twice(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Of two titles, apps take the first or the last, each another: what may be there once is there once.

    Bad: `<title>Families</title><title>Families, part 1</title>`
    Good: one `<title>`
    Source: W3C Feed Validation Service, DuplicateElement.
    """
    children = subject.element.children
    if len(children) == len(subject.present or ()):
        return
    single = _SINGLE["channel" if isinstance(subject, ChannelView) else "item"]
    seen: set[str] = set()
    for child in children:
        name = child.name
        if name not in seen:
            seen.add(name)
            continue
        is_single = name in single or (name.startswith("itunes:") and name != "itunes:category")
        if is_single and "xmlns" not in child.attributes:
            where = "channel" if isinstance(subject, ChannelView) else "item"
            message = f"the {where} has a second <{child.written}>"
            yield Fault(message, subject.at(child), f"keep one <{child.written}>")


_READ = _PLAIN_TEXT_PARENTS | RSS_CHILDREN.keys()


def _attribute_meant(usage: Usage) -> str:
    """Return the attribute that an element has under this name, whatever its case; "" for none."""
    plain = usage.attribute.casefold()
    return next((name for name in _ATTRIBUTES.get(usage.name, ()) if name.casefold() == plain), "")


def _is_plain_attribute(usage: Usage) -> bool:
    return bool(usage.attribute) and ":" not in usage.attribute and usage.attribute != "xmlns"


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


def _times(usage: Usage) -> str:
    return f" ({usage.count} times)" if usage.count > 1 else ""


def _nearest(local: str, known: Iterable[str], prefix: str) -> str:
    names = {name.replace("-", "").casefold(): name for name in known}
    near = get_close_matches(local.replace("_", "").replace("-", "").casefold(), names, n=1, cutoff=0.7)
    return f"did you mean <{prefix}:{names[near[0]]}>?" if near else "leave it out; no app reads it"


def _fault(
    subject: DocumentView, usage: Usage, message: str, hint: str, old: str = "", new: str = ""
) -> Fault:
    place = subject.at(usage.line, usage.column)
    fix = Fix(f"write {new}", (Edit(place, old, new),)) if old else None
    return Fault(f"{message}{_times(usage)}", place, hint, fix)


def _stray(text: str, parent: str, place: Place) -> Fault:
    return Fault(
        f"{text[:40]!r} stands in <{parent}> outside any element",
        place,
        "put it into an element, or delete it",
    )
