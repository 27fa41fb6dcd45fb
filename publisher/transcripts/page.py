"""The podcast namespace's HTML transcript (`cite`, `time`, `p`) to a transcript and back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape, unescape

from publisher.errors import Place, Problem
from publisher.timecodes import format_clock, format_seconds, parse_timecode
from publisher.transcripts.cues import LAST_MS, Cue, Reading, Transcript
from publisher.transcripts.names import join_speaker, split_speaker

_PIECE = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,15})(?P<rest>(?:\s[^<>]{0,4000})?)/?>"
    r"|<![^<>]{0,400}>|(?P<text>[^<]+|<)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([a-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_LASTING = re.compile(r"P?T?(?:(\d{1,3})H)?(?:(\d{1,5})M)?(?:(\d{1,7})(?:\.(\d{1,9}))?S)?", re.IGNORECASE)
_UNSAID = frozenset({"script", "style", "title", "template", "h1", "h2", "h3", "h4", "h5", "h6", "noscript"})
_INLINE = frozenset({"a", "abbr", "b", "bdi", "code", "em", "i", "mark", "q", "s", "small", "span", "strong",
                     "sub", "sup", "u", "font", "wbr"})  # fmt: skip
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_HINT = "write <cite>Name:</cite> <time>0:09</time> <p>The words.</p> for each turn"


@dataclass(slots=True)
class _Paragraph:
    """What was collected for one paragraph; `is_led` tells that a name or time stood before it."""

    speaker: str | None
    start_ms: int | None
    end_ms: int | None
    text: str
    place: Place
    is_led: bool


@dataclass(slots=True)
class _Collector:
    """Goes through the pieces of a document, and closes a paragraph at every block."""

    shown: str
    found: list[_Paragraph] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    into: str = "p"
    unsaid: str = ""
    speaker: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    place: Place | None = None
    language: str | None = None

    def open(self, name: str, rest: str, place: Place) -> None:
        if name in _UNSAID:
            self.close()
            self.unsaid = name
        elif name == "br":
            self.words.append("\n")
        elif name in {"cite", "time"}:
            self.close()
            self.into, self.place = name, self.place or place
            if name == "time":
                self._take_times(rest)
        elif name == "html":
            self.language = _attributes(rest).get("lang", "").strip() or None
        elif name not in _INLINE:
            self.close()
            self.place = self.place or (place if name == "p" else None)

    def end(self, name: str) -> None:
        if name == self.unsaid:
            self.unsaid = ""
        elif name == self.into == "cite":
            name_said = " ".join("".join(self.words).split())
            self.speaker = name_said.removesuffix(":").rstrip() or None
            self.words, self.into = [], "p"
        elif name == self.into == "time":
            self._read_clock(" ".join("".join(self.words).split()))
            self.words, self.into = [], "p"
        elif name not in _INLINE and name not in {"br", "cite", "time"}:
            self.close(is_over=name == "p")

    def close(self, *, is_over: bool = False) -> None:
        """Make a paragraph of the words so far, whatever block they stand in."""
        lines = (" ".join(line.split()) for line in "".join(self.words).split("\n"))
        text, self.words, self.into = "\n".join(line for line in lines if line), [], "p"
        place = self.place or Place(self.shown)
        if text or (is_over and self.start_ms is not None):
            is_led = self.speaker is not None or self.start_ms is not None
            self.found.append(_Paragraph(self.speaker, self.start_ms, self.end_ms, text, place, is_led))
            self.speaker = self.start_ms = self.end_ms = self.place = None

    def _take_times(self, rest: str) -> None:
        attributes = _attributes(rest)
        self.start_ms = _lasting(attributes.get("datetime", ""))
        self.end_ms = _lasting(f"{attributes['data-end']}S") if "data-end" in attributes else None

    def _read_clock(self, written: str) -> None:
        if self.start_ms is not None:
            return
        try:
            self.start_ms = parse_timecode(written.strip("[]() "))
        except ValueError:
            message = f"this time cannot be read: {written[:40]}"
            self.problems.append(Problem(message, self.place, "write it as 0:09 or 1:02:03"))


def parse_html(text: str, shown: str, language: str | None = None) -> Reading:
    """Read `cite`, `time` and `p`; what has no end lasts until the next one starts.

    A paragraph without name and time of its own goes on with the words before it. Words in other blocks count
    as paragraphs; headings, scripts and styles are passed over.
    """
    collector = _Collector(shown)
    line, start, before = 1, 0, 0
    for piece in _PIECE.finditer(text):
        words, name = piece["text"], piece["name"]
        if words is not None:
            if not collector.unsaid:
                words = words.replace("\n", " ")
                words = unescape(words) if "&" in words else words
                collector.words.append(_ILLEGAL.sub("", words))
        elif name is not None:
            name = name.lower()
            if passed := text.count("\n", before, piece.start()):
                line += passed
                start = text.rfind("\n", before, piece.start()) + 1
            before = piece.start()
            if piece["end"]:
                collector.end(name)
            elif not collector.unsaid:
                collector.open(name, piece["rest"], Place(shown, line, before - start + 1))
    collector.close()
    return _reading(collector, shown, collector.language or language)


def write_html(transcript: Transcript, *, title: str = "Transcript") -> bytes:
    """Write a small page, one `p` for each cue; equal transcripts give equal bytes.

    `time` carries the start to the millisecond in `datetime`, and the end in `data-end`, in seconds.
    """
    language = f' lang="{escape(transcript.language)}"' if transcript.language else ""
    parts = [f"<!doctype html>\n<html{language}>\n<head>\n<meta charset=\"utf-8\">\n"
             f"<title>{escape(title, quote=False)}</title>\n</head>\n<body>\n"]  # fmt: skip
    has_marks = transcript.is_timed or any(cue.speaker for cue in transcript.cues)
    for cue in transcript.cues:
        if cue.speaker:
            parts.append(f"<cite>{escape(cue.speaker, quote=False)}:</cite>\n")
        if transcript.is_timed:
            start, end = format_seconds(cue.start_ms), format_seconds(cue.end_ms)
            clock = format_clock(cue.start_ms)
            parts.append(f'<time datetime="PT{start}S" data-end="{end}">{clock}</time>\n')
        words = escape(cue.text if has_marks else join_speaker(None, cue.text), quote=False)
        parts.append(f"<p>{words.replace(chr(10), '<br>')}</p>\n")
    return "".join((*parts, "</body>\n</html>\n")).encode()


def _reading(collector: _Collector, shown: str, language: str | None) -> Reading:
    found, problems = collector.found, collector.problems
    is_timed = any(each.start_ms is not None for each in found)
    is_named = any(each.speaker for each in found)
    cues: list[Cue] = []
    places: list[Place] = []
    joined: list[_Paragraph] = []
    for each in found:
        if is_timed and joined and not each.is_led:
            joined[-1].text += f"\n{each.text}"
        else:
            joined.append(each)
    last_ms = LAST_MS if is_timed else 0
    following = [0] * len(joined)
    for number in range(len(joined) - 2, -1, -1):
        later_ms = joined[number + 1].start_ms
        following[number] = following[number + 1] if later_ms is None else later_ms
    for each, next_ms in zip(joined, following, strict=True):
        speaker, text = (
            (each.speaker, each.text) if is_named or is_timed else split_speaker(each.text)
        )  # fmt: skip
        start_ms = each.start_ms if each.start_ms is not None else (cues[-1].start_ms if cues else 0)
        end_ms = each.end_ms if each.end_ms is not None else max(start_ms, next_ms or start_ms + last_ms)
        cues.append(Cue(start_ms, end_ms, speaker, text))
        places.append(each.place)
    if not cues and not problems:
        problems.append(Problem("there are no words in this file", Place(shown), _HINT))
    return Reading(tuple(cues), tuple(places), tuple(problems), language, is_timed)


def _attributes(rest: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(rest)
    return {name.lower(): unescape(double or single or bare) for name, double, single, bare in found}


def _lasting(written: str) -> int | None:
    """Read `PT1H2M3.5S` into milliseconds."""
    match = _LASTING.fullmatch(written.strip())
    if not match or not any(match.groups()):
        return None
    hours, minutes, seconds, fraction = (each or "0" for each in match.groups())
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + round(
        int(fraction.ljust(9, "0")) / 1_000_000
    )
