"""Resources to BibTeX entries: letters as they are (UTF-8), signs that mean something to TeX written out."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from publisher.model import Author, Resource

_SIGNS = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",  # not \{: BibTeX counts every brace
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "$&#%_"},
        "\n": " ",
    }
)
_IN_ADDRESSES = "!#$%&'()*+,/:;=?@[]_.~-"
_TYPES = {"book": "book", "report": "techreport", "thesis": "phdthesis"}


def bibtex(resources: Iterable[Resource]) -> str:
    """Return one entry a resource, in their order."""
    return "\n".join(_entry(resource) for resource in resources)


def _entry(resource: Resource) -> str:
    kind = _TYPES.get(resource.kind.casefold(), "misc")
    publisher = "institution" if kind == "techreport" else "school" if kind == "phdthesis" else "publisher"
    fields = {
        "title": f"{{{_text(resource.title)}}}",  # twice in braces: capitals stay
        "author": " and ".join(_name(author) for author in resource.credits),
        publisher: _text(resource.publisher or ""),
        "url": quote(resource.address, safe=_IN_ADDRESSES),
        "urldate": resource.verified_on.isoformat() if resource.verified_on else "",
        "isbn": _text(resource.isbn or ""),
        "doi": _text(resource.doi or ""),
        "language": ", ".join(resource.languages),
        "abstract": _text(resource.description or ""),
        "note": _text(", ".join(filter(None, (resource.format, resource.licence)))),
        "keywords": _text(resource.kind),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@{kind}{{{resource.id},\n{''.join(lines)}}}\n"


def _name(author: Author) -> str:
    family = f"{{{_text(author.name)}}}"  # in braces, a name that holds `and` or a comma stays one
    return f"{family}, {{{_text(author.given)}}}" if author.given else family


def _text(text: str) -> str:
    return text.translate(_SIGNS)
