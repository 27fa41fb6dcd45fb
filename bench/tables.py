"""Results into tables: what everything took, and how the ratios stand to their bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.competition import Result

_NAMES = {
    "cold": "publisher, whole build",
    "change": "publisher, one title changed",
    "nothing": "publisher, nothing changed",
    "small": "publisher, whole build of 10 episodes",
    "hugo": "Hugo, pages and feed",
    "feedgen": "feedgen alone, the feed",
    "help": "publisher --help",
    "hello": "click hello-world --help",
}
_BARS_ARE_FOR = 10_000


@dataclass(frozen=True, slots=True)
class Bar:
    """A ratio, and what it must and could be at 10,000 episodes; without `must` it is only told."""

    name: str
    value: float
    must: float | None = None
    stretch: float | None = None

    @property
    def verdict(self) -> str:
        """Return what was reached."""
        if self.must is None or self.stretch is None:
            return ""
        return "stretch" if self.value <= self.stretch else "must" if self.value <= self.must else "MISSED"


def costs(result: Result) -> str:
    """Return a table of what every command took, as medians."""
    rows = [
        (_NAMES[name], f"{cost.wall_s:.3f}", f"{cost.cpu_s:.3f}", f"{cost.peak_mb:.0f}")
        for name, cost in result.costs.items()
    ]
    return _table([(f"{result.count:,} episodes", "wall s", "CPU s", "peak MB"), *rows])


def bars(results: Sequence[Result]) -> str:
    """Return a table of the ratios, with what must and what could be reached."""
    rows = [
        (bar.name, f"{bar.value:.2f}", _number(bar.must), _number(bar.stretch), bar.verdict)
        for bar in (*(bar for result in results for bar in _bars_of(result)), *_growth(results))
    ]
    return _table([("ratio", "reached", "must", "stretch", "so"), *rows])


def _bars_of(result: Result) -> Iterator[Bar]:
    cost, writers = result.costs, result.writers
    wall = {name: each.wall_s for name, each in cost.items()}
    peak_mb = max(cost[name].peak_mb for name in ("cold", "change"))
    for bar in (
        Bar("whole build / Hugo", wall["cold"] / wall["hugo"], 1.0, 0.6),
        Bar("whole build / feedgen alone", wall["cold"] / wall["feedgen"]),
        Bar("one title changed / Hugo", wall["change"] / wall["hugo"], 0.12, 0.06),
        Bar("one title changed / feedgen alone", wall["change"] / wall["feedgen"]),
        Bar("nothing changed / click hello-world", wall["nothing"] / wall["hello"], 4, 2.5),
        Bar("nothing changed / Hugo", wall["nothing"] / wall["hugo"]),
        Bar("--help / click hello-world", wall["help"] / wall["hello"], 1.25, 1.1),
        Bar(
            "feed items / feedgen alone (CPU, in process)",
            writers["ours_s"] / writers["feedgen_s"],
            1.0,
            0.85,
        ),
        Bar("memory that the feed adds, MB", writers["grown_mb"], 10, 10),
        Bar("largest process, MB", peak_mb, 160, 100),
    ):
        has_bar = result.count == _BARS_ARE_FOR
        name = f"{result.count:,}: {bar.name}"
        yield Bar(name, bar.value, bar.must, bar.stretch) if has_bar else Bar(name, bar.value)


def _growth(results: Sequence[Result]) -> Iterator[Bar]:
    """Compare the CPU time of the smallest and the largest show, less what the start takes."""
    first, last = results[0], results[-1]
    if first is last:
        return
    start = first.costs["small"].cpu_s
    growth = (last.costs["cold"].cpu_s - start) / (first.costs["cold"].cpu_s - start)
    times = last.count / first.count
    yield Bar(f"growth, CPU({last.count:,}) / CPU({first.count:,})", growth, 1.1 * times, 1.03 * times)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    listed = list(rows)
    widths = [max(len(row[at]) for row in listed) for at in range(len(listed[0]))]
    return "".join(
        "  ".join(
            text.rjust(width) if at else text.ljust(width)
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        + "\n"
        for row in listed
    )
