"""Show notes in Markdown to plain text in which every address can be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from publisher.model import Resource
from publisher.notes.markdown import copy_of, events, link_text
from publisher.notes.resources import ARCHIVED_COPY, copies_of, marks_of


def render_text(markdown: str, catalogue: Mapping[str, Resource]) -> str:
    """Render notes, one line a paragraph, `- ` before items, `> ` before quotes, addresses behind words."""
    writer = _Writer(
        copies=copies_of(catalogue), copy_mark=marks_of(catalogue).get(ARCHIVED_COPY, ARCHIVED_COPY)
    )
    for event, _ in events(markdown, catalogue, []):
        if isinstance(event, str):
            writer.mark(event)
            continue
        ((kind, content),) = event.items()
        if kind in {"Text", "Code"}:
            writer.inline.append(str(content))
        elif kind == "Start":
            writer.start(content)
        elif kind == "End":
            writer.end(content)
    writer.flush()
    return "\n".join(writer.lines)


@dataclass(slots=True)
class _Container:
    """A list item or a quotation: what stands before its first line and before the others."""

    first: str
    rest: str
    is_used: bool = False

    def take(self) -> str:
        prefix = self.rest if self.is_used else self.first
        self.is_used = True
        return prefix


@dataclass(slots=True)
class _Writer:
    """Collects lines; `links` remembers where the words of each open link began."""

    lines: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    containers: list[_Container] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)
    links: list[tuple[int, str, str]] = field(default_factory=list)
    was_in_list: bool = False
    copies: Mapping[str, str] = field(default_factory=dict)
    copy_mark: str = ARCHIVED_COPY

    def mark(self, name: str) -> None:
        if name == "Rule":
            self.flush()
            self.inline.append("* * *")
            self.flush()
        else:
            self.inline.append("\n" if name == "HardBreak" else " ")

    def start(self, tag: object) -> None:
        if tag == "Item":
            self.flush()
            number = self.numbers[-1]
            bullet = "- " if number is None else f"{number}. "
            self.numbers[-1] = None if number is None else number + 1
            self.containers.append(_Container(bullet, " " * len(bullet)))
        elif not isinstance(tag, dict):
            if tag == "Paragraph":
                self.flush()
        elif "List" in tag:
            self.flush()
            self.was_in_list = self.was_in_list and bool(self.numbers)
            self.numbers.append(tag["List"])
        elif "BlockQuote" in tag:
            self.flush()
            self.containers.append(_Container("> ", "> "))
        elif "Link" in tag or "Image" in tag:
            link = tag.get("Link") or tag["Image"]
            address = link["dest_url"]
            self.links.append((len(self.inline), address, link["title"]))
        else:
            self.flush()

    def end(self, tag: object) -> None:
        if tag in ("Link", "Image"):
            begin, address, title = self.links.pop()
            words = link_text("".join(self.inline[begin:]), title)
            del self.inline[begin:]
            if copy := copy_of(address, self.copies):
                words, address = f"{words}, {self.copy_mark}", copy
            shown = words == address or f"mailto:{words}" == address
            self.inline.append(words if shown else f"{words} ({address.removeprefix('mailto:')})")
        elif tag in ("Item", "BlockQuote") or (isinstance(tag, dict) and "BlockQuote" in tag):
            self.flush()
            self.containers.pop()
        elif isinstance(tag, dict) and "List" in tag:
            self.flush()
            self.numbers.pop()
        elif tag not in ("Emphasis", "Strong"):
            self.flush()

    def flush(self) -> None:
        """Write what was collected as one block, an empty line before it unless both are items of lists."""
        text = "".join(self.inline).strip("\n").rstrip()
        self.inline.clear()
        if not text:
            return
        is_new_item = bool(self.numbers) and any(not each.is_used for each in self.containers)
        if self.lines and not (self.was_in_list and is_new_item):
            self.lines.append("".join(each.rest for each in self.containers if each.is_used).rstrip())
        for line in text.split("\n"):
            self.lines.append("".join(each.take() for each in self.containers) + line.rstrip())
        self.was_in_list = bool(self.numbers)
