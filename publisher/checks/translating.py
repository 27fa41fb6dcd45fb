"""Rules on a show that comes out in several languages (group LNG, our own)."""

# ruff: noqa: D205 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from publisher.checks.engine import Fault, rule
from publisher.editions import editions_of, episode_in, is_same_language, primary

if TYPE_CHECKING:
    from publisher.checks.subjects import EpisodeSubject

_LETTERS = 2


@rule("LNG-001", "not-translated", "warn")
def not_translated(subject: EpisodeSubject) -> Iterator[Fault]:
    """Whoever subscribes to the feed of a language expects its words; what nobody translated stands there in
    the show's own language, and screen readers are told so.

    Bad: a feed in Spanish, and an episode without `episode.es.md`
    Good: `episode.es.md` with title, summary, notes and the titles of the chapters
    Source: this tool's own promise (no rule of the table); WCAG 2.1, 3.1.2 for the marks.
    """
    if subject.episode.draft or subject.episode.withdrawn or subject.episode.language:
        return  # said once, of the episode in the show's own language
    for edition in editions_of(subject.show)[1:]:
        if len(primary(edition.language)) != _LETTERS:
            continue  # CH-005 speaks of a language that is none
        missing = episode_in(subject.episode, edition.language).untranslated
        if not missing:
            continue
        files = [
            each.source
            for each in subject.episode.translations
            if is_same_language(each.language, edition.language)
        ]
        name = f"episode.{primary(edition.language)}.md"
        hint = f"add it to {name}" if files else f"write {name} beside episode.md"
        yield Fault(
            f"not translated for the feed in {edition.language}: {', '.join(missing)}",
            files[0] if files else subject.at("title"),
            hint,
        )
