"""The sources of one or several episodes into drafts that announce them, printed or in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from publisher.announce.content import Announcement, Quote, announce
from publisher.announce.drafts import (
    Draft,
    blog_post,
    card_alt,
    embed_code,
    guest_page,
    newsletter,
    newsletter_text,
    posts,
    press_paragraph,
)
from publisher.building.artifacts import BUILD_FOLDER
from publisher.building.coming import reached
from publisher.building.making import item_of, make_notes
from publisher.building.reading import (
    hear,
    locked_enclosure,
    read_words,
    state_of_episode,
)
from publisher.building.request import Progress, no_progress
from publisher.building.workshop import Workshop, open_workshop, own_feed, speaks, wordless, workshop_in
from publisher.editions import is_same_language
from publisher.episodes.folders import find_folders, find_slug
from publisher.errors import SurroundingsError, UsageError
from publisher.files import write_whole
from publisher.model import Episode, Item, Timeline
from publisher.site.addresses import feed_address
from publisher.templates import Templates
from publisher.timecodes import format_clock

ANNOUNCEMENTS_FOLDER = f"{BUILD_FOLDER}/announcements"
GUEST_FOLDER = "guest"
MOST_CLIPS = 3
FORMS = ("mail", "text", "blog", "social", "press", "guest", "card")


@dataclass(frozen=True, slots=True)
class AnnounceRequest:
    """What to draft: of which episodes, in which forms and language, and where to.

    `writes` tells whether texts are written at all; without `out` they go to a folder below `build/`.
    """

    root: Path
    episodes: tuple[str, ...]
    now: datetime
    forms: tuple[str, ...] = FORMS
    language: str | None = None
    writes: bool = True
    out: Path | None = None
    font: Path | None = None
    progress: Progress = no_progress


@dataclass(frozen=True, slots=True)
class Drafted:
    """One finished draft; a file when it was written, with the words for those who do not see a picture."""

    name: str
    text: str = ""
    path: Path | None = None
    length: int | None = None
    limit: int | None = None
    alt: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the draft for machines."""
        return {
            "name": self.name,
            "path": str(self.path) if self.path else None,
            "text": self.text or None,
            "length": self.length,
            "limit": self.limit,
            "alt": self.alt or None,
        }


@dataclass(frozen=True, slots=True)
class Announced:
    """All drafts of an announcement, and what a person has to know before they are sent."""

    title: str
    slugs: tuple[str, ...]
    language: str
    drafts: tuple[Drafted, ...]
    remarks: tuple[str, ...] = ()


def draft_announcement(request: AnnounceRequest) -> Announced:
    """Draft the announcement; nothing is ever sent.

    Raises:
        UsageError: there is no such episode; there are no words in the language; the font lacks letters, and
            was named or the card is all that is wanted.
        SourceError: every problem of the files; a post that cannot be made short enough.
        SurroundingsError: the disk is full.
    """
    return _Desk(request).draft()


@dataclass(slots=True)
class _Desk:
    """Where one announcement is made."""

    request: AnnounceRequest
    remarks: list[str] = field(default_factory=list)
    folder: Path = Path()

    def draft(self) -> Announced:
        request = self.request
        known = find_folders(request.root)
        slugs = tuple(dict.fromkeys(find_slug(name, known) for name in request.episodes))
        workshop = open_workshop(request.root, reached(request.root, request.now))
        language = request.language or workshop.show.language
        self._check_language(workshop, language)
        original, place = workshop.show.language, workshop_in(workshop, language)
        read = [hear(workshop, place, slug)[0] for slug in slugs]
        workshop = place
        episodes = sorted(read, key=lambda each: each.date)
        this = self._gather(workshop, episodes, language, original)
        self.folder = request.out or _default_folder(request.root, episodes, language)
        drafts = tuple(self._drafts(workshop, episodes, this))
        return Announced(
            this.title, tuple(each.slug for each in episodes), language, drafts, tuple(self.remarks)
        )

    def _check_language(self, workshop: Workshop, language: str) -> None:
        if speaks(workshop, language):
            return
        if self.request.language:
            raise wordless(workshop, language)
        self.remarks.append(f"there are no words in `{language}` yet: the drafts speak English around yours")

    def _gather(
        self, workshop: Workshop, episodes: list[Episode], language: str, original: str
    ) -> Announcement:
        base = workshop.show.base_url
        for episode in episodes:
            state = state_of_episode(episode, workshop.now)
            if state != "public":
                self.remarks.append(
                    f"{episode.slug} is {state}: its links lead nowhere before it is published"
                )
        return announce(
            workshop.show,
            [_item(workshop, episode) for episode in episodes],
            workshop.catalogue,
            workshop.templates.words(language),
            language=language,
            content_language=original if _is_untranslated(episodes, original, language) else language,
            cover_url=f"{base}{workshop.cover.key}",
            feed_url=feed_address(workshop.show, own_feed(workshop)),
            quotes={episode.slug: _quotes(workshop, episode) for episode in episodes},
        )

    def _drafts(self, workshop: Workshop, episodes: list[Episode], this: Announcement) -> Iterator[Drafted]:
        templates, forms = workshop.templates, self.request.forms
        wants_card = "card" in forms or ("guest" in forms and self.request.writes)
        card = self._draw(workshop, this) if wants_card else b""
        if "mail" in forms:
            yield self._keep(newsletter(this, templates))
        if "text" in forms:
            yield self._keep(newsletter_text(this, templates))
        if "blog" in forms:
            alt = card_alt(this, templates) if card or not wants_card else ""
            yield self._keep(blog_post(this, templates, alt))
        if "social" in forms:
            for post in posts(this, templates):
                yield self._keep(post)
        if "press" in forms:
            yield self._keep(press_paragraph(this, templates))
        if card and "card" in forms:
            yield self._card(this, templates, card, self.folder)
        if "guest" in forms:
            yield from self._guest(workshop, episodes, this, card)

    def _guest(
        self, workshop: Workshop, episodes: list[Episode], this: Announcement, card: bytes
    ) -> Iterator[Drafted]:
        """Yield the pack: a page, code to embed, the cover and the card, and a clip of each soundbite."""
        templates = workshop.templates
        if not self.request.writes:
            yield self._keep(guest_page(this, templates, ()))
            return
        folder = self.folder / GUEST_FOLDER
        cover = workshop.show.cover
        pack = [self._keep(embed_code(this, templates), folder)]
        pack.append(self._file(folder / f"cover{cover.suffix.lower()}", cover.read_bytes()))
        if card:
            pack.append(self._card(this, templates, card, folder))
        pack.extend(self._clips(episodes, folder))
        names = tuple(each.path.name for each in pack if each.path)
        yield self._keep(guest_page(this, templates, names), folder)
        yield from pack

    def _clips(self, episodes: list[Episode], folder: Path) -> Iterator[Drafted]:
        from publisher.clipping import ClipRequest, make_clips  # every codec: only for guests

        request = self.request
        for episode in episodes:
            for number in range(1, min(len(episode.soundbites), MOST_CLIPS) + 1):
                path = folder / f"{episode.slug}-clip-{number}.mp3"
                wanted = ClipRequest(
                    root=request.root,
                    episode=episode.slug,
                    now=request.now,
                    soundbite=number,
                    output=path,
                    progress=request.progress,
                )
                try:
                    make_clips(wanted)
                except SurroundingsError as error:
                    hint = f": {error.hint}" if error.hint else ""
                    self.remarks.append(f"no clip of {episode.slug}: {error}{hint}")
                    break
                yield Drafted(f"{GUEST_FOLDER}/{path.name}", path=path)

    def _draw(self, workshop: Workshop, this: Announcement) -> bytes:
        """Draw the card, before anything is written; where nobody named a font and none fits, go on without.

        Raises:
            UsageError: the named font lacks letters or is none, or the card is all that was asked for.
        """
        from publisher.announce.card import Card, draw_card  # Pillow: only where a picture is wanted

        words = workshop.templates.words(this.language)
        names = [who.name for who in this.people]
        notes = tuple(
            words.text("With %(people)s") % {"people": words.listed(names[:count])}
            for count in range(len(names), 0, -1)
        )
        card = Card(this.title, this.show.title, notes, workshop.show.cover, self.request.font)
        try:
            return draw_card(card)
        except UsageError as error:
            if self.request.font or self.request.forms == ("card",):
                raise
            self.remarks.append(f"no card: {error.message}; {error.hint}. The other drafts are whole")
            return b""

    def _card(self, this: Announcement, templates: Templates, data: bytes, folder: Path) -> Drafted:
        written = self._file(folder / "card.png", data)
        return Drafted(written.name, path=written.path, alt=card_alt(this, templates))

    def _keep(self, draft: Draft, folder: Path | None = None) -> Drafted:
        """Write a text to its folder, where texts are written."""
        path = (folder or self.folder) / draft.name if self.request.writes else None
        if path:
            write_whole(path, draft.text.encode(), durable=False)
        return Drafted(draft.name, draft.text, path, draft.length, draft.limit)

    def _file(self, path: Path, data: bytes) -> Drafted:
        write_whole(path, data, durable=False)
        return Drafted(path.name, path=path)


def _default_folder(root: Path, episodes: list[Episode], language: str) -> Path:
    return root / ANNOUNCEMENTS_FOLDER / "+".join(each.slug for each in episodes)[:120] / language


def _item(workshop: Workshop, episode: Episode) -> Item:
    return item_of(workshop, episode, locked_enclosure(workshop, episode), {}, make_notes(workshop, episode))


def _is_untranslated(episodes: list[Episode], original: str, language: str) -> bool:
    return not is_same_language(original, language) and any(
        "notes" in episode.untranslated for episode in episodes
    )


def _quotes(workshop: Workshop, episode: Episode) -> tuple[Quote, ...]:
    """Return what the transcript has where the episode's soundbites are, a quote for each voice in a row."""
    words = read_words(workshop, episode)
    if words is None or not words.is_timed:
        return ()
    transcript = words.moved(Timeline(locked_enclosure(workshop, episode).offset_ms))
    quotes = []
    for bite in episode.soundbites[:MOST_CLIPS]:
        end_ms = bite.start_ms + bite.duration_ms
        cues = [cue for cue in transcript.cues if bite.start_ms <= (cue.start_ms + cue.end_ms) // 2 < end_ms]
        for speaker, said in groupby(cues, key=lambda cue: cue.speaker):
            spoken = tuple(said)
            text = " ".join(" ".join(cue.text.split()) for cue in spoken)
            quotes.append(Quote(text, speaker, format_clock(spoken[0].start_ms)))
    return tuple(quotes)
