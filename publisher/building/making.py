"""One episode into the item that feed and page are made of, with its sidecars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from publisher.building.artifacts import named_by_digest
from publisher.building.illustrating import illustrated, picture_outputs
from publisher.building.memory import Output
from publisher.building.reading import as_heard, fitting_transcript
from publisher.building.workshop import Workshop, cover_output, page_url, write_output
from publisher.chapters import chapters_json
from publisher.files import digest_bytes
from publisher.model import (
    Enclosure,
    Episode,
    Item,
    Link,
    Notes,
    Teaser,
    Timeline,
)
from publisher.notes import render_notes
from publisher.notes.hearing import link_times
from publisher.site import episode_key
from publisher.site.addresses import from_page
from publisher.transcripts import (
    FORMS,
    Cue,
    Transcript,
    media_type,
    write_html,
    write_vtt,
)


@dataclass(frozen=True, slots=True)
class PreparedItem:
    """An item with the files that it names, and its transcript for reading."""

    item: Item
    transcript: Transcript | None
    sidecars: tuple[Output, ...]


def make_item(workshop: Workshop, episode: Episode, enclosure: Enclosure) -> PreparedItem:
    """Make the sidecars and the item that names them.

    Raises:
        SourceError: the transcript cannot be read or ends after the audio, or a time in the notes does.
    """
    episode = as_heard(episode, enclosure)
    transcript = fitting_transcript(workshop, episode, enclosure)
    sidecars = make_sidecars(workshop, episode, transcript)
    item = item_of(workshop, episode, enclosure, sidecars, make_notes(workshop, episode))
    return PreparedItem(item, transcript, tuple(sidecars.values()))


def _write_sidecar(workshop: Workshop, folder: str, slug: str, suffix: str, data: bytes) -> Output:
    sha256 = digest_bytes(data)
    return write_output(workshop, named_by_digest(folder, slug, suffix, sha256), data, sha256=sha256)


def teaser_of(item: Item) -> Teaser:
    """Return what a list says of an episode."""
    episode = item.episode
    return Teaser(
        title=episode.title,
        date=episode.date,
        summary=episode.summary,
        page_url=item.page_url,
        duration_ms=item.enclosure.duration_ms,
        type=episode.type,
        season=episode.season,
        number=episode.number,
    )


def make_sidecars(workshop: Workshop, episode: Episode, transcript: Transcript | None) -> dict[str, Output]:
    """Write chapters and transcript under names that carry their digest; a cover is published as it is."""
    root, slug = workshop.root, episode.slug
    sidecars: dict[str, Output] = {}
    if episode.chapters:
        pictures = picture_outputs(root, episode)
        sidecars |= {f"picture {output.key}": output for output in pictures.values()}
        data = chapters_json(illustrated(episode.chapters, pictures, workshop.show.base_url))
        sidecars["chapters"] = _write_sidecar(workshop, "chapters", slug, ".json", data)
    if transcript is not None:
        data, suffix = _transcript_file(transcript)
        sidecars["transcript"] = _write_sidecar(workshop, "transcripts", slug, suffix, data)
        for form in workshop.show.transcripts:
            if transcript.is_timed or form == "html":
                data = _page_of(workshop, episode, transcript) if form == "html" else FORMS[form](transcript)
                written = _write_sidecar(workshop, "transcripts", slug, f".{form}", data)
                sidecars[f"transcript {form}"] = written
    if episode.cover is not None:
        sidecars["cover"] = cover_output(root, episode.cover, slug)
    return sidecars


def _page_of(workshop: Workshop, episode: Episode, transcript: Transcript) -> bytes:
    """Write a transcript as a page that says its language and its episode, as screen readers need it."""
    language = transcript.language or _language_of_words(workshop, episode)
    return write_html(replace(transcript, language=language), title=episode.title)


def _language_of_words(workshop: Workshop, episode: Episode) -> str:
    """Return the language of an episode's transcript, which may be that of the show alone."""
    is_original = "transcript" in episode.untranslated
    return (workshop.edition.original if is_original else "") or workshop.show.language


def _transcript_file(transcript: Transcript) -> tuple[bytes, str]:
    """Write a transcript as WebVTT, which Apple reads and browsers show; words without times stay text."""
    if transcript.is_timed:
        return write_vtt(transcript), ".vtt"
    return "".join(f"{_spoken(cue)}\n\n" for cue in transcript.cues).encode(), ".txt"


def _spoken(cue: Cue) -> str:
    return f"{cue.speaker}: {cue.text}" if cue.speaker else cue.text


def make_notes(workshop: Workshop, episode: Episode) -> Notes:
    """Render the notes for feed and page.

    Raises:
        SourceError: everything that is wrong with them, or with a template.
    """
    return render_notes(
        episode,
        workshop.catalogue,
        workshop.templates,
        page_url=page_url(workshop, episode),
        language=workshop.show.language,
    )


def with_times(workshop: Workshop, episode: Episode, enclosure: Enclosure, notes: Notes) -> Notes:
    """Return the notes of an episode as it is heard, with links into its audio on the page."""
    page_key = f"{workshop.edition.prefix}{episode_key(episode.slug)}"
    audio = from_page(workshop.show, page_key, f"{workshop.show.base_url}{enclosure.key}")
    return link_times(notes, audio, enclosure.duration_ms, Timeline(enclosure.offset_ms))


def item_of(
    workshop: Workshop,
    episode: Episode,
    enclosure: Enclosure,
    sidecars: Mapping[str, Output],
    notes: Notes,
) -> Item:
    """Put together the item of an episode as it is heard, all of whose files are made."""
    base = workshop.show.base_url
    audio_url = f"{base}{enclosure.key}"
    notes = with_times(workshop, episode, enclosure, notes)
    urls = {name: f"{base}{output.key}" for name, output in sidecars.items()}
    language = _language_of_words(workshop, episode)
    transcripts = tuple(
        Link(urls[name], media_type(output.key) or "text/vtt", language)
        for name, output in sidecars.items()
        if name.startswith("transcript")
    )
    return Item(
        episode=episode,
        enclosure=enclosure,
        notes=notes,
        audio_url=audio_url,
        page_url=page_url(workshop, episode),
        transcripts=transcripts,
        chapters_url=urls.get("chapters"),
        cover_url=urls.get("cover"),
        alternate_urls=tuple(f"{base}{each.key}" for each in enclosure.alternates),
    )
