"""Audio of scheduled episodes to the storage, early, under names that nobody can guess."""

from __future__ import annotations

from collections.abc import Sequence

from publisher.errors import SurroundingsError
from publisher.model import Artifact, LiveRecord
from publisher.publish.sending import Sender
from publisher.releases import VOID
from publisher.storage.protocol import Storage


def stage(artifacts: Sequence[Artifact], storage: Storage, record: LiveRecord | None) -> int:
    """Send finished audio that no feed or page names yet; return how many files were not there.

    A name holds 128 bits of the SHA-256 of the file's own bytes: whoever has not got the file cannot know it.

    Raises:
        SurroundingsError: the storage did not do its part, or a file is not on this machine. It names no
            file: logs are read by more people than may know what is to come.
    """
    sender = Sender(storage, record or VOID, None)
    try:
        sender.look_around([artifact.key for artifact in artifacts])
        sender.send(artifacts)
    except SurroundingsError as error:
        names = {
            name for artifact in artifacts for name in (str(artifact.path), artifact.key, artifact.path.name)
        }
        for name in sorted(names, key=len, reverse=True):
            error.message = error.message.replace(name, "the audio of a scheduled episode")
        raise
    return sender.uploaded
