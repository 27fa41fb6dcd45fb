"""Podlove Simple Chapters (an XML file) to chapters and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

from publisher.errors import Place, Problem, SourceError
from publisher.model import Chapter
from publisher.timecodes import format_vtt, parse_timecode

NAMESPACE = "http://podlove.org/simple-chapters"
_HINT = '<psc:chapter start="00:01:10" title="What changed"/>'
Located = list[tuple[Chapter, Place]]


class _ForbiddenError(Exception):
    """The file declares a document type: nothing good comes of it."""


@dataclass(slots=True)
class _Reader:
    """Collects every chapter element, wherever in the document it stands."""

    shown: str
    parser: expat.XMLParserType
    found: Located = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] != "chapter" or name.rpartition(" ")[0] not in {NAMESPACE, ""}:
            return
        place = Place(self.shown, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)
        title = " ".join(attributes.get("title", "").split())
        try:
            start_ms = parse_timecode(attributes.get("start", ""))
        except ValueError as error:
            self.problems.append(Problem(str(error), place, f"write a chapter as {_HINT}"))
            return
        if not title:
            self.problems.append(Problem("this chapter has no title", place, f"write it as {_HINT}"))
            return
        url, image = attributes.get("href") or None, attributes.get("image") or None
        self.found.append((Chapter(start_ms, title, url, image), place))


def read_psc(text: str, shown: str) -> tuple[Located, list[Problem]]:
    """Read the chapters of a document, of a whole feed with one episode as well.

    Raises:
        SourceError: it is no XML, or declares a document type.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    reader = _Reader(shown, parser)
    parser.StartElementHandler = reader.start
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        place = Place(shown, error.lineno, error.offset + 1)
        message = f"this is not XML: {expat.ErrorString(error.code)}"
        raise SourceError((Problem(message, place, "export the file again"),)) from error
    except _ForbiddenError as error:
        message = "this XML declares a document type, which can do harm"
        raise SourceError((Problem(message, Place(shown), "take the DOCTYPE out"),)) from error
    if not reader.found and not reader.problems:
        reader.problems.append(
            Problem("there are no chapters in this file", Place(shown), f"write them as {_HINT}")
        )
    return reader.found, reader.problems


def write_psc(chapters: Iterable[Chapter]) -> bytes:
    """Write the listed chapters, version 1.2, one a line."""
    from xml.sax.saxutils import quoteattr  # brings http and TLS along: only where it is asked for

    lines = [f'<psc:chapters xmlns:psc="{NAMESPACE}" version="1.2">']
    for attributes in psc_attributes(chapters):
        written = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
        lines.append(f"  <psc:chapter {written}/>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join([*lines, "</psc:chapters>"]) + "\n"
    ).encode()


def psc_attributes(chapters: Iterable[Chapter]) -> tuple[dict[str, str], ...]:
    """Return the attributes of each listed chapter's element; silent chapters have no place in this form."""
    return tuple(
        {
            "start": format_vtt(chapter.start_ms),
            "title": chapter.title,
            **({"href": chapter.url} if chapter.url else {}),
            **({"image": chapter.image} if chapter.image else {}),
        }
        for chapter in chapters
        if chapter.toc
    )


def _refuse(*_declared: object) -> None:
    raise _ForbiddenError
