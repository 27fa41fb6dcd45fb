"""The bytes of a text file and the edits wanted in it into changes of its characters, and the new bytes."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from publisher.errors import SourceError
from publisher.feed.xml_edits import edit_xml, is_whole_xml
from publisher.model import Edit
from publisher.source.edits import EditError, Span, edit_words, replaced
from publisher.source.frontmatter import split_front_matter
from publisher.source.toml_edits import edit_toml
from publisher.source.yaml_edits import edit_yaml

_MARKS = (".xml", ".rss", ".atom")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file as text with LF line ends; its byte order mark and its own line ends come back when written."""

    name: str
    text: str
    has_mark: bool = False
    line_end: str = "\n"

    @property
    def kind(self) -> str:
        """Return what is written in it: `episode`, `toml`, `yaml`, `xml` or `text`."""
        suffix = PurePath(self.name).suffix.casefold()
        start = self.text[:200].lstrip()
        if suffix in _MARKS or start.startswith(("<?xml", "<rss")):
            return "xml"
        if suffix == ".md" and self.text.startswith("---"):
            return "episode"
        return {".toml": "toml", ".yaml": "yaml", ".yml": "yaml", ".json": "json"}.get(suffix, "text")

    def spans(self, edits: Sequence[Edit]) -> Iterator[Span]:
        """Yield what edits change; an element that is added takes its attributes along.

        Raises:
            EditError: it cannot be made, or not without changing something else.
        """
        added = {edit.key: edit for edit in edits if edit.key and not edit.old and "@" not in edit.key}
        for edit in edits:
            element, _, _ = edit.key.partition("@")
            if element in added and edit is not added[element]:
                continue
            more = {
                other.key.partition("@")[2]: other.new
                for other in edits
                if other.key.startswith(f"{edit.key}@") and edit.key in added
            }
            yield from self._spans_of(edit, more)

    def _spans_of(self, edit: Edit, more: Mapping[str, str]) -> Iterator[Span]:
        line, column = edit.place.line, edit.place.column
        wanted = (edit.old, edit.new, edit.key)
        if self.kind == "xml":
            yield from edit_xml(self.text, line, column, *wanted, more)
        elif self.kind == "toml":
            yield edit_toml(self.text, line, column, *wanted)
        elif self.kind == "yaml":
            yield edit_yaml(self.text, line, column, *wanted)
        elif self.kind == "episode":
            yield _in_episode(self.text, edit)
        else:
            yield edit_words(self.text, line, column, edit.old, edit.new)

    def with_changes(self, spans: list[Span]) -> bytes:
        """Return the bytes of the file with its changes.

        Raises:
            EditError: taken together they break the file.
        """
        text = replaced(self.text, spans)
        if (self.kind == "xml" and is_whole_xml(self.text) and not is_whole_xml(text)) or (
            self.kind == "json" and not _is_json(text)
        ):
            raise EditError("the file could not be read any more")
        data = text.replace("\n", self.line_end).encode()
        return (BOM_UTF8 if self.has_mark else b"") + data


def open_text(name: str, data: bytes) -> TextFile:
    """Read a file to be changed.

    Raises:
        EditError: it is no text in UTF-8, or has line ends of two kinds.
    """
    has_mark = data.startswith(BOM_UTF8)
    try:
        text = data.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        raise EditError("the file is not written in UTF-8") from error
    if "\r" not in text:
        return TextFile(name, text, has_mark)
    plain = text.replace("\r\n", "\n")
    if "\r" in plain or plain.replace("\n", "\r\n") != text:
        raise EditError("the file has line ends of two kinds")
    return TextFile(name, plain, has_mark, "\r\n")


def _in_episode(text: str, edit: Edit) -> Span:
    """Change a value of the front matter, or words of the notes."""
    try:
        front, _, _ = split_front_matter(text, "")
    except SourceError as error:
        raise EditError("the front matter cannot be read") from error
    start = text.index("\n") + 1
    lines = front.count("\n")
    if edit.place.line - 1 > lines:
        return edit_words(text, edit.place.line, edit.place.column, edit.old, edit.new)
    span = edit_yaml(front, max(edit.place.line - 1, 1), edit.place.column, edit.old, edit.new, edit.key)
    return Span(span.start + start, span.end + start, span.text)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
