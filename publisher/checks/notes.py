"""Rules on show notes as the feed carries them: the group NT."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from publisher.addresses import tracking_parameters, without_tracking
from publisher.checks.engine import Fault, rule
from publisher.checks.views import ItemView
from publisher.model import Edit, Fix

_RENDERED = frozenset({"p", "ol", "ul", "li", "a", "br", "b", "i", "strong", "em"})
_UNSAFE = frozenset({"script", "iframe", "object", "embed", "form", "style", "link", "meta", "svg", "base"})
_EMPTY_WORDS = frozenset(
    {"click here", "here", "link", "more", "read more", "this", "this link", "hier", "aquí"}
)
_BARE_ADDRESS_CHARACTERS = 40


@rule("NT-003", "tag-not-rendered", "warn")
def tag_not_rendered(subject: ItemView) -> Iterator[Fault]:
    """Apps show paragraphs, lists and links; headings, tables and pictures disappear or fall apart.

    Bad: `## Resources`
    Good: `**Resources**`
    Source: Apple, A Podcaster's Guide to RSS; tests of apps by Podnews and Transistor.
    """
    odd = sorted({tag.name for tag in subject.notes.tags} - _RENDERED - _UNSAFE)
    if any(tag.name == "img" and tag.get("alt") is None for tag in subject.notes.tags):
        odd = [name for name in odd if name != "img"]  # NT-015's
    if odd:
        yield Fault(
            f"podcast apps do not show <{'>, <'.join(odd)}>",
            subject.in_notes(),
            "use paragraphs, lists, links and bold text",
        )


@rule("NT-004", "unsafe-markup", "error")
def unsafe_markup(subject: ItemView) -> Iterator[Fault]:
    """Markup that can run programs gets a feed refused, and listeners attacked.

    Bad: `<a href="javascript:…">`
    Good: `<a href="https://example.org/">`
    Source: W3C Feed Validation Service, SecurityRisk.
    """
    for tag in subject.notes.tags:
        if tag.name in _UNSAFE:
            yield Fault(f"the notes hold <{tag.name}>", subject.in_notes(f"<{tag.name}"), "take it out")
        for name, value in tag.attributes:
            scheme = re.sub(r"[\s\x00-\x1f]", "", value).partition(":")[0].casefold()
            if name.startswith("on") or name == "style":
                yield Fault(f"the notes hold the attribute {name}", subject.in_notes(), "take it out")
            elif name in {"href", "src"} and scheme in {"javascript", "data", "vbscript"}:
                yield Fault(f"the notes hold a {scheme}: link", subject.in_notes(), "link to a web page")


@rule("NT-005", "tag-unclosed", "error")
def tag_unclosed(subject: ItemView) -> Iterator[Fault]:
    """A tag that is never closed swallows the rest of the page in some apps.

    Bad: `<p>Why <b>families</p>`
    Good: `<p>Why <b>families</b></p>`
    Source: W3C Feed Validation Service, NotHtml.
    """
    if unclosed := sorted(set(subject.notes.unclosed)):
        yield Fault(
            f"these tags are opened or closed alone: <{'>, <'.join(unclosed)}>",
            subject.in_notes(),
            "write the notes in Markdown, or close each tag",
        )


@rule("NT-006", "relative-link", "error")
def relative_link(subject: ItemView) -> Iterator[Fault]:
    """In an app there is no page that a short address could belong to: the link goes nowhere.

    Bad: `[the study](study.pdf)`
    Good: `[the study](https://example.org/study.pdf)`
    Source: W3C Feed Validation Service, ContainsRelRef.
    """
    for tag in subject.notes.tags:
        for name in ("href", "src"):
            address = tag.get(name)
            if address is not None and not urlsplit(address).scheme:
                yield Fault(
                    f"the link {address!r} has no https:// in front",
                    subject.in_notes(address),
                    "write the whole address",
                )


@rule("NT-008", "tracking-parameter", "warn")
def tracking_parameter(subject: ItemView) -> Iterator[Fault]:
    """Such parameters tell advertisers who clicked; listeners of a public agency did not ask for that.

    Bad: `https://example.org/?utm_source=podcast`
    Good: `https://example.org/`
    Source: privacy of listeners.
    """
    for anchor in subject.notes.anchors:
        if tracking := tracking_parameters(anchor.href):
            place = subject.in_notes(anchor.href)
            clean = without_tracking(anchor.href)
            is_here = subject.own is None or anchor.href in subject.own.episode.notes
            fix = Fix(f"link {clean}", (Edit(place, anchor.href, clean),)) if is_here else None
            yield Fault(
                f"the link {anchor.text!r} tracks listeners with {', '.join(tracking)}",
                place,
                "`publisher links check --fix` takes it off; or say in show.toml why it must stay",
                fix,  # a resource's address stands in the catalogue
            )


@rule("NT-009", "link-text-says-nothing", "warn")
def link_text_says_nothing(subject: ItemView) -> Iterator[Fault]:
    """Screen readers list the links of a text: "here, here, here" leads nobody anywhere.

    Bad: `For the study click [here](https://example.org/study)`
    Good: `[The study on family engagement](https://example.org/study)`
    Source: WCAG 2.1, 2.4.4 Link Purpose.
    """
    for anchor in subject.notes.anchors:
        words = anchor.text.strip(" .!:→»>").casefold()
        bare_address = "://" in words and len(words) > _BARE_ADDRESS_CHARACTERS
        if not words or words in _EMPTY_WORDS or bare_address:
            yield Fault(
                f"the link text {anchor.text!r} does not say where it leads",
                subject.in_notes(f">{anchor.text}<", f"[{anchor.text}]", anchor.text),
                f"name what is at {anchor.href}",
            )


@rule("NT-010", "link-text-ambiguous", "warn")
def link_text_ambiguous(subject: ItemView) -> Iterator[Fault]:
    """Two links with the same words and different ends cannot be told apart by ear.

    Bad: `[Toolkit](https://example.org/a)` and `[Toolkit](https://example.org/b)`
    Good: `[Toolkit for schools](…)` and `[Toolkit for families](…)`
    Source: WCAG 2.1, 2.4.4 Link Purpose.
    """
    ends: dict[str, str] = {}
    for anchor in subject.notes.anchors:
        known = ends.setdefault(anchor.text.casefold(), anchor.href)
        if known != anchor.href and anchor.text:
            yield Fault(
                f"the link text {anchor.text!r} leads to {known} and to {anchor.href}",
                subject.in_notes(anchor.href),
                "give each its own words",
            )


@rule("NT-012", "resource-not-linked", "error")
def resource_not_linked(subject: ItemView) -> Iterator[Fault]:
    """What an episode names as a resource has to be in its notes: that is what it is named for.

    Bad: `resources: [the-study]`, and notes without it
    Good: notes that link it, or the list that the tool writes below them
    Source: this tool's own promise.
    """
    if subject.own is None:
        return
    linked = {anchor.href for anchor in subject.notes.anchors}
    for number, resource in enumerate(subject.own.episode.resources):
        if not linked & {resource.url, resource.archived_url}:
            yield Fault(
                f"the resource {resource.id!r} is not linked in the notes",
                subject.at_source("resources", number),
                "let the notes template list the resources",
            )


@rule("NT-017", "empty-paragraph", "warn")
def empty_paragraph(subject: ItemView) -> Iterator[Fault]:
    """Empty paragraphs and rows of hard spaces come from word processors; apps show holes.

    Bad: `<p></p>`
    Good: one blank line between paragraphs in Markdown
    Source: how apps show notes.
    """
    if "p" in subject.notes.empty or "li" in subject.notes.empty:
        yield Fault("the notes hold an empty paragraph", subject.in_notes(), "delete it")
    if "\u00a0\u00a0" in subject.notes.text:
        yield Fault("the notes hold a row of hard spaces", subject.in_notes(), "write single spaces")
