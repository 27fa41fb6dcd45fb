"""Findings into what other programs read: JSON, SARIF, annotations of GitHub, JUnit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from publisher.model import Finding, Fix
from publisher.report.excerpts import neutralise
from publisher.report.findings import Sheet

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(sheet: Sheet) -> dict[str, Any]:
    """Return the content of the JSON document of `check`."""
    return {
        "findings": [_finding(finding) for finding in sheet.findings],
        "counts": {"error": sheet.errors, "warn": len(sheet.findings) - sheet.errors},
        "not_checked": [
            {"rule": each.rule, "reason": each.reason, "subject": each.subject or None}
            for each in sheet.unseen
        ],
        "waived": [_finding(finding) for finding in sheet.waived],
        "verdicts": {directory.lower(): problems for directory, problems in sheet.verdicts},
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "level": finding.level,
        "file": finding.place.file,
        "line": finding.place.line or None,
        "column": finding.place.column or None,
        "message": finding.message,
        "help": finding.hint or None,
        "fix": _fix(finding.fix) if finding.fix else None,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "summary": fix.summary,
        "repair": fix.repair or None,
        "edits": [
            {
                "file": edit.place.file,
                "line": edit.place.line or None,
                "column": edit.place.column or None,
                "old": edit.old,
                "new": edit.new,
                "key": edit.key or None,
            }
            for edit in fix.edits
        ],
    }


def as_sarif(sheet: Sheet, version: str, rules: Mapping[str, tuple[str, str, str]]) -> dict[str, Any]:
    """Return a SARIF 2.1.0 log; `rules` gives name, level and documentation by id."""
    used = sorted({finding.rule for finding in (*sheet.findings, *sheet.waived)})
    results = [
        *(_result(finding, used, is_waived=False) for finding in sheet.findings),
        *(_result(finding, used, is_waived=True) for finding in sheet.waived),
    ]
    descriptors = []
    for known in used:
        name, level, text = rules.get(known, (known, "error", known))
        descriptors.append(
            {
                "id": known,
                "name": name,
                "shortDescription": {"text": text.partition("\n")[0]},
                "fullDescription": {"text": text},
                "defaultConfiguration": {"level": _level(level)},
            }
        )
    notes = [
        {"level": "note", "message": {"text": f"not checked: {each.rule}: {each.reason}"}}
        for each in sheet.unseen
    ]
    return {
        "$schema": _SARIF,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "publisher", "version": version, "rules": descriptors}},
                "columnKind": "unicodeCodePoints",
                "results": results,
                "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
            }
        ],
    }


def _level(level: str) -> str:
    return "error" if level == "error" else "warning"


def _result(finding: Finding, used: list[str], *, is_waived: bool) -> dict[str, Any]:
    region = {"startLine": max(1, finding.place.line)}
    if finding.place.column:
        region["startColumn"] = finding.place.column
    text = f"{finding.message}; {finding.hint}" if finding.hint else finding.message
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": used.index(finding.rule),
        "level": _level(finding.level),
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(finding.place.file)},
                    "region": region,
                }
            }
        ],
    }
    if is_waived:
        result["suppressions"] = [{"kind": "inSource"}]
    return result


def _uri(file: str) -> str:
    return file.replace("%", "%25").replace(" ", "%20") or "show.toml"


def as_annotations(sheet: Sheet) -> Iterator[str]:
    """Yield workflow commands of GitHub, which show each finding at its line in a review."""
    for finding in sheet.findings:
        kind = "error" if finding.level == "error" else "warning"
        place = finding.place
        where = f"file={_property(place.file)},line={place.line or 1},col={place.column or 1}"
        text = f"{finding.message}; {finding.hint}" if finding.hint else finding.message
        yield f"::{kind} {where},title={_property(finding.rule)}::{_data(text)}"


def _data(text: str) -> str:
    return neutralise(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_junit(sheet: Sheet) -> str:
    """Return a JUnit report: a test case for each finding, and a skipped one for what was not checked."""
    cases = [_case(finding) for finding in sheet.findings]
    for each in sheet.unseen:
        name = _quoted(_xml(f"{each.rule} {each.subject}".strip()))
        cases.append(f"    <testcase classname={_quoted(each.rule)} name={name}>")
        cases.append(f"      <skipped message={_quoted(_xml(each.reason))}/>\n    </testcase>")
    counts = (
        f'tests="{len(sheet.findings) + len(sheet.unseen)}" failures="{len(sheet.findings)}" '
        f'skipped="{len(sheet.unseen)}"'
    )
    body = "\n".join(cases)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
        f'  <testsuite name="publisher check" {counts}>\n{body}\n  </testsuite>\n</testsuites>'
    )


def _case(finding: Finding) -> str:
    place = _xml(str(finding.place))
    name = _quoted(f"{finding.rule} {place}")
    text = escape(_xml(f"{finding.hint}"))
    return (
        f"    <testcase classname={_quoted(finding.rule)} name={name}>\n"
        f'      <failure type="{finding.level}" message={_quoted(_xml(finding.message))}>'
        f"{text}</failure>\n    </testcase>"
    )


def _quoted(text: str) -> str:
    return f'"{escape(text)}"'


def _xml(text: str) -> str:
    """Make visible what XML cannot carry."""
    safe = neutralise(text)
    return "".join(char if char >= " " and not "\ud800" <= char <= "\udfff" else "\ufffd" for char in safe)
