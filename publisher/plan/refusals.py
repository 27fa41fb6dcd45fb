"""What listeners would suffer over, to words: what would happen, and the one flag that allows it."""

from __future__ import annotations

from collections.abc import Sequence

from publisher.errors import Problem
from publisher.model import PublishedItem


def vanished(item: PublishedItem, *, is_held: bool) -> Problem:
    """Say that a live episode would leave; `is_held` when it is here, as a draft or for a time to come."""
    where = "but here it is a draft or its date is to come" if is_held else "but not in this folder"
    back = (
        "take `draft: true` or the new date out of its episode.md again"
        if is_held
        else "get it back (is this the newest state?)"
    )
    return Problem(
        f'the episode "{item.title}" is live {where}; it would vanish from podcast apps',
        hint=f"{back}, or take it out on purpose with `publisher withdraw`, or for once with "
        f"--remove {item.guid}",
    )


def other_guid(item: PublishedItem, heir: PublishedItem) -> Problem:
    """Say that every subscriber would get an episode a second time."""
    return Problem(
        f'the guid of "{item.title}" would change from {item.guid} to {heir.guid}; '
        "every subscriber would get the episode a second time",
        hint=f"write guid: {item.guid} in its episode.md, where a published guid stays for ever; if every "
        f"subscriber shall get it again: --change-guid {item.guid}",
    )


def other_audio(before: PublishedItem, after: PublishedItem) -> Problem:
    """Say that subscribers may download an episode again."""
    return Problem(
        f'the audio of "{before.title}" would change from {before.audio_url} ({before.audio_bytes} bytes) to '
        f"{after.audio_url} ({after.audio_bytes} bytes); subscribers may download it again",
        hint="bring back its audio.lock if that was not wanted, or replace the audio on purpose with "
        f"--replace-audio {before.guid}",
    )


def moved_audio(moved: Sequence[tuple[PublishedItem, PublishedItem]]) -> Problem:
    """Say that the same audio would have another address, of one episode or, with the base URL, of all."""
    before, after = moved[0]
    whose = f'"{before.title}"' if len(moved) == 1 else f"{len(moved)} episodes"
    return Problem(
        f"the audio of {whose} would have another address: {after.audio_url} instead of {before.audio_url}; "
        "the bytes are the same, but some apps may download it again",
        hint="write the old base_url back in show.toml; if the files are at the new address, too: "
        "--change-base-url",
    )


def dropped(feed: str) -> Problem:
    """Say that the subscribers of a feed would never get anything new."""
    name = feed.removesuffix(".xml")
    return Problem(
        f"the feed {feed} is live but no longer in show.toml; its subscribers would get nothing new any more",
        hint=f"write [feeds.{name}] back in show.toml (is this the newest state?); if nobody needs it: "
        f"--drop-feed {feed}",
    )


def names(items: Sequence[PublishedItem]) -> str:
    """List episodes by their titles."""
    return ", ".join(f'"{item.title}"' for item in items)
