"""Speech and the words that were said in it: their times, or a draft of them."""

from publisher.speech.captions import Gap, Placed, Token, caption, find_gaps, place, split_tokens, spread
from publisher.speech.engines import Aligner, Listener, find_aligner, find_listener, has_aligner
from publisher.speech.heard import Heard, OnProgress
from publisher.speech.speakers import name_speakers

__all__ = [
    "Aligner", "Gap", "Heard", "Listener", "OnProgress", "Placed", "Token", "caption", "find_aligner",
    "find_gaps", "find_listener", "has_aligner", "name_speakers", "place", "split_tokens", "spread",
]  # fmt: skip
