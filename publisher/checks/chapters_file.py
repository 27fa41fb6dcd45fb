"""Rules on chapters in a file of their own and how a feed names it: the group CHJ."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from publisher.checks.engine import Fault, rule
from publisher.checks.files import ResponseView
from publisher.checks.views import ItemView
from publisher.model import Edit, Fix

if TYPE_CHECKING:
    from publisher.checks.files import ChaptersView

_TYPE = "application/json+chapters"
_NEAR_MISSES = frozenset({"", "application/json", "application/chapters+json", "json", "text/json"})
_SERVED = frozenset({_TYPE, "application/chapters+json"})


@rule("CHJ-001", "chapters-link", "error", when=("podcast:chapters",))
def chapters_link(subject: ItemView) -> Iterator[Fault]:
    """Apps find the chapters by an address and by the one type that stands for them; one file for each item.

    Bad: `<podcast:chapters url="https://media.example.org/one.json" type="application/json"/>`
    Good: `<podcast:chapters url="https://media.example.org/one.json" type="application/json+chapters"/>`
    Source: Podcast namespace, chapters.
    """
    found = subject.all("podcast:chapters")
    for chapters in found[1:]:
        yield Fault("the item has a second list of chapters", subject.at(chapters), "keep one of them")
    for chapters in found[:1]:
        if not chapters.get("url"):
            yield Fault("the chapters have no url", subject.at(chapters), "give the address of the file")
        kind = chapters.get("type")
        if kind != _TYPE:
            place = subject.at(chapters, "type")
            edits = (Edit(place, kind, _TYPE, "podcast:chapters@type"),)
            fix = Fix(f"write {_TYPE}", edits) if kind.casefold() in _NEAR_MISSES | {_TYPE} else None
            said = f"are of type {kind[:60]!r}" if kind else "have no type"
            yield Fault(f"the chapters {said}", place, f"write {_TYPE}", fix)


@rule("CHJ-002", "chapters-file-form", "error", needs=("bytes",))
def chapters_file_form(subject: ChaptersView) -> Iterator[Fault]:
    """The file is JSON in UTF-8 with a version and a list of chapters; apps drop it whole when it is not.

    Bad: `[{"startTime": 0}]`
    Good: `{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Welcome"}]}`
    Source: Podcast namespace, JSON chapters.
    """
    try:
        found = json.loads((subject.data or b"").decode("utf-8"))
    except UnicodeDecodeError:
        yield Fault("the chapters are not in UTF-8", subject.at(1), "save the file as UTF-8")
        return
    except json.JSONDecodeError as error:
        place = subject.at(error.lineno, error.colno)
        yield Fault(
            f"the chapters are no JSON: {error.msg[:1].lower()}{error.msg[1:]}", place, "mend the file"
        )
        return
    except RecursionError:
        yield Fault("the chapters are nested too deeply to be read", subject.at(1), "mend the file")
        return
    hint = 'write {"version": "1.2.0", "chapters": […]}'
    if not isinstance(found, dict):
        yield Fault("the file of the chapters holds no object", subject.at(1), hint)
        return
    if not isinstance(found.get("version"), str):
        yield Fault("the file of the chapters has no version", subject.at(1), 'add "version": "1.2.0"')
    if not isinstance(found.get("chapters"), list):
        yield Fault("the file of the chapters has no list of chapters", subject.at(1), hint)


@rule("CHJ-003", "chapter-start-form", "error", needs=("bytes",))
def chapter_start_form(subject: ChaptersView) -> Iterator[Fault]:
    """A chapter starts at a number of seconds from the beginning; a clock time in quotes is none.

    Bad: `{"startTime": "01:10", "title": "What changed"}`
    Good: `{"startTime": 70, "title": "What changed"}`
    Source: Podcast namespace, JSON chapters.
    """
    for number, chapter in enumerate(_chapters(_document(subject)), start=1):
        start = chapter.get("startTime") if isinstance(chapter, dict) else None
        if isinstance(start, bool) or not isinstance(start, int | float) or not 0 <= start < 1e9:
            said = "has no startTime" if start is None else f"starts at {json.dumps(start)[:40]}"
            yield Fault(f"chapter {number} {said}", subject.at(1), "write seconds as a number, such as 70")


@rule("CHJ-009", "chapters-version", "warn")
def chapters_version(subject: ChaptersView | ResponseView) -> Iterator[Fault]:
    """Chapters are of version 1.2.0, and served under their own type.
    That players in web pages may read them (CORS) is HT-013's, which looks at all files.

    Bad: `"version": "1"`, served as `text/plain`
    Good: `"version": "1.2.0"`, served as `application/json+chapters`
    Source: Podcast namespace, JSON chapters.
    """
    if isinstance(subject, ResponseView):
        kind = subject.headers.get("content-type", "").partition(";")[0].strip().casefold()
        if subject.role == "chapters" and subject.status == 200 and kind not in _SERVED:
            message = (
                f"the chapters are served as {kind[:60]!r}"
                if kind
                else "the chapters are served without type"
            )
            yield Fault(message, subject.at(), f"let the server say {_TYPE}")
        return
    document = _document(subject)
    version = document.get("version") if isinstance(document, dict) else None
    if isinstance(version, str) and version != "1.2.0":
        yield Fault(
            f"the chapters are of version {version[:20]!r}", subject.at(1), 'write "version": "1.2.0"'
        )


def _document(subject: ChaptersView) -> object:
    """Return what the file holds; nothing where it cannot be read, which is CHJ-002's."""
    try:
        found: object = json.loads((subject.data or b"").decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return found


def _chapters(document: object) -> list[object]:
    found = document.get("chapters") if isinstance(document, dict) else None
    return found if isinstance(found, list) else []
