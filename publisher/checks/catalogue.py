"""The known rules into the page and the table that list them."""

from __future__ import annotations

from publisher.checks.engine import Rule, all_rules

_GROUPS = {
    "AX": "Accessibility and public bodies",
    "APL": "Channel: Apple",
    "ART": "Artwork",
    "CH": "Channel",
    "CHD": "Chapters in the notes",
    "CHI": "Chapters in the audio",
    "CHJ": "Chapters as JSON",
    "CHX": "Chapters compared",
    "DOC": "Document",
    "HT": "Delivery over HTTP",
    "ID": "Identity over time",
    "IT": "Item",
    "LNG": "Languages (our own)",
    "MED": "Media files",
    "NT": "Show notes",
    "P20": "Podcasting 2.0",
    "PL": "Platforms",
    "PSC": "Podlove Simple Chapters",
    "SEC": "Security and privacy",
    "SUB": "Push, paging, discovery",
    "TR": "Transcripts",
    "TX": "Titles, names and text",
    "WV": "Waivers and numbers",
}
_KINDS = {"rule": "", "checklist": "for a person to look at", "kept": "kept by how publisher works"}


def render_rules() -> str:
    """Write the page of all rules in Markdown, group by group."""
    rules = all_rules()
    checked = sum(known.kind == "rule" for known in rules)
    lines = [
        "# The rules of `publisher check`",
        "",
        "Made by `python scripts/write_rules.py` from the rules themselves; do not edit.",
        "",
        f"{len(rules)} rules: {checked} are checked, {len(rules) - checked} are for people or kept by",
        "the tool itself.",
        "`publisher explain RULE` says the same in a terminal.",
    ]
    for group in sorted({known.id.partition("-")[0] for known in rules}):
        lines += ["", f"## {_GROUPS.get(group, group)} ({group})", ""]
        lines += ["| rule | level | when | what it is about |", "|---|---|---|---|"]
        lines += [_row(known) for known in rules if known.id.partition("-")[0] == group]
    return "\n".join(lines) + "\n"


def render_table() -> str:
    """Write the table that tells which rules there are before any is loaded."""
    return "".join(
        "\t".join(
            (
                known.id,
                known.name,
                known.module,
                known.kind,
                " ".join(known.profiles),
                " ".join(known.subjects),
                " ".join(known.when),
            )
        )
        + "\n"
        for known in all_rules()
    )


def _row(known: Rule) -> str:
    when = ", ".join(f"not {name[1:]}" if name.startswith("-") else name for name in known.profiles)
    notes = [part for part in (when, *known.needs, _KINDS[known.kind]) if part]
    why = known.documentation.partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")
    numbers = "; ".join(f"`{name}` = {value}" for name, value in known.numbers.items())
    about = f"**{known.name}**. {why}" + (f" ({numbers})" if numbers else "") + f" *{_flat(known.source)}*"
    return f"| {known.id} | {known.level} | {', '.join(notes)} | {about} |"


def _flat(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
