"""Items to pages that people read: one for the show, one for each episode, and the files that both share."""

from __future__ import annotations

from publisher.site.assets import Asset, assets
from publisher.site.pages import (
    CORRECTIONS_KEY,
    INDEX_KEY,
    episode_key,
    join_corrections_page,
    join_show_page,
    render_corrections,
    render_episode_page,
    render_show_page,
    render_teaser,
)

__all__ = [
    "CORRECTIONS_KEY",
    "INDEX_KEY",
    "Asset",
    "assets",
    "episode_key",
    "join_corrections_page",
    "join_show_page",
    "render_corrections",
    "render_episode_page",
    "render_show_page",
    "render_teaser",
]
