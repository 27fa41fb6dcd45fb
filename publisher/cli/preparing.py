"""What plan and publish were asked for to a plan: what is live, beside what was built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from publisher.building import Built, build
from publisher.cli.build_command import request, tell
from publisher.cli.session import Session
from publisher.cli.targets import OpenTarget, open_target
from publisher.model import Live, Plan, PublishedItem, Role
from publisher.plan.guards import Allowed

if TYPE_CHECKING:
    from publisher.publish.belonging import Claim
    from publisher.storage import Storage

_SKEW_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Wishes:
    """Where to publish, and what a person named to pass a guard."""

    target: str | None
    locked: bool
    allowed: Allowed
    not_secret: frozenset[str]
    adopt: bool = False
    mend: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan, with what it takes to carry it out."""

    plan: Plan
    opened: OpenTarget
    built: Built
    now: datetime
    claim: Claim

    @property
    def storage(self) -> Storage:
        """Return where the plan is carried out."""
        return self.opened.storage


_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--target", {"metavar": "NAME", "help": "Where to publish; `local` by default."}),
    ("--locked", {"is_flag": True, "help": "Take the audio's facts from audio.lock."}),
    ("--remove", {"multiple": True, "metavar": "GUID", "help": "Allow an episode to leave the feed."}),
    ("--replace-audio", {"multiple": True, "metavar": "GUID", "help": "Allow other audio for an episode."}),
    ("--change-guid", {"multiple": True, "metavar": "GUID", "help": "Allow an episode to get another guid."}),
    ("--move-date", {"multiple": True, "metavar": "GUID", "help": "Allow another date for an episode."}),
    ("--early", {"multiple": True, "metavar": "GUID", "help": "Allow an episode before its time."}),
    ("--shrink-to", {"type": click.IntRange(min=1), "metavar": "N", "help": "Allow so few episodes."}),
    ("--change-show-title", {"is_flag": True, "help": "Allow another title of the show."}),
    ("--change-categories", {"is_flag": True, "help": "Allow other categories of the show."}),
    ("--change-base-url", {"is_flag": True, "help": "Allow another address of the same audio."}),
    ("--drop-feed", {"multiple": True, "metavar": "FILE", "help": "Allow a feed to get nothing new."}),
    ("--adopt", {"is_flag": True, "help": "Take over a place that holds something else."}),
    ("--mend", {"is_flag": True, "help": "Compare every file there; send again what is gone or damaged."}),
    ("--not-secret", {"multiple": True, "metavar": "FILE", "help": "Allow what looks like a secret."}),
)  # fmt: skip


def publish_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that plan and publish share; it gets them as `wishes`."""

    @wraps(function)
    def run(session: Session, **words: Any) -> Any:  # noqa: ANN401 - click's own values
        names = (name.removeprefix("--").replace("-", "_") for name, _ in _OPTIONS)
        given: dict[str, Any] = {name: words.pop(name) for name in names}
        wishes = Wishes(
            target=given["target"],
            locked=given["locked"],
            allowed=Allowed(
                remove=frozenset(given["remove"]),
                replace_audio=frozenset(given["replace_audio"]),
                change_guid=frozenset(given["change_guid"]),
                move_date=frozenset(given["move_date"]),
                early=frozenset(given["early"]),
                shrink_to=given["shrink_to"],
                show_title=given["change_show_title"],
                categories=given["change_categories"],
                base_url=given["change_base_url"],
                drop_feed=frozenset(given["drop_feed"]),
            ),
            not_secret=frozenset(given["not_secret"]),
            adopt=given["adopt"],
            mend=given["mend"],
        )
        return function(session, wishes=wishes, **words)

    for name, settings in reversed(_OPTIONS):
        run = click.option(name, **settings)(run)
    return run


def prepare(session: Session, wishes: Wishes) -> Prepared:
    """Look at what is live, build, and plan.

    Raises:
        GuardError: the plan would harm listeners.
    """
    from publisher.feed.reader import read_channel, read_items
    from publisher.publish.live import read_live
    from publisher.withdrawn import load_withdrawn

    opened = open_target(session, wishes.target)
    live = read_live(opened.storage, opened.feed_keys, read_items, read_channel, doubted=wishes.mend)
    now = _certain_time(session, opened.storage)
    committed = _committed_items(session, opened, live)
    frozen = _live_keys(opened, live)
    asked = replace(request(session, locked=wishes.locked), now=now, frozen=frozen)
    built = build(asked)
    missing = _missing_audio(built, live.record.objects if live.record else {})
    if missing and not wishes.locked:
        session.report.note(f"making audio that is not on this machine: {', '.join(sorted(missing))}")
        built = build(replace(asked, renew=missing))
    tell(session, built)
    withdrawn = frozenset(load_withdrawn(session.root))
    held = frozenset(episode.guid for episode in built.episodes if episode.state != "public") - withdrawn
    wishes = replace(wishes, allowed=replace(wishes.allowed, withdrawn=withdrawn, held=held))
    claim = _claim(opened, built, live, wishes)
    plan = claim.marked(_plan(opened, built, live, wishes, now, committed))
    return Prepared(plan, opened, built, now, claim)


def _claim(opened: OpenTarget, built: Built, live: Live, wishes: Wishes) -> Claim:
    """See whose place the target is; it costs one request.

    Raises:
        GuardError: another show's, or something else's.
    """
    from publisher.publish.belonging import look_for_owner

    show = opened.show
    items = built.items(show.base_url)
    return look_for_owner(opened.storage, live, items, guid=show.guid, title=show.title, adopt=wishes.adopt)


def _plan(
    opened: OpenTarget,
    built: Built,
    live: Live,
    wishes: Wishes,
    now: datetime,
    committed: Mapping[str, tuple[PublishedItem, ...]],
) -> Plan:
    """Compare what was built with what is live, and look for secrets in what would be sent.

    Raises:
        GuardError: the plan would harm listeners, or publish a secret.
    """
    from publisher.editions import edition_number
    from publisher.feed.reader import read_channel
    from publisher.plan import make_plan
    from publisher.plan.guards import guard_guids
    from publisher.publish.scanning import refuse_secrets

    show = opened.show
    items = {
        f"{feed.name}.xml": built.items(show.base_url, edition_number(show, feed)) for feed in show.feeds
    }
    guard_guids(committed, items, wishes.allowed)
    plan = make_plan(
        built.artifacts,
        items,
        live,
        target_name=opened.name,
        allowed=wishes.allowed,
        channels={
            artifact.key: read_channel(artifact.path.read_bytes())
            for artifact in built.artifacts
            if artifact.key in live.feeds and live.feeds[artifact.key].sha256 != artifact.sha256
        },
        now=now,
    )
    refuse_secrets(plan, wishes.not_secret)
    return plan


def _certain_time(session: Session, storage: Storage) -> datetime:
    """Return the time that has come by this computer's clock and by the storage's, where that tells it."""
    from publisher.storage.protocol import Clocked

    here = session.now
    there = storage.clock if isinstance(storage, Clocked) else None
    if there is None:
        return here
    ahead = (here - there).total_seconds()
    if abs(ahead) > _SKEW_SECONDS:
        word = "ahead of" if ahead > 0 else "behind"
        session.report.note(
            f"this computer's clock is {abs(ahead) / 60:.0f} minutes {word} the storage's; "
            "a scheduled episode waits for the later of the two"
        )
    return min(here, there)


def _committed_items(
    session: Session, opened: OpenTarget, live: Live
) -> dict[str, tuple[PublishedItem, ...]]:
    """Return what the feeds in the folder say, as far as the target has none: another witness of guids."""
    from publisher.building.request import FEEDS_FOLDER
    from publisher.errors import SourceError
    from publisher.feed.reader import read_items

    found = {}
    for key in opened.feed_keys:
        path = session.root / FEEDS_FOLDER / key
        if key not in live.feeds and path.is_file():
            try:
                found[key] = read_items(path.read_bytes())
            except SourceError:
                continue  # what cannot be read is no witness; the build writes it anew
    return found


def _live_keys(opened: OpenTarget, live: Live) -> frozenset[str]:
    """Return the names of the audio that listeners have, by all that is known of the target."""
    base = opened.show.base_url
    recorded = live.record.objects if live.record else {}
    named = (item.audio_url.removeprefix(base) for feed in live.feeds.values() for item in feed.items)
    return frozenset({*named, *recorded})


def _missing_audio(built: Built, live: Mapping[str, str]) -> frozenset[str]:
    """Return the public episodes whose finished audio is neither here nor live."""
    absent = {
        artifact.key
        for artifact in built.artifacts
        if artifact.role is Role.MEDIA and not artifact.path.exists()
    }
    return frozenset(
        episode.slug
        for episode in built.episodes
        for output in episode.outputs
        if output.key in absent and live.get(output.key) != output.sha256
    )


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return a plan for machines."""
    return {
        "target": plan.target,
        "steps": [
            {"action": step.action, "key": step.key, "bytes": step.bytes, "reason": step.reason}
            for step in plan.steps
        ],
        "impact": list(plan.impact),
    }
