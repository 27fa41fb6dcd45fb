"""Rules on what the podcast namespace carries: the group P20."""

# ruff: noqa: D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from publisher.checks.engine import Fault, rule
from publisher.checks.subjects import CatalogueSubject, EpisodeSubject, ItemSubject, ShowSubject
from publisher.checks.taxonomy import ROLES, groups_of
from publisher.errors import Place
from publisher.feed.vocabulary import LICENCES
from publisher.model import Licence, Location, Person, Txt
from publisher.timecodes import format_seconds

MEDIUMS = ("podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course")
SOUNDBITE_MS = (15_000, 120_000)
_UUID5 = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-5[0-9a-fA-F]{3}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_GEO = re.compile(r"geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(?:,-?\d+(?:\.\d+)?)?(?:;.*)?")


@rule("P20-011", "show-guid-form", "error")
def show_guid_form(subject: ShowSubject) -> Iterator[Fault]:
    """The show's own guid is a UUID of version 5, made once from its first address; apps refuse other forms.

    Bad: `guid = "our-show"`
    Good: `guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"`
    Source: Podcast namespace, guid.
    """
    if not _UUID5.fullmatch(subject.show.guid):
        yield Fault(
            f"the show's guid {subject.show.guid!r} is no UUID of version 5",
            subject.at("guid"),
            "let `publisher init` make one; never change that of a published show",
        )


@rule("P20-031", "person-role-unknown", "warn")
def person_role_unknown(subject: ShowSubject | EpisodeSubject) -> Iterator[Fault]:
    """Apps sort people by roles of the Podcast Taxonomy; a word of one's own is shown by none.

    Bad: `role: interviewee`
    Good: `role: guest`
    Source: Podcast namespace, person; Podcast Taxonomy.
    """
    known = sorted({role for roles in ROLES.values() for role in roles})
    for person, place in _people(subject):
        groups = groups_of(person.role)
        if not groups:
            near = get_close_matches(person.role.casefold(), known, n=1)
            yield Fault(
                f"{person.name} has a role that no app knows: {person.role!r}",
                place,
                f"did you mean {near[0]!r}?" if near else "choose one of podcasttaxonomy.com",
            )
        elif person.group.casefold() not in groups:
            yield Fault(
                f"{person.name} is {person.role!r} in the group {person.group!r}",
                place,
                f"this role stands in the group {groups[0]!r}",
            )


@rule("P20-035", "person-twice", "warn")
def person_twice(subject: EpisodeSubject) -> Iterator[Fault]:
    """Somebody named twice in one role appears twice in apps.

    Bad: `people: [{id: a, role: guest}, {id: a, role: guest}]`
    Good: each person once a role
    Source: how apps show people.
    """
    seen: set[tuple[str, str]] = set()
    for number, person in enumerate(subject.episode.people):
        key = (" ".join(person.name.casefold().split()), person.role.casefold())
        if key in seen:
            yield Fault(
                f"{person.name} is named twice as {person.role}",
                subject.at("people", number),
                "delete one of them",
            )
        seen.add(key)


@rule("P20-041", "location-geo", "error")
def location_geo(subject: ShowSubject | EpisodeSubject) -> Iterator[Fault]:
    """Coordinates are degrees of latitude, then longitude; swapped or out of range they show another place.

    Bad: `geo: "geo:-119.019,35.373"`
    Good: `geo: "geo:35.373,-119.019"`
    Source: RFC 5870; Podcast namespace, location.
    """
    location = _location(subject)
    if location and location.geo is not None:
        match = _GEO.fullmatch(location.geo)
        if not match or abs(float(match[1])) > 90 or abs(float(match[2])) > 180:
            yield Fault(
                f"{location.geo!r} is no place on earth",
                subject.at("location", "geo"),
                "write geo:latitude,longitude, such as geo:35.373,-119.019",
            )


@rule("P20-043", "location-country", "error")
def location_country(subject: ShowSubject | EpisodeSubject) -> Iterator[Fault]:
    """Countries are named by their two capital letters of ISO 3166-1, in which the United Kingdom is GB.

    Bad: `country: UK`
    Good: `country: GB`
    Source: Podcast namespace, location; ISO 3166-1.
    """
    location = _location(subject)
    if (
        location
        and location.country
        and (not re.fullmatch("[A-Z]{2}", location.country) or location.country == "UK")
    ):
        hint = "write GB" if location.country.upper() == "UK" else "write two capital letters, such as US"
        yield Fault(f"{location.country!r} is no country's code", subject.at("location", "country"), hint)


@rule("P20-052", "season-names-differ", "warn")
def season_names_differ(subject: CatalogueSubject) -> Iterator[Fault]:
    """A season has one name; of two, each app shows another.

    Bad: `season: 1` called "Listening" here and "Hearing" there
    Good: the same name in every episode of the season
    Source: Podcast namespace, season.
    """
    names: dict[int, str] = {}
    for episode in subject.episodes:
        if episode.season is None or episode.season_name is None:
            continue
        known = names.setdefault(episode.season, episode.season_name)
        if known != episode.season_name:
            yield Fault(
                f"season {episode.season} is called {episode.season_name!r} here and {known!r} elsewhere",
                subject.within(episode, "season_name"),
                "choose one name",
            )


@rule("P20-070", "licence-without-address", "error")
def licence_without_address(subject: ShowSubject | EpisodeSubject) -> Iterator[Fault]:
    """A licence that is on nobody's list has to say where its text is.

    Bad: `license = "our-rules"`
    Good: `license = "CC-BY-4.0"`, or `{ id = "our-rules", url = "https://example.org/rules" }`
    Source: Podcast namespace, license.
    """
    licence: Licence | None = (
        subject.show.licence if isinstance(subject, ShowSubject) else subject.episode.licence
    )
    if licence and not licence.url:
        known = {name.casefold() for name in LICENCES}
        if licence.identifier.casefold() not in known:
            near = get_close_matches(licence.identifier.upper(), LICENCES, n=1, cutoff=0.7)
            hint = (
                f"did you mean {near[0]}? Otherwise add url" if near else "add the address of its text as url"
            )
            yield Fault(f"the licence {licence.identifier!r} is not a known one", subject.at("license"), hint)


@rule("P20-090", "medium-unknown", "error")
def medium_unknown(subject: ShowSubject) -> Iterator[Fault]:
    """The medium decides in which apps a show appears; an unknown one appears nowhere.

    Bad: `medium = "audio"`
    Good: `medium = "podcast"`
    Source: Podcast namespace, medium.
    """
    medium = subject.show.medium
    if medium not in {*MEDIUMS, *(f"{name}L" for name in MEDIUMS), "mixed"}:
        yield Fault(f"{medium!r} is no medium", subject.at("medium"), f"choose one of: {', '.join(MEDIUMS)}")


@rule("P20-131", "ai-content-value", "error")
def ai_content_value(subject: ShowSubject | EpisodeSubject) -> Iterator[Fault]:
    """Whether a machine wrote or spoke what is heard is answered with true or false.

    Bad: `{ purpose = "ai-content", text = "partly" }`
    Good: `{ purpose = "ai-content", text = "true" }`
    Source: Podcast namespace, txt.
    """
    texts: tuple[Txt, ...] = subject.show.txt if isinstance(subject, ShowSubject) else subject.episode.txt
    for number, txt in enumerate(texts):
        if txt.purpose == "ai-content" and txt.text not in {"true", "false"}:
            yield Fault(
                f"the text for ai-content is {txt.text!r}",
                subject.at("txt", number, "text"),
                'write "true" or "false"',
            )


@rule("P20-170", "soundbite-outside", "error")
def soundbite_outside(subject: ItemSubject) -> Iterator[Fault]:
    """A soundbite that reaches behind the end of the audio plays nothing, or something else.

    Bad: 30 seconds from `38:00` in 38 minutes of audio
    Good: times noted from the finished audio
    Source: Podcast namespace, soundbite.
    """
    duration = subject.item.enclosure.duration_ms
    for number, bite in enumerate(subject.item.episode.soundbites):
        if bite.duration_ms <= 0 or bite.start_ms + bite.duration_ms > duration:
            yield Fault(
                f"the soundbite {bite.title!r} ends at {format_seconds(bite.start_ms + bite.duration_ms)} s; "
                f"the audio at {format_seconds(duration)} s",
                subject.at("soundbites", number, "duration"),
                "note the times from the finished audio",
            )


@rule("P20-171", "soundbite-length", "warn")
def soundbite_length(subject: EpisodeSubject) -> Iterator[Fault]:
    """A soundbite is a taste: 15 seconds to two minutes, as apps and social pages play it.

    Bad: `duration: "04:00"`
    Good: `duration: "00:45"`
    Source: Podcast namespace, soundbite.
    """
    shortest, longest = SOUNDBITE_MS
    for number, bite in enumerate(subject.episode.soundbites):
        if not shortest <= bite.duration_ms <= longest:
            yield Fault(
                f"the soundbite {bite.title!r} lasts {format_seconds(bite.duration_ms)} s",
                subject.at("soundbites", number, "duration"),
                "choose 15 to 120 seconds",
            )


def _people(subject: ShowSubject | EpisodeSubject) -> Iterator[tuple[Person, Place]]:
    """List people with where their role is written; an episode's only where it differs from the show's."""
    if isinstance(subject, ShowSubject):
        for number, person in enumerate(subject.show.people):
            yield person, subject.place_of("", ("people", number, "role"))
    else:
        for number, person in enumerate(subject.episode.people):
            if person not in subject.show.people:
                yield person, subject.at("people", number, "role")


def _location(subject: ShowSubject | EpisodeSubject) -> Location | None:
    return subject.show.location if isinstance(subject, ShowSubject) else subject.episode.location
