"""An HTML document to the same document with its styles on the elements, as mail programs need them."""

from __future__ import annotations

import re
from html import escape

_RULE = re.compile(r"([a-z0-9, ]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_START_TAG = re.compile(r'<([a-z0-9]+)((?: [a-z-]+="[^"]*")*)>')


def inline_styles(html: str, css: str) -> str:
    """Write each rule of `css` on the elements it names; an element with a style of its own keeps that one.

    Only rules of the form `name, name { … }` count: what mail programs understand without exception.
    """
    styles: dict[str, str] = {}
    for names, declarations in _RULE.findall(_COMMENT.sub("", css)):
        style = " ".join(declarations.split())
        for name in names.split(","):
            styles[name.strip()] = f"{styles.get(name.strip(), '')} {style}".strip()

    def dress(tag: re.Match[str]) -> str:
        style = styles.get(tag[1])
        if style is None or ' style="' in tag[2]:
            return tag[0]
        return f'<{tag[1]}{tag[2]} style="{escape(style)}">'

    return _START_TAG.sub(dress, html)
