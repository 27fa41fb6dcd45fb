"""Turn `audio.lock` into the facts of a finished audio file, strictly, and back."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from publisher.errors import Place, Problem, SourceError
from publisher.files import write_if_changed
from publisher.model import Alternate, Enclosure

_MAX_BYTES = 64 * 1024
_MAX_ALTERNATES = 20
_HINT = "delete the file and run `publisher audio {slug}`, where the recording is; do not edit it by hand"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_RECIPE = re.compile(r"[0-9a-f]{16}\.[0-9a-f]{16}")
_KEY = re.compile(r"audio/[A-Za-z0-9][A-Za-z0-9._-]*")


def _is_text(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


def _is_count(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _is_level(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -200 <= value <= 100


_RULES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "master_sha256": (_is_text(_SHA256), "64 hexadecimal digits"),
    "recipe": (_is_text(_RECIPE), "two digests of 16 hexadecimal digits with a dot between"),
    "key": (_is_text(_KEY), "a name in audio/"),
    "bytes": (_is_count(1, 1 << 50), "a whole number above 0"),
    "sha256": (_is_text(_SHA256), "64 hexadecimal digits"),
    "media_type": (_is_text(re.compile(r"audio/[a-z0-9.+-]+")), "a media type such as audio/mpeg"),
    "duration_ms": (_is_count(1, 1 << 40), "a whole number above 0"),
    "sample_rate": (_is_count(1, 1 << 20), "a whole number above 0"),
    "channels": (_is_count(1, 64), "a whole number above 0"),
    "loudness_lufs": (_is_level, "a number"),
    "true_peak_dbtp": (_is_level, "a number"),
    "loudness_range_lu": (_is_level, "a number"),
    "master_loudness_lufs": (_is_level, "a number"),
    "mode": (lambda value: value in ("copied", "gain", "limited"), "copied, gain or limited"),
    "encoder": (_is_text(re.compile(r"[ -~]{1,200}")), "the name of the encoder"),
    "codecs": (_is_text(re.compile(r"[a-z0-9.]{1,40}")), "the name of a coding such as mp4a.40.2"),
    "bitrate": (_is_count(1, 1 << 30), "a whole number above 0"),
    "bookends": (_is_text(re.compile(r"[0-9a-f]{16}")), "16 hexadecimal digits"),
    "offset_ms": (_is_count(1, 1 << 31), "a whole number above 0"),
    "alternates": (lambda value: isinstance(value, list) and 0 < len(value) <= _MAX_ALTERNATES, "a list"),
}
_OPTIONAL = {"alternates", "bookends", "offset_ms"}
"""What a lock mentions only where there is something to say: older ones are as they would be written now."""


def read_lock(path: Path | str, shown: str) -> Enclosure | None:
    """Return the facts in the lock at `path`, or None when there is none; `shown` is its name for people.

    Raises:
        SourceError: the lock is damaged or was edited; every problem in it, with its line.
    """
    try:
        with io.FileIO(path) as file:
            data = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        message = f"audio.lock could not be read: {error.strerror}"
        raise SourceError((Problem(message, Place(shown), "check who may read the file"),)) from error
    return parse_lock(data, shown)


def parse_lock(data: bytes, shown: str) -> Enclosure:
    """Turn the bytes of a lock into its facts, as `read_lock` does."""

    def problem(message: str, line: int = 0, column: int = 0) -> Problem:
        hint = _HINT.format(slug=Path(shown).parent.name)
        return Problem(message, Place(shown, line, column), hint)

    try:
        if len(data) > _MAX_BYTES:
            raise SourceError((problem("this is no audio.lock: it is far too large"),))
        text = data.decode("utf-8")
        pairs = json.loads(text, object_pairs_hook=_Pairs, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        merged = next((at for at, line in enumerate(text.splitlines(), 1) if line.startswith("<<<<<<< ")), 0)
        what = "both sides of a merge are in it" if merged else "it is no JSON"
        where = (merged, 1) if merged else (error.lineno, error.colno)
        raise SourceError((problem(f"audio.lock is damaged: {what}", *where),)) from error
    except (ValueError, RecursionError) as error:
        raise SourceError((problem("audio.lock is damaged: it is no JSON"),)) from error
    if not isinstance(pairs, _Pairs):
        raise SourceError((problem("audio.lock is damaged: it holds no facts", 1, 1),))
    problems = [problem(message, _line_of(text, key), 1) for key, message in _faults(pairs)]
    if problems:
        raise SourceError(tuple(sorted(problems, key=lambda found: found.place or Place(shown))))
    values = _values(pairs)
    alternates = tuple(Alternate(**_values(entry)) for entry in values.pop("alternates", ()))
    return Enclosure(**values, alternates=alternates)


def format_lock(enclosure: Enclosure) -> bytes:
    """Write the facts as the lock holds them: JSON, keys sorted, one value a line."""
    facts = asdict(enclosure)
    for name in _OPTIONAL:
        if not facts[name]:
            del facts[name]
    return (json.dumps(facts, indent=2, sort_keys=True, allow_nan=False) + "\n").encode()


def write_lock(path: Path, enclosure: Enclosure) -> bool:
    """Write the lock unless it says exactly this already; tell whether it was written.

    Raises:
        SurroundingsError: the disk is full or the folder cannot be written.
    """
    return write_if_changed(path, format_lock(enclosure))


class _Pairs(list[tuple[str, Any]]):
    """The pairs of a JSON object, repeated keys and all."""


def _values(pairs: _Pairs) -> dict[str, Any]:
    """Return checked pairs as the values of a type; a level may have been written without its point."""
    return {key: float(value) if _RULES[key][0] is _is_level else value for key, value in pairs}


def _faults(pairs: _Pairs, of_type: type[Enclosure | Alternate] = Enclosure) -> list[tuple[str, str]]:
    """Return key and message of everything that no lock of ours would hold."""
    known = [field.name for field in fields(of_type)]
    faults: list[tuple[str, str]] = []
    seen: set[str] = set()
    for key, value in pairs:
        if key not in known:
            faults.append((key, f"audio.lock has an unknown entry {key[:60]!r}"))
        elif key in seen:
            faults.append((key, f"audio.lock has {key} twice"))
        elif not _RULES[key][0](value):
            faults.append((key, f"{key} in audio.lock is not {_RULES[key][1]}"))
        elif key == "alternates":
            for number, entry in enumerate(value, 1):
                inner = (
                    _faults(entry, Alternate) if isinstance(entry, _Pairs) else [("", "it holds no facts")]
                )
                faults += [("alternates", f"alternate {number}: {message}") for _, message in inner]
        seen.add(key)
    lacking = sorted(set(known) - seen - _OPTIONAL)
    return faults + [("", f"audio.lock lacks {key}") for key in lacking]


def _line_of(text: str, key: str) -> int:
    """Return the line that a key stands on (the last one, where it is repeated)."""
    needle = json.dumps(key) if key else "\0"
    return next((at for at, line in reversed(list(enumerate(text.splitlines(), 1))) if needle in line), 1)


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")
