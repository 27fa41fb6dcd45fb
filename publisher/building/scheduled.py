"""What was built to the finished audio of episodes that are still to come."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from publisher.audio.lock import read_lock
from publisher.building.artifacts import artifact_of
from publisher.building.memory import Output
from publisher.building.request import Built
from publisher.episodes.folders import EPISODES_FOLDER
from publisher.model import LOCK_FILE, Artifact


def staged_artifacts(root: Path, built: Built) -> tuple[Artifact, ...]:
    """Return the finished audio of every scheduled episode that has some; nothing else of it is there yet.

    Raises:
        SourceError: a lock is damaged.
    """
    outputs: list[Output] = []
    for made in built.episodes:
        if made.state != "scheduled":
            continue
        shown = f"{EPISODES_FOLDER}/{made.slug}/{LOCK_FILE}"
        lock = read_lock(root / shown, shown)
        facts = made.enclosure or (asdict(lock) if lock else None)
        if facts:
            files = (facts, *facts["alternates"])
            outputs += [Output(each["key"], each["sha256"], each["bytes"]) for each in files]
    return tuple(artifact_of(root, output) for output in outputs)
