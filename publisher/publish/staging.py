"""Audio of scheduled episodes to the storage, early, under names that nobody can guess."""

from __future__ import annotations

from collections.abc import Sequence

from publisher.model import Artifact, LiveRecord
from publisher.publish.sending import Sender
from publisher.releases import VOID
from publisher.storage.protocol import Storage


def stage(artifacts: Sequence[Artifact], storage: Storage, record: LiveRecord | None) -> int:
    """Send finished audio that no feed or page names yet; return how many files were not there.

    A name holds 128 bits of the SHA-256 of the file's own bytes: whoever has not got the file cannot know it.

    Raises:
        SurroundingsError: the storage did not do its part, or a file is not on this machine.
    """
    sender = Sender(storage, record or VOID, None)
    sender.look_around([artifact.key for artifact in artifacts])
    sender.send(artifacts)
    return sender.uploaded
