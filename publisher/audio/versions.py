"""The versions of all that makes finished audio: raised where equal input gives other bytes than before."""

from __future__ import annotations

from collections.abc import Mapping

from publisher.model import AudioFormat

ENCODING = 4
"""Parts of every recipe: this one of levelling and encoding (`encode`)."""

JOINING = 1
"""Of putting intro, recording and outro together (`programme`)."""

COVER = 1
"""Of the embedded picture (`cover`)."""

TAGS: Mapping[AudioFormat, int] = {"mp3": 1, "m4a": 1, "opus": 1}
"""Of the tags in each format (`tags`)."""
