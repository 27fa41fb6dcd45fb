"""A request into a show that is built: only what changed is done again."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime

from publisher.building.leftovers import at_work
from publisher.building.look import look
from publisher.building.request import BuildRequest, Built
from publisher.building.seen import read_seen, write_seen


def build(request: BuildRequest) -> Built:
    """Bring `build/`, `feeds/` and every `audio.lock` up to date.

    Raises:
        SourceError: every problem of the show's own files; no feed was written then.
        SurroundingsError: ffmpeg or the disk failed.
    """
    seen = read_seen(request.root)
    sight = look(request.root, seen, locked=request.locked, started_ns=request.started_ns)
    is_due = bool(seen.until) and datetime.fromisoformat(seen.until) <= request.now
    if not (sight.is_changed or is_due or request.renew):
        if sight.is_restamped:  # the bytes are the same: remembered, so that they are not read again
            seen = replace(
                seen,
                engine_stamp=sight.engine_stamp,
                shared=sight.shared,
                folder=sight.folder,
                episodes=sight.shelf({}, (), locked=request.locked),
            )
            with at_work(request.root):
                write_seen(request.root, seen)
        return Built(request.root, seen)
    from publisher.building.ahead import NOTHING, measured_ahead  # for what changed, as below

    ahead = nullcontext(NOTHING) if request.locked else measured_ahead(request.root, sight)
    with at_work(request.root), ahead as heard:
        from publisher.building.assembly import assemble  # every parser and renderer: only for work

        return assemble(request, sight, heard, is_whole=sight.is_whole or is_due)
