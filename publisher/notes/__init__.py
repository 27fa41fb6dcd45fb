"""An episode's show notes to the forms in which people read them: feed, page, text and mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape

from publisher.errors import Problem, SourceError
from publisher.model import Episode, Notes, Resource
from publisher.notes.allowlist import clean_for_feed, clean_for_page, close_up, say_plainly
from publisher.notes.audit import find_problems
from publisher.notes.fitting import drop_last_heading, fit_blocks, fit_words
from publisher.notes.framing import Frame, frame_of
from publisher.notes.mail import inline_styles
from publisher.notes.markdown import have_right_links, is_deep, render_html
from publisher.notes.passages import take_passages
from publisher.notes.resources import listed
from publisher.notes.sentences import first_sentence
from publisher.notes.text import render_text
from publisher.templates import Templates
from publisher.translations import SOURCE_LANGUAGE

FEED_LIMIT_BYTES = 3_999
"""Apple and PSP-1 take at most 4,000 bytes; the notes stay under them."""


def render_notes(
    episode: Episode,
    catalogue: Mapping[str, Resource],
    templates: Templates,
    *,
    page_url: str,
    language: str = SOURCE_LANGUAGE,
) -> Notes:
    """Render the notes for the feed and for the page.

    What is too long for the feed is cut between blocks and ends with a link to `page_url`; corrections and
    resources are kept. An episode without notes shows its summary in the feed.

    Raises:
        SourceError: everything that `check_notes` finds, or a mistake in a template.
    """
    body = _body(episode, catalogue)
    frame = _frame(templates, episode, language)
    page = frame.around(body.html)
    if body.html and body.is_settled and frame.plain:
        feed = close_up(say_plainly(body.html).join(frame.plain))
    else:
        feed = clean_for_feed(page if body.html else frame.around(_paragraph(episode.summary)))
    if len(feed.encode()) > FEED_LIMIT_BYTES:
        feed = _shorten(episode, body.html, templates, page_url, language)
    is_right = not episode.corrections
    below = (
        page if is_right else _frame(templates, replace(episode, corrections=()), language).around(body.html)
    )
    return Notes(feed_html=feed, page_html=page, below_html=below)


def check_notes(episode: Episode, catalogue: Mapping[str, Resource]) -> tuple[Problem, ...]:
    """Find everything in the notes that must be mended, in the order of the text."""
    body, problems = _render(episode, catalogue)
    if len(_sound) >= _MOST_KEPT:
        _sound.clear()
    if not problems:
        _sound[episode.notes] = (catalogue, body)
    return problems


def plain_text(
    episode: Episode,
    catalogue: Mapping[str, Resource],
    templates: Templates,
    *,
    language: str = SOURCE_LANGUAGE,
) -> str:
    """Render the notes as plain text, every address visible.

    Raises:
        SourceError: as `render_notes`.
    """
    _refuse(check_notes(episode, catalogue))
    body = render_text(episode.notes, catalogue)
    return templates.render(
        "notes.txt",
        language=language,
        corrections=episode.corrections,
        body=body,
        resources=listed(episode.resources, templates.words(language)),
    )


def first_sentence_of(episode: Episode, catalogue: Mapping[str, Resource]) -> str:
    """Return one sentence about the episode: the first of its notes, or of its summary where it has none.

    Raises:
        SourceError: as `render_notes`.
    """
    _refuse(check_notes(episode, catalogue))
    opening = take_passages(episode.notes, catalogue).opening
    return first_sentence(opening[0].words if opening else episode.summary)


def mail_html(
    episode: Episode,
    catalogue: Mapping[str, Resource],
    templates: Templates,
    *,
    language: str = SOURCE_LANGUAGE,
) -> str:
    """Render the notes as a whole HTML document for a mail, its styles inlined from `mail.css`.

    Raises:
        SourceError: as `render_notes`.
    """
    notes = _frame(templates, episode, language).around(_body(episode, catalogue).html)
    document = templates.render("mail.html", language=language, episode=episode, notes=notes)
    return inline_styles(document, templates.text("mail.css"))


@dataclass(frozen=True, slots=True)
class _Body:
    """The notes themselves, as the page shows them; `is_settled` when one look told that they are safe."""

    html: str
    is_settled: bool


def _body(episode: Episode, catalogue: Mapping[str, Resource]) -> _Body:
    kept_for, body = _sound.pop(episode.notes, (None, None))
    if body and kept_for is catalogue:
        return body
    body, problems = _render(episode, catalogue)
    _refuse(problems)
    return body


_sound: dict[str, tuple[Mapping[str, Resource], _Body]] = {}
"""Notes that were found sound, rendered: they are asked for again as soon as a few more were checked."""
_MOST_KEPT = 256
_REFUSED = _Body("", is_settled=False)


def _render(episode: Episode, catalogue: Mapping[str, Resource]) -> tuple[_Body, tuple[Problem, ...]]:
    """Render sound notes. The audit costs more than all the rest, and is asked when something may be wrong.

    What it refuses is never taken apart: HTML of the author's may be of any shape.
    """
    has_angle = "<" in episode.notes
    if has_angle and (problems := find_problems(episode, catalogue)):
        return _REFUSED, problems
    rendered = render_html(episode.notes, catalogue)
    may_be_wrong = not rendered.is_sound or is_deep(rendered.html)
    if may_be_wrong and not has_angle and (problems := find_problems(episode, catalogue)):
        return _REFUSED, problems
    html, is_settled = clean_for_page(rendered.html)
    has_doubtful_links = not is_settled and not have_right_links(html)
    if has_doubtful_links and (problems := find_problems(episode, catalogue)):
        return _REFUSED, problems
    return _Body(html, is_settled), ()


def _refuse(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise SourceError(problems)


def _frame(templates: Templates, episode: Episode, language: str) -> Frame:
    return frame_of(templates, language, episode.corrections, episode.resources)


def _paragraph(text: str) -> str:
    return f"<p>{escape(text, quote=False)}</p>\n" if text else ""


def _shorten(episode: Episode, body: str, templates: Templates, page_url: str, language: str) -> str:
    """Cut the notes themselves first; only when the rest alone is too long, cut that."""
    frame = _frame(templates, episode, language)
    more = templates.render("more.html", language=language, page_url=page_url)
    rest = clean_for_feed(frame.around(more))
    room = FEED_LIMIT_BYTES - len(rest.encode())
    kept = drop_last_heading(fit_blocks(clean_for_feed(body), room))
    if not kept:
        kept = fit_words(episode.summary, room, before="<p>", after="</p>\n")
    feed = clean_for_feed(frame.around(kept + more))
    if len(feed.encode()) <= FEED_LIMIT_BYTES:
        return feed
    more = clean_for_feed(more)
    return drop_last_heading(fit_blocks(feed, FEED_LIMIT_BYTES - len(more.encode()))) + more
