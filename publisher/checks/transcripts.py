"""Rules on the transcripts that items name: the group TR."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from publisher.checks.delivery import called, is_served
from publisher.checks.engine import Fault, checklist, rule
from publisher.checks.views import ItemsView, ItemView, path_of
from publisher.model import Edit, Fix
from publisher.timecodes import format_clock

if TYPE_CHECKING:
    from publisher.checks.files import ResponseView
    from publisher.checks.subjects import EpisodeSubject, ItemSubject

TYPES = ("text/vtt", "application/x-subrip", "text/html", "application/json", "text/plain")
_SUBRIP = frozenset({"application/srt", "text/srt", "application/x-srt", "text/x-srt", "application/subrip"})
_ENDINGS = {
    "vtt": "text/vtt",
    "srt": "application/x-subrip",
    "json": "application/json",
    "html": "text/html",
    "htm": "text/html",
    "txt": "text/plain",
}
_NEAR = _ENDINGS | {
    "webvtt": "text/vtt",
    "text/webvtt": "text/vtt",
    "application/vtt": "text/vtt",
    "text/json": "application/json",
    "application/xhtml+xml": "text/html",
    "text": "text/plain",
}
_TIMED = frozenset({"text/vtt", "application/x-subrip", *_SUBRIP})
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*|[ix]-[A-Za-z0-9-]+")
_CODES = "eng=en spa=es deu=de ger=de fra=fr fre=fr por=pt ita=it nld=nl vie=vi zho=zh kor=ko jpn=ja rus=ru"
_TWO_LETTERS = dict(pair.split("=") for pair in _CODES.split())
LATE_CUE_MS = 2000


@rule("TR-001", "transcript-owed", "error", "public")
def transcript_owed(subject: EpisodeSubject | ItemsView) -> Iterator[Fault]:
    """A public agency owes everyone who cannot hear the episode its words, from the first day.

    Bad: an episode without `transcript:`
    Good: `transcript: transcript.vtt`, corrected by a person
    Source: WCAG 2.1, 1.2.1; 28 CFR Part 35 Subpart H (ADA Title II).
    """
    yield from _without(subject, "the episode has no transcript, which a public agency owes")


@rule("TR-002", "transcript-missing", "warn", "-public")
def transcript_missing(subject: EpisodeSubject | ItemsView) -> Iterator[Fault]:
    """A transcript is read by people who cannot listen, and found by people who search. Of a foreign feed,
    the newest item without one is named, and how many there are.

    Bad: an episode without `transcript:`
    Good: `transcript: transcript.vtt`
    Source: PSP-1; Apple, Transcripts on Apple Podcasts.
    """
    yield from _without(subject, "the episode has no transcript")


@rule("TR-003", "transcript-type", "error", when=("podcast:transcript",))
def transcript_type(subject: ItemView) -> Iterator[Fault]:
    """Apps choose a transcript by its type and pass over one they do not know.

    Bad: `type="application/msword"`
    Good: `type="text/vtt"`
    Source: Podcast namespace, transcript.
    """
    for link in subject.all("podcast:transcript"):
        kind = link.get("type")
        essence = kind.partition(";")[0].strip().casefold()
        for name in ("url", "type"):
            if not link.get(name):
                right = _ENDINGS.get(_ending(link.get("url")), "") if name == "type" else ""
                place = subject.at(link, name)
                fix = (
                    Fix(f"add {right}", (Edit(place, "", right, "podcast:transcript@type"),))
                    if right
                    else None
                )
                yield Fault(f"the transcript has no {name}", place, f"add {right or name}", fix)
        if essence and essence not in TYPES:
            place = subject.at(link, "type")
            right = "application/x-subrip" if essence in _SUBRIP else _NEAR.get(essence, "")
            fix = (
                Fix(f"write {right}", (Edit(place, kind, right, "podcast:transcript@type"),))
                if right
                else None
            )
            hint = f"write {right}" if right else f"offer one of: {', '.join(TYPES)}"
            if essence in _SUBRIP and _ENDINGS.get(_ending(link.get("url")), right) != right:
                continue  # a matter of TR-004
            if essence in _SUBRIP:
                yield Fault(f"{kind!r} is an older name of SubRip", place, hint, fix, level="warn")
            else:
                yield Fault(f"no app reads a transcript of type {kind!r}", place, hint, fix)


@rule("TR-004", "transcript-type-differs", "error", when=("podcast:transcript",))
def transcript_type_differs(subject: ItemView | ResponseView) -> Iterator[Fault]:
    """Feed, ending and server name one type; where they differ, apps take the file for something else. What
    the file holds is a matter of TR-009, TR-010 and TR-017.

    Bad: `<podcast:transcript url="https://media.example.org/one.vtt" type="application/x-subrip"/>`
    Good: `<podcast:transcript url="https://media.example.org/one.vtt" type="text/vtt"/>`
    Source: what apps do with it.
    """
    if not isinstance(subject, ItemView):
        said = subject.headers.get("content-type", "").partition(";")[0].strip().casefold()
        meant = _usual(subject.type)
        if subject.role != "transcript" or subject.status != 200 or meant not in TYPES:
            return
        if said and _usual(said) != meant:
            yield Fault(f"the server sends it as {said}", subject.at(), f"let the server say {meant}")
        return
    for link in subject.all("podcast:transcript"):
        kind, right = link.get("type"), _ENDINGS.get(_ending(link.get("url")))
        if right and _usual(kind) in TYPES and _usual(kind) != right:
            place = subject.at(link, "type")
            fix = Fix(f"write {right}", (Edit(place, kind, right, "podcast:transcript@type"),))
            yield Fault(
                f"the address ends in .{_ending(link.get('url'))}, the type is {kind}",
                place,
                f"write {right}",
                fix,
            )


@rule("TR-005", "transcript-not-timed", "warn", when=("podcast:transcript",))
def transcript_not_timed(subject: ItemView) -> Iterator[Fault]:
    """Apple shows and follows WebVTT; a transcript without times stands still beside the audio.

    Bad: only `transcript.txt`
    Good: `transcript.vtt` with `<v Name>` before each speaker
    Source: Apple, Transcripts on Apple Podcasts; Podcast namespace, transcripts.
    """
    links = subject.all("podcast:transcript")
    types = {_usual(link.get("type")) for link in links}
    if (
        "text/vtt" not in types
        and types <= {*TYPES}
        and not any(_ending(link.get("url")) == "vtt" for link in links)
    ):
        yield Fault(
            "the transcript is not offered as WebVTT",
            subject.at("podcast:transcript"),
            "make a .vtt of it: publisher transcript",
        )


@rule("TR-006", "transcript-not-for-reading", "warn", when=("podcast:transcript",))
def transcript_not_for_reading(subject: ItemView) -> Iterator[Fault]:
    """Cues are for players; people read a page. Of the show's own, the page of each episode holds the words.

    Bad: only WebVTT and SubRip
    Good: `text/html`, too
    Source: Podcast namespace, transcripts; WCAG 2.1, 1.2.1.
    """
    types = {_usual(link.get("type")) for link in subject.all("podcast:transcript")}
    if not subject.context.is_own and types <= {"text/vtt", "application/x-subrip", "application/json"}:
        place = subject.at("podcast:transcript")
        yield Fault("no transcript is offered for reading", place, "add one of type text/html")


@rule("TR-007", "transcript-language", "error", when=("podcast:transcript",))
def transcript_language(subject: ItemView) -> Iterator[Fault]:
    """Apps offer a transcript by its language; without one it is the show's.

    Bad: `language="eng"`, or two transcripts of one type and language
    Good: `language="en"` and `language="es"`
    Source: Podcast namespace, transcript; BCP 47.
    """
    seen: set[tuple[str, str, str]] = set()
    for link in subject.all("podcast:transcript"):
        language, place = link.get("language"), subject.at(link, "language")
        usual = language.replace("_", "-")
        head = usual.partition("-")[0]
        right = _TWO_LETTERS.get(head.casefold(), head) + usual[len(head) :]
        if language and (right != language or not _TAG.fullmatch(language)):
            edits = (Edit(place, language, right, "podcast:transcript@language"),)
            fix = Fix(f"write {right}", edits) if _TAG.fullmatch(right) and right != language else None
            hint = f"write {right}" if fix else "write en, es or, with a region, es-MX"
            yield Fault(f"{language!r} is no language tag", place, hint, fix)
        key = (_usual(link.get("type")), (language or subject.context.language).casefold(), link.get("rel"))
        if key in seen and key[0]:
            message = f"a second transcript is {key[0]} in {key[1] or 'the same language'}"
            yield Fault(message, subject.at(link), "keep one of them", level="warn")
        seen.add(key)


@rule("TR-008", "transcript-rel", "error", when=("podcast:transcript",))
def transcript_rel(subject: ItemView) -> Iterator[Fault]:
    """Only a timed transcript can stand for captions.

    Bad: `rel="captions"` on a page of text
    Good: `rel="captions"` on WebVTT or SubRip, and none elsewhere
    Source: Podcast namespace, transcript.
    """
    for link in subject.all("podcast:transcript"):
        rel, kind = link.get("rel"), link.get("type")
        if rel and (rel != "captions" or _usual(kind) not in _TIMED):
            yield Fault(
                f"a transcript of type {kind!r} is marked rel={rel!r}",
                subject.at(link, "rel"),
                "leave rel out for anything but timed captions",
            )


@rule("TR-012", "transcript-after-audio", "error")
def transcript_after_audio(subject: ItemSubject) -> Iterator[Fault]:
    """Words after the end of the audio belong to another recording or to an older cut.

    Bad: a last cue at 41:10 for 38 minutes of audio
    Good: a transcript made from the finished audio
    Source: equal to what is heard: WCAG 2.1, 1.2.1.
    """
    end, duration = subject.transcript_end_ms, subject.item.enclosure.duration_ms
    if end is not None and end > duration + LATE_CUE_MS:
        yield Fault(
            f"the transcript ends at {format_clock(end)}, the audio at {format_clock(duration)}",
            subject.at("transcript"),
            "make the transcript from the finished audio",
        )


@checklist("TR-019", "transcripts-differ", "error", kept=True)
def transcripts_differ() -> None:
    """Whoever reads the page reads what whoever sees the captions reads: all formats carry the same words.
    Of the show's own, all formats are made from the one file in the episode's folder.

    Bad: corrections in the page, and not in the WebVTT
    Good: one source, and `publisher` writes the rest
    Source: equal access: WCAG 2.1, 1.2.1.
    """


@checklist("TR-022", "sounds-not-described", "warn")
def sounds_not_described() -> None:
    """Music, laughter or a slammed door that matter to what is said are written in brackets; which of them
    matter, only a person who listens can say. Gaps of more than a minute are named by TR-013.

    Bad: nothing while a choir sings
    Good: `[A choir of children sings]`
    Source: WCAG 2.1, 1.2.1.
    """


@rule("TR-023", "transcript-no-cors", "error")
def transcript_no_cors(subject: ResponseView) -> Iterator[Fault]:
    """Players on web pages may only read what its server opens to all: without, they show no transcript.

    Bad: a transcript without the header
    Good: `Access-Control-Allow-Origin: *`
    Source: Podcast namespace, transcripts.
    """
    if subject.role != "transcript" or not is_served(subject):
        return
    name = "access-control-allow-origin"
    if "*" not in [each.get(name, "").strip() for each in (subject.headers, subject.head, subject.app)]:
        message = f"players on web pages may not read {called(subject)}"
        yield Fault(message, subject.at(), "let the server send Access-Control-Allow-Origin: *")


def _without(subject: EpisodeSubject | ItemsView, message: str) -> Iterator[Fault]:
    if not isinstance(subject, ItemsView):
        if subject.episode.transcript is None:
            yield Fault(message, subject.at("transcript"), "put transcript.vtt into the episode's folder")
    elif not subject.context.is_own:
        missing = [item for item in subject.items if not item.has_transcript]
        if missing:
            count = f"; {len(missing)} of {len(subject.items)} have none" if len(missing) > 1 else ""
            place = subject.at(missing[0])
            yield Fault(f"{message}{count}", place, "offer one as podcast:transcript, of type text/vtt")


def _usual(kind: str) -> str:
    essence = kind.partition(";")[0].strip().casefold()
    return "application/x-subrip" if essence in _SUBRIP else essence


def _ending(address: str) -> str:
    return path_of(address).rpartition(".")[2].casefold()
