"""Rules on how show notes are carried: their escaping, links, times and first words (group NT)."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from publisher.checks.engine import Fault, NotChecked, rule
from publisher.checks.html import lines_of, parse_fragment
from publisher.checks.views import DESCRIPTIONS, DocumentView, ItemView, path_of
from publisher.timecodes import format_clock, parse_timecode

if TYPE_CHECKING:
    from publisher.checks.files import ResponseView

_TAG = re.compile(r"</?(?:p|a|br|ul|ol|li|b|i|strong|em|div|span|h[1-6])\b[^<>]*>", re.IGNORECASE)
_ESCAPED_TAG = re.compile(
    r"&lt;/?(?:p|a|br|ul|ol|li|b|i|strong|em|div|span|h[1-6])(?:\s[^<>]*?)?/?&gt;", re.IGNORECASE
)
_TWICE = re.compile(r"&amp;(?:amp|lt|gt|quot|apos|nbsp|#\d{2,5}|#x[0-9a-f]{2,5});", re.IGNORECASE)
_TIME_LINE = re.compile(r"[(\[]?((?:\d{1,2}:)?\d{1,3}:[0-5]\d)[)\]]?(?:\s|[-–—:|.])")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_DOCUMENTS = {
    ".pdf": ("PDF",),
    ".doc": ("Word",),
    ".docx": ("Word",),
    ".odt": ("OpenDocument", "ODT", "Writer"),
    ".xls": ("Excel", "spreadsheet"),
    ".xlsx": ("Excel", "spreadsheet"),
    ".ods": ("OpenDocument", "ODS", "spreadsheet"),
    ".ppt": ("PowerPoint", "slides"),
    ".pptx": ("PowerPoint", "slides"),
    ".odp": ("OpenDocument", "ODP", "slides"),
}
_REFUSES_PROGRAMS = frozenset({401, 403, 405, 406, 429, 999})


@rule("NT-001", "notes-escaping", "error")
def notes_escaping(subject: ItemView) -> Iterator[Fault]:
    """Markup in notes is put into CDATA or escaped, once: bare it breaks readers, twice it shows its insides.

    Bad: `<description>&amp;lt;p&amp;gt;Families&amp;lt;/p&amp;gt;</description>`
    Good: `<description><![CDATA[<p>Families</p>]]></description>`
    Source: Apple, A Podcaster's Guide to RSS; PSP-1.
    """
    for element in subject.element.children:
        if element.name not in DESCRIPTIONS:
            continue
        text = element.text
        message = ""
        if element.children:
            message = f"<{element.children[0].written}> stands bare in the notes"
        elif element.has_cdata and element.has_plain and "<" in text:
            message = "one part of the notes is in CDATA, another is not"
        elif "&" in text and not _TAG.search(text) and (found := _ESCAPED_TAG.search(text)):
            message = f"the notes are escaped twice: apps show {found[0]!r}"
        elif "&" in text and (found := _TWICE.search(text)):
            message = f"the notes hold {found[0]!r}, which is escaped twice"
        if message:
            place = subject.at_text(element) if element.children else subject.at(element)
            yield Fault(message, place, "put the whole HTML into one CDATA section, not escaped")


@rule("NT-002", "cdata-broken", "error")
def cdata_broken(subject: DocumentView) -> Iterator[Fault]:
    """The three signs that end a CDATA section cannot stand inside one: what follows them stops the feed.

    Bad: `<![CDATA[the signs ]]> end it]]>`
    Good: `<![CDATA[the signs ]]]]><![CDATA[> end it]]>`
    Source: XML 1.0, section 2.7.
    """
    problem = subject.feed.problem
    if problem is not None and subject.feed.problem_kind == "cdata":
        yield Fault(problem.message, problem.place or subject.at(1), problem.hint)


@rule("NT-007", "link-dead", "warn")
def link_dead(subject: ItemView | ResponseView) -> Iterator[Fault | NotChecked]:
    """A link that leads nowhere is worse than none; over plain http anybody between can read along.
    The answers of servers are asked with `--online`; `publisher links check` remembers those of resources.

    Bad: `[the study](http://example.org/moved-long-ago)`
    Good: `[the study](https://example.org/study)`
    Source: practice; how long links live.
    """
    if isinstance(subject, ItemView):
        for anchor in subject.notes.anchors:
            if anchor.href.casefold().startswith("http://"):
                place = subject.in_notes(anchor.href)
                yield Fault(
                    f"the link to {anchor.href[:80]} is not https", place, "write https://, and try it"
                )
    elif subject.role == "link":
        if subject.status in _REFUSES_PROGRAMS:
            yield NotChecked("", f"the server answers programs with {subject.status}")
        elif subject.failure or subject.status >= 400:
            said = subject.failure or f"its server answers {subject.status}"
            place = subject.at()
            yield Fault(
                f"the link to {subject.address[:80]} is dead: {said}", place, "mend it or take it out"
            )


@rule("NT-011", "notes-begin-badly", "warn")
def notes_begin_badly(subject: ItemView, *, characters: int = 120) -> Iterator[Fault]:
    """Lists show about the first 120 characters of the notes; they should say what the episode is about.
    Whether they make a good sentence, only a person can tell: what is seen here are addresses and times.

    Bad: notes that begin with `https://example.org/sponsor` or `00:00 Welcome`
    Good: `Why a district asks its families first, and what came of it.`
    Source: how apps cut notes; tests of apps by Podnews and Transistor.
    """
    element = subject.notes_element
    if element is None:
        return
    first = next(iter(lines_of(element.value)), "")[:characters]
    address = _ADDRESS.search(first)
    message = ""
    if address and any(anchor.text.startswith(address[0]) for anchor in subject.notes.anchors[:1]):
        return  # NT-009's when it is long
    if address and address.start() < 20:
        message = f"the notes begin with an address: {first[:60]!r}"
    elif _TIME_LINE.match(first):
        message = f"the notes begin with a list of times: {first[:60]!r}"
    if message:
        yield Fault(message, subject.in_notes(), "begin with a sentence on what the episode is about")


@rule("NT-013", "links-differ", "warn", when=("content:encoded",))
def links_differ(subject: ItemView) -> Iterator[Fault]:
    """Some apps show the description, others `content:encoded`: the same links should be in both.
    A description without any link is a summary, and NT-014's when it is the whole text without its tags.

    Bad: three links in `content:encoded`, two of them in the description
    Good: the same links, in the same order
    Source: what apps show.
    """
    description, content = subject.first("description"), subject.first("content:encoded")
    if description is None or content is None or "<a" not in description.value:
        return
    short = [anchor.href for anchor in parse_fragment(description.value).anchors]
    full = [anchor.href for anchor in subject.notes.anchors]
    if short and short != full:
        missing = [href for href in full if href not in short] or [href for href in short if href not in full]
        said = f"{missing[0][:80]} is only in one of them" if missing else "they stand in another order"
        yield Fault(
            f"description and content:encoded have different links: {said}",
            subject.at(description),
            "put the same text into both",
        )


@rule("NT-014", "addresses-lost", "warn", when=("content:encoded",))
def addresses_lost(subject: ItemView) -> Iterator[Fault]:
    """Where the tags are stripped off the notes, a link is lost unless its address stands in the text.

    Bad: `See the study.` in the description, with the link in `content:encoded` alone
    Good: `See the study: https://example.org/study` in the description
    Source: what apps show.
    """
    description = subject.first("description")
    if description is None or "<" in description.value or subject.first("content:encoded") is None:
        return
    text, full = " ".join(description.value.split()), " ".join(subject.notes.text.split())
    if len(text) < 40 or len(text) < len(full) * 0.8 or text[:40] != full[:40]:
        return  # a summary, not the same text
    lost = [
        anchor.href
        for anchor in subject.notes.anchors
        if anchor.href.startswith("http") and _bare_address(anchor.href) not in text
    ]
    if lost:
        yield Fault(
            f"the address {lost[0][:80]} is lost in the description",
            subject.at(description),
            "write the description in HTML, too, or the addresses into its text",
        )


@rule("NT-015", "picture-without-words", "warn")
def picture_without_words(subject: ItemView) -> Iterator[Fault]:
    """Who cannot see a picture hears its `alt`; most apps show no pictures at all (NT-003), so prefer none.

    Bad: `<img src="https://example.org/chart.png">`
    Good: `<img src="https://example.org/chart.png" alt="Absences fell from 51 to 30 percent">`
    Source: WCAG 2.1, 1.1.1 Non-text Content.
    """
    for tag in subject.notes.tags:
        if tag.name == "img" and tag.get("alt") is None:
            place = subject.in_notes("<img", tag.get("src") or "")
            yield Fault("a picture in the notes has no words in its place", place, "say in alt what it shows")
            return


@rule("NT-016", "time-after-end", "warn", needs=("audio",))
def time_after_end(subject: ItemView) -> Iterator[Fault]:
    """A list of times in the notes leads into the audio; times after its end belong to another cut.
    What else such a list has to be, the group CHD checks.

    Bad: `48:10 What comes next` in the notes of 40 minutes
    Good: times taken from the finished audio
    Source: Apple, Chapters on Apple Podcasts.
    """
    duration = subject.own.enclosure.duration_ms / 1000 if subject.own else subject.duration_s
    element = subject.notes_element
    if not duration or element is None or element.value.count(":") < 3:
        return
    times = [found[1] for line in lines_of(element.value) if (found := _TIME_LINE.match(line))]
    if len(times) < 3 or times[0].strip("0:"):
        return  # times of day, or CHD-001's
    for written in times:
        try:
            at_ms = parse_timecode(written)
        except ValueError:
            continue  # no time: the list is CHD-001's
        if at_ms / 1000 > duration + 1 and written == times[0]:
            return  # times of day: a programme, not a list into the audio
        if at_ms / 1000 > duration + 1:
            yield Fault(
                f"the time {written} is after the end of the audio, at {format_clock(int(duration * 1000))}",
                subject.in_notes(written),
                "note the times from the finished audio",
            )
            return


@rule("NT-018", "document-not-marked", "warn")
def document_not_marked(subject: ItemView) -> Iterator[Fault]:
    """A link that opens a PDF or an office file takes people out of the app; the link text should say so.

    Bad: `[The study](https://example.org/study.pdf)`
    Good: `[The study (PDF)](https://example.org/study.pdf)`
    Source: practice of public agencies; WCAG 2.1, technique G201.
    """
    for anchor in subject.notes.anchors:
        path = path_of(anchor.href).casefold()
        ending = f".{path.rpartition('.')[2]}"
        words = _DOCUMENTS.get(ending)
        if not words or "://" not in anchor.href or "://" in anchor.text:
            continue  # NT-006's, and an address shows what it is
        text = anchor.text.casefold()
        if not any(word.casefold() in text for word in (*words, ending[1:])):
            yield Fault(
                f"the link {anchor.text[:60]!r} leads to a document and does not say so",
                subject.in_notes(f">{anchor.text}<", f"[{anchor.text}]", anchor.href),
                f"write its kind into the link text: {anchor.text[:60]} ({words[0]})",
            )


def _bare_address(address: str) -> str:
    """Return an address as people write it: without https:// and a last slash."""
    return address.partition("://")[2].rstrip("/")
