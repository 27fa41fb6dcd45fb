"""Turn what an episode says about itself into the tags of its finished files: the only room with mutagen."""

from publisher.audio.tags.content import Tags
from publisher.audio.tags.normalise import normalise_tags
from publisher.audio.tags.splice import Normalised
from publisher.audio.tags.verify import verify_tags
from publisher.audio.tags.write import WRITER, render_tag

__all__ = ["WRITER", "Normalised", "Tags", "normalise_tags", "render_tag", "verify_tags"]
