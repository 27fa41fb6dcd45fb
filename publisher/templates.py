"""A theme to templates that render values into text of a language."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path, PurePath
from types import TracebackType
from typing import TYPE_CHECKING, Any

from publisher.errors import Place, Problem, SourceError
from publisher.theme import Source, read_theme
from publisher.translations import SOURCE_LANGUAGE, Words, choose
from publisher.translations.po import Messages

if TYPE_CHECKING:
    from jinja2 import Environment

_HOLE = "\0hole\0"
_TEMPLATE_HINT = "mend the template, or delete it to use the built-in one of the same name"


@dataclass(frozen=True, slots=True, eq=False)
class Templates:
    """All templates in use, by name; the files were read once, and nothing else can be reached from them.

    `catalogues` holds the tool's own words in each language that there are translations for.
    """

    sources: Mapping[str, Source]
    catalogues: Mapping[str, Messages] = field(default_factory=dict)

    def render(self, name: str, *, language: str = SOURCE_LANGUAGE, **values: object) -> str:
        """Render a template; everything but `.txt` and `.md` templates escapes what it prints.

        In the template, `text("…")`, `plural(…)`, `say_day(…)`, `say_number(…)` and `say_list(…)` speak
        `language`, and the variable of that name holds it. Values are only ever printed: no text of theirs
        is compiled as a template.

        Raises:
            SourceError: the template has a mistake; at its file and line.
        """
        from jinja2 import TemplateError  # heavy: a build with nothing to render never loads it

        try:
            return _environment(self, language).get_template(name).render(language=language, **values)
        except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise SourceError((_explain(self, name, error),)) from error

    def surround(
        self, name: str, hole: str, *, language: str = SOURCE_LANGUAGE, **values: object
    ) -> tuple[str, str] | None:
        """Render what a template puts before and after the value called `hole`, whatever that may be.

        Returns nothing where the template does more with it than print it once, as it is, outside all blocks.

        Raises:
            SourceError: as `render`.
        """
        if not _only_prints(self, name, hole):
            return None
        rendered = self.render(name, language=language, **values, **{hole: _HOLE})
        before, _, after = rendered.partition(_HOLE)
        return None if _HOLE in after else (before, after)

    def words(self, language: str) -> Words:
        """Return the tool's own words in a language, or in the nearest one that there are words in."""
        return _words(self, language)

    def text(self, name: str) -> str:
        """Return a file of the set as it is, for what needs no rendering (style sheet, script, picture)."""
        return self.sources[name].text

    def digest(self) -> str:
        """Return the SHA-256 of every name and text, as hex digits: what a build remembers."""
        digest = hashlib.sha256()
        for name in sorted(self.sources):
            text = self.sources[name].text.encode()
            digest.update(f"{name}\0{len(text)}\0".encode() + text)
        digest.update(
            repr(sorted((name, sorted(each.items())) for name, each in self.catalogues.items())).encode()
        )
        return digest.hexdigest()


def read_templates(own: Path | None = None) -> Templates:
    """Return the built-in templates, and over them, file by file, those of the show's own folder `own`.

    Raises:
        SourceError: as `read_theme`.
    """
    theme = read_theme(own)
    return Templates(theme.sources, theme.catalogues)


@lru_cache(maxsize=64)
def _words(templates: Templates, language: str) -> Words:
    return choose(language, templates.catalogues)


@lru_cache(maxsize=64)
def _only_prints(templates: Templates, name: str, hole: str) -> bool:
    """Tell whether a template has one use for a value: to print it as it is, outside all blocks.

    A template that brings in others might do more with it there.
    """
    from jinja2 import TemplateSyntaxError, nodes

    try:
        tree = _environment(templates, SOURCE_LANGUAGE).parse(templates.text(name))
    except (TemplateSyntaxError, KeyError):
        return False  # rendering it says what is wrong
    outside = [part for output in tree.body if isinstance(output, nodes.Output) for part in output.nodes]
    printed = [
        part
        for part in outside
        if isinstance(part, nodes.Filter) and part.name == "safe" and part.node == nodes.Name(hole, "load")
    ]
    brings_in = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block)
    uses = [each for each in tree.find_all(nodes.Name) if each.name == hole]
    return len(printed) == len(uses) == 1 and not any(map(tree.find, brings_in))


@lru_cache(maxsize=16)
def _environment(templates: Templates, language: str) -> Environment:
    """Set up Jinja: sandboxed, escaping, strict about missing values, closed to every file but the set's."""
    from jinja2 import FunctionLoader, StrictUndefined, nodes
    from jinja2.environment import TemplateModule
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from jinja2.visitor import NodeTransformer

    words = templates.words(language)

    class Translator(NodeTransformer):
        # A template is compiled for one language: the words in it cost nothing when it is rendered.
        def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - as Jinja calls it
            self.generic_visit(node)
            if isinstance(node.node, nodes.Name) and node.node.name == "text" and len(node.args) == 1:
                (message,) = node.args
                if isinstance(message, nodes.Const) and isinstance(message.value, str):
                    return nodes.Const(words.text(message.value), lineno=node.lineno)
            return node

    class Sandbox(ImmutableSandboxedEnvironment):
        # Jinja's whole check costs more than the rest of a page: plain data needs less.
        def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - as Jinja declares it
            kind = type(obj)
            names = obj if kind is dict else _field_names(kind)  # type: ignore[arg-type]  # classes are hashable
            if attribute in names:
                return obj[attribute] if kind is dict else getattr(obj, attribute)
            if kind is TemplateModule and attribute in obj.__dict__ and attribute[0] != "_":
                return obj.__dict__[attribute]
            return super().getattr(obj, attribute)

        def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
            if isinstance(obj, PurePath):
                return False  # it could open files
            if isinstance(obj, str | date):
                return not attr.startswith("_")
            return super().is_safe_attribute(obj, attr, value)

        def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
            parsed: nodes.Template = Translator().visit(super()._parse(source, name, filename))
            return parsed

    def load(name: str) -> tuple[str, str, None] | None:
        source = templates.sources.get(name)
        return (source.text, str(source.path), None) if source else None

    environment = Sandbox(
        loader=FunctionLoader(load),
        autoescape=lambda name: not (name or "").endswith((".txt", ".md")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.globals.update(
        text=words.text,
        plural=words.plural,
        say_day=words.day,
        say_number=words.number,
        say_list=words.listed,
    )
    return environment


@cache
def _field_names(kind: type) -> frozenset[str]:
    """Return the names under which a dataclass holds its values."""
    return frozenset(each.name for each in fields(kind)) if is_dataclass(kind) else frozenset()


def _explain(templates: Templates, name: str, error: Exception) -> Problem:
    """Say in which file and line of which template something went wrong."""
    from jinja2 import TemplateNotFound, TemplateSyntaxError

    path = str(templates.sources[name].path) if name in templates.sources else name
    place = _innermost_line(templates, error.__traceback__) or Place(path)
    if isinstance(error, TemplateSyntaxError):
        place = Place(error.filename or path, error.lineno)
    if isinstance(error, TemplateNotFound):
        return Problem(
            f"there is no template “{error.name}”", place, "check the name; folders count from templates/"
        )
    return Problem(f"this template does not work: {error}", place, _TEMPLATE_HINT)


def _innermost_line(templates: Templates, traceback: TracebackType | None) -> Place | None:
    """Find the last step of a traceback that lies in a template; Jinja gives it the template's own line."""
    files = {str(source.path) for source in templates.sources.values()}
    place = None
    while traceback:
        if traceback.tb_frame.f_code.co_filename in files:
            place = Place(traceback.tb_frame.f_code.co_filename, traceback.tb_lineno)
        traceback = traceback.tb_next
    return place
