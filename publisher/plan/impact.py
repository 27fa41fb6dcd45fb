"""What is live beside what will be, to what listeners will notice, in their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from publisher.model import PublishedItem
from publisher.plan.guards import audio_changed, audio_moved, date_changed

_NAMED = 5


def describe_feed(
    feed: str,
    before: Sequence[PublishedItem] | None,
    after: Sequence[PublishedItem],
) -> Iterator[str]:
    """Say what subscribers of one feed will notice of its new bytes; `before` is None for a new feed."""
    if before is None:
        yield f"a new feed: {feed}"
    then = {item.guid: item for item in before or ()}
    now = {item.guid: item for item in after}
    stay = [(then[guid], item) for guid, item in now.items() if guid in then]
    changed = [(old, new) for old, new in stay if audio_changed(old, new)]
    moved = [new for old, new in changed if audio_moved(old, new)]
    replaced = [new for old, new in changed if not audio_moved(old, new)]
    lines = [
        *_listed([item for guid, item in now.items() if guid not in then], "new {}"),
        *_listed([item for guid, item in then.items() if guid not in now], "{} removed"),
        *_listed(replaced, "{} with other audio, which apps may download again"),
        *_listed(moved, "{} with the same audio at another address, which some apps may download again"),
        *_changes("title", [(old.title, old.title, new.title) for old, new in stay]),
        *_changes("date", [(new.title, old.date, new.date) for old, new in stay if date_changed(old, new)]),
    ]
    yield from lines
    if before is not None and not lines:
        yield "the show's details or the notes of episodes change"
    kept = len(stay) - len(changed)
    if kept:
        keeping = "1 episode keeps its audio" if kept == 1 else f"{kept} episodes keep their audio"
        yield keeping if changed else f"{keeping}: nobody downloads anything again"


def describe_rest(
    *, feeds_change: bool, files_change: bool, compares: bool, dropped: Mapping[str, str]
) -> Iterator[str]:
    """Say what there is to notice beside the feeds; what it `compares` is sent only where it differs."""
    if not feeds_change and files_change:
        yield "the web pages change; podcast apps notice nothing, nobody downloads anything again"
    elif not feeds_change and compares:
        yield (
            "files are compared with what is there, and sent only where they differ; "
            "podcast apps notice nothing, nobody downloads anything again"
        )
    elif not feeds_change:
        yield "nobody notices anything: the last publish is brought to its end"
    for feed in sorted(dropped):
        yield f"{feed} stays as it is; it is no longer part of this show, and its subscribers get nothing new"


def _changes(what: str, values: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    changed = [(title, old, new) for title, old, new in values if old != new]
    for title, old, new in changed[:_NAMED]:
        if what == "title":
            yield f'the title of "{old}" becomes "{new}"'
        else:
            yield f'the {what} of "{title}" moves from {old or "none"} to {new or "none"}'
    if len(changed) > _NAMED:
        yield f"{len(changed) - _NAMED} more {what}s change"


def _listed(items: Sequence[PublishedItem], what: str) -> Iterator[str]:
    if items:
        names = ", ".join(f'"{item.title}"' for item in items[:_NAMED])
        more = f" and {len(items) - _NAMED} more" if len(items) > _NAMED else ""
        yield f"{len(items)} {what.format('episode' if len(items) == 1 else 'episodes')}: {names}{more}"
