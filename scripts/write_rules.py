"""Write docs/rules.md from the rules that `publisher check` knows."""

from __future__ import annotations

from pathlib import Path

from publisher.checks.catalogue import render_rules

if __name__ == "__main__":
    path = Path(__file__).resolve().parent.parent / "docs/rules.md"
    path.write_text(render_rules(), encoding="utf-8")
