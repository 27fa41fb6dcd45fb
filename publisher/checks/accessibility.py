"""Rules on who can read, hear and see a show, mostly for public agencies (group AX)."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from publisher.checks.engine import Fault, NotChecked, checklist, rule
from publisher.checks.views import ItemView

if TYPE_CHECKING:
    from publisher.checks.files import ResponseView, TranscriptView

_TIMED = frozenset({"text/vtt", "application/srt", "application/x-subrip", "text/srt", "application/x-srt"})
_HTML = re.compile(rb"<html\b([^>]*)>", re.IGNORECASE)
_LANG = re.compile(rb"\slang\s*=\s*[\"']?[a-z]{2}", re.IGNORECASE)
_POINT = re.compile(r"(?:<p>|<br\s*/?>|\n)\s*(?:[-–•*·▪]|\d{1,2}[.)])\s+(?=[^\W\d])", re.IGNORECASE)
_STATEMENT = re.compile(rb"accessib|accesib|barrierefrei", re.IGNORECASE)
_WHOLE_BYTES = 65_536


@checklist("AX-001", "text-says-the-same", "error", "public")
def text_says_the_same() -> None:
    """Whoever cannot hear gets the same from the text: all that is said, and the sounds that matter. Whether
    there is a transcript is TR-001's; whether it says the same, somebody has to read.

    Bad: a summary called transcript
    Good: every word, who says it, and `[applause]`
    Source: WCAG 2.1, 1.2.1; 28 CFR Part 35 Subpart H.
    """


@rule("AX-002", "video-without-captions", "error", "public", when=("enclosure",))
def video_without_captions(subject: ItemView) -> Iterator[Fault]:
    """A video needs captions, not only a text beside it; where pictures say what the words don't, somebody
    describes them. Whether that is needed, somebody has to watch.

    Bad: `type="video/mp4"` with a transcript as a page only
    Good: `<podcast:transcript … type="text/vtt" rel="captions"/>`
    Source: WCAG 2.1, 1.2.2 and 1.2.5.
    """
    if not subject.attribute("enclosure", "type").casefold().startswith("video/"):
        return
    transcripts = subject.all("podcast:transcript")
    if transcripts and not any(
        each.get("type").casefold().partition(";")[0] in _TIMED and each.get("rel").casefold() == "captions"
        for each in transcripts
    ):
        yield Fault(
            "the video has a transcript, but none that is marked as captions",
            subject.at(transcripts[0]),
            'add a WebVTT file with rel="captions"; without any transcript, TR-001 speaks',
        )


@rule("AX-003", "page-without-language", "error", "public", needs=("bytes",))
def page_without_language(subject: TranscriptView) -> Iterator[Fault]:
    """A screen reader speaks a page in the language that it names; Spanish read as English is noise.
    Passages in another language are marked, too, which somebody has to look at.

    Bad: `<html>`
    Good: `<html lang="es">`, and `<p lang="en">` where English is quoted
    Source: WCAG 2.1, 3.1.1 and 3.1.2.
    """
    tag = _HTML.search((subject.data or b"")[:100_000])
    if subject.type.partition(";")[0] == "text/html" and tag and not _LANG.search(tag[1]):
        yield Fault(
            "the page of the transcript does not say its language",
            subject.at(subject.data.count(b"\n", 0, tag.start()) + 1 if subject.data else 0),
            f'write <html lang="{subject.language or subject.context.language or "en"}">',
        )


@rule("AX-004", "list-that-is-none", "warn", "public")
def list_that_is_none(subject: ItemView) -> Iterator[Fault]:
    """Screen readers say "list, five items" and let people jump; dashes in a row of paragraphs say nothing.
    The purpose of links is looked at by NT-009 and NT-010, the order of headings by those of the notes.

    Bad: `<p>- The study<br>- The toolkit</p>`
    Good: `<ul><li>The study</li><li>The toolkit</li></ul>`
    Source: WCAG 2.1, 1.3.1.
    """
    element = subject.notes_element
    if element is None:
        return
    points = _POINT.findall("\n" + element.value)
    if len(points) > 1 and "<" in element.value:
        yield Fault(
            f"{len(points)} lines begin like the points of a list, but are none",
            subject.in_notes(),
            "write them as a list: in Markdown with an empty line before the first",
        )


@checklist("AX-005", "words-in-pictures", "warn", "public")
def words_in_pictures() -> None:
    """What a picture says in words is said in text, too: whoever does not see it reads the title. That
    `podcast:image` has an `alt` is looked at by P20-200.

    Bad: the date of an event only on the cover
    Good: the date in the summary
    Source: WCAG 2.1, 1.1.1 and 1.4.5.
    """


@checklist("AX-006", "player-by-keyboard", "warn", "public")
def player_by_keyboard() -> None:
    """The player on the pages works by keyboard, names its controls and never starts by itself. The pages of
    this tool use the browser's own; one that somebody embeds has to be tried.

    Bad: a player that only a mouse can start
    Good: `<audio controls>`, tried with Tab and the space bar
    Source: WCAG 2.1, 4.1.2, 2.1.1 and 1.4.2.
    """


@rule("AX-007", "no-accessibility-statement", "warn", "public", needs=("online",))
def no_accessibility_statement(subject: ResponseView) -> Iterator[Fault | NotChecked]:
    """A public agency says on its pages how to ask for what is not accessible, and whom.

    Bad: a page of the show without a link to a statement
    Good: `<a href="/accessibility">Accessibility</a>` at the foot of the page
    Source: 28 CFR Part 35; California Government Code 11546.7.
    """
    if subject.role != "page" or subject.address != subject.context.link or subject.status != 200:
        return
    if _STATEMENT.search(subject.start):
        return
    if len(subject.start) >= _WHOLE_BYTES:
        yield NotChecked("", "the page is too long to be read to its end")
    else:
        yield Fault(
            "the show's page names no accessibility statement",
            subject.at(),
            "link the agency's statement, with a contact for requests",
        )


@checklist("AX-008", "audience-s-languages", "warn", "public")
def audiences_languages() -> None:
    """The transcript is offered in the main languages of those it is for, or it is said how to ask for it.
    Which these are, the agency knows; what a show in several languages leaves untranslated, LNG-001 lists.

    Bad: English only, where every third family speaks Spanish
    Good: `episode.es.md`, or a sentence that says whom to ask
    Source: this tool's own promise; cf. California Education Code 48985.
    """


@checklist("AX-009", "documents-accessible", "warn", "public")
def documents_accessible() -> None:
    """The agency's own PDFs and documents behind the links have tags, titles and a language, or a page that
    says the same. Whether they do, a program for documents tells.

    Bad: a scanned letter
    Good: a page, or a tagged PDF
    Source: 28 CFR Part 35 Subpart H.
    """


@checklist("AX-010", "archive-marked", "warn", "public")
def archive_marked() -> None:
    """An old episode may stay without a transcript only in a marked archive, unchanged since the day from
    which the law counts, and kept for reference only.

    Bad: an old episode without a transcript, put on the first page again
    Good: a page "Archive" that says so, or a transcript
    Source: 28 CFR 35.201 (archived content).
    """
