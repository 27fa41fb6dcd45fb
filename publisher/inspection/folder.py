"""A show's sources and committed feeds into findings, the ones that keep it from being read among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from publisher import checks
from publisher.building.coming import reached
from publisher.building.request import FEEDS_FOLDER
from publisher.building.workshop import Workshop, open_workshop, own_feed, workshops
from publisher.checks.engine import Judge
from publisher.checks.own import OwnShow
from publisher.checks.unreadable import finding_of
from publisher.editions import as_in_feed, is_same_language
from publisher.episodes.folders import EPISODES_FOLDER, find_folders, find_slug
from publisher.inspection.episode import Seen, see
from publisher.inspection.files import files_of
from publisher.inspection.keeping import NOTHING_KEPT, Kept
from publisher.inspection.request import CheckRequest
from publisher.inspection.result import Inspection
from publisher.inspection.written import places_in
from publisher.sharing import in_parallel

if TYPE_CHECKING:
    from publisher.checks.judging import More


def inspect_show(
    root: Path, slugs: Iterable[str], request: CheckRequest, kept: Kept = NOTHING_KEPT
) -> Inspection:
    """Check the whole show or some episodes; what was `kept` of those that did not change counts still.

    Raises:
        SourceError: `show.toml`, the catalogue or a template cannot be read: nothing can be judged then.
        UsageError: there is no such episode.
    """
    workshop = replace(open_workshop(root, reached(root, request.now)), writes=False)
    folders = find_folders(root)
    wanted = [find_slug(slug, folders) for slug in slugs] or list(folders)
    is_whole = set(wanted) == set(folders)
    asked = request.profiles or workshop.show.profiles
    bare = OwnShow(
        show=workshop.show,
        episodes=(),
        items=(),
        feeds=_committed_feeds(workshop) if is_whole else {},
        now=workshop.now,
        place_of=places_in(root),
        cover_url=f"{workshop.show.base_url}{workshop.cover.key}",
        whole=is_whole,
        withdrawn=frozenset(workshop.withdrawn),
        files_of=files_of(root),
    )
    editions = tuple(_edition(place, bare, number) for number, place in enumerate(workshops(workshop)))
    judge = Judge(asked, workshop.show.numbers)

    known = {slug: Seen(said) for slug in wanted if (said := kept.said(slug))}
    unknown = [slug for slug in wanted if slug not in known]

    def see_one(number: int) -> Seen:
        return see(editions, judge, unknown[number], with_items=request.online)

    judged = dict(zip(unknown, in_parallel(len(unknown), see_one), strict=True))
    seen = {slug: known.get(slug) or judged[slug] for slug in wanted}
    kept.keep(judged)
    (own, witnesses), *others = (_filled(each, number, seen) for number, (_, each) in enumerate(editions))
    verdict = checks.check_own(
        own,
        profiles=asked,
        witnesses={**witnesses, **request.witnesses},
        more=_asking(request),
        is_online=request.online,
        editions=others,
        known={
            (each.feed_name, slug): edited.judged
            for number, (_, each) in enumerate(editions)
            for slug, one in seen.items()
            for edited in one.editions[number : number + 1]
        },
    )
    problems = [problem for one in seen.values() for problem in one.problems]
    unreadable = tuple(finding_of(problem, bare.feeds.values()) for problem in problems)
    return Inspection(
        findings=(*unreadable, *verdict.findings),
        not_checked=verdict.not_checked,
        is_readable=not problems,
        waived=verdict.waived,
        profiles=tuple(asked),
        subject=workshop.show.title,
        titles={f"{EPISODES_FOLDER}/{episode.slug}/": episode.title for episode in own.episodes},
    )


def _asking(request: CheckRequest) -> More | None:
    if not request.online:
        return None
    from publisher.inspection.online import asking  # TLS: only to ask servers

    return asking(request)


def _committed_feeds(workshop: Workshop) -> dict[str, bytes]:
    feeds = {}
    for feed in workshop.show.feeds:
        path = workshop.root / FEEDS_FOLDER / f"{feed.name}.xml"
        if path.is_file():
            feeds[f"{FEEDS_FOLDER}/{feed.name}.xml"] = path.read_bytes()
    return feeds


def _edition(workshop: Workshop, bare: OwnShow, number: int) -> tuple[Workshop, OwnShow]:
    """Return the show in one of its languages, still without episodes; the first is the show's own."""
    if not number:
        return workshop, replace(bare, feeds=_in_language(bare, workshop.edition.language))
    feed = own_feed(workshop)
    show = as_in_feed(workshop.show, feed)
    feeds = _in_language(bare, feed.language)
    return workshop, replace(bare, show=show, feed=feed, feeds=feeds, place_of=places_in(workshop.root, feed))


def _in_language(bare: OwnShow, language: str) -> dict[str, bytes]:
    """Return the committed feeds of a language."""
    names = {feed.name for feed in bare.show.feeds if is_same_language(feed.language, language)}
    return {path: data for path, data in bare.feeds.items() if Path(path).stem in names}


def _filled(own: OwnShow, number: int, seen: Mapping[str, Seen]) -> tuple[OwnShow, dict[str, bytes]]:
    """Return the show in a language with its episodes, and the feed that it is compared with."""
    edited = [one.editions[number] for one in seen.values() if one.editions]
    made = [one.items[number] for one in seen.values() if one.items]
    ends = {each.item.episode.slug: each.transcript_end_ms for each in made}
    filled = replace(
        own,
        episodes=tuple(each.written for each in edited),
        items=tuple(each.item for each in made),
        unfinished=frozenset(each.written.slug for each in edited if not each.is_finished),
        transcript_end=lambda item: ends.get(item.episode.slug),
    )
    return filled, dict(list(own.feeds.items())[:1])
