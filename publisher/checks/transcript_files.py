"""Rules on what stands in a transcript's file: the group TR, as `publisher transcript check` finds it."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from publisher.checks.engine import Fault, NotChecked, rule
from publisher.checks.html import parse_fragment
from publisher.model import Fix

if TYPE_CHECKING:
    from publisher.checks.files import TranscriptView

_AUTOMATIC = re.compile(
    r"\b(?:auto(?:matically)?[- ]?(?:generated|transcribed|captions?)|machine[- ](?:generated|transcri\w+)"
    r"|kind:\s*asr|unreviewed|not (?:yet )?(?:reviewed|corrected)|transcript draft)\b",
    re.IGNORECASE,
)
_UNSAFE = frozenset({"script", "iframe", "object", "embed", "form", "base", "svg"})
_HEAD_CHARACTERS = 1000


@rule("TR-009", "vtt-broken", "error", needs=("bytes",))
def vtt_broken(subject: TranscriptView) -> Iterator[Fault | NotChecked]:
    """A player that cannot read a WebVTT file shows nothing at all, and says nothing.

    Bad: `00:01,5 --> 00:03,0`, or a file that does not begin with WEBVTT
    Good: `WEBVTT`, an empty line, then `00:00:01.500 --> 00:00:03.000`
    Source: W3C WebVTT.
    """
    yield from _said(subject, "TR-009", _mend(subject))


@rule("TR-010", "srt-broken", "error", needs=("bytes",))
def srt_broken(subject: TranscriptView) -> Iterator[Fault | NotChecked]:
    """SubRip has no standard, but strict players: cues counted from 1, times with a comma, an empty line.

    Bad: `00:00:01.500 --> 00:00:03.000`, without a number above it
    Good: `1`, below it `00:00:01,500 --> 00:00:03,000`
    Source: what players read.
    """
    yield from _said(subject, "TR-010", _mend(subject))


@rule("TR-011", "cues-out-of-order", "error", needs=("bytes",))
def cues_out_of_order(subject: TranscriptView) -> Iterator[Fault | NotChecked]:
    """Cues that go back or lie over one another jump and flicker on the screen.

    Bad: a cue at 00:40 below one at 01:10
    Good: each cue ends where the next one begins, or earlier
    Source: what players do with it.
    """
    yield from _said(subject, "TR-011", _mend(subject))


@rule("TR-013", "transcript-gaps", "warn", needs=("bytes",))
def transcript_gaps(subject: TranscriptView) -> Iterator[Fault | NotChecked]:
    """A minute without words, or a tenth of the talk: whoever reads does not know whether anything was said.

    Bad: nothing from 12:00 to 14:30
    Good: the words, or `[Music]`
    Source: WCAG 2.1, 1.2.1.
    """
    yield from _said(subject, "TR-013")


@rule("TR-014", "srt-lines", "warn", needs=("bytes",))
def srt_lines(subject: TranscriptView) -> Iterator[Fault | NotChecked]:
    """Apps show two lines of 32 characters of SubRip; what is more covers the picture or is cut.

    Bad: a cue of five lines
    Good: at most two lines of 32 characters, a new cue for each speaker
    Source: Podcast namespace, transcripts.
    """
    yield from _said(subject, "TR-014")


@rule("TR-015", "vtt-lines", "warn", needs=("bytes",))
def vtt_lines(subject: TranscriptView) -> Iterator[Fault | NotChecked]:
    """Lines of more than 65 characters are broken by the player, most often in the wrong place.

    Bad: a whole paragraph in one line
    Good: lines of at most 65 characters, the speaker as `<v Name>`
    Source: Podcast namespace, transcripts.
    """
    yield from _said(subject, "TR-015")


@rule("TR-016", "speakers-unnamed", "warn", needs=("bytes",))
def speakers_unnamed(subject: TranscriptView) -> Iterator[Fault | NotChecked]:
    """Of several voices a reader must know whose words these are, by the names that the feed has, too.
    Voices that are none of the people at all, such as two narrators, are left alone.

    Bad: two people and no name; `Jose` for José Díaz
    Good: `<v José Díaz>`
    Source: Apple, Transcripts on Apple Podcasts; WCAG 2.1, 1.2.1.
    """
    yield from _said(subject, "TR-016")


@rule("TR-017", "json-transcript-broken", "error", needs=("bytes",))
def json_transcript_broken(subject: TranscriptView) -> Iterator[Fault | NotChecked]:
    """A transcript in JSON has a version and segments, each with a time in seconds and its words.

    Bad: `{"segments": [{"start": "00:01", "words": "Hello"}]}`
    Good: `{"version": "1.0.0", "segments": [{"startTime": 1, "body": "Hello"}]}`
    Source: Podcast namespace, transcripts.
    """
    yield from _said(subject, "TR-017")


@rule("TR-018", "html-transcript-form", "warn", needs=("bytes",))
def html_transcript_form(subject: TranscriptView) -> Iterator[Fault | NotChecked]:
    """Apps read speakers, times and words from a page by its tags; screen readers its language and headings.
    A fragment, as the namespace shows one, has neither head nor language of its own.

    Bad: `<div><b>Ana</b> 0:01 Welcome.</div>`
    Good: `<cite>Ana</cite> <time>0:01</time> <p>Welcome.</p>`
    Source: Podcast namespace, transcripts.
    """
    page = _page(subject)
    if page is None:
        return
    found = parse_fragment(page)
    names = {tag.name for tag in found.tags}
    if "p" not in names:
        yield Fault("the words are in no paragraphs", subject.at(1), "put what is said into <p>")
    if not {"cite", "time"} & names:
        message = "neither speakers nor times are marked"
        yield Fault(message, subject.at(1), "write <cite>Name</cite> and <time>0:01</time>")
    whole = next((tag for tag in found.tags if tag.name == "html"), None)
    if whole is not None and not whole.get("lang"):
        yield Fault("the page does not say its language", subject.at(1), 'write <html lang="en">')
    if whole is not None and "title" not in names:
        yield Fault("the page has no title", subject.at(1), "add <title>")
    levels = [int(tag.name[1]) for tag in found.tags if re.fullmatch("h[1-6]", tag.name)]
    for before, after in pairwise(levels):
        if after > before + 1:
            yield Fault(
                f"a heading of level {after} follows one of {before}", subject.at(1), "leave no level out"
            )
            return


@rule("TR-020", "words-a-minute", "warn", needs=("bytes",))
def words_a_minute(subject: TranscriptView) -> Iterator[Fault | NotChecked]:
    """People say 60 to 260 words a minute; a file with fewer or more is cut off, or of another episode. A cue
    that goes by too fast cannot be read.

    Bad: 200 words for an hour
    Good: all that is said
    Source: how people speak and read.
    """
    yield from _said(subject, "TR-020")


@rule("TR-021", "transcript-unreviewed", "warn", needs=("bytes",))
def transcript_unreviewed(subject: TranscriptView) -> Iterator[Fault]:
    """What a machine heard wrong, people read wrong: names, numbers, a missing "not". Only a file that
    says of itself that it is automatic is found; whether somebody has read it, no program can see.

    Bad: a line `NOTE automatically generated` at the top of the published file
    Good: a transcript corrected by a person, without that line
    Source: 28 CFR Part 35 Subpart H (ADA Title II): the publisher answers for what it says.
    """
    head = (subject.data or b"")[:_HEAD_CHARACTERS].decode("utf-8", "replace")
    if found := _AUTOMATIC.search(head):
        line = head.count("\n", 0, found.start()) + 1
        yield Fault(
            f"the file says of itself that no person has read it: {found[0]}",
            subject.at(line),
            "correct it while listening, then take the remark out",
        )


@rule("TR-024", "html-transcript-unsafe", "error", needs=("bytes",))
def html_transcript_unsafe(subject: TranscriptView) -> Iterator[Fault]:
    """A page of words needs no programs; one that brings some is refused, or attacks who reads it.

    Bad: `<p onclick="…">`, `<script>`
    Good: paragraphs, names and times
    Source: W3C Feed Validation Service, SecurityRisk.
    """
    for tag in parse_fragment(_page(subject) or "").tags:
        if tag.name in _UNSAFE:
            yield Fault(f"the transcript holds <{tag.name}>", subject.at(1), "take it out")
        for name, value in tag.attributes:
            scheme = re.sub(r"[\s\x00-\x1f]", "", value).partition(":")[0].casefold()
            if name.startswith("on"):
                yield Fault(f"the transcript holds the attribute {name}", subject.at(1), "take it out")
            elif name in {"href", "src"} and scheme in {"javascript", "data", "vbscript"}:
                yield Fault(f"the transcript holds a {scheme}: link", subject.at(1), "link to a web page")


@rule("TR-025", "placeholder-cues", "warn", needs=("bytes",))
def placeholder_cues(subject: TranscriptView) -> Iterator[Fault | NotChecked]:
    """Recognisers end with thanks that nobody said, and services sign their work; both are read as words.

    Bad: `Thank you for watching!` as the last cue
    Good: what is said, and `[inaudible]` where nobody can tell
    Source: what recognisers are known to add.
    """
    yield from _said(subject, "TR-025")


def _said(subject: TranscriptView, rule_id: str, fix: Fix | None = None) -> Iterator[Fault | NotChecked]:
    """Yield what was found in the file under one rule; it is read once for all of them."""
    for finding in subject.findings:
        if finding.rule == rule_id:
            place = finding.place if subject.file else subject.at()
            yield Fault(finding.message, place, finding.hint, fix, finding.level)


def _mend(subject: TranscriptView) -> Fix | None:
    if not subject.file:
        return None
    return Fix("bring times and numbers into order", repair="transcript", file=subject.file)


def _page(subject: TranscriptView) -> str | None:
    """Return the text of a page, or None for every other kind."""
    if subject.kind != ".html" or subject.data is None:
        return None
    return subject.data.decode("utf-8", "replace")
