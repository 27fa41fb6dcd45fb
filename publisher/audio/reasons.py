"""Turn ffmpeg's messages into the line among them that says the most about why it failed."""

from __future__ import annotations

import re

_GENERIC = re.compile(
    r"conversion failed|error opening (?:in|out)put files?\b|task finished with error|terminating thread"
    r"|nothing was written|error (?:muxing|writing|submitting|closing)|^exiting|^invalid data found"
    r"|stats and -progress|error binding filtergraph|if you want to help|n_samples|^end of file|^size="
)
_PREFIX = re.compile(r"^(?:\[[^\]]*\]\s*)+(?:Error opening (?:in|out)put: )?")


def reason(log: str) -> str:
    """Return the telling line, without the part of the program that said it."""
    lines = [_PREFIX.sub("", line).strip() for line in log.splitlines() if "[Parsed_ametadata" not in line]
    telling = [line for line in lines[-40:] if line and not _GENERIC.search(line.lower())]
    return (telling or lines or ["no reason given"])[-1][:300] or "no reason given"
