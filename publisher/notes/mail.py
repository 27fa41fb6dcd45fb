"""An HTML document to the same document with its styles on the elements, as mail programs need them."""

from __future__ import annotations

import re
from html import escape

_RULE = re.compile(r"([a-z0-9,. -]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CLASS = re.compile(r' class="([^"]*)"')
_START_TAG = re.compile(r'<([a-z0-9]+)((?: [a-z-]+="[^"]*")*)>')


def inline_styles(html: str, css: str) -> str:
    """Write each rule of `css` on the elements it names; an element with a style of its own keeps that one.

    Only rules of the form `name, .class { … }` count: the element's first, then those of its classes in their
    order. Classes are taken off: mail programs are told nothing but what each element looks like.
    """
    styles: dict[str, str] = {}
    for names, declarations in _RULE.findall(_COMMENT.sub("", css)):
        style = " ".join(declarations.split())
        for name in names.split(","):
            styles[name.strip()] = f"{styles.get(name.strip(), '')} {style}".strip()

    def dress(tag: re.Match[str]) -> str:
        attributes = tag[2]
        classes = _CLASS.search(attributes)
        names = [tag[1], *(f".{each}" for each in (classes[1].split() if classes else ()))]
        attributes = _CLASS.sub("", attributes)
        style = " ".join(styles[name] for name in names if name in styles)
        if not style or ' style="' in attributes:
            return f"<{tag[1]}{attributes}>"
        return f'<{tag[1]}{attributes} style="{escape(style)}">'

    return _START_TAG.sub(dress, html)
