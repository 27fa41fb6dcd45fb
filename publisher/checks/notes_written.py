"""Rules on show notes as their author writes them, whatever becomes of them (group NT)."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from publisher.checks.engine import Fault, rule
from publisher.model import Edit, Fix
from publisher.notes.unread import Unread, find_unread
from publisher.source.document import place_at

if TYPE_CHECKING:
    from publisher.checks.subjects import EpisodeSubject
    from publisher.errors import Place

_SHORT_ADDRESS_CHARACTERS = 40
_SAID = {
    "table": ("a table", "write a list instead, with one point for each row"),
    "struck": ("`~~`, which strikes words out elsewhere,", "take the words out, or say what is right"),
    "footnote": ("the footnote `{words}`", "say it in brackets where it belongs, or make it a link"),
    "box": ("a box to tick, `{words}`,", "take the boxes out; what is done is better said in words"),
}


@rule("NT-019", "markdown-not-read", "warn")
def markdown_not_read(subject: EpisodeSubject) -> Iterator[Fault]:
    """Notes are plain Markdown, as apps and mail can show it: tables, struck words, footnotes and boxes to
    tick, which GitHub's has beside it, reach listeners as the signs they are written with. Of each kind the
    first is told.

    Bad: `~~Tuesday~~ Wednesday`, `Families say so.[^1]`, `- [ ] Read the study`, `| Year | Rate |`
    Good: `Wednesday`, `Families say so ([the study](https://example.org/study)).`, `- 2023: 30.4%`
    Source: CommonMark; what apps show.
    """
    first: dict[str, Unread] = {}
    for found in find_unread(subject.episode.notes):
        first.setdefault(found.kind, found)
    for kind, found in first.items():
        if kind in _SAID:
            what, instead = _SAID[kind]
            message = f"{what.format(words=found.words)} is shown as it is written"
            yield Fault(message, _place(subject, found), instead)


@rule("NT-020", "bare-address", "warn")
def bare_address(subject: EpisodeSubject) -> Iterator[Fault]:
    """An address alone is no link on the page and in mails; some apps make one of it, others don't.

    Bad: `More at https://example.org/study.`
    Good: `More at <https://example.org/study>.`, or better `More in [the study](https://example.org/study).`
    Source: CommonMark, section 6.5; what apps show.
    """
    for found in find_unread(subject.episode.notes):
        if found.kind != "address":
            continue
        place, address = _place(subject, found), found.words
        is_safe = found.is_whole and address.startswith("https://")
        fix = None
        hint = f"say where it leads: [what is there]({address})"
        if is_safe and len(address) <= _SHORT_ADDRESS_CHARACTERS:
            fix = Fix(f"write <{address}>", (Edit(place, address, f"<{address}>"),))
            hint = f"write <{address}>, or better [what is there]({address})"
        yield Fault(f"the address {address[:80]} is no link", place, hint, fix)


def _place(subject: EpisodeSubject, found: Unread) -> Place:
    episode = subject.episode
    at = len(episode.notes.encode()[: found.start].decode())
    return place_at(episode.source.file, episode.notes, at, episode.notes_line)
