"""The Podcast Taxonomy: the roles that podcast:person knows, by group."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_GROUPS = {
    "creative direction": "director, assistant director, executive producer, senior producer, producer, "
    "associate producer, development producer, creative director",
    "cast": "host, co-host, guest host, guest, voice actor, narrator, announcer, reporter",
    "writing": "author, editorial director, co-writer, writer, songwriter, guest writer, story editor, "
    "managing editor, script editor, script coordinator, researcher, editor, fact checker, translator, "
    "transcriber, logger",
    "audio production": "studio coordinator, technical director, technical manager, audio engineer, "
    "remote recording engineer, post production engineer",
    "audio post-production": "audio editor, sound designer, foley artist, composer, theme music, "
    "music production, music contributor",
    "administration": "production coordinator, booking coordinator, production assistant, content manager, "
    "marketing manager, sales representative, sales manager",
    "visuals": "graphic designer, cover art designer",
    "community": "social media manager",
    "misc.": "consultant, intern",
    "video production": "camera operator, lighting designer, camera grip, assistant camera",
    "video post-production": "editor, assistant editor",
}
ROLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {group: tuple(roles.split(", ")) for group, roles in _GROUPS.items()}
)
"""Group to roles, in lower case; both are compared without regard to case."""


def groups_of(role: str) -> tuple[str, ...]:
    """Return the groups that a role stands in; none, when the taxonomy does not know it."""
    return tuple(group for group, roles in ROLES.items() if role.casefold() in roles)
