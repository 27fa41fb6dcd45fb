"""Write docs/rules.md and the table of rules from the rules that `publisher check` knows."""

from __future__ import annotations

from pathlib import Path

from publisher.checks.catalogue import render_rules, render_table
from publisher.checks.table import FILE

if __name__ == "__main__":
    path = Path(__file__).resolve().parent.parent / "docs/rules.md"
    path.write_text(render_rules(), encoding="utf-8")
    FILE.write_text(render_table(), encoding="utf-8")
