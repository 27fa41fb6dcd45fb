"""YAML text into values that know their place: YAML 1.2 core, strict, every plain value kept as written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from publisher.errors import Place, Problem, SourceError
from publisher.source.document import Document, Loc, place_at

LIMIT_BYTES = 64 * 1024
_MAX_DEPTH = 12
_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_NULLS = {"", "~", "null", "Null", "NULL"}  # YAML 1.2, section 10.3.2
_TAGS: dict[type[yaml.Node], str] = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.MappingNode: "tag:yaml.org,2002:map",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
}
_PLAIN_TAGS = {*_TAGS.values(), None, "!"}
_ANCHOR_HINT = "write the text out where it is needed; there are no shortcuts with & and * in these files"


def split_front_matter(text: str, file: str) -> tuple[str, str, int]:
    """Split an `episode.md` into its YAML, its Markdown, and the line on which the Markdown starts.

    Raises:
        SourceError: a fence is missing or the front matter is larger than 64 KB.
    """
    opening = _FENCE.match(text)
    if not opening:
        hint = "start the file with a line of three dashes, then the episode's facts, then three dashes again"
        raise _one("the file does not start with ---", Place(file, 1, 1), hint)
    closing = _FENCE.search(text, opening.end())
    if not closing:
        hint = "put a line of three dashes between the episode's facts and its show notes"
        raise _one("the front matter is not closed with ---", Place(file, 1, 1), hint)
    front, body = text[opening.end() + 1 : closing.start()], text[closing.end() :]
    if len(front) > LIMIT_BYTES:
        hint = "the facts of an episode fit in a page; notes belong below the second ---"
        raise _one("the front matter is larger than 64 KB", Place(file, 2, 1), hint)
    skipped = len(body) - len(body.lstrip("\n"))
    return front, body.strip("\n"), text.count("\n", 0, closing.end()) + 1 + skipped


def parse_yaml(text: str, file: str, *, first_line: int = 1) -> Document:
    """Parse one YAML mapping; scalars stay text (`no`, `1:08:22`, `010`), empty ones and `null` are None.

    Raises:
        SourceError: broken syntax, a repeated key, an anchor, an alias, a tag, or too many levels.
    """
    _refuse_deep_or_shared(text, file, first_line)
    try:
        root = _Loader(text).get_single_node()
    except (yaml.MarkedYAMLError, yaml.reader.ReaderError) as error:
        raise SourceError((_syntax_problem(error, text, file, first_line),)) from error
    if root is None:
        return Document(file, {}, {}, {})
    walk = _Walk(file, first_line)
    data = walk.value(root, ())
    if not isinstance(data, dict):
        hint = "write one `key: value` a line"
        walk.problems.append(Problem("this is not a list of `key: value` pairs", walk.place(root), hint))
    if walk.problems:
        raise SourceError(tuple(walk.problems))
    return Document(file, data, _Places(walk, walk.values), _Places(walk, walk.keys))


class _Loader(yaml.CBaseLoader):
    """Takes every scalar as text without the base loader's way of finding that out, a third of its time."""

    def descend_resolver(self, current_node: yaml.Node | None, current_index: object) -> None:
        """Do nothing: no tag depends on the way to a node."""

    def ascend_resolver(self) -> None:
        """Do nothing, as above."""

    def resolve(self, kind: type[yaml.Node], value: object, implicit: object) -> str:
        """Return the tag of a node that has none."""
        return _TAGS[kind]


class _Walk:
    """Walks a node tree once, collecting values, places and problems."""

    def __init__(self, file: str, first_line: int) -> None:
        self.file = file
        self.first_line = first_line
        self.values: dict[Loc, yaml.Node] = {}
        self.keys: dict[Loc, yaml.Node] = {}
        self.problems: list[Problem] = []

    def place(self, node: yaml.Node) -> Place:
        """Return where a node starts."""
        mark = node.start_mark
        return Place(self.file, mark.line + self.first_line, mark.column + 1)

    def value(self, node: yaml.Node, loc: Loc) -> Any:  # noqa: ANN401 - nested dicts, lists and text
        """Return the plain value of a node, noting its place under `loc`."""
        self.values[loc] = node
        if node.tag not in _PLAIN_TAGS:
            self.problems.append(
                Problem(
                    f"tag {node.tag} is not allowed here", self.place(node), "leave out the word behind !"
                )
            )
            return None
        if isinstance(node, yaml.ScalarNode):
            return None if not node.style and node.value in _NULLS else node.value
        if len(loc) >= _MAX_DEPTH:
            self.problems.append(_too_deep(self.place(node)))
            return None
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*loc, index)) for index, child in enumerate(node.value)]
        return self._mapping(node, loc)

    def _mapping(self, node: yaml.Node, loc: Loc) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(
                    Problem("a key must be one word", self.place(key_node), "put quotes around it")
                )
                continue
            key = key_node.value
            if key in result:
                first = self.place(self.keys[(*loc, key)])
                message = f"`{key}` stands here a second time (first on line {first.line})"
                self.problems.append(Problem(message, self.place(key_node), "keep one of the two"))
                continue
            self.keys[(*loc, key)] = key_node
            result[key] = self.value(value_node, (*loc, key))
        return result


class _Places(Mapping[Loc, Place]):
    """Works out the place of a node when somebody asks: hardly ever."""

    def __init__(self, walk: _Walk, nodes: Mapping[Loc, yaml.Node]) -> None:
        self._walk = walk
        self._nodes = nodes

    def __getitem__(self, loc: Loc) -> Place:
        return self._walk.place(self._nodes[loc])

    def __iter__(self) -> Iterator[Loc]:
        return iter(self._nodes)

    def __len__(self) -> int:
        return len(self._nodes)


def _refuse_deep_or_shared(text: str, file: str, first_line: int) -> None:
    """Refuse what would blow up a tree walk, by looking at the flat stream of events first.

    Short texts without `&` and `*` cannot hold an alias, and are too short to nest dangerously deep.
    """
    if len(text) < 2048 and "&" not in text and "*" not in text:
        return
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            mark = event.start_mark
            place = Place(file, mark.line + first_line, mark.column + 1) if mark else Place(file, first_line)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > _MAX_DEPTH:
                raise SourceError((_too_deep(place),))
            if isinstance(event, yaml.NodeEvent) and event.anchor:
                kind = "alias" if isinstance(event, yaml.AliasEvent) else "anchor"
                raise _one(f"YAML {kind} `{event.anchor}` is not allowed here", place, _ANCHOR_HINT)
    except (yaml.MarkedYAMLError, yaml.reader.ReaderError) as error:
        raise SourceError((_syntax_problem(error, text, file, first_line),)) from error


def _too_deep(place: Place) -> Problem:
    return Problem(f"more than {_MAX_DEPTH} levels inside one another", place, "flatten this list")


def _syntax_problem(
    error: yaml.MarkedYAMLError | yaml.reader.ReaderError, text: str, file: str, first_line: int
) -> Problem:
    """Say in plain words what the YAML parser stumbled over."""
    if isinstance(error, yaml.reader.ReaderError):
        place = place_at(file, text, error.position, first_line)
        return Problem("a character here cannot be read", place, "delete it and write it anew")
    mark = error.problem_mark or error.context_mark
    place = Place(file, mark.line + first_line, mark.column + 1) if mark else Place(file, first_line, 1)
    hint = "put quotes around text that has a colon, a # or starts with a sign; indent lists with two spaces"
    detail = error.problem or error.context or "broken syntax"
    return Problem(f"this cannot be understood: {detail}", place, hint)


def _one(message: str, place: Place, hint: str) -> SourceError:
    return SourceError((Problem(message, place, hint),))
