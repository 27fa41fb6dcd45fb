"""The show's sources into finished audio, pages and feeds: only what changed is done again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from publisher.building.look import Sight, look
from publisher.building.memory import Memory, read_memory, write_memory
from publisher.building.request import BuildRequest, Built

__all__ = ["BuildRequest", "Built", "build"]


def build(request: BuildRequest) -> Built:
    """Bring `build/`, `feeds/` and every `audio.lock` up to date.

    Raises:
        SourceError: every problem of the show's own files; no feed was written then.
        SurroundingsError: ffmpeg or the disk failed.
    """
    memory = read_memory(request.root)
    sight = look(request.root, memory, locked=request.locked, started_ns=request.started_ns)
    is_due = bool(memory.until) and datetime.fromisoformat(memory.until) <= request.now
    if not (sight.is_changed or is_due or request.renew):
        if sight.is_restamped:
            memory = _restamp(memory, sight)
            write_memory(request.root, memory)
        return Built(request.root, memory)
    from publisher.building.assembly import (
        assemble,
    )  # loads every parser and renderer: only when there is work

    return assemble(request, memory, sight, is_whole=sight.is_whole or is_due)


def _restamp(memory: Memory, sight: Sight) -> Memory:
    """Remember new times of files whose bytes are the same, so that they are not read again."""
    episodes = {
        slug: replace(entry, folder=sight.folders[slug], files={**entry.files, **sight.files[slug]})
        for slug, entry in memory.episodes.items()
    }
    return replace(memory, shared_files=sight.shared, episodes=episodes)
