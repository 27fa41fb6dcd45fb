"""A host's robots.txt into whether a crawler may come to an address (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass

_MOST_LINES = 5000


@dataclass(frozen=True, slots=True)
class _Group:
    """The agents of one group, in lower case, and its lines: whether they allow, and which paths."""

    agents: tuple[str, ...]
    lines: tuple[tuple[bool, str], ...]


def may_come(robots: str, agent: str, path: str) -> bool:
    """Tell whether an agent may fetch a path with its query; the longest line that fits decides."""
    groups = _groups(robots)
    own = [group for group in groups if agent.casefold() in group.agents]
    lines = [line for group in own or [each for each in groups if "*" in each.agents] for line in group.lines]
    fitting = [(len(pattern), is_allowed) for is_allowed, pattern in lines if _fits(pattern, path)]
    return max(fitting, default=(0, True))[1]


def _groups(robots: str) -> list[_Group]:
    groups: list[_Group] = []
    agents: list[str] = []
    lines: list[tuple[bool, str]] = []
    for line in robots.removeprefix("\ufeff").splitlines()[:_MOST_LINES]:
        key, _, value = line.partition("#")[0].partition(":")
        name, value = key.strip().casefold(), value.strip()
        if name == "user-agent":
            if lines:
                groups.append(_Group(tuple(agents), tuple(lines)))
                agents, lines = [], []
            agents.append(value.casefold())
        elif name in {"allow", "disallow"} and agents and value:
            lines.append((name == "allow", value))
    return [*groups, _Group(tuple(agents), tuple(lines))]


def _fits(pattern: str, path: str) -> bool:
    """Tell whether a path begins as a pattern says; `*` stands for anything, `$` for the end."""
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for number, piece in enumerate(others, 1):
        if number == len(others) and pattern.endswith("$"):
            return path.endswith(piece) and len(path) - len(piece) >= at
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not pattern.endswith("$") or at == len(path)
