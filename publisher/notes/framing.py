"""An episode's corrections and resources to what stands around its notes, once for all that share them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from publisher.model import Correction, Resource
from publisher.notes.allowlist import say_plainly
from publisher.notes.resources import listed
from publisher.notes.settled import settle
from publisher.templates import Templates

_NOTES = "notes.html"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around notes on the page, or a template that has to see them.

    `plain` is the same for the feed, where one look at it could tell that it is safe there.
    """

    before: str = ""
    after: str = ""
    plain: tuple[str, str] | None = None
    render: Callable[[str], str] | None = None

    def around(self, body: str) -> str:
        """Return the notes in the frame, for the page."""
        return (self.render(body) if self.render else f"{self.before}{body}{self.after}").strip()


@lru_cache(maxsize=1_024)
def frame_of(
    templates: Templates, language: str, corrections: tuple[Correction, ...], resources: tuple[Resource, ...]
) -> Frame:
    """Put the corrections before the notes and the resources after them.

    Raises:
        SourceError: a mistake in the template.
    """
    shown = listed(resources, templates.words(language))
    found = templates.surround(_NOTES, "body", language=language, corrections=corrections, resources=shown)
    if found is None:
        return Frame(
            render=lambda body: templates.render(
                _NOTES, language=language, corrections=corrections, resources=shown, body=body
            )
        )
    before, after = map(settle, found)
    if before is None or after is None:
        return Frame(*found)
    return Frame(*found, plain=(say_plainly(before), say_plainly(after)))
