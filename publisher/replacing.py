"""The ways to put other audio in the place of what listeners have, and what each does to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from publisher.episodes.folders import EPISODE_FILE, EPISODES_FOLDER
from publisher.errors import UsageError
from publisher.files import write_whole
from publisher.source.document import read_text
from publisher.source.frontmatter import split_front_matter

_LIMIT_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Way:
    """One way: its name, what is done, and what listeners' apps make of it."""

    name: str
    does: str
    apps: str


WAYS = (
    Way(
        "same",
        "the same episode, with new audio under a new address; the old file stays where it is",
        "who has not downloaded it gets the new audio. Most apps do not fetch it again for those who have, "
        "and some keep the first address for ever; nobody sees the episode twice",
    ),
    Way(
        "new",
        "a new guid, which makes it a new episode; the old guid is withdrawn and stays reserved",
        "every subscriber gets the episode again, as new, and it is announced again; the old one leaves the "
        "feed, and plays, marks and comments of it are lost",
    ),
    Way(
        "bonus",
        "the episode stays as it is; a draft of a bonus episode is started for the corrected audio",
        "every subscriber gets one short episode more; nothing that anybody has changes",
    ),
)


def give_new_guid(root: Path, slug: str, old: str, new: str) -> None:
    """Write another guid into an `episode.md`; nothing else in the file changes.

    Raises:
        UsageError: the guid is not written in a line of its own.
        SourceError: the file cannot be read.
    """
    path = root / EPISODES_FOLDER / slug / EPISODE_FILE
    shown = f"{EPISODES_FOLDER}/{slug}/{EPISODE_FILE}"
    text = read_text(path, shown, limit_bytes=_LIMIT_BYTES)
    front, _, _ = split_front_matter(text, shown)
    pattern = re.compile(rf"^(guid:\s*[\"']?){re.escape(old)}(?=[\"'\s]|$)", re.MULTILINE)
    if len(pattern.findall(front)) != 1:
        raise UsageError(f"the guid of {shown} could not be changed", hint=f"write guid: {new} by hand")
    data = path.read_bytes()
    changed = pattern.sub(lambda match: match[1] + new, data.decode("utf-8"), count=1)
    write_whole(path, changed.encode())
