"""One episode into the item that feed and page are made of, with its sidecars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from publisher.audio.cover import check_cover
from publisher.audio.lock import read_lock
from publisher.building.artifacts import BUILD_FOLDER, named_by_digest
from publisher.building.illustrating import check_pictures, illustrated, picture_outputs
from publisher.building.memory import Output
from publisher.chapters import chapters_json
from publisher.config import load_show, show_place
from publisher.editions import catalogue_in, editions_of, episode_in, is_same_language, show_in
from publisher.episodes import EPISODES_FOLDER, field_place, load_episode
from publisher.errors import Place, Problem, SourceError
from publisher.files import digest_bytes, digest_file, write_if_changed
from publisher.model import (
    Catalogue,
    Edition,
    Enclosure,
    Episode,
    FeedSettings,
    Item,
    Link,
    Notes,
    Show,
    Teaser,
    Timeline,
)
from publisher.notes import check_notes, render_notes
from publisher.notes.resources import reader_marks
from publisher.notes.times import link_times, time_problems
from publisher.resources import load_catalogue
from publisher.site import episode_key
from publisher.site.addresses import from_page
from publisher.source.document import read_text
from publisher.templates import Templates, read_templates
from publisher.transcripts import (
    FORMS,
    Cue,
    Transcript,
    check_against,
    media_type,
    read_transcript,
    write_vtt,
)
from publisher.transcripts.corrected import with_notes
from publisher.withdrawn import Withdrawn, load_withdrawn

TEMPLATES_FOLDER = "templates"
_TRANSCRIPT_LIMIT_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every episode is made with: the show and its catalogue, the templates, the time."""

    root: Path
    show: Show
    catalogue: Catalogue
    templates: Templates
    cover: Output
    now: datetime
    edition: Edition
    """The language in which things are made here."""
    withdrawn: Mapping[str, Withdrawn] = field(default_factory=dict)
    writes: bool = True
    """Whether sidecars and pages are written to `build/`; comparing feeds needs only their digests."""


@dataclass(frozen=True, slots=True)
class PreparedItem:
    """An item with the files that it names, and its transcript for reading."""

    item: Item
    transcript: Transcript | None
    sidecars: tuple[Output, ...]


def open_workshop(root: Path, now: datetime) -> Workshop:
    """Read what is true for the whole show.

    Raises:
        SourceError: every problem of `show.toml`, the catalogue and the templates.
    """
    problems: list[Problem] = []
    try:
        show = load_show(root)
    except SourceError as error:
        problems.extend(error.problems)
    try:
        catalogue = load_catalogue(root)
    except SourceError as error:
        problems.extend(error.problems)
    try:
        templates = read_templates(root / TEMPLATES_FOLDER)
    except SourceError as error:
        problems.extend(error.problems)
    try:
        withdrawn = load_withdrawn(root)
    except SourceError as error:
        problems.extend(error.problems)
    problems = problems or [*check_cover(show.cover, show_place(root, "show", "cover"))]
    if problems:
        raise SourceError(tuple(problems))
    cover = cover_output(root, show.cover, "cover")
    catalogue = _marked(catalogue, templates, show.language)
    return Workshop(root, show, catalogue, templates, cover, now, editions_of(show)[0], withdrawn)


def _marked(catalogue: Catalogue, templates: Templates, language: str) -> Catalogue:
    """Let links say in the readers' language what they lead to."""
    marks = reader_marks(templates.words(language))
    return catalogue if catalogue.marks == marks else replace(catalogue, marks=marks)


def workshops(workshop: Workshop) -> tuple[Workshop, ...]:
    """Return a workshop for each language that the show comes out in, its own first."""
    return (workshop, *(workshop_in(workshop, tag) for tag, _ in workshop.edition.others))


def say(workshop: Workshop, episode: Episode) -> Episode:
    """Return an episode in the language in which things are made here."""
    edition = workshop.edition
    if is_same_language(edition.language, edition.original):
        return episode
    return episode_in(episode, edition.language, workshop.catalogue)


def workshop_in(workshop: Workshop, language: str) -> Workshop:
    """Return the workshop where things are made in a language, whether or not the show comes out in it."""
    if is_same_language(language, workshop.edition.language):
        return workshop
    own = Edition(language, original=workshop.show.language)
    fitting = (each for each in editions_of(workshop.show) if is_same_language(each.language, language))
    return replace(
        workshop,
        edition=next(fitting, own),
        show=show_in(workshop.show, language),
        catalogue=_marked(catalogue_in(workshop.catalogue, language), workshop.templates, language),
    )


def read_episode(workshop: Workshop, slug: str) -> Episode:
    """Read and check an episode with its notes.

    Raises:
        SourceError: every problem of the episode's own files.
    """

    def check(episode: Episode) -> Iterator[Problem]:
        yield from check_notes(episode, workshop.catalogue)
        for translation in episode.translations:
            if translation.notes:
                yield from check_notes(episode_in(episode, translation.language), workshop.catalogue)
        if episode.cover:
            yield from check_cover(episode.cover, field_place(workshop.root, slug, "cover"))
        yield from check_pictures(workshop.root, episode)

    episode = load_episode(workshop.root, slug, workshop.show, workshop.catalogue, check)
    entry = workshop.withdrawn.get(episode.guid)
    if entry is None:
        return episode
    if entry.episode != slug:
        hint = "mint another guid here; if the folder was renamed, say so in episodes/withdrawn.yaml"
        message = f"this guid belongs to episodes/{entry.episode}, which was withdrawn"
        raise SourceError((Problem(message, field_place(workshop.root, slug, "guid"), hint),))
    return replace(episode, withdrawn=True)


def state_of_episode(episode: Episode, now: datetime) -> str:
    """Tell whether an episode is a `draft`, `withdrawn`, `scheduled`, or `public`."""
    if episode.draft:
        return "draft"
    if episode.withdrawn:
        return "withdrawn"
    return "scheduled" if episode.date > now else "public"


def lock_of(episode: Episode) -> str:
    """Return the name of the lock of an episode's audio, below `episodes/`."""
    return f"{episode.slug}/{episode.lock_name}"


def locked_enclosure(workshop: Workshop, episode: Episode) -> Enclosure:
    """Return the facts of the finished audio from `audio.lock`, touching no audio.

    Raises:
        SourceError: there is no lock, or it is damaged.
    """
    shown = f"{EPISODES_FOLDER}/{episode.slug}/{episode.lock_name}"
    enclosure = read_lock(f"{workshop.root}/{shown}", shown)
    if enclosure is None:
        if episode.master is None:
            message = "this episode has no audio: neither a recording nor an audio.lock"
            hint = "copy the recording into the episode's folder, or say `draft: true` until it is there"
        else:
            message = "this episode has no audio.lock"
            hint = f"run `publisher audio {episode.slug}` where the recording is, and commit the lock"
        raise SourceError((Problem(message, episode.source, hint),))
    return enclosure


def make_item(workshop: Workshop, episode: Episode, enclosure: Enclosure) -> PreparedItem:
    """Make the sidecars and the item that names them.

    Raises:
        SourceError: the transcript cannot be read or ends after the audio.
    """
    episode = as_heard(episode, enclosure)
    transcript = fitting_transcript(workshop, episode, enclosure)
    sidecars = make_sidecars(workshop, episode, transcript)
    item = item_of(workshop, episode, enclosure, sidecars, make_notes(workshop, episode))
    return PreparedItem(item, transcript, tuple(sidecars.values()))


def as_heard(episode: Episode, enclosure: Enclosure) -> Episode:
    """Return an episode whose times are those of its finished audio, whose intro may come first.

    This, and for its words `fitting_transcript`, is where everything but the tags is moved.
    """
    return Timeline(enclosure.offset_ms).episode(episode)


def write_output(workshop: Workshop, key: str, data: bytes, *, sha256: str | None = None) -> Output:
    """Write a made file below `build/` unless it is there already."""
    if workshop.writes:
        write_if_changed(f"{workshop.root}/{BUILD_FOLDER}/{key}", data, durable=False)
    return Output(key, sha256 or digest_bytes(data), len(data))


def _write_sidecar(workshop: Workshop, folder: str, slug: str, suffix: str, data: bytes) -> Output:
    sha256 = digest_bytes(data)
    return write_output(workshop, named_by_digest(folder, slug, suffix, sha256), data, sha256=sha256)


def cover_output(root: Path, cover: Path, name: str) -> Output:
    """Return the output for a picture that is published as it is."""
    digest = digest_file(cover)
    suffix = ".png" if cover.suffix.lower() == ".png" else ".jpg"
    key = named_by_digest("covers", name, suffix, digest)
    return Output(key, digest, cover.stat().st_size, cover.relative_to(root).as_posix())


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


def read_words(workshop: Workshop, episode: Episode) -> Transcript | None:
    """Read an episode's transcript, if it has one.

    Raises:
        SourceError: the transcript cannot be read.
    """
    path = episode.transcript
    if path is None:
        return None
    shown = path.relative_to(workshop.root).as_posix()
    return read_transcript(shown, read_text(path, shown, limit_bytes=_TRANSCRIPT_LIMIT_BYTES))


def fitting_transcript(workshop: Workshop, episode: Episode, enclosure: Enclosure) -> Transcript | None:
    """Read an episode's transcript, if it has one, with the times of the finished audio.

    Raises:
        SourceError: the transcript cannot be read or ends after the audio.
    """
    words = read_words(workshop, episode)
    if words is None or episode.transcript is None:
        return None
    transcript = words.moved(Timeline(enclosure.offset_ms))
    shown = episode.transcript.relative_to(workshop.root).as_posix()
    problem = check_against(transcript, enclosure.duration_ms, place=Place(shown))
    if problem:
        raise SourceError((problem,))
    return with_notes(transcript, _corrections(workshop, episode), enclosure.duration_ms)


def _corrections(workshop: Workshop, episode: Episode) -> Iterator[tuple[int, str]]:
    """Yield where the transcript has to say that something is wrong, and what it says there."""
    for correction in episode.corrections:
        if correction.at_ms is not None:
            language = workshop.show.language
            said = workshop.templates.render("correction.txt", language=language, correction=correction)
            yield correction.at_ms, said


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
                data = FORMS[form](transcript)
                written = _write_sidecar(workshop, "transcripts", slug, f".{form}", data)
                sidecars[f"transcript {form}"] = written
    if episode.cover is not None:
        sidecars["cover"] = cover_output(root, episode.cover, slug)
    return sidecars


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


def own_feed(workshop: Workshop) -> FeedSettings:
    """Return the feed of the language in which things are made here; the first, where there is none."""
    feeds = workshop.show.feeds
    fitting = (feed for feed in feeds if is_same_language(feed.language, workshop.edition.language))
    return next(fitting, feeds[0])


def page_url(workshop: Workshop, episode: Episode) -> str:
    """Return the address of an episode's page."""
    return f"{workshop.show.base_url}{workshop.edition.prefix}{episode_key(episode.slug)}"


def item_of(
    workshop: Workshop,
    episode: Episode,
    enclosure: Enclosure,
    sidecars: Mapping[str, Output],
    notes: Notes,
) -> Item:
    """Put together the item of an episode, all of whose files are made.

    Raises:
        SourceError: a time in the notes is not in the episode.
    """
    base = workshop.show.base_url
    audio_url = f"{base}{enclosure.key}"
    page_key = f"{workshop.edition.prefix}{episode_key(episode.slug)}"
    audio = from_page(workshop.show, page_key, audio_url)
    notes, outside = link_times(notes, audio, enclosure.duration_ms, Timeline(enclosure.offset_ms))
    if outside and enclosure.sha256:  # before there is finished audio, nothing is outside of it
        raise SourceError(time_problems(episode, outside, enclosure.duration_ms))
    urls = {name: f"{base}{output.key}" for name, output in sidecars.items()}
    transcripts = tuple(
        Link(urls[name], media_type(output.key) or "text/vtt", workshop.show.language)
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
