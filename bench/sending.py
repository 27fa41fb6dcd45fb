"""A folder of files to a published show, in a process: `python -m bench.sending FACTS URL ENDPOINT`.

What `publisher publish` does once the show is built: look at what is live, plan, send, read back. FACTS is
what a build knows of its files (written by `write_facts`): their digests, too, as `audio.lock` holds them.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

_FEED = "show.xml"


def write_facts(folder: Path, facts: Path) -> None:
    """Note the files of a folder, all of them audio, and a feed that names them."""
    audio = [_fact(path, path.relative_to(folder).as_posix()) for path in sorted(folder.rglob("*.mp3"))]
    rows = "".join(
        f"<item><title>{number}</title><guid isPermaLink='false'>{number}</guid>"
        "<pubDate>Thu, 01 Jan 2026 06:00:00 GMT</pubDate>"
        f"<enclosure url='https://media.example.org/{row['key']}' length='{row['bytes']}' "
        "type='audio/mpeg'/></item>"
        for number, row in enumerate(audio)
    )
    feed = facts.with_suffix(".xml")
    feed.write_text(f"<rss version='2.0'><channel><title>Bench</title>{rows}</channel></rss>\n")
    facts.write_text(json.dumps({"audio": audio, "feed": _fact(feed, _FEED)}))


def _fact(path: Path, key: str) -> dict[str, Any]:
    data = path.read_bytes() if path.suffix == ".xml" else None
    digest = hashlib.sha256(data).hexdigest() if data is not None else _digest(path)
    return {"path": str(path), "key": key, "bytes": path.stat().st_size, "sha256": digest}


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def main(facts: str, url: str, endpoint: str) -> None:
    """Publish, and print how many requests it took."""
    from publisher.model import Artifact, PublishedItem, Role, TargetSettings
    from publisher.plan import make_plan
    from publisher.publish import apply, read_live
    from publisher.storage import open_storage

    known = json.loads(Path(facts).read_bytes())

    def artifact(row: dict[str, Any], role: Role) -> Artifact:
        immutable = role is Role.MEDIA
        kind = "audio/mpeg" if immutable else "application/rss+xml"
        cache = "public, max-age=31536000, immutable" if immutable else "public, max-age=300"
        path = Path(row["path"])
        return Artifact(row["key"], path, row["sha256"], row["bytes"], kind, cache, role, immutable)

    artifacts = [artifact(row, Role.MEDIA) for row in known["audio"]]
    items = tuple(
        PublishedItem(
            str(number),
            str(number),
            "2026-01-01T06:00:00Z",
            f"https://media.example.org/{row['key']}",
            row["bytes"],
            row["sha256"],
        )
        for number, row in enumerate(known["audio"])
    )
    artifacts.append(artifact(known["feed"], Role.FEED))
    target = TargetSettings("bench", url, region="us-east-1", endpoint=endpoint)
    storage = open_storage(target, Path.cwd())
    live = read_live(storage, [_FEED], lambda _: items)
    done = apply(make_plan(artifacts, {_FEED: items}, live, target_name="bench"), storage)
    print(json.dumps({"requests": done.requests, "uploaded": done.uploaded}))


if __name__ == "__main__":
    gc.set_threshold(250_000, 50, 50)  # this line and the last as in publisher/__main__
    main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)
