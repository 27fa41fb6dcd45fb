"""Generated `episode.md`, `show.toml` and feeds: never a traceback, and every message says where and what to do."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from depth import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from rules.samples import CLEAN, FILE, NOW

from publisher.checks import PROFILES, check_feed, open_feed
from publisher.cli import publisher
from publisher.model import Finding

MINIMAL = Path(__file__).parent / "shows/minimal"
EPISODE = (MINIMAL / "episodes/pilot/episode.md").read_text(encoding="utf-8")
SETTINGS = (MINIMAL / "show.toml").read_text(encoding="utf-8")
KEYS = (
    "title", "guid", "date", "season", "episode", "type", "explicit", "people", "chapters", "soundbites", "summary",
    "resources", "transcript", "cover", "location", "license", "txt", "questions", "corrections", "check", "draft",
)  # fmt: skip
WORDS = st.one_of(
    st.sampled_from(
        [
            "",
            "yes",
            "1",
            "-1",
            "1:75",
            "2026-02-30",
            "[]",
            "{}",
            "[a, b]",
            "{id: a}",
            "*a",
            "&a b",
            "!x y",
            "~",
            "|",
            '"',
        ]
    ),
    st.text(max_size=40),
    st.integers().map(str),
    st.floats().map(str),
)
TABLES = ("show", "audio", "feeds.x", "targets.x", "check", "check.numbers", "people", "")
AS_TOML = st.one_of(
    st.sampled_from(
        ["true", "3", "-1.5", "[]", "[1, 2]", "{}", "{ id = 3 }", '""', "2026-01-01", "nan", "'x'", "[["]
    ),
    st.text(max_size=40).map(lambda text: json.dumps(text)),
    st.text(max_size=20),
)
PIECES = [piece for piece in CLEAN.decode().splitlines(keepends=True) if piece.strip()]


@contextmanager
def show_with(name: str, data: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "show"
        shutil.copytree(MINIMAL, root)
        (root / name).write_bytes(data)
        yield root


def messages(root: Path) -> list[dict[str, Any]]:
    """Return what `check` says of a show: findings, or the problems that kept it from looking."""
    result = CliRunner().invoke(publisher, ["-C", str(root), "check", "--json"])
    assert result.exit_code in {0, 1, 2}, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    document: dict[str, Any] = json.loads(result.stdout)
    found: list[dict[str, Any]] = document.get("findings") or document.get("errors") or []
    return found


def is_whole(said: dict[str, Any]) -> bool:
    return bool(said["message"] and (said.get("hint") or said.get("help")) and said["file"])


def is_helpful(finding: Finding) -> bool:
    return bool(finding.message and finding.hint and finding.place.file and finding.rule)


@settings(max_examples=examples(60, deep=10_000))
@given(
    st.lists(st.tuples(st.sampled_from([*KEYS, "x", "<<"]), WORDS), max_size=4),
    st.text(max_size=80),
    st.booleans(),
)
def test_whatever_an_episode_says_is_answered_with_place_and_remedy(
    lines: list[tuple[str, str]], notes: str, keeps_front: bool
) -> None:
    front = EPISODE.partition("---\n")[2].partition("---\n")[0] if keeps_front else ""
    kept = "".join(
        line for line in front.splitlines(keepends=True) if line.partition(":")[0] not in dict(lines)
    )
    added = "".join(f"{key}: {words}\n" for key, words in lines)
    data = f"---\n{kept}{added}---\n{notes}\n".encode("utf-8", "surrogatepass")
    with show_with("episodes/pilot/episode.md", data) as root:
        for said in messages(root):
            assert is_whole(said), said


@settings(max_examples=examples(60, deep=10_000))
@given(st.sampled_from(TABLES), st.text("abctoilesuv_.", max_size=9), AS_TOML, st.booleans())
def test_whatever_the_settings_say_is_answered_with_place_and_remedy(
    table: str, key: str, value: str, is_new: bool
) -> None:
    line = f"{key or 'title'} = {value}\n"
    if is_new:
        text = f"{SETTINGS}\n[{table}]\n{line}" if table else f"{line}{SETTINGS}"
    else:
        text = SETTINGS.replace('title = "Small Show"\n', line, 1)
    with show_with("show.toml", text.encode("utf-8", "surrogatepass")) as root:
        for said in messages(root):
            assert is_whole(said), said


@settings(max_examples=examples(60, deep=10_000))
@given(
    st.lists(st.tuples(st.integers(0, len(PIECES) - 1), st.sampled_from(["drop", "twice", "cut", "put"]),
                       st.one_of(st.text(max_size=30), WORDS)), min_size=1, max_size=5),
)  # fmt: skip
def test_whatever_a_feed_says_is_answered_with_place_and_remedy(edits: list[tuple[int, str, str]]) -> None:
    pieces = list(PIECES)
    for number, what, words in edits:
        piece = pieces[number]
        middle = len(piece) // 2
        pieces[number] = {
            "drop": "",
            "twice": piece * 2,
            "cut": f"{piece[:middle]}\n",
            "put": f"{piece[:middle]}{words}{piece[middle:]}",
        }[what]
    data = "".join(pieces).encode("utf-8", "surrogatepass")
    for finding in check_feed(open_feed(data, FILE, NOW), profiles=PROFILES).findings:
        assert is_helpful(finding), finding
