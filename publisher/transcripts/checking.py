"""A transcript as its file holds it to what readers, apps and the law stumble over, with line numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath

from publisher.errors import Place, SourceError
from publisher.model import Finding, Person
from publisher.timecodes import format_clock, format_vtt
from publisher.transcripts import parse_transcript
from publisher.transcripts.cues import Cue, Reading, find_disorder
from publisher.transcripts.people import match_person, speakers_of
from publisher.transcripts.writing import check_writing

_OVERLAP_MS = 100
_LATE_MS = 2_000
_GAP_MS = 60_000
_LEAST_COVERED = 0.85
_LETTERS_A_SECOND = 25
_LONGEST_MS = 15_000
_WORDS_A_MINUTE = (60, 260)
_ENOUGH_MS = 30_000
_LINES = {".srt": ("TR-014", 32, 2), ".vtt": ("TR-015", 65, 0)}
_FORMAT_RULES = {".vtt": "TR-009", ".srt": "TR-010", ".json": "TR-017"}
_SOUND = re.compile(r"^[\[(♪].*[\])♪]$", re.DOTALL)
_UNHEARD = re.compile(r"\[(?:inaudible|unintelligible|crosstalk|\?+)[^\]]*\]|\(inaudible\)", re.IGNORECASE)
_NOT_SAID = re.compile(
    r"(?:transcri(?:bed|pt(?:ion|ed)?)|subtitles?|captions?) by .+|thank(?:s| you) for watching.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Background:
    """What is known beside the file: how long the audio is, and who is heard in it."""

    duration_ms: int | None = None
    people: tuple[Person, ...] = ()


def check_reading(shown: str, reading: Reading, background: Background) -> tuple[Finding, ...]:
    """Return everything to complain about, in the order of the file."""
    kind = PurePath(shown).suffix.casefold()
    findings = [
        Finding(
            _FORMAT_RULES.get(kind, "SRC-001"), "error", each.place or Place(shown), each.message, each.hint
        )
        for each in reading.problems
    ]
    findings += (
        Finding("TR-011", "error", each.place or Place(shown), each.message, each.hint)
        for each in find_disorder(reading)
    )
    findings += _placeholders(shown, reading)
    findings += _speakers(shown, reading, background.people)
    if reading.is_timed and reading.cues:
        findings += _overlaps(reading)
        findings += _lines(reading, kind)
        findings += _reading_speed(reading)
        findings += _whole(shown, reading, background.duration_ms)
    return tuple(sorted(findings, key=lambda each: (each.place, each.rule)))


def check_file(name: str, kind: str, data: bytes, background: Background) -> tuple[Finding, ...]:
    """Return everything to complain about in a file of whatever bytes, `kind` being its ending.

    Voices of which none is one of the people, such as two narrators, are taken for what they are.
    """
    shown = name if PurePath(name).suffix.casefold() == kind else f"{name}{kind}"
    rule = _FORMAT_RULES.get(kind, "SRC-001")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        place = Place(shown, data.count(b"\n", 0, error.start) + 1)
        return (Finding(rule, "error", place, "the file is not in UTF-8", "save it as UTF-8"),)
    try:
        reading = parse_transcript(shown, text)
    except SourceError as error:
        return tuple(
            Finding(rule, "error", each.place or Place(shown), each.message, each.hint)
            for each in error.problems
        )
    findings = (*check_reading(shown, reading, background), *check_writing(shown, text))
    names = speakers_of(reading.cues)
    if names and not any(match_person(each, background.people) for each in names):
        findings = tuple(each for each in findings if each.rule != "TR-016")
    return findings


def is_sound(cue: Cue) -> bool:
    """Tell whether a cue describes a sound, such as `[Music]`, instead of saying words."""
    return bool(_SOUND.match(cue.text))


def _once(reading: Reading) -> Iterator[tuple[Cue, Place]]:
    """Yield the cues; of several voices with one time the first, with the words of all."""
    group: list[Cue] = []
    before: Place | None = None
    for cue, place in zip(reading.cues, reading.places, strict=True):
        if before is not None and place is not before:
            yield _joined(group), before
            group = []
        group.append(cue)
        before = place
    if before is not None:
        yield _joined(group), before


def _joined(group: Sequence[Cue]) -> Cue:
    first = group[0]
    text = first.text if len(group) == 1 else "\n".join(cue.text for cue in group)
    return Cue(first.start_ms, first.end_ms, first.speaker, text)


def _overlaps(reading: Reading) -> Iterator[Finding]:
    for (cue, _), (following, place) in pairwise(_once(reading)):
        over_ms = cue.end_ms - following.start_ms
        if over_ms > _OVERLAP_MS and following.start_ms >= cue.start_ms:
            ends = format_vtt(cue.end_ms)
            message = f"this cue starts {over_ms / 1000:.3g} s before the one above ends, at {ends}"
            yield Finding("TR-011", "warn", place, message, "let one cue end where the next one starts")


def _lines(reading: Reading, kind: str) -> Iterator[Finding]:
    if kind not in _LINES:
        return
    rule, letters, lines = _LINES[kind]
    for cue, place in _once(reading):
        written = cue.text.split("\n")
        longest = max(len(line) for line in written)
        if longest > letters:
            message = f"a line of this cue has {longest} characters; apps show {letters}"
            yield Finding(rule, "warn", place, message, "break the line, or divide the cue")
        if lines and len(written) > lines:
            message = f"this cue has {len(written)} lines; apps show {lines}"
            yield Finding(rule, "warn", place, message, "divide the cue")


def _reading_speed(reading: Reading) -> Iterator[Finding]:
    for cue, place in _once(reading):
        lasts_ms, letters = cue.end_ms - cue.start_ms, len(cue.text.replace("\n", " "))
        if lasts_ms < 0:
            continue
        if not cue.text:
            yield Finding("TR-011", "warn", place, "this cue has no words", "write them, or delete the cue")
        elif letters * 1000 > _LETTERS_A_SECOND * lasts_ms and letters > _LETTERS_A_SECOND // 2:
            speed = f"{letters} characters in {lasts_ms / 1000:g} s"
            hint = f"let it last longer: at most {_LETTERS_A_SECOND} characters a second can be read"
            yield Finding("TR-020", "warn", place, f"this cue goes by too fast to be read: {speed}", hint)
        elif lasts_ms > _LONGEST_MS and not is_sound(cue):
            message = f"this cue stands for {lasts_ms / 1000:g} s"
            yield Finding(
                "TR-020", "warn", place, message, "divide it, so that words appear as they are said"
            )


def _whole(shown: str, reading: Reading, duration_ms: int | None) -> Iterator[Finding]:
    """Compare with the audio: end, coverage, gaps, and words a minute."""
    cues = list(_once(reading))
    end_ms = max(cue.end_ms for cue, _ in cues)
    covered, latest = 0, 0
    for cue, place in cues:
        gap_ms = cue.start_ms - latest
        if gap_ms > _GAP_MS:
            yield _gap(place, latest, cue.start_ms)
        covered += max(0, cue.end_ms - max(latest, cue.start_ms))
        latest = max(latest, cue.end_ms)
    if duration_ms is not None:
        last = next(place for cue, place in reversed(cues) if cue.end_ms == end_ms)
        if end_ms > duration_ms + _LATE_MS:
            ends = format_clock(end_ms), format_clock(duration_ms)
            message = "the transcript ends at {}, the audio at {}".format(*ends)
            hint = "check that both are of the same recording; after a cut, use `publisher transcript shift`"
            yield Finding("TR-012", "error", last, message, hint)
        if duration_ms - latest > _GAP_MS:
            yield _gap(last, latest, duration_ms)
        if covered < _LEAST_COVERED * duration_ms:
            message = f"the cues cover {100 * covered // duration_ms} percent of {format_clock(duration_ms)}"
            hint = "add what is missing; describe music and other sounds in square brackets"
            yield Finding("TR-013", "warn", Place(shown), message, hint)
    words = sum(len(cue.text.split()) for cue, _ in cues if not is_sound(cue))
    length_ms = duration_ms or end_ms
    least, most = _WORDS_A_MINUTE
    if length_ms >= _ENOUGH_MS and not least <= words * 60_000 / length_ms <= most:
        message = f"{words * 60_000 // length_ms} words a minute; speech has {least} to {most}"
        hint = "check that the file is whole and belongs to this episode"
        yield Finding("TR-020", "warn", Place(shown), message, hint)


def _gap(place: Place, from_ms: int, to_ms: int) -> Finding:
    message = f"nothing is written from {format_clock(from_ms)} to {format_clock(to_ms)}"
    hint = "write what is said, or describe the sound, such as [Music]"
    return Finding("TR-013", "warn", place, message, hint)


def _speakers(shown: str, reading: Reading, people: tuple[Person, ...]) -> Iterator[Finding]:
    """Compare the names with the people of the episode; the first cue of each name is told."""
    names = speakers_of(reading.cues)
    if len(people) > 1 and not names and reading.cues:
        message = f"nobody is named, and {len(people)} people are heard"
        hint = "name who speaks: <v Name> in WebVTT, `Name:` before the words elsewhere"
        yield Finding("TR-016", "warn", Place(shown), message, hint)
    if not people:
        return
    for name in names:
        person = match_person(name, people)
        if person is not None and person.name == name:
            continue
        place = next(
            place for cue, place in zip(reading.cues, reading.places, strict=True) if cue.speaker == name
        )
        if person is not None:
            message, hint = f"“{name}” is {person.name}", f"write the name as in show.toml: {person.name}"
        else:
            message = f"“{name}” is nobody of this episode"
            hint = "correct the name, or add the person to show.toml and to the episode's people"
        yield Finding("TR-016", "warn", place, message, hint)


def _placeholders(shown: str, reading: Reading) -> Iterator[Finding]:
    unheard = 0
    for number, (cue, place) in enumerate(zip(reading.cues, reading.places, strict=True)):
        unheard += len(_UNHEARD.findall(cue.text))
        is_at_an_end = number < 3 or number >= len(reading.cues) - 3
        if is_at_an_end and _NOT_SAID.fullmatch(cue.text.strip(" [](){}.!")):
            message = f"this is probably not said: {cue.text[:60]}"
            hint = "delete the cue: recognisers and services add such"
            yield Finding("TR-025", "warn", place, message, hint)
    words = sum(len(cue.text.split()) for cue in reading.cues)
    if unheard and unheard * 100 > words:
        message = f"{unheard} places are marked as inaudible"
        yield Finding("TR-025", "warn", Place(shown), message, "listen again, and write what is said")
