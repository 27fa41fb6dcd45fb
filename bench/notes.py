"""Measure the notes of a large show against the Markdown renderer alone, interleaved, in CPU time."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyromark

from bench.sources import write_show
from publisher.building.workshop import TEMPLATES_FOLDER
from publisher.config import load_show
from publisher.episodes import load_episode
from publisher.episodes.folders import find_folders
from publisher.notes import render_notes
from publisher.resources import load_catalogue
from publisher.templates import read_templates

_BAR = 3.0
_PAGE = "https://media.example.org/bench/episodes/one.html"


def main() -> int:
    """Measure, print the ratio, and return 1 when the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--episodes", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "show"
        write_show(root, words.episodes)
        show, catalogue = load_show(root), load_catalogue(root)
        episodes = [load_episode(root, slug, show, catalogue) for slug in find_folders(root)]
        templates = read_templates(root / TEMPLATES_FOLDER)

        def ours() -> None:
            for episode in episodes:
                render_notes(episode, catalogue, templates, page_url=_PAGE)

        def alone() -> None:
            for episode in episodes:
                pyromark.html(episode.notes)

        ratios, seconds = [], []
        for _ in range(words.rounds):
            mine, renderer = _cpu_s(ours), _cpu_s(alone)
            ratios.append(mine / renderer)
            seconds.append(mine)
    ratio = statistics.median(ratios)
    each = statistics.median(seconds) / words.episodes * 1e6
    print(f"notes of {words.episodes:,} episodes, feed and page: {each:.0f} µs each of CPU time,")
    print(f"{ratio:.1f} × the Markdown renderer alone; bar {_BAR} ×: {'ok' if ratio <= _BAR else 'MISSED'}")
    return int(ratio > _BAR)


def _cpu_s(work: Callable[[], None]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    raise SystemExit(main())
